"""Reader of JSON-LD as real pages write it: with comments, entities, graphs, and several objects in one block.

schema.org/NewsArticle; developers.google.com/search/docs/appearance/structured-data/article.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

Node = dict[str, Any]

#: Most characters of one block, and most blocks. The largest normal block found had 0.2 million characters.
BLOCK_LIMIT = 1_000_000
BLOCKS = 40
_NODES = 2_000

_ARTICLE = re.compile(r"(?:Article|Posting|Reportage|Report|Blog|Review)$|^(?:Claim)?Review$|^Report")
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?', re.DOTALL)
_LAST_COMMA = re.compile(r",(\s*+[}\]])")
_VALUE = re.compile(r"[^\s;,]")


def nodes(blocks: Iterable[str]) -> list[Node]:
    """Return every node of every block, also from graphs and lists. A block that cannot be repaired is left out."""
    found: list[Node] = []
    for _, block in zip(range(BLOCKS), blocks, strict=False):
        if len(block) <= BLOCK_LIMIT:
            for value in _values(block):
                _open(value, found)
    return found


def _values(block: str) -> list[Any]:
    block = block.replace("<![CDATA[", "").replace("]]>", "").replace("<!--", "").replace("-->", "").strip()
    for mend in (str, _mended, _decoded):
        try:
            return list(_read(mend(block)))
        except (ValueError, RecursionError):
            continue
    return []


def _read(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(strict=False)
    place = 0
    while found := _VALUE.search(text, place):
        value, place = decoder.raw_decode(text, found.start())
        yield value


def _mended(text: str) -> str:
    return _LAST_COMMA.sub(r"\1", _COMMENT.sub(lambda found: found[1] or " ", text))


def _decoded(text: str) -> str:
    return _mended(html.unescape(text))


def _open(value: Any, found: list[Node]) -> None:
    """Append the nodes of `value` to `found`, in order. Without recursion, because a block may be nested deeply."""
    waiting = [value]
    for _ in range(_NODES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value[:_NODES])
        elif isinstance(value, dict):
            found.append(value)
            inner = [
                value[key] for key in ("@graph", "mainEntity") if isinstance(value.get(key), (list, dict))
            ]
            waiting += reversed(inner)


def types(node: Node) -> list[str]:
    """Return the types of a node, without the address of the vocabulary."""
    declared = node.get("@type")
    return [
        str(name).rpartition("/")[2]
        for name in (declared if isinstance(declared, list) else [declared])
        if name
    ]


def is_article(node: Node) -> bool:
    """Tell whether the type of the node is Article of schema.org, one of its subtypes, or a similar type."""
    return any(_ARTICLE.search(name) for name in types(node))


def the_article(found: list[Node], title: str | None) -> Node:
    """Return the page's own article: the one whose headline is in `title`, else the first; {} if there is none."""
    articles = [node for node in found if is_article(node)]
    if title and len(articles) > 1:
        for node in articles:
            headline = node.get("headline") or node.get("name")
            if isinstance(headline, str) and headline.strip() and headline.strip()[:40] in title:
                return node
    return articles[0] if articles else {}


def resolved(value: Any, found: list[Node]) -> Any:
    """Return the node to which `value` refers by `@id`, or `value` itself."""
    if isinstance(value, dict) and "@id" in value and not value.get("name"):
        meant = [node for node in found if node.get("@id") == value["@id"] and len(node) > 1]
        return next((node for node in meant if node.get("name")), meant[0] if meant else value)
    return value


def first_text(value: Any, *keys: str) -> str | None:
    """Return the first text in `value`: a text, a member of a list, or a value under one of `keys` of a node."""
    for each in listed(value):
        if isinstance(each, str) and each.strip():
            return each
        if isinstance(each, dict):
            for key in keys:
                inner = each.get(key)
                inner = inner[0] if isinstance(inner, list) and inner else inner
                if isinstance(inner, str) and inner.strip():
                    return inner
    return None


def listed(value: Any) -> list[Any]:
    """Return `value` as a list of at most 50 members; a single value becomes a list of one, None an empty list."""
    if isinstance(value, list):
        return value[:50]
    return [] if value is None else [value]
