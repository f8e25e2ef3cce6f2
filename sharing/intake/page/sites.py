"""The names of a site, and how to remove them from its headlines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from sharing.intake.page import json_ld
from sharing.intake.page.address import parted
from sharing.intake.page.document import Page, text_of
from sharing.intake.page.plain import any_of, fold
from sharing.words.vocabulary import RESERVED

# U+3163 and U+1175 are Hangul letters that look like a bar, and sites use them as a bar.
_BAR = re.compile(r"\s*(?:[|｜ㅣᅵ│¦❘‖]|::+)\s*|\s+[<>]\s+")
_DASH = re.compile(
    r"\s+(?:[-–—―:·•/@~»«›⟩→▶►★☆■]|--)\s+|\s*[_＿]\s*|\s*：\s*|(?<=\S):(?=[^\s:]+$)|(?<=\S)-{1,2}(?=[^\s-]+$)"
)
_OWNED = re.compile(rf"copyright|\(c\)|©|(?:19|20)\d\d|all {RESERVED}|[-–]\s", re.IGNORECASE)
_FRONT = re.compile(r"/|https?://[^/?#]{3,100}/?|/?index\.\w{2,5}", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9-]+\.){1,3}[a-z]{2,6}", re.IGNORECASE)
# ` - 한빛신문`: after a dash with spaces, a word with such an ending is an outlet.
_OUTLET = re.compile(
    "[가-힣A-Za-z0-9]{2,10}"
    + any_of("신문 일보 뉴스 방송 저널 타임스 타임즈 투데이 데일리 미디어 닷컴 매일 통신 포스트 헤럴드")
)
# `:: site :: headline`
_FRAMED = re.compile(r"^\s*(?:::+|[|｜:])\s*[^|｜:]{1,20}(?:::+|[|｜:])\s*(?=\S{2})")
# Chinese sites write `headline_section_site`.
_HAN = re.compile(r"[一-鿿]{1,10}")
# Korean sites write `headline-section` before a bar.
_SECTION = re.compile(
    r"(?<=\S)-"
    + any_of(
        "정치 경제 사회 국제 세계 문화 스포츠 연예 오피니언 사설 칼럼 라이프 생활 과학 산업 증권 부동산"
        " 지역 전국 북한 외교 국방 뉴스 사람 교육 건강 여행 기획 특집 포토 영상 IT"
    )
    + r"\S{0,4}$"
)
_ANY_HOST = frozenset("www news mobile amp blog media magazine edition web home life sports".split())
_ORGANISATIONS = frozenset({"WebSite", "Organization", "NewsMediaOrganization"})


def site_names(page: Page, address: str | None) -> frozenset[str]:
    """Return the names of the site, folded: declared names, its handle, its host and the parts of the host."""
    titles = {fold(text) for text in (*page.metas_of("og:title"), *page.h1)}
    folded = (fold(name) for name in (*_declared(page), *_host_names(address)))
    # Some sites declare the headline as the name of an application.
    return frozenset(
        name for name in folded if 2 <= len(name) <= 40 and (len(name) < 12 or name not in titles)
    )


def _declared(page: Page) -> Iterator[str]:
    yield from page.metas_of("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher")
    yield from _home(page)
    yield from (_OWNED.sub("", text) for text in page.metas_of("copyright"))
    yield from (handle.removeprefix("@") for handle in page.metas_of("twitter:site") if "/" not in handle)
    for node in page.nodes:
        if _ORGANISATIONS & set(json_ld.types(node)):
            yield json_ld.first_text(node.get("name")) or ""
        for publisher in json_ld.listed(node.get("publisher")):
            named = json_ld.resolved(publisher, page.nodes)
            if isinstance(named, dict):
                yield from (json_ld.first_text(named.get(key)) or "" for key in ("name", "alternateName"))


def _home(page: Page) -> Iterator[str]:
    """Yield the texts of links to the front page: the name of the site, or the alternative text of its logo."""
    links = (link for link in islice(page.root.iter("a"), 60) if _FRONT.fullmatch(link.get("href") or ""))
    for link in islice(links, 4):
        yield text_of(link)[:60]
        yield from (image.get("alt") or "" for image in islice(link.iter("img"), 2))


def _host_names(address: str | None) -> list[str]:
    host = (parted(address).hostname or "").removeprefix("www.")
    parts = host.split(".")
    named = [part for part in parts[:-1] if len(part) > 2 and part not in _ANY_HOST]
    return [host, ".".join(parts[-2:]), ".".join(parts[-3:]), *named]


def without_site(text: str, names: frozenset[str]) -> str:
    """Remove the site's name from the end or the start of `text`, and the section next to the name."""
    text = _FRAMED.sub("", text)
    for _ in range(4):
        shorter = _shorter(text, names)
        if shorter == text:
            break
        text = shorter
    return text


def _shorter(text: str, names: frozenset[str]) -> str:
    bar = _last(_BAR, text)
    if bar:
        head, tail = text[: bar.start()].rstrip(), text[bar.end() :]
        if len(fold(head)) >= 4 and _is_site(tail, names):
            return _SECTION.sub("", head)
        if len(fold(tail)) < len(fold(head)) and len(tail) <= 40:
            return _SECTION.sub("", head) if _OUTLET.fullmatch(tail) else head
    dash = _last(_DASH, text)
    if dash:
        head, tail = text[: dash.start()].rstrip(), text[dash.end() :]
        is_chinese = "_" in dash[0] and "@" not in head and _HAN.fullmatch(tail)
        is_outlet = dash[0].startswith(" ") and _OUTLET.fullmatch(tail)
        if len(fold(head)) >= 4 and (is_chinese or is_outlet or _is_site(tail, names)):
            return head
    for mark in (_BAR.search(text), _DASH.search(text)):
        if mark and mark.start() <= 30 and fold(text[: mark.start()]) in names:
            rest = text[mark.end() :]
            return rest if len(fold(rest)) >= 12 else text
    return text


def _last(shape: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in shape.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    return found


def _is_site(tail: str, names: frozenset[str]) -> bool:
    folded = fold(tail)
    if not folded or folded in names or _HOST.fullmatch(tail.strip()):
        return True
    room = 14  # `Ledger` can also be `The Ledger Online`, but not a whole sentence
    near = (name for name in names if len(name) >= 3 and len(folded) < len(name) + room)
    return any(folded.startswith(name) or folded.endswith(name) for name in near)
