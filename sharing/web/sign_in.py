"""Sign-in: by name or mail address and password; the first time by a one-time link.

Nobody can sign up. A person who forgot the password gets a new one-time link: by mail if the desk has a
relay, else from an admin.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.views import LoginView, LogoutView
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sharing import models
from sharing.services.staff import password_mail as mail_link
from sharing.services.staff import people

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

_WRONG = _("Name, address or password is wrong. Nobody was signed in. Try again, or ask for a new link.")
_OFTEN = _("Too many tries. Nobody was signed in. Wait a few minutes, then try again.")
#: Keys: the error codes of django.contrib.auth.password_validation.
_WEAK: dict[str, Promise] = {
    "password_too_short": _("Too short: at least 10 characters."),
    "password_too_common": _("Too common: it is among the first that are guessed."),
    "password_entirely_numeric": _("Digits alone are guessed quickly."),
    "password_too_similar": _("Too close to the name or the address."),
}


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The allauth adapter: nobody can sign up, because an admin adds people. Its errors use the desk's words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _WRONG,
        "email_password_mismatch": _WRONG,
        "too_many_login_attempts": _OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Add nothing: the page that opens after sign-in is message enough."""


class SignInForm(LoginForm):  # type: ignore[misc]
    """One field for name or mail address, one for the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Name or mail address")
        self.fields["login"].max_length = 300
        self.fields["password"].label = _("Password")


class SignIn(LoginView):  # type: ignore[misc]
    """The sign-in page. It keeps the page that the person asked for, and sets the person's language."""

    template_name = "sign_in/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Skip allauth's own method: it needs a sign-up page, and there is none.
        facts: dict[str, Any] = super(LoginView, self).get_context_data(**kwargs)
        return facts

    def form_valid(self, form: SignInForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        spoken = getattr(form.user, "language", "")
        if spoken:
            remember_language(answer, spoken)
        return answer


class SignOut(LogoutView):  # type: ignore[misc]
    """The sign-out page; signs out by POST."""

    template_name = "sign_in/sign_out.html"


def remember_language(answer: HttpResponse, language: str) -> None:
    """Store the language in a cookie on this device for a year, for the sign-in page, too."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 60 * 60,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


class NewPassword(forms.Form):
    """A form with one password field. The person can show it instead of typing it twice (WCAG 3.3.8)."""

    password = forms.CharField(label=_("New password"), strip=False, max_length=1000)

    def __init__(self, person: models.Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, self.person)
        except ValidationError as weak:
            raise ValidationError([_WEAK.get(each.code or "", each) for each in weak.error_list]) from None
        return password


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@never_cache
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """Open a one-time link: the person chooses a password and is signed in. Only the POST uses the link up."""
    link = people.person_of_link(token)
    if link is None:
        return render(request, "sign_in/link_over.html", status=404)
    form = NewPassword(link.person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not people.use_link(link):
            return render(request, "sign_in/link_over.html", status=409)
        link.person.set_password(form.cleaned_data["password"])
        link.person.save(update_fields=["password"])
        login(request, link.person, backend=BACKEND)
        return redirect("home")
    status = 422 if form.errors else 200
    # The address holds the secret, so no other site may see it (Referrer-Policy: same-origin, settings). `no-referrer`
    # would also remove the Origin that our own form needs.
    return render(request, "sign_in/invite.html", {"form": form, "person": link.person}, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """Send a new one-time link by mail, or say who can make one. The answer never shows whether a person exists."""
    by_mail = mail_link.possible()
    sent = request.method == "POST" and by_mail
    if sent:
        mail_link.send(request.POST.get("who", "")[:300])
    return render(request, "sign_in/forgotten.html", {"by_mail": by_mail, "sent": sent})
