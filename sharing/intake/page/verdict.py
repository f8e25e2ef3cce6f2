"""Decide whether a page is an article. Other pages are refused with a code that names what they are."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from sharing.domain.refusal import Refusal
from sharing.intake.page import json_ld
from sharing.intake.page.address import parted
from sharing.intake.page.document import Element, Page, text_of
from sharing.intake.page.plain import any_of, fold

_ERROR = re.compile(
    r"^(?:error\s*)?(?:40[0134]|410|429|50\d)\b(?!\s*(?:[mb]illion|people|dead|명|억|만|개))|"
    + any_of("""
        not_found can(?:no|')t_be_found couldn(?:o|')t_find no_longer_(?:available|exists) access_denied
        forbidden bad_gateway service_unavailable internal_server_error just_a_moment attention_required
        are_you_(?:a_robot|human) unusual_traffic nicht_gefunden introuvable no_encontrad non_trovata
        페이지를_찾을_수 존재하지_않는 삭제(?:된|되었거나) 잘못된_(?:접근|주소|경로)
        요청하신_(?:페이지|기사) 접근이?_(?:거부|차단|제한) 오류가_발생 서비스_점검 일시적인?_(?:오류|장애)
        見つかりません エラー
        """),
    re.IGNORECASE,
)
_SIGN_IN = re.compile(
    r"^\W*"
    + any_of("""
        log_?in sign_?in log_on sign_up register subscribe 로그인 회원_?가입 회원_로그인 anmelden einloggen
        connexion iniciar_sesión ログイン
        """)
    + r"\b",
    re.IGNORECASE,
)
_RESULTS = re.compile(
    any_of("search_results? ^search\\b results_for 검색_?결과 통합_?검색 suchergebnis résultats_de 検索結果"),
    re.IGNORECASE,
)
_SEARCH_PATH = re.compile(r"/(?:search|suche|recherche|buscar|find|query)(?:[/._]|$)", re.IGNORECASE)
_SEARCH_KEYS = re.compile(
    rf"(?:^|&){any_of('q query keywords? kwd search s search_?word sword sc_word term text')}=", re.IGNORECASE
)
_FRONT = re.compile(r"/?(?:index\.\w{2,5}|home|main|default\.\w{3,4})?/?", re.IGNORECASE)
_LISTS = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage"})
_DATES = (
    "article:published_time",
    "article:published",
    "citation_publication_date",
    "parsely-pub-date",
    "itemprop:datepublished",
)
# A page that only shows a message window ("this article was deleted") and goes back.
_ALERT = re.compile(r"""\balert\s*\(\s*["'][^"']{4,200}["']""")

#: Amounts of running text (`story.size`): below the first there is no story, from the second on there surely is one.
_NO_STORY, _A_STORY = 250, 1200
#: Number of links as long as headlines, and of headings that are links, from which a page is a list of articles.
_FRONT_LINKS, _FRONT_HEADINGS = 15, 8
#: Number of declared articles from which a page is a list of articles.
_SEVERAL = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for an article: the values that the page declares, and the amount of running text (`story.size`)."""

    declared: bool
    dated: bool
    story: int
    titles: tuple[str, ...]
    address: str | None


def refuse_other_pages(page: Page, evidence: Evidence) -> None:
    """Refuse pages that are not articles. Articles behind a paywall pass: their declared values are read.

    Raises:
        Refusal: `page.error`, `page.search`, `page.video`, `page.section_front`, `page.login_wall`,
            `page.script_shell`, `page.empty` or `page.not_an_article`.
    """
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
    """Tell whether the page declares an article: by JSON-LD, by Open Graph, or by a time of publication."""
    by_type = any("article" in kind.lower() for kind in page.metas_of("og:type"))
    return bool(page.node) or by_type or page.meta(*_DATES) is not None


def _is_error(page: Page, evidence: Evidence) -> bool:
    if evidence.declared or evidence.story >= _A_STORY:
        return False
    if any(_ERROR.search(title) and len(title) < 120 for title in evidence.titles):
        return True
    if evidence.story < _NO_STORY and _text_size(page) < 2 * _NO_STORY and _ERROR.search(_opening(page)):
        return True
    return any(_ALERT.search(script[:10_000]) for script in page.inline[:20]) and _text_size(page) < 60


def _is_search(page: Page, evidence: Evidence) -> bool:
    if page.node:
        return False
    for address in (page.url, evidence.address):
        parts = parted(address)
        if _SEARCH_KEYS.search(parts.query) and (
            _SEARCH_PATH.search(parts.path) or _FRONT.fullmatch(parts.path)
        ):
            return True
    by_title = any(_RESULTS.search(title) for title in evidence.titles)
    return _has(page, "SearchResultsPage") or (
        by_title and evidence.story < _A_STORY and not evidence.declared
    )


def _is_video(page: Page, evidence: Evidence) -> bool:
    by_type = any(kind.lower().startswith("video") for kind in page.metas_of("og:type", "medium"))
    return (by_type or _has(page, "VideoObject")) and not page.node and evidence.story < _A_STORY


def _is_front(page: Page, evidence: Evidence) -> bool:
    addresses = [page.url] if page.url else [*page.links("canonical")[:1], page.meta("og:url")]
    if not evidence.address and any(map(_is_root, addresses)):
        return evidence.story < _A_STORY or "website" in page.metas_of("og:type")
    if _lists_articles(page, evidence):
        return True
    if evidence.declared:
        return False
    linked = sum(len(text_of(link).strip()) >= 20 for link in page.root.iter("a"))
    teased = evidence.story < _NO_STORY or (_linked_headings(page) >= _FRONT_HEADINGS and _is_scattered(page))
    return linked >= _FRONT_LINKS and teased


def _lists_articles(page: Page, evidence: Evidence) -> bool:
    """Tell whether the page declares a list, or declares several articles and shows the title of none."""
    articles = [node for node in page.nodes if json_ld.is_article(node)]
    if evidence.story >= _A_STORY:
        return False
    if not articles:
        return any(_LISTS & set(json_ld.types(node)) for node in page.nodes)
    shown = [fold(text) for text in (page.title, *page.h1, page.meta("og:title")) if text]
    headlines = {fold(json_ld.first_text(node.get("headline")) or "") for node in articles}
    return len(headlines) >= _SEVERAL and not any(
        each and each in title for each in headlines for title in shown
    )


def _is_root(address: str | None) -> bool:
    parts = parted(address)
    return bool(parts.netloc) and bool(_FRONT.fullmatch(parts.path)) and not parts.query


def _linked_headings(page: Page) -> int:
    headings = page.root.iter("h2", "h3", "h4")
    return sum(_in_link(heading) or next(heading.iter("a"), None) is not None for heading in headings)


def _in_link(element: Element) -> bool:
    return any(above.tag == "a" for above in element.iterancestors())


def _is_scattered(page: Page) -> bool:
    """Tell whether the paragraphs stand in separate boxes, as teasers do, not together, as those of a story."""
    together: Counter[Element | None] = Counter()
    for paragraph in page.root.iter("p"):
        length = len(text_of(paragraph).strip())
        together[paragraph.getparent()] += length if length >= 40 else 0
    return max(together.values(), default=0) * 3 < sum(together.values())


def _is_login(page: Page, evidence: Evidence) -> bool:
    if evidence.declared or evidence.story >= _A_STORY:
        return False
    asks = any((field.get("type") or "").lower() == "password" for field in page.root.iter("input"))
    says_so = any(_SIGN_IN.search(title) for title in evidence.titles)
    return (asks and evidence.story < _NO_STORY) or (says_so and (asks or evidence.story < 2 * _NO_STORY))


def _is_shell(page: Page, evidence: Evidence) -> bool:
    if evidence.declared or not page.inline or evidence.story >= _NO_STORY:
        return False
    return _text_size(page) < _NO_STORY


def _is_empty(page: Page, evidence: Evidence) -> bool:
    if evidence.declared or page.meta("og:description", "description"):
        return False
    return _text_size(page) < 20


def _is_little(_page: Page, evidence: Evidence) -> bool:
    return not evidence.declared and not evidence.dated and evidence.story < _NO_STORY


def _has(page: Page, kind: str) -> bool:
    return any(kind in json_ld.types(node) for node in page.nodes)


def _opening(page: Page) -> str:
    body = page.root.find("body")
    return "" if body is None else " ".join(text_of(body)[:2000].split())[:300]


def _text_size(page: Page) -> int:
    body = page.root.find("body")
    return 0 if body is None else len("".join(text_of(body).split()))
