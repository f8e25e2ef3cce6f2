"""Find the parts of a text that X turns into links: URLs with a scheme, and bare domains.

X counts and links by the rules of the public twitter-text 3 (github.com/twitter/twitter-text, read 2026-11-24).
This module reads each run of host characters once, so the time is linear even for a megabyte of dots or 100,000
links.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import regex

from sharing.words.tlds import LONGEST_INTERNATIONAL, TLDS


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: `text[start:end]`, in characters (code points)."""

    start: int
    end: int


#: X links nothing longer: octets of a label (RFC 1035), characters of a URL, characters of a t.co slug.
LONGEST_LABEL = 63
LONGEST_URL = 4096
LONGEST_SLUG = 40

_LATIN = r"À-ÖØ-öø-ÿĀ-ɏɓɔɖɗəɛɣɨɯɲʉʻ\u0300-\u036FḀ-ỿ"
# Characters that no host contains: ASCII punctuation, white space, non-characters, bidirectional marks.
_OUTSIDE = (
    r"!-/:-@\[-`{-~\s\u0085\u00A0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF\uFFFE\uFFFF"
    r"\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069"
)
_RUN = regex.compile(rf"(?i)(https?://)?+([^{_OUTSIDE}](?:[^{_OUTSIDE}]|[._-])*+)")
_HOST_CHARACTER = regex.compile(rf"[^{_OUTSIDE}]")
_BORDER_BEFORE = regex.compile(rf"(?r)(?![._-])[{_OUTSIDE}]")
_SCHEME_BEFORE = regex.compile(r"(?i)https?://$")
_ASCII_LABELS = regex.compile(rf"(?i)(?:[a-z0-9{_LATIN}-]++\.)++")
_ASCII_TLD = regex.compile(r"(?i)xn--[a-z0-9-]++|[a-z0-9]++")
# A link does not begin in the middle of a word, a handle, a hashtag or a cashtag.
_NOT_BEFORE = frozenset("@＠$#＃\ufffe\uffff\ufeff")
_NOT_AFTER_TLD = regex.compile(r"[0-9A-Za-z@+-]")
_PORT = regex.compile(r":[0-9]++")
_PATH_CHARACTER = rf"[a-z0-9Ѐ-ӿ!*';:=+,.$/%#\[\]–_~@|&{_LATIN}-]"
_PATH = regex.compile(
    rf"(?i)/(?:{_PATH_CHARACTER}++|\((?:{_PATH_CHARACTER}++|{_PATH_CHARACTER}*+\({_PATH_CHARACTER}++\)"
    rf"{_PATH_CHARACTER}*+)\))*+"
)
_NOT_LAST_IN_PATH = "!*';:,.$%[]~|&@–"
_QUERY = regex.compile(r"(?i)\?[a-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]++")
_NOT_LAST_IN_QUERY = "!?*'@();:+$%[].,~|"
_SHORTENED = regex.compile(r"(?i)https?://t\.co/([a-z0-9]++)(\?[a-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]++)?+")


def urls_in(text: str) -> list[Span]:
    """Return every link that X sees in `text`, in order.

    A Korean particle after a link is outside the link: in `news.example.kr를` the link ends before `를`. Handles,
    hashtags, cashtags and mail addresses are not links. Positions are those of `text` as given: normalise it to NFC
    first.
    """
    return list(_urls(text))


def _urls(text: str) -> Iterator[Span]:
    at = link_end = 0
    while run := _next_run(text, at):
        scheme, start, end = run[1], run.start(2), _before_scheme(text, run.start(2), run.end())
        if not _may_begin(text, run.start(), link_end, after="" if scheme else "-_./"):
            # A host that touches a handle, a hashtag or the link before it is not a link. After a letter that is
            # not ASCII a new link may begin ("#태그twitter.com", "news.example/1보기twitter.com").
            scheme, start = None, _fresh_start(text, run.start(), end, link_end)
        at = end
        host_end = _host_end(text, start, end)
        if host_end is not None:
            link_end, has_path = _tail(text, host_end) if host_end == run.end() else (host_end, False)
            at = max(at, link_end)
            if scheme:
                yield from _with_scheme(text, run.start(), start, host_end, link_end)
            else:
                # For a bare host, X includes port and query only if there is a path.
                yield from _bare(text, start, host_end, link_end if has_path else host_end)


def _next_run(text: str, at: int) -> regex.Match[str] | None:
    """Return the next run of host characters with a dot inside, and the scheme before it. The search is for dots."""
    dot = text.find(".", at)
    while dot >= 0 and not _HOST_CHARACTER.match(text, dot + 1):
        dot = text.find(".", dot + 1)
    if dot < 0:
        return None
    border = _BORDER_BEFORE.search(text, at, dot)
    start = border.end() if border else at
    scheme = _SCHEME_BEFORE.search(text, max(at, start - len("https://")), start)
    return _RUN.search(text, scheme.start() if scheme else start)


def _before_scheme(text: str, start: int, end: int) -> int:
    """Return `end`, or the position of a scheme that the run includes by mistake ("그는https://")."""
    if text.startswith("://", end):
        for scheme in ("https", "http"):
            if text[max(start, end - len(scheme)) : end].lower() == scheme and end - len(scheme) > start:
                return end - len(scheme)
    return end


def _may_begin(text: str, at: int, link_end: int, *, after: str) -> bool:
    if at == link_end:
        # Directly after a link, and at the start of the text, X does not count a first letter that is not ASCII
        # as part of the link.
        return not at and (_is_ascii_letter(text[0]) or text[0] in _NOT_BEFORE or text[1:2] in ".-_")
    before = text[at - 1]
    return not (before in _NOT_BEFORE or before in after or _is_ascii_letter(before))


def _is_ascii_letter(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _fresh_start(text: str, start: int, end: int, link_end: int) -> int:
    if start != link_end and text[start - 1] in "-_./":
        return end
    fresh = next((at for at in range(start, end) if not _is_ascii_letter(text[at])), end)
    return end if fresh == end or text[fresh] in "-_.:/" or text[fresh] in _NOT_BEFORE else fresh + 1


def _host_end(text: str, start: int, end: int) -> int | None:
    """Return the end of the longest host that begins at `start`: labels, of which the last begins with a TLD."""
    found = None
    label_start = start
    label_is_name = False
    while label_start < end:
        label_end = text.find(".", label_start, end)
        label_end = end if label_end < 0 else label_end
        if label_is_name:
            tld = _tld_length(text, label_start, label_end)
            found = label_start + tld if tld else found
        if label_start == label_end or text[label_start] in "-_" or text[label_end - 1] in "-_":
            break
        label_is_name = text.find("_", label_start, label_end) < 0
        label_start = label_end + 1
    return found


def _tld_length(text: str, start: int, end: int) -> int:
    """Return the length of the top-level domain at the start of this label; 0 if there is none."""
    ascii_part = _ASCII_TLD.match(text, start, end)
    if ascii_part:
        word = ascii_part[0].lower()
        known = word in TLDS or (word.startswith("xn--") and len(word) > 4)
        if known and not _NOT_AFTER_TLD.match(text, ascii_part.end()):
            return len(word)
        if ascii_part.end() == end or text[ascii_part.end()].isascii():
            return 0
    for length in range(min(end - start, LONGEST_INTERNATIONAL), 0, -1):
        if text[start : start + length].lower() in TLDS and not _NOT_AFTER_TLD.match(text, start + length):
            return length
    return 0


def _tail(text: str, at: int) -> tuple[int, bool]:
    """Return the end of the port, path and query after a host, and whether there is a path.

    Full stops and commas at the end are not part of the link.
    """
    port = _PORT.match(text, at)
    at = port.end() if port else at
    path = _PATH.match(text, at)
    if path:
        at += max(1, len(path[0].rstrip(_NOT_LAST_IN_PATH)))
        if at < path.end():
            return at, True
    query = _QUERY.match(text, at)
    if query:
        kept = len(query[0].rstrip(_NOT_LAST_IN_QUERY))
        at += kept if kept > 1 else 0
    return at, path is not None


def _with_scheme(text: str, start: int, host: int, host_end: int, end: int) -> Iterator[Span]:
    shortened = _SHORTENED.match(text, start, end)
    if shortened:
        if len(shortened[1]) > LONGEST_SLUG:
            return
        end = start + len(shortened[0].rstrip(_NOT_LAST_IN_QUERY))
    if end - start <= LONGEST_URL and _resolvable(text[host:host_end]):
        yield Span(start, end)


def _bare(text: str, start: int, host_end: int, end: int) -> Iterator[Span]:
    """Yield the links in a host without a scheme: its parts in Latin letters. The last one includes the path."""
    if not _resolvable(text[start:host_end]):
        return
    found = []
    at = start
    while at < host_end:
        labels = _ASCII_LABELS.search(text, at, host_end)
        if not labels:
            break
        ascii_end = _ascii_host_end(text, labels.start(), labels.end(), host_end)
        if ascii_end:
            found.append(Span(labels.start(), ascii_end))
        at = ascii_end or labels.end()
    if found and found[-1].end == host_end:
        found[-1] = Span(found[-1].start, end)
    yield from (span for span in found if span.end - span.start <= LONGEST_URL)


def _ascii_host_end(text: str, start: int, end: int, host_end: int) -> int | None:
    dots = [start - 1, *(at for at in range(start, end) if text[at] == ".")]
    for dot in reversed(dots[1:]):
        length = _tld_length(text, dot + 1, host_end)
        if length:
            return dot + 1 + length
    return None


def _resolvable(host: str) -> bool:
    """Tell whether every label has at most 63 octets in its ASCII form (Punycode, RFC 3492)."""
    return all(_octets(label) <= LONGEST_LABEL for label in host.split("."))


def _octets(label: str) -> int:
    if label.isascii() or len(label) > LONGEST_LABEL:
        return len(label)
    if label[:4].lower() == "xn--":
        return LONGEST_LABEL + 1
    return len(label.lower().encode("punycode")) + len("xn--")


def without_urls(text: str) -> Iterator[str]:
    """Return the pieces of `text` before, between and after its links."""
    spans = urls_in(text)
    edges = [Span(0, 0), *spans, Span(len(text), len(text))]
    return (text[left.end : right.start] for left, right in pairwise(edges))
