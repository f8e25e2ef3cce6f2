"""The signed-in person of a request, their desk, and what they may do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from sharing import models
from sharing.domain.origin import Via
from sharing.domain.refusal import Refusal
from sharing.models import SENDERS, Role
from sharing.services.entries import ActingFor
from sharing.services.runtime import runtime
from sharing.web.pages import errors

P = ParamSpec("P")

#: Roles that may compose. An admin or an auditor may not, unless they have another role, too.
COMPOSERS = SENDERS | {Role.REPORTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a signed-in person."""

    request: HttpRequest
    person: models.Person
    desk: models.Desk
    roles: frozenset[Role]

    @property
    def may_compose(self) -> bool:
        return bool(self.roles & COMPOSERS)

    @property
    def may_send(self) -> bool:
        return bool(self.roles & SENDERS)

    @property
    def language(self) -> str:
        return str(getattr(self.request, "LANGUAGE_CODE", "ko"))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.desk.zone)

    @property
    def acting(self) -> ActingFor:
        """Return the acting person, for services and the audit."""
        role = next((each for each in Role if each in self.roles & SENDERS), next(iter(sorted(self.roles))))
        return ActingFor(
            name=str(self.person),
            via=Via.WEB,
            person=self.person,
            role=role,
            ip=self.request.META.get("REMOTE_ADDR") or None,
        )

    def show(self, template: str, facts: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
        """Render a page of the desk."""
        return render(self.request, template, {**self.facts(), **(facts or {})}, status=status)

    def facts(self) -> dict[str, Any]:
        """Return the template context that every page of the desk has."""
        return {"visit": self, "zone": self.zone}

    def need(self, *, compose: bool = False, send: bool = False) -> None:
        """Check that this person may compose or send.

        Raises:
            Refusal: `role.cannot_compose`, `role.cannot_send`.
        """
        if send and not self.may_send:
            raise Refusal("role.cannot_send", status=403)
        if compose and not self.may_compose:
            raise Refusal("role.cannot_compose", status=403)


def page(
    view: Callable[Concatenate[Visit, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Decorate a view for signed-in people of a desk. A refusal becomes a page, or for htmx one sentence."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401)
            return redirect_to_login(request.get_full_path())
        try:
            answer = view(_visit(request), *args, **kwargs)
        except Refusal as refusal:
            answer = errors.refused_page(request, refusal)
        if not answer.has_header("Cache-Control"):
            add_never_cache_headers(answer)
        return answer

    return wrapper


def _visit(request: HttpRequest) -> Visit:
    """Return the visit: the person, their desk and their roles.

    Raises:
        Refusal: `role.none`: the person has no role at any desk.
    """
    person = models.Person.objects.get(pk=str(request.user.pk))
    memberships = (
        models.Membership.objects.filter(person=person).select_related("desk").order_by("desk_id", "pk")
    )
    only = runtime().only_desk
    found = [each for each in memberships if (each.desk.name == only if only else not each.desk.by_itself)]
    if not found:
        raise Refusal("role.none", status=403)
    desk = found[0].desk
    roles = frozenset(Role(each.role) for each in found if each.desk_id == desk.pk)
    return Visit(request=request, person=person, desk=desk, roles=roles)
