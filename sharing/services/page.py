"""Is the article's page there? Platforms remember a 404 for days, so we look before they do (promise 9)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.db.models.functions import Now

from sharing import models
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.net.fetch import fetch
from sharing.services.house import fetch_allowed

#: A page that was there is not looked at again for this long.
REMEMBER = timedelta(minutes=10)
_OG_TITLE = re.compile(rb"""<meta[^>]{0,300}?property\s*=\s*["']?og:title["']?[^>]{0,2000}>""", re.IGNORECASE)


def why_not_there(article_id: int, address: str, *, deadline: float) -> str:
    """Empty when the page answers 200 with an `og:title`; else a code: `page.404`, `page.no_og_title`, ..."""
    row = models.Article.objects.only("page_seen_at").get(pk=article_id)
    if row.page_seen_at and datetime.now(UTC) - row.page_seen_at < REMEMBER:
        return ""
    moves.release()
    try:
        page = fetch(address, allowed=fetch_allowed(), deadline=deadline)
    except Refusal as refusal:
        return refusal.code
    if page.status != 200:
        return f"page.{page.status}"
    if not _OG_TITLE.search(page.body):
        return "page.no_og_title"
    models.Article.objects.filter(pk=article_id).update(page_seen_at=Now())
    return ""
