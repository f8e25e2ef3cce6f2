"""The language of an answer: the person's setting, else the browser's or client's, else a default."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from sharing.wording import LANGUAGES


def language_of(request: HttpRequest) -> str:
    """Return `ko` or `en` by Accept-Language, for API and hooks. English if the header names neither."""
    for wanted in request.headers.get("Accept-Language", "").lower().split(","):
        language = wanted.split(";")[0].strip()[:2]
        if language in LANGUAGES:
            return language
    return "en"


class PersonLanguageMiddleware:
    """The middleware that sets a page's language: the person's cookie, else the browser's language, else Korean."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in LANGUAGES:
            chosen = translation.get_language_from_request(request)[:2]
        with translation.override(chosen if chosen in LANGUAGES else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response
