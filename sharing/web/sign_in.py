"""How people come in: by name or address and password, the first time by a one-time link.

Strangers do not sign up.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.views import LoginView, LogoutView
from django.contrib.auth import login
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sharing import models
from sharing.services import people

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People are added by an admin; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False


class SignInForm(LoginForm):  # type: ignore[misc]
    """One field for name or mail address, one for the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Name or mail address")
        self.fields["password"].label = _("Password")
        self.fields.pop("remember", None)


class SignIn(LoginView):  # type: ignore[misc]
    """Sign in; where somebody wanted to go is kept."""

    template_name = "sign_in/sign_in.html"


class SignOut(LogoutView):  # type: ignore[misc]
    """Sign out, by POST."""

    template_name = "sign_in/sign_out.html"


@sensitive_post_parameters("new_password1", "new_password2")
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link: its person chooses a password and is in. Opening the page does not use it up."""
    link = people.person_of_link(token)
    if link is None:
        return render(request, "sign_in/link_over.html", status=404)
    form: SetPasswordForm[models.Person] = SetPasswordForm(link.person, request.POST or None)
    if request.method == "POST" and form.is_valid() and people.use_link(link):
        form.save()
        login(request, link.person, backend=BACKEND)
        return redirect("home")
    answer = render(request, "sign_in/invite.html", {"form": form, "person": link.person})
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer
