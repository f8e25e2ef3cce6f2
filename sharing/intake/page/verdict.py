"""Whether it is an article at all; what is none is refused by what it is instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from sharing.domain.refusal import Refusal
from sharing.intake.page import json_ld
from sharing.intake.page.document import Page, text_of

_ERROR = re.compile(
    r"^(?:error\s*)?(?:400|401|403|404|410|429|50\d)\b(?!\s*(?:million|billion|people|dead|명|억|만|개))|not found|can(?:no|')t be found|couldn(?:o|')t find|no longer (?:available|exists)"
    r"|access denied|forbidden|bad gateway|service unavailable|internal server error|just a moment|attention required|are you (?:a robot|human)|unusual traffic"
    r"|페이지를 찾을 수|존재하지 않는|삭제(?:된|되었거나)|잘못된 (?:접근|주소|경로)|요청하신 (?:페이지|기사)|접근이? (?:거부|차단|제한)|오류가 발생|서비스 점검|일시적인? (?:오류|장애)"
    r"|nicht gefunden|introuvable|no encontrad|non trovata|見つかりません|エラー",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(
    r"^\W*(?:log\s?in|sign\s?in|log on|sign up|register|subscribe|로그인|회원\s?가입|회원 로그인|anmelden|einloggen|connexion|iniciar sesión|ログイン)\b",
    re.IGNORECASE,
)
_RESULTS = re.compile(
    r"search results?|^search\b|results for|검색\s?결과|통합\s?검색|suchergebnis|résultats de|検索結果",
    re.IGNORECASE,
)
_SEARCH_PATH = re.compile(r"/(?:search|suche|recherche|buscar|find|query)(?:[/._]|$)", re.IGNORECASE)
_SEARCH_KEYS = frozenset(
    {
        "q",
        "query",
        "keyword",
        "keywords",
        "kwd",
        "search",
        "s",
        "searchword",
        "search_word",
        "sword",
        "sc_word",
        "term",
        "text",
    }
)
_FRONT = re.compile(r"/?(?:index\.\w{2,5}|home|main|default\.\w{3,4})?/?", re.IGNORECASE)
_LISTS = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage"})
_ALERT = re.compile(r"""\balert\s*\(\s*["'][^"']{4,200}["']""")

#: Characters of running text: below the first there is no story, above the second there is one for certain.
_NO_STORY, _A_STORY = 250, 1200
_FRONT_LINKS = 15


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an article: what the page declares, and the characters of running text it shows."""

    declared: bool
    dated: bool
    story: int
    titles: tuple[str, ...]
    address: str | None


def refuse_other_pages(page: Page, evidence: Evidence) -> None:
    """Lets articles pass, also those behind a paywall: they give what they declare.

    Raises:
        Refusal: `page.empty`, `page.error`, `page.login_wall`, `page.search`, `page.video`,
            `page.section_front`, `page.script_shell` or `page.not_an_article`.
    """
    if page.node and evidence.story >= _NO_STORY:
        return
    for code, applies in (
        ("page.error", _is_error),
        ("page.search", _is_search),
        ("page.video", _is_video),
        ("page.section_front", _is_front),
        ("page.login_wall", _is_login),
        ("page.script_shell", _is_shell),
        ("page.empty", _is_empty),
        ("page.not_an_article", _is_little),
    ):
        if applies(page, evidence):
            raise Refusal(code)


def declares_article(page: Page) -> bool:
    """Whether the page calls itself an article: JSON-LD, Open Graph, or a time of publication."""
    kinds = page.metas_of("og:type")
    timed = page.meta(
        "article:published_time",
        "article:published",
        "citation_publication_date",
        "parsely-pub-date",
        "itemprop:datepublished",
    )
    return bool(page.node) or any("article" in kind.lower() for kind in kinds) or timed is not None


def _is_error(page: Page, evidence: Evidence) -> bool:
    if evidence.declared or evidence.story >= _A_STORY:
        return False
    if any(_ERROR.search(title) and len(title) < 120 for title in evidence.titles):
        return True
    return _text_size(page) < 60 and any(_ALERT.search(script) for script in page.inline)


def _is_search(page: Page, evidence: Evidence) -> bool:
    if page.node:
        return False
    if any("SearchResultsPage" in json_ld.types(node) for node in page.nodes):
        return True
    for address in (page.url, evidence.address):
        parts = urlsplit(address or "")
        asked = (
            {key.lower() for key, _ in parse_qsl(parts.query, max_num_fields=100)}
            if len(parts.query) < 2000
            else set()
        )
        if asked & _SEARCH_KEYS and (_SEARCH_PATH.search(parts.path) or _FRONT.fullmatch(parts.path)):
            return True
    return (
        evidence.story < _A_STORY
        and not evidence.declared
        and any(_RESULTS.search(title) for title in evidence.titles)
    )


def _is_video(page: Page, evidence: Evidence) -> bool:
    kinds = page.metas_of("og:type", "medium")
    shows = any(kind.lower().startswith("video") for kind in kinds) or any(
        "VideoObject" in json_ld.types(node) for node in page.nodes
    )
    return shows and not page.node and evidence.story < _A_STORY


def _is_front(page: Page, evidence: Evidence) -> bool:
    if page.node:
        return False
    addresses = [page.url] if page.url else [*page.links("canonical")[:1], page.meta("og:url")]
    if evidence.story < _A_STORY and any(_is_root(address) for address in addresses) and not evidence.address:
        return True
    if evidence.declared:
        return False
    listed = any(_LISTS & set(json_ld.types(node)) for node in page.nodes)
    if listed and evidence.story < _A_STORY:
        return True
    linked = sum(len(text_of(link).strip()) >= 20 for link in page.root.iter("a"))
    return (
        not evidence.dated
        and linked >= _FRONT_LINKS
        and evidence.story < _A_STORY
        and linked * 40 > evidence.story
    )


def _is_root(address: str | None) -> bool:
    parts = urlsplit(address or "")
    return bool(parts.netloc) and bool(_FRONT.fullmatch(parts.path)) and not parts.query


def _is_login(page: Page, evidence: Evidence) -> bool:
    if evidence.declared or evidence.story >= _A_STORY:
        return False
    asks = any((field.get("type") or "").lower() == "password" for field in page.root.iter("input"))
    return (asks and evidence.story < _NO_STORY) or any(_SIGN_IN.search(title) for title in evidence.titles)


def _is_shell(page: Page, evidence: Evidence) -> bool:
    return (
        not evidence.declared
        and bool(page.inline)
        and _text_size(page) < _NO_STORY
        and evidence.story < _NO_STORY
    )


def _is_empty(page: Page, evidence: Evidence) -> bool:
    return not evidence.declared and _text_size(page) < 20 and not page.meta("og:description", "description")


def _is_little(page: Page, evidence: Evidence) -> bool:
    return not evidence.declared and not evidence.dated and evidence.story < _NO_STORY


def _text_size(page: Page) -> int:
    body = page.root.find("body")
    return 0 if body is None else len("".join(text_of(body).split()))
