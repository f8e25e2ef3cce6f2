"""The length of a post in X's own unit: config v3, 280 (docs.x.com/fundamentals/counting-characters).

Written from the published rules, not from the product's counter: two independent readings of one page show a mistake
in either. The text is put into NFC first. A URL weighs 23; an emoji sequence weighs 2; Latin, Greek,
Cyrillic, Hebrew and Arabic letters and common punctuation weigh 1; everything else weighs 2.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sharing.sandbox.x.domains import COUNTRIES, GENERIC

LIMIT = 280
URL_WEIGHT = 23
#: Code points of weight 1; the rest of Unicode weighs 2.
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

_BASE = (
    "\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff"
)
_ONE = rf"(?:[\xa9\xae]\ufe0f|[{_BASE}](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?)"
EMOJI = re.compile(
    r"[\U0001f1e6-\U0001f1ff]{2}"
    r"|[0-9#*]\ufe0f?\u20e3"
    r"|\U0001f3f4[\U000e0061-\U000e007a]{1,8}\U000e007f"
    rf"|{_ONE}(?:\u200d{_ONE})*"
)

_LATIN = r"\xc0-\xd6\xd8-\xf6\xf8-\u024f"
_UNICODE = (
    rf"[a-z0-9{_LATIN}\u0400-\u04ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u1100-\u11ff"
    r"\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]"
)
_PATH = rf"[a-z0-9{_LATIN}\u0400-\u04ff!*';:=+,.$/%#\[\]()\-\u2013_~@|&]"
_TAIL = rf"(?P<port>:[0-9]{{1,5}})?(?P<path>/{_PATH}*)?(?P<query>\?[a-z0-9!?*'()\[\];:&=+$/%#\-_.,~|@]*)?"
#: Characters that must not stand before a link: letters of an address, a mention, a tag.
_BEFORE = r"(?<![a-z0-9@\uff20$#\uff03\u200c\u200d._/\-])"
_WITH_PROTOCOL = rf"https?://(?P<named>(?:(?:{_UNICODE}|[-_])+\.)+(?:{_UNICODE}|-)+)"
_BARE = (
    rf"(?P<bare>(?:[a-z0-9{_LATIN}](?:[a-z0-9_{_LATIN}-]*[a-z0-9{_LATIN}])?\.)+"
    r"(?:[a-z]{2,24}|xn--[a-z0-9]{2,59}))"
)
#: A candidate for a link. `_address` decides whether it is one.
_CANDIDATE = re.compile(rf"{_BEFORE}(?:{_WITH_PROTOCOL}|{_BARE}){_TAIL}", re.IGNORECASE)
_ENDS_PATH = re.compile(rf"[a-z0-9{_LATIN}\u0400-\u04ff=_#/+\-&$%~|@]", re.IGNORECASE)
# Practice articles are on this machine, or on host names reserved for examples (RFC 2606).
_PRACTICE = re.compile(
    rf"{_BEFORE}https?://(?:127(?:\.[0-9]{{1,3}}){{3}}|localhost|\[::1\]"
    r"|(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:example|test|invalid|localhost))(?::[0-9]{1,5})?"
    r"(?:[/?#][^\s<>\"]*)?(?![0-9A-Za-z.-])",
    re.IGNORECASE,
)
_SHORT_LINK = re.compile(r"https?://t\.co/[a-z0-9]+", re.IGNORECASE)
_LONGEST_SLUG = 40
_LONGEST_LABEL = 63
#: Characters; a generous limit: DNS allows 253, in punycode.
_LONGEST_DOMAIN = 600


@dataclass(frozen=True, slots=True)
class Url:
    """A URL in a text: its place in code points, and its text."""

    start: int
    end: int
    text: str

    @property
    def expanded(self) -> str:
        return self.text if self.text.lower().startswith(("http://", "https://")) else f"http://{self.text}"


def urls(text: str) -> list[Url]:
    """Return the URLs that X links in a text, including bare domains."""
    found, at = [], 0
    while match := _CANDIDATE.search(text, at):
        taken = _address(match)
        if taken:
            found.append(Url(match.start(), match.start() + len(taken), taken))
        # The rest of the candidate may contain the next address.
        at = match.start() + len(taken) if taken else match.end("named" if match["named"] else "bare")
    return found


def links(text: str) -> list[Url]:
    """Return the URLs of a text and the addresses of practice articles, which the real X would not link.

    For the sandbox's records and entities. `weighted` counts as the real X does.
    """
    local = [
        Url(match.start(), match.start() + len(taken), taken)
        for match in _PRACTICE.finditer(text)
        for taken in [_trimmed(match[0])]
    ]
    return sorted([*urls(text), *local], key=lambda url: url.start)


def _address(match: re.Match[str]) -> str:
    """Return the part of a candidate that is an address; empty if none is."""
    domain = match["named"] or match["bare"]
    start = match[0].partition(domain)[0]
    name = _known_end(domain)
    if not name or (match["bare"] and _runs_on(match, name)):
        return ""
    if name != domain:
        return start + name
    path = _trimmed(match["path"] or "")
    query = _trimmed(match["query"] or "") if path == (match["path"] or "") else ""
    return _slug(start + name + (match["port"] or "") + path + query)


def _runs_on(match: re.Match[str], name: str) -> bool:
    """Return whether a bare domain is the beginning of something else: an e-mail address, a longer word."""
    end = match.end("bare")
    after = match.string[end : end + 1]
    if after == "@":
        return True
    return after != "" and name == match["bare"] and after.isascii() and (after.isalnum() or after in "+-")


def _slug(address: str) -> str:
    """Cut a t.co address after its code and query. Returns "" if the code is too long."""
    short = _SHORT_LINK.match(address)
    if not short:
        return address
    code = short[0].rpartition("/")[2]
    query = address[short.end() :] if address[short.end() : short.end() + 1] == "?" else ""
    return short[0] + query if len(code) <= _LONGEST_SLUG else ""


def _known_end(domain: str) -> str:
    """Return the longest beginning of `domain` that ends in a known top-level domain; empty if there is none."""
    if len(domain) > _LONGEST_DOMAIN:
        return ""
    labels = domain.split(".")
    for count in range(len(labels), 1, -1):
        if not _is_host(labels[: count - 1]):
            continue
        end = labels[count - 1]
        # `news.example.kr를`: letters of another script directly after the domain do not belong to it.
        plain = re.match(r"[a-z0-9-]+", end, re.IGNORECASE)
        for tail in (end, plain[0] if plain else ""):
            low = tail.lower()
            if low in GENERIC or low in COUNTRIES or low.startswith("xn--"):
                return ".".join([*labels[: count - 1], tail])
    return ""


def _is_host(labels: list[str]) -> bool:
    """Return whether these labels make a host: at most 63 octets each in punycode, no dash or underscore at an edge."""
    try:
        longest = max(
            len(label) if label.isascii() else len(label.encode("punycode")) + 4 for label in labels
        )
    except UnicodeError:
        return False
    punycode = any(label.lower().startswith("xn--") and not label.isascii() for label in labels)
    edges = any(label[:1] in {"-", "_", ""} or label[-1:] in {"-", "_"} for label in labels)
    return longest <= _LONGEST_LABEL and "_" not in labels[-1] and not punycode and not edges


def _trimmed(text: str) -> str:
    """Remove the punctuation that ends a sentence from a path or query. A `)` stays if it has its `(`."""
    closed, opened = text.count(")"), text.count("(")
    end = len(text)
    while end:
        last = text[end - 1]
        if (last == ")" and closed <= opened) or _ENDS_PATH.fullmatch(last):
            break
        closed -= last == ")"
        opened -= last == "("
        end -= 1
    return text[:end]


def weighted(text: str) -> int:
    """Return the length of a text in X's weighted characters."""
    text = unicodedata.normalize("NFC", text)
    total, at = 0, 0
    for url in urls(text):
        total += _plain(text[at : url.start]) + URL_WEIGHT
        at = url.end
    return total + _plain(text[at:])


def _plain(text: str) -> int:
    if text.isascii():
        return len(text)
    total, at = 0, 0
    for emoji in EMOJI.finditer(text):
        total += _letters(text[at : emoji.start()]) + 2
        at = emoji.end()
    return total + _letters(text[at:])


def _letters(text: str) -> int:
    return sum(1 if any(first <= ord(each) <= last for first, last in LIGHT) else 2 for each in text)
