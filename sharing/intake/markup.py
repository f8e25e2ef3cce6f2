"""HTML fragments to plain text: titles, teasers and bodies as CMSs and feeds carry them."""

from __future__ import annotations

import html
import re

from lxml import etree

from sharing.words.gate import clean

#: Their text is never shown to readers.
_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "object", "head", "svg"})
#: Words on either side of these are not one word.
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "figcaption"),
        *("figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol"),
        *("p", "pre", "section", "table", "td", "th", "tr", "ul"),
    }
)
_MARKED = re.compile(r"<[a-zA-Z/!?]|&[#a-zA-Z]|\w;")
# What is left of an entity when something on the way swallowed its ampersand.
_BROKEN_ENTITY = re.compile(r"(?<!&)(?<!&amp;)(?:amp;)?(apos|quot|nbsp|hellip|#0?39|#8217|#x27);")
# Browsers take "<!" for a comment wherever it stands; in a headline it is an exclamation.
_BOGUS = re.compile(r"<(?=!(?!--|doctype|\[cdata))", re.IGNORECASE)
_CUT = re.compile(r"\s*(?:\[?\s*(?:\.{3,}|…)\s*\]?)\s*$")
# A sentence ends here: after a mark and its closing quote, or after the Korean -다 and -요 with a period.
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’」』)\]]*(?=\s|$)")
_WHOLE = re.compile(r"(?:[.!?。！？다요음함임됨것][\"'”’」』)\]]*)$")


def text_of(markup: str) -> str:
    """The visible text of an HTML fragment, a line per block, entities decoded at most twice.

    What only looks like markup stays: `<르포>` and `a < b` are words. Scripts, styles and frames are dropped.

    Raises:
        Refusal: from the Unicode gate (`unicode.surrogate`, `text.too_long`).
    """
    text = clean(markup, "body")
    if _MARKED.search(text):
        text = html.unescape(_visible(_BROKEN_ENTITY.sub(r"&\1;", text)))
        text = clean(text, "body")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _visible(markup: str) -> str:
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    # As bytes: in a text, lxml refuses whatever declares an encoding.
    root = etree.HTML(_BOGUS.sub("&lt;", markup).encode(), parser) if markup.strip() else None
    if root is None:
        return ""
    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element.tag in _UNSEEN:
                walk.skip_subtree()
                continue
            parts += ["\n" if element.tag in _BLOCKS else "", element.text or ""]
        else:
            parts += ["\n" if element.tag in _BLOCKS else "", element.tail or ""]
    return "".join(parts)


def whole_sentences(text: str) -> str:
    """Of a teaser that a machine cut in mid-sentence, the sentences that are whole.

    Where not one is whole, the words with an ellipsis; a text that was not cut comes back as it is.
    """
    text = text.rstrip()
    without_mark = _CUT.sub("", text)
    if without_mark == text and _WHOLE.search(text):
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(without_mark)]
    if without_mark != text and ends and ends[-1] == len(without_mark):
        return without_mark
    if ends:
        return without_mark[: ends[-1]]
    return f"{without_mark}…" if without_mark != text else text
