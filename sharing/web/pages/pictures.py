"""The article's picture, fetched through the guarded fetcher. Its first bytes decide the type, not its server."""

from __future__ import annotations

import threading

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from sharing.domain.refusal import Refusal
from sharing.net.pictures import fetch_picture
from sharing.services.runtime import fetch_allowed
from sharing.web.pages.lists import article_row
from sharing.web.pages.visit import Visit, page

DEADLINE = 6.0
#: Number of this process's threads that may wait for picture servers at once. Hooks and pages need the others.
_AT_ONCE = threading.BoundedSemaphore(3)
#: The placeholder for a picture that is missing or unreadable. It keeps the frame's size, so the page does not jump.
PLACEHOLDER = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 382 200">'
    b'<rect width="382" height="200" fill="#8B9199" fill-opacity=".16"/>'
    b'<g fill="none" stroke="#7E848A" stroke-width="2.5" stroke-linejoin="round">'
    b'<rect x="163" y="77" width="56" height="46" rx="5"/><path d="m165 117 17-17 12 12 8-8 16 15"/>'
    b'<circle cx="203" cy="92" r="4.5"/></g></svg>'
)


@require_GET
@page
def picture(visit: Visit, article: str) -> HttpResponse:
    """Return the article's picture, or the placeholder."""
    row = article_row(visit, article)
    data, kind = _fetched(row.data.get("image_url") or "")
    answer = HttpResponse(data or PLACEHOLDER, content_type=kind or "image/svg+xml")
    answer["Cache-Control"] = "private, max-age=3600" if kind else "private, max-age=30"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _fetched(url: str) -> tuple[bytes, str]:
    if not (url and _AT_ONCE.acquire(timeout=2)):
        return b"", ""
    try:
        found = fetch_picture(url, allowed=fetch_allowed(), deadline=DEADLINE)
    except Refusal:
        return b"", ""
    finally:
        _AT_ONCE.release()
    return found.body, found.kind
