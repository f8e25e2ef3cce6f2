"""Markup to words for CMS and feed fields, and teasers that a machine cut."""

from __future__ import annotations

import re

from sharing.words.markup import plain
from sharing.words.sentences import ends
from sharing.words.unicode import clean

_CUT = re.compile(r"\s*\[?\s*(?:\.{3,}|…)\s*\]?\s*$")
_STOP = re.compile(r"[.!?。！？][\"'”’」』)\]]*$")
_WHOLE = re.compile(r"(?:[.!?。！？다요음함임됨것][\"'”’」』)\]]*)$")


def text_of(markup: str) -> str:
    """The words in an HTML fragment, through the gate before and after: entities can hide what it takes out.

    Raises:
        Refusal: from the Unicode gate (`unicode.surrogate`, `text.too_long`).
    """
    return clean(plain(clean(markup, "body")), "body")


def whole_sentences(text: str) -> str:
    """Of a teaser that a machine cut in mid-sentence, the sentences that are whole.

    Where not one is whole, the words with an ellipsis; a text that was not cut comes back as it is.
    """
    text = text.rstrip()
    words = _CUT.sub("", text)
    if words == text and _WHOLE.search(text):
        return text
    # The end of the text always counts as an end; here it is one only behind a full stop.
    *whole, last = [0, *ends(words)]
    if _STOP.search(words):
        whole.append(last)
    if whole and whole[-1] > 0:
        return words[: whole[-1]]
    return f"{words}…" if words != text else text
