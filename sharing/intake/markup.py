"""Text of CMS and feed fields: remove markup, and repair teasers that a machine cut."""

from __future__ import annotations

import re

from sharing.words.markup import plain
from sharing.words.sentences import ends
from sharing.words.unicode import clean

_CUT = re.compile(r"\s*\[?\s*(?:\.{3,}|…)\s*\]?\s*$")
_STOP = re.compile(r"[.!?。！？][\"'”’」』)\]]*$")
_WHOLE = re.compile(r"(?:[.!?。！？다요음함임됨것][\"'”’」』)\]]*)$")


def text_of(markup: str) -> str:
    """Return the text of an HTML fragment. The Unicode gate runs before and after, because entities hide characters.

    Raises:
        Refusal: the codes of the Unicode gate (`unicode.surrogate`, `text.too_long`).
    """
    return clean(plain(clean(markup, "body")), "body")


def whole_sentences(text: str) -> str:
    """Return the whole sentences of a teaser that a machine cut in mid-sentence.

    If no sentence is whole, the text is returned with an ellipsis. A text that was not cut is returned unchanged.
    Example: "Rain fell. Roads were [...]" gives "Rain fell."
    """
    text = text.rstrip()
    words = _CUT.sub("", text)
    if words == text and _WHOLE.search(text):
        return text
    # `ends` always yields the end of the text; here it counts as a sentence end only after a full stop.
    *whole, last = [0, *ends(words)]
    if _STOP.search(words):
        whole.append(last)
    if whole and whole[-1] > 0:
        return words[: whole[-1]]
    return f"{words}…" if words != text else text
