"""Check a delivery against the sandbox's own record, and its words against the article.

The check does not trust the product: the record is the platform's, and an editor signed the expected teasers. Without
an expected teaser, every word of the post must be in the article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sharing.channels.registry import channel
from sharing.domain.article import Article

LINK = "{link}"


def problems(
    article: Article,
    expected: Mapping[str, str],
    delivery: Mapping[str, Any],
    remote_id: str,
    records: Sequence[Mapping[str, Any]],
) -> list[str]:
    """Return what is wrong with one delivery, one clause for each problem; empty if it is confirmed."""
    found = [
        record
        for record in records
        if record["channel"] == delivery["channel"]
        and record["account"] == remote_id
        and _is_about(record, delivery)
    ]
    wrong = _of_the_desk(delivery)
    if len(found) != 1:
        wrong.append(f"the sandbox has {len(found)} results instead of one")
        return wrong
    record = found[0]
    if record["text"] != delivery["text"]:
        wrong.append(f"the sandbox has another text: {record['text'][:80]!r}")
    wrong += _of_the_link(article, delivery, str(record.get("link") or ""))
    wrong += _of_the_words(article, expected, delivery, str(record["text"]))
    return wrong


def _is_about(record: Mapping[str, Any], delivery: Mapping[str, Any]) -> bool:
    """Whether a record may belong to a delivery: it has the delivery's marker, or no marker at all."""
    marker = str(delivery["marker"])
    seen = f"{record.get('link') or ''} {record['text']}"
    return marker in seen or not re.search(r"utm_content=|/s/", seen)


def _of_the_desk(delivery: Mapping[str, Any]) -> list[str]:
    wrong = []
    if delivery["state"] != "delivered":
        wrong.append(f"it is {delivery['state']}: {delivery['detail']}")
    elif delivery["receipt"] != (wanted := channel(delivery["channel"]).achieves.value):
        wrong.append(f"it is {delivery['receipt']}, not {wanted}")
    if delivery["limit"] and delivery["length"] > delivery["limit"]:
        wrong.append(f"its length is {delivery['length']}, over {delivery['limit']}")
    return wrong


def _of_the_link(article: Article, delivery: Mapping[str, Any], link: str) -> list[str]:
    """Return what is wrong with the link: it must lead to this article and carry the delivery's marker."""
    if not link:
        return ["it carries no link"]
    here, there = urlsplit(article.address or ""), urlsplit(link)
    query = dict(parse_qsl(there.query))
    own = {name: value for name, value in query.items() if not name.startswith("utm_")}
    same_place = (here.scheme, here.netloc, here.path) == (there.scheme, there.netloc, there.path)
    if not same_place or own != dict(parse_qsl(here.query)):
        return [f"its link leads elsewhere: {link}"]
    if query.get("utm_content") != delivery["marker"]:
        return [f"its link does not carry the marker: {link}"]
    return []


def _of_the_words(
    article: Article, expected: Mapping[str, str], delivery: Mapping[str, Any], text: str
) -> list[str]:
    if delivery["channel"] in expected:
        wanted = expected[delivery["channel"]].replace(LINK, str(delivery["link"]))
        return (
            []
            if text == wanted
            else [f"its words are not the signed ones: {_first_difference(text, wanted)}"]
        )
    told = " ".join(part for part in (article.headline, article.summary, article.body, article.label) if part)
    known = set(_words(told))
    bare = text.replace(str(delivery["link"]), " ")
    strange = [word for word in _words(bare) if word not in known]
    return [f"words that are not in the article: {', '.join(strange[:5])}"] if strange else []


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


def _first_difference(text: str, wanted: str) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(text, wanted, strict=False)) if a != b), min(len(text), len(wanted))
    )
    return f"{text[max(0, at - 12) : at + 12]!r}, where {wanted[max(0, at - 12) : at + 12]!r} was signed"
