"""The words for each channel. A person's own always win and are only checked; then the CMS's; then ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import regex

from sharing.domain.article import Article
from sharing.domain.links import untagged
from sharing.domain.message import Teaser
from sharing.domain.refusal import Refusal
from sharing.words import sentences
from sharing.words.count import X_LIMIT, two_lines, urls_in, x_weight
from sharing.words.cut import ELLIPSIS, Measure, fit
from sharing.words.labels import label, labelled, language
from sharing.words.lead import Place, quotations, told
from sharing.words.markup import plain
from sharing.words.overlap import overlap

#: Characters. The platform's own limit (third-party code, no official page), and what we write by ourselves:
#: about what shows before "See more".
FACEBOOK_LIMIT = 63_206
FACEBOOK_OWN = 400

#: Units of `count.two_lines` per line of a KakaoTalk bubble: observed, not documented.
KAKAO_TITLE_LINE = 160
KAKAO_TEXT_LINE = 172

#: Characters: a subject that most mail programs show whole; Hangul is wider.
SUBJECT = 78
SUBJECT_KO = 40
#: The longest that a person may write: beyond it a paragraph has lost its subject.
SUBJECT_LIMIT = 255
PREHEADER = 100
PREHEADER_KO = 60
MAIL_LIMIT = 600

#: From this share on, the lead names all that the headline does, and the headline beside it adds nothing.
_SAME = 0.6
_BREAKS_A_HEADER = regex.compile(r"[\p{Cc}\u2028\u2029]")
_DOT = " · "
# What parts two pieces of a headline.
_PARTS = " ,;:·-–—…."


@dataclass(frozen=True, slots=True, kw_only=True)
class KakaoWords:
    """What a KakaoTalk bubble shows beside the picture, two visible lines each."""

    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWords:
    """`subject` is one line that is safe in a header; `preheader` does not repeat it."""

    subject: str
    preheader: str
    lead: str


def facebook(article: Article, teaser: Teaser) -> str:
    """The post's text, without the link: its card shows headline and picture already.

    Raises:
        Refusal: `facebook.too_long`: a person's words over 63,206 characters.
    """
    if teaser.words is not None:
        _check_length(len(teaser.words), FACEBOOK_LIMIT, "facebook.too_long")
        return teaser.words
    if given := _from_cms(article, "facebook"):
        return fit(given, FACEBOOK_LIMIT)
    story = told(article)
    quotation = _quotation(article, teaser, FACEBOOK_OWN)
    # A label announces the news itself, not what comes after it.
    lead = story.lead if label(article) else story.over()
    return _labelled_fit(article, quotation or lead or story.headline, FACEBOOK_OWN)


def x(article: Article, teaser: Teaser, link: str, limit: int = X_LIMIT) -> str:
    """The whole post: words, a line break (which no particle can cling to, and weighs as a space), the link.

    Raises:
        Refusal: `x.too_long`: a person's words and the link weigh more than `limit`.
    """
    if teaser.words is not None:
        post = _with_link(teaser.words, link)
        _check_length(x_weight(post), limit, "x.too_long")
        return post
    room = limit - x_weight("\n" + link)
    if given := _from_cms(article, "x"):
        return _with_link(fit(given, room, x_weight), link)
    return _with_link(_x_words(article, teaser, room), link)


def _x_words(article: Article, teaser: Teaser, room: int) -> str:
    story, mark = told(article), label(article)
    headline = fit(labelled(mark, story.headline), room, x_weight)
    if teaser.variant == "headline":
        return headline
    quotation = _quotation(article, teaser, room, x_weight)
    if quotation:
        return labelled(mark, quotation)
    lead = fit(labelled(mark, story.lead), room, x_weight)
    whole = bool(story.lead) and x_weight(labelled(mark, sentences.first(story.lead))) <= room
    if whole and overlap(story.headline, lead) >= _SAME:
        return lead
    # A lead that must be cut says less than a headline that is whole.
    left = room - x_weight(headline + "\n")
    under = story.under(Place(left, x_weight))
    if under and x_weight(sentences.first(under)) <= left:
        return f"{headline}\n{fit(under, left, x_weight)}"
    return max(headline, lead, key=x_weight) if whole else headline


def kakao(article: Article, teaser: Teaser) -> KakaoWords:
    """Title and description. Of a person's words the first line is the title and the rest the description.

    Raises:
        Refusal: `words.no_first_line`: a person's words begin with nothing to be the title.
    """
    if teaser.words is not None:
        title, rest = _first_line(teaser.words, "kakao")
        return KakaoWords(title=title, description=rest)
    title, rest = _parts(_from_cms(article, "kakao"))
    story = told(article)
    quotation = _quotation(article, teaser, _BUBBLE.limit, _BUBBLE.measure)
    title, going_on = _parted(title or labelled(label(article), story.headline), kakao_title)
    shown = rest or quotation or f"{going_on}\n{story.under(_BUBBLE)}"
    return KakaoWords(title=title, description=kakao_text(shown))


def mail(article: Article, teaser: Teaser) -> MailWords:
    """Subject, preheader and lead. Of a person's words the first line is the subject, the rest the lead.

    A person's words of one line leave the lead to us: a mail of a subject alone helps nobody.

    Raises:
        Refusal: `words.no_first_line`: a person's words begin with nothing to be the subject;
            `mail.subject_too_long`: their first line is no subject but a paragraph.
    """
    korean = language(article) == "ko"
    story = told(article)
    quotation = _quotation(article, teaser, PREHEADER_KO if korean else PREHEADER)
    if teaser.words is not None:
        title, rest = _first_line(teaser.words, "mail")
        title, going_on = _header_safe(title), ""
        _check_length(len(title), SUBJECT_LIMIT, "mail.subject_too_long")
    else:
        title, rest = _parts(_from_cms(article, "mail"))
        title = title or labelled(label(article), story.headline)
        title, going_on = _parted(title, lambda text: subject(text, korean=korean))
    inbox = Place(PREHEADER_KO if korean else PREHEADER, _in_an_inbox)
    shown = rest or quotation or f"{going_on}\n{story.under(inbox)}"
    return MailWords(
        subject=title,
        preheader=_dotted(shown, inbox),
        lead=rest or fit(story.lead, MAIL_LIMIT),
    )


def clipboard(article: Article, teaser: Teaser, link: str) -> str:
    """The text for the clipboard: the link; below a person's or the CMS's words, where there are any."""
    words = teaser.words if teaser.words is not None else _from_cms(article, "link")
    return _with_link(words, link) if words else link


def _labelled_fit(article: Article, text: str, limit: int) -> str:
    mark = label(article)
    return labelled(mark, fit(text, limit - len(mark) - 1)) if mark else fit(text, limit)


def _quotation(article: Article, teaser: Teaser, room: int, measure: Measure = len) -> str:
    """The first quotation that fits whole, if one is asked for: cut, it would say something else."""
    if teaser.variant != "quote":
        return ""
    mark = label(article)
    fitting = (said for said in quotations(article) if measure(labelled(mark, said)) <= room)
    return next(fitting, "")


def _from_cms(article: Article, slug: str) -> str:
    """What the CMS holds for this channel: written by somebody, so it wins over ours, but it must fit."""
    return plain(article.channel_words.get(slug, ""))


def _parts(words: str) -> tuple[str, str]:
    title, _, rest = words.strip().partition("\n")
    return title.strip(), rest.strip()


def _first_line(words: str, channel: str) -> tuple[str, str]:
    title, rest = _parts(words)
    if not title:
        raise Refusal("words.no_first_line", field="words", channel=channel)
    return title, rest


def _header_safe(text: str) -> str:
    """One line, as a mail header must be (RFC 5322, 2.2): no CR, LF, NUL or Unicode line break."""
    return " ".join(_BREAKS_A_HEADER.sub(" ", text).split())


def _with_link(words: str, link: str) -> str:
    if not words.strip():
        return link
    if _names(words, link):
        return words
    return f"{words}{'' if words[-1].isspace() else chr(10)}{link}"


def _names(words: str, link: str) -> bool:
    """Whether the words hold the link already, by whatever source it is tagged."""
    if link in words:
        return True
    wanted = untagged(link)
    return any(
        untagged(found if "://" in found else f"https://{found}") == wanted
        for found in (words[span.start : span.end] for span in urls_in(words))
    )


def _check_length(length: int, limit: int, code: str) -> None:
    if length > limit:
        raise Refusal(code, field="words", over=length - limit, limit=limit)


def kakao_title(text: str) -> str:
    """`text`, cut to two lines of the bubble's title."""
    return fit(text, 2 * KAKAO_TITLE_LINE, lambda cut: two_lines(cut, KAKAO_TITLE_LINE))


def kakao_text(text: str) -> str:
    """`text`, cut to two lines of the bubble's description."""
    return _dotted(text, _BUBBLE)


def subject(text: str, *, korean: bool) -> str:
    """`text` as a mail's subject: one line that is safe in a header, cut to what is shown."""
    return fit(_header_safe(text), SUBJECT_KO if korean else SUBJECT)


def _dotted(text: str, place: Place) -> str:
    """`text` in one line: whole lines while they fit, a middle dot between them."""
    return place.cut("\n".join(line for line in text.split("\n") if line.strip())).replace("\n", _DOT)


def _parted(headline: str, cut: Callable[[str], str]) -> tuple[str, str]:
    """What `cut` leaves of a headline, and the rest of it, which is shown below: "…after losing the vote".

    One word alone is no rest: the cut then moves to the clause or phrase before it. Empty where nothing is
    left, and where the cut is inside a quotation.
    """
    shown = cut(headline)
    rest = _rest(headline, shown)
    if len(rest.split()) == 1:
        shorter = fit(headline, len(shown) * 3 // 4)
        rest = _rest(headline, shorter)
        shown = shorter if rest and cut(shorter) == shorter else shown
    return shown, rest


def _rest(headline: str, shown: str) -> str:
    kept = shown.removesuffix(ELLIPSIS)
    if not kept or len(kept) >= len(headline.strip()) or not headline.startswith(kept):
        return ""
    rest = headline[len(kept) :].lstrip(_PARTS)
    return rest if kept == shown else ELLIPSIS + rest


def _in_a_bubble(text: str) -> int:
    return two_lines(text.replace("\n", _DOT), KAKAO_TEXT_LINE)


def _in_an_inbox(text: str) -> int:
    return len(text.replace("\n", _DOT))


_BUBBLE = Place(2 * KAKAO_TEXT_LINE, _in_a_bubble)
