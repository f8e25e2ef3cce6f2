"""Notes about one channel's message before it is sent: too long, cut, costly, shown differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sharing.channels.kakao.words import TEXT_LINE, TITLE_LINE
from sharing.channels.registry import room
from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.presentation import previews, speech
from sharing.presentation.previews import Shown
from sharing.services.shares.drafts import Fit
from sharing.wording import refused, sentence
from sharing.words.count import two_lines
from sharing.words.lint import Level
from sharing.words.style import Style

#: X's price of a post with a link (docs.x.com, pricing, read 2026-11-24).
X_LINK_COST = "$0.20"
#: The part of a subject that an inbox on a phone shows, in units of `two_lines`: about twenty Hangul syllables.
PHONE_SUBJECT = 200
_NO_WORDS = ("share.empty_text", "words.no_first_line")


@dataclass(frozen=True, slots=True)
class Note:
    """A line under a preview. `role` is empty (information), `unsure` (worth a look) or `stop` (cannot be sent so)."""

    glyph: str
    text: str
    role: str = ""


def notes_for(pv: Shown, fit: Fit, article: Article, style: Style, language: str, *, own: bool) -> list[Note]:
    """Return the notes for one message: the refusal or the style findings first. `own`: a person wrote the words."""
    found: list[Note] = []
    if fit.refusal is not None:
        found.append(_stopped(fit.refusal, pv.channel, language))
    elif previews.fields_of(pv.channel):
        found.extend(_linted(pv, article, style, language, own=own))
    found.extend(_BY_CHANNEL.get(pv.channel, _none)(pv))
    return found


def _linted(pv: Shown, article: Article, style: Style, language: str, *, own: bool) -> Iterator[Note]:
    """Yield the style findings that a person can correct here. The warning `alt_missing` is not one of them."""
    for found in style.findings(article, pv.message, room(pv.channel), own=own):
        text = sentence(f"lint.{found.code}", language, found.facts).what.rstrip(".")
        if found.level == Level.BLOCK:
            yield Note("failed", text, "stop")
        elif found.code != "alt_missing":
            yield Note("task", text, "unsure")


def _stopped(refusal: Refusal, slug: str, language: str) -> Note:
    if refusal.code.endswith(".too_long"):
        text = speech.say("{place} will not take this. Shorten the marked part.", place=speech.channel(slug))
    elif refusal.code in _NO_WORDS:
        text = speech.say("There are no words yet.")
    else:
        text = str(refused(refusal, language))
    return Note("failed", text, "stop")


def _none(pv: Shown) -> Iterator[Note]:
    del pv
    yield from ()


def _facebook(pv: Shown) -> Iterator[Note]:
    del pv
    yield Note("lock", speech.say("Card title and picture come from the article’s tags"))
    yield Note("info", speech.say("Facebook may show it slightly differently"))


def _x(pv: Shown) -> Iterator[Note]:
    if pv.link:
        yield Note("info", speech.say("Carries a link: {money} for this post", money=X_LINK_COST))


def _kakao(pv: Shown) -> Iterator[Note]:
    title, text = pv.parts["title"].words, pv.parts["description"].words
    cut = False
    if two_lines(title, TITLE_LINE) > 2 * TITLE_LINE:
        cut = True
        yield Note("task", speech.say("Title is cut after line two"), "unsure")
    if two_lines(text, TEXT_LINE) > 2 * TEXT_LINE:
        cut = True
        yield Note("task", speech.say("Description is cut after line two"), "unsure")
    if not cut:
        yield Note("check", speech.say("Title and description fit into two lines"))


def _mail(pv: Shown) -> Iterator[Note]:
    subject = pv.parts["subject"].words
    seen = _shown_of(subject)
    if seen == subject:
        yield Note("check", speech.say("The whole subject shows on a phone"))
    else:
        last = seen.split()[-1] if seen.split() else seen
        yield Note("task", speech.say("On a phone the subject shows up to “{word}”", word=last), "unsure")
    yield Note("info", speech.say("Goes to the list’s address; the list sends it to its readers"))


def _shown_of(subject: str) -> str:
    """Return the part of a subject that an inbox shows; whole words if there are several."""
    for end in range(1, len(subject) + 1):
        if two_lines(subject[:end], PHONE_SUBJECT * 10) > PHONE_SUBJECT:
            seen = subject[: end - 1]
            whole = seen if subject[end - 1].isspace() else seen.rpartition(" ")[0]
            return whole or seen
    return subject


def _link(pv: Shown) -> Iterator[Note]:
    del pv
    yield Note("lock", speech.say("Leads to the article once it is sent"))


_BY_CHANNEL = {"facebook": _facebook, "x": _x, "kakao": _kakao, "mail": _mail, "link": _link}
