"""A person's own settings: language, theme, sign out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from sharing import models
from sharing.web.pages.visit import Visit, page
from sharing.web.sign_in import remember_language
from sharing.wording import LANGUAGES

THEMES = ("", "light", "dark")


@require_GET
@page
def me(visit: Visit) -> HttpResponse:
    """Show the person's settings."""
    return visit.show("pages/me.html", {"place": "me"})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Set the language of this device and, if the person is signed in, of their account."""
    wanted = request.POST.get("language", "")
    answer = HttpResponseRedirect(_onward(request))
    if wanted in LANGUAGES:
        remember_language(answer, wanted)
        if request.user.is_authenticated:
            models.Person.objects.filter(pk=request.user.pk).update(language=wanted)
    return answer


@require_POST
@page
def theme(visit: Visit) -> HttpResponse:
    """Set the theme: light, dark, or that of the device."""
    wanted = visit.request.POST.get("theme", "")
    if wanted in THEMES:
        models.Person.objects.filter(pk=visit.person.pk).update(theme=wanted)
    return HttpResponseRedirect(_onward(visit.request))


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    same = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if same and not wanted.startswith("/settings/language") else "/"
