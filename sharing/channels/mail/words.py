"""The words of a mail: a person's words (only checked), else the CMS's, else automatic words."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from sharing.domain.article import Article
from sharing.domain.message import Teaser
from sharing.words.cut import fit
from sharing.words.labels import label, labelled, language
from sharing.words.lead import Place, told
from sharing.words.teaser import (
    DOT,
    check_length,
    cms_words,
    dotted,
    first_line,
    parted,
    quotation,
    title_and_rest,
)

#: Characters of a subject that most mail programs show completely. Fewer in Korean, because Hangul is wider.
SUBJECT = 78
SUBJECT_KO = 40
#: Characters: the longest subject that a person may write. A longer first line is a paragraph, not a subject.
SUBJECT_LIMIT = 255
PREHEADER = 100
PREHEADER_KO = 60
LEAD_LIMIT = 600

_BREAKS_A_HEADER = regex.compile(r"[\p{Cc}\u2028\u2029]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWords:
    """The words of a mail. `subject` is one line, safe in a header; `preheader` does not repeat it."""

    subject: str
    preheader: str
    lead: str


def compose(article: Article, teaser: Teaser) -> MailWords:
    """Return subject, preheader and lead. The first line of a person's words is the subject; the rest is the lead.

    If a person wrote one line only, the lead is automatic, because a mail needs more than a subject.

    Raises:
        Refusal: `words.no_first_line`: a person's words have no first line that could be the subject;
            `mail.subject_too_long`: the first line has more than 255 characters.
    """
    korean = language(article) == "ko"
    story = told(article)
    said = quotation(article, teaser, PREHEADER_KO if korean else PREHEADER)
    if teaser.words is not None:
        title, rest = first_line(teaser.words, "mail")
        title, going_on = _header_safe(title), ""
        check_length(len(title), SUBJECT_LIMIT, "mail.subject_too_long")
    else:
        title, rest = title_and_rest(cms_words(article, "mail"))
        title = title or labelled(label(article), story.headline)
        title, going_on = parted(title, lambda text: subject(text, korean=korean))
    inbox = Place(PREHEADER_KO if korean else PREHEADER, _in_an_inbox)
    shown = rest or said or f"{going_on}\n{story.under(inbox)}"
    return MailWords(
        subject=title,
        preheader=dotted(shown, inbox),
        lead=rest or fit(story.lead, LEAD_LIMIT),
    )


def subject(text: str, *, korean: bool) -> str:
    """Return `text` as a mail's subject: one line, safe in a header, cut to the length that mail programs show."""
    return fit(_header_safe(text), SUBJECT_KO if korean else SUBJECT)


def _header_safe(text: str) -> str:
    """Return `text` as one line, as a mail header must be (RFC 5322, 2.2): no CR, LF, NUL or Unicode line break."""
    return " ".join(_BREAKS_A_HEADER.sub(" ", text).split())


def _in_an_inbox(text: str) -> int:
    return len(text.replace("\n", DOT))
