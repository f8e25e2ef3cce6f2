"""The demo's page for an article without an address of its own: its text, and the tags of its card."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from sharing import models
from sharing.services.runtime import runtime


def demo_article(request: HttpRequest, name: str = "") -> HttpResponse:
    """Show the demo's article. 404 outside a demo's own web server."""
    only = runtime().only_desk
    if not only:
        raise Http404
    url = f"{runtime().base_url}/demo/article" + (f"/{name}" if name else "")
    row = models.Article.objects.filter(desk__name=only, data__url=url).first()
    if row is None:
        raise Http404
    article = row.value
    paragraphs = (article.body or article.summary or "").split("\n\n")
    return render(request, "demo/article.html", {"article": article, "paragraphs": paragraphs})
