"""Page check: is the article's page online? Platforms remember a 404 for days, so we look first (promise 9)."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from django.db.models.functions import Now

from sharing import models
from sharing.domain.account import Account, Mode
from sharing.domain.delivery import State, Why
from sharing.domain.lanes import BREAKING_PAGE_WAIT, Lane
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.models.moves import Actor, After, Claim
from sharing.net.fetch import fetch
from sharing.services.runtime import fetch_allowed, runtime

log = structlog.get_logger()

#: A page that was found is not checked again for this long.
REMEMBER = timedelta(minutes=10)
_OG_TITLE = re.compile(rb"""<meta[^>]{0,300}?property\s*=\s*["']?og:title["']?[^>]{0,2000}>""", re.IGNORECASE)


def is_there(claim: Claim, account: Account, actor: Actor) -> bool:
    """Whether the delivery may go on. If not, it was moved: to `waiting` for its page, or to `held` for a person."""
    timings = runtime().timings
    if timings.page_wait == 0:
        return True
    reason = why_not_there(claim.article_id, claim.target, deadline=min(5.0, timings.prepare))
    if not reason:
        return True
    if account.mode is Mode.SANDBOX:
        log.info("page not there, sandboxed all the same", delivery=claim.id, reason=reason)
        return True
    longest = timings.page_wait
    if claim.lane is Lane.BREAKING:
        longest = min(longest, BREAKING_PAGE_WAIT.total_seconds())
    to, why = State.HELD, Why.PAGE_NEVER_CAME
    sets: dict[str, Any] = {"last_code": reason}
    if (claim.waited or 0.0) < longest:
        to, why = State.WAITING, Why.PAGE_NOT_THERE_YET
        sets |= {"due_at": After(1 if claim.lane is Lane.BREAKING else 3)}
        sets |= {} if claim.waited is not None else {"waiting_since": After(0)}
    moves.move(claim.id, to, why, actor=actor, attempt_no=claim.attempt_no, detail=reason, sets=sets)
    return False


def why_not_there(article_id: int, address: str, *, deadline: float) -> str:
    """Return "" if the page answers 200 with an `og:title`, else a code: `page.404`, `page.no_og_title`, ...

    Deliveries of one article that ask at the same time share one request. `deadline` is in seconds.
    """
    seen = models.Article.objects.filter(pk=article_id, page_seen_at__gt=Now() - REMEMBER)
    if seen.exists():
        return ""
    moves.give_back_connection()
    with _one_at_a_time(article_id) as look:
        if look.reason is None:
            look.reason = _look(address, deadline)
        reason = look.reason
    if not reason:
        models.Article.objects.filter(pk=article_id).update(page_seen_at=Now())
    return reason


def _look(address: str, deadline: float) -> str:
    try:
        page = fetch(address, allowed=fetch_allowed(), deadline=deadline)
    except Refusal as refusal:
        return refusal.code
    if page.status != 200:
        return f"page.{page.status}"
    return "" if _OG_TITLE.search(page.body) else "page.no_og_title"


class _Look:
    """One check of an article's page, and how many threads of this process wait for its answer."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reason: str | None = None
        self.asking = 0


_looks: dict[int, _Look] = {}
_looks_lock = threading.Lock()


@contextmanager
def _one_at_a_time(article_id: int) -> Iterator[_Look]:
    with _looks_lock:
        look = _looks.setdefault(article_id, _Look())
        look.asking += 1
    try:
        with look.lock:
            yield look
    finally:
        with _looks_lock:
            look.asking -= 1
            if not look.asking:
                del _looks[article_id]
