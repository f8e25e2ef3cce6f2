"""Checks of a text before it goes out. A finding warns or blocks; no check changes a word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import regex

from sharing.domain.article import Article
from sharing.domain.hosts import host_of
from sharing.domain.room import Room
from sharing.words import numbers, quotes
from sharing.words.lists import word_list
from sharing.words.markup import one_line
from sharing.words.urls import urls_in, without_urls


class Level(StrEnum):
    """The effect of a finding: a warning or a block. The desk's rules may change it."""

    WARN = "warn"
    BLOCK = "block"


#: Every code and its default level.
CODES = {
    "same_as_headline": Level.WARN,
    "all_caps": Level.WARN,
    "unbalanced_quotes": Level.WARN,
    "bare_domain": Level.WARN,
    "placeholder": Level.BLOCK,
    "number_not_in_article": Level.WARN,
    "name_not_in_article": Level.WARN,
    "mojibake": Level.BLOCK,
    "banned_word": Level.BLOCK,
    "alt_missing": Level.WARN,
    "foreign_link": Level.WARN,
    "headline_changed": Level.BLOCK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning_:  # noqa: N801 - `Warning` is Python's own
    """A finding: its code, its default level, and the facts that fill its sentence."""

    code: str
    level: Level
    facts: dict[str, Any] = field(default_factory=dict)


_PLACEHOLDER = regex.compile(
    r"\{[^{}\n]{0,60}\}|\{\{|\}\}|%\(\w{1,30}\)s|%[sd]\b|\$\{|<%|\[\[|\]\]|\[object Object\]"
    r"|\bundefined\b|\bNaN\b"
    r"|\b(?:TK){1,3}\b|\bTODO\b|\bFIXME\b|(?i:lorem ipsum)|&(?:[a-z]{2,8}|#\d{2,6});"
    r"|(?:제목|내용)을 입력|여기에 입력"
)
# UTF-8 read as Latin-1 or Windows-1252, EUC-KR read as Latin-1, and replacement characters (U+FFFD, 占쏙옙).
_MOJIBAKE = regex.compile(
    r"\uFFFD|占쏙옙|[ÃÂ][\u0080-\u00BF€‚„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œž]|â€[\u0080-\u00BF™œ“”˜¦\"]|[ìíëê][\u0080-\u00BF€‚„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]{2}"
    r"|[\u00A1-\u00FE]{2}(?:\s?[\u00A1-\u00FE]{2}){2,}"
)
_LINK = regex.compile(r"(?i)\bhttps?://[^\s\"'<>()（）“”]++")
_LETTERS = regex.compile(r"\p{L}")
_CAPITALS = regex.compile(r"\p{Lu}")
_LABEL = regex.compile(r"^\s*(?:[\[【<〈(][^\]】>〉)]{1,16}[\]】>〉)]|\p{Lu}[\p{Lu} -]{2,24}:)\s*")
_ENGLISH_NAME = regex.compile(
    r"\p{Lu}\p{Ll}[\p{L}'’-]*+(?:\s(?:(?:of|de|van|von|bin|al)\s)?\p{Lu}[\p{L}.'’-]*+)+"
)
_ROLES = (
    "대통령|총리|장관|차관|의원|대표|시장|지사|총장|검사|판사|변호사|교수|회장|사장|감독|선수|위원장|대변인|씨|"
    "기자|배우|가수"
)
_KOREAN_NAME = regex.compile(
    rf"(?<!\p{{Hangul}})(\p{{Hangul}}{{2,4}})\s(?:전\s|신임\s)?({_ROLES})(?=\P{{Hangul}}|[이가은는을를의도와과에]|$)"
)
_NO_NAMES = word_list(
    "국회 정부 여당 야당 전직 현직 신임 당시 공동 수석 경찰 검찰 서울 부산 최고 원내 양당 같은 해당 모든",
)


def lint(
    article: Article,
    room: Room,
    text: str,
    *,
    words_are_own: bool,
    banned: Sequence[str] = (),
    domains: Sequence[str] = (),
    approved_headline: str | None = None,
) -> list[Warning_]:
    """Return all findings about `text` before it goes out on a channel, blocks first.

    Args:
        article: the article that the text is about.
        room: the limits of the channel.
        text: the composed post, with its link if the channel puts the link in the words.
        words_are_own: True if a person wrote the words. Only then are names and numbers compared with the article;
            automatic words are taken from it.
        banned: words that the desk does not use.
        domains: domains to which links may lead; empty allows all.
        approved_headline: the headline at the time when the share was approved.
    """
    # A text with a scheme (https://) counts as a link, even if X does not link its domain.
    links, bare = _LINK.findall(text), _LINK.sub(" ", text)
    links += [bare[span.start : span.end] for span in urls_in(bare)]
    words = " ".join(without_urls(bare)).strip()
    found = [
        *_about_form(words, banned),
        *_about_links(room, links, domains),
        *_about_article(article, room, words, words_are_own=words_are_own),
    ]
    if approved_headline is not None and one_line(approved_headline) != one_line(article.headline):
        found.append(_warning("headline_changed", before=approved_headline, now=article.headline))
    return sorted(found, key=lambda warning: warning.level != Level.BLOCK)


def _warning(code: str, **facts: Any) -> Warning_:
    return Warning_(code=code, level=CODES[code], facts=facts)


def _about_form(words: str, banned: Sequence[str]) -> Iterator[Warning_]:
    bare = _LABEL.sub("", words)
    letters, capitals = len(_LETTERS.findall(bare)), len(_CAPITALS.findall(bare))
    if letters >= 12 and capitals > 0.7 * letters:
        yield _warning("all_caps")
    if not quotes.balanced(words):
        yield _warning("unbalanced_quotes")
    for code, pattern in (("placeholder", _PLACEHOLDER), ("mojibake", _MOJIBAKE)):
        match = pattern.search(words)
        if match:
            yield _warning(code, found=match[0])
    lowered = words.lower()
    for word in banned:
        if word.strip() and _stands_in(word.strip().lower(), lowered):
            yield _warning("banned_word", found=word.strip())


def _stands_in(word: str, text: str) -> bool:
    """Tell whether `word` is in `text`: as a whole word in Latin letters, anywhere in Korean (particles follow)."""
    start = text.find(word)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(word) : start + len(word) + 1]
        if not (word[0].isascii() and before.isascii() and before.isalnum()) and not (
            word[-1].isascii() and after.isascii() and after.isalnum()
        ):
            return True
        start = text.find(word, start + 1)
    return False


def _about_links(room: Room, links: Sequence[str], domains: Sequence[str]) -> Iterator[Warning_]:
    allowed = [_host(domain.lstrip(".")) for domain in domains]
    for link in links:
        if "://" not in link and room.links_bare_domains:
            yield _warning("bare_domain", found=link)
        host = _host(link)
        if allowed and not any(domain and f".{host}".endswith(f".{domain}") for domain in allowed):
            yield _warning("foreign_link", found=link, host=host)


def _host(link: str) -> str:
    """Return the host of a link or a domain; empty if there is none."""
    return host_of(link if "://" in link else f"https://{link}")


def _about_article(article: Article, room: Room, words: str, *, words_are_own: bool) -> Iterator[Warning_]:
    parts = [_folded(_LABEL.sub("", part)) for part in (words, words.partition("\n")[2])]
    shown = parts[1] if room.has_title else parts[0]
    if shown and shown == _folded(_LABEL.sub("", article.headline)):
        yield _warning("same_as_headline")
    if article.image_url and not article.image_alt and room.shows_picture:
        yield _warning("alt_missing")
    if words_are_own and article.body:
        source = "\n".join(
            filter(None, (article.headline, article.summary, article.body, article.caption, article.credit))
        )
        source += "\n" + "\n".join(article.authors)
        for number in numbers.unknown(words, source):
            yield _warning("number_not_in_article", found=number)
        for name in _unknown_names(words, source):
            yield _warning("name_not_in_article", found=name)


def _unknown_names(words: str, source: str) -> Iterator[str]:
    known = set(regex.findall(r"[\p{L}'’]+", source.lower()))
    for match in _ENGLISH_NAME.finditer(words):
        parts = regex.findall(r"[\p{L}'’]+", match[0].lower())
        if any(
            part not in known and part.removesuffix("'s").removesuffix("’s") not in known for part in parts
        ):
            yield match[0]
    joined = regex.sub(r"\s", "", source)
    for match in _KOREAN_NAME.finditer(words):
        if match[1] not in _NO_NAMES and match[1] not in joined:
            yield f"{match[1]} {match[2]}"


def _folded(text: str) -> str:
    return "".join(regex.findall(r"[\p{L}\p{N}]", text.lower()))
