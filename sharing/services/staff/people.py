"""People and machines: who may sign in, by which links and tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from sharing import models
from sharing.domain.refusal import Refusal
from sharing.models import Role
from sharing.services.runtime import runtime
from sharing.words.unicode import one_line

LINK_LASTS = timedelta(hours=72)
SCOPES = ("share", "read")
MAIN_DESK = "main"


def main_desk() -> models.Desk:
    """Return the desk that `migrate` made, or the only desk that this process serves.

    Raises:
        Refusal: `desk.none`.
    """
    name = runtime().only_desk or MAIN_DESK
    desk = models.Desk.objects.filter(name=name).first()
    if desk is None:
        raise Refusal("desk.none", field="desk", status=500, name=name)
    return desk


def add_person(desk: models.Desk, name: str, roles: Iterable[str], email: str | None = None) -> models.Person:
    """Add a person without a password: the one-time link lets them set one.

    Raises:
        Refusal: `person.exists`, `.unknown_role`, `.no_role`, `.bad_name`, `.bad_email`.
    """
    name = one_line(name, "name")
    if not name or any(each in name for each in "@/\\<>"):
        raise Refusal("person.bad_name", field="name")
    wanted = list(dict.fromkeys(roles))
    if not wanted:
        raise Refusal("person.no_role", field="role", known=", ".join(Role.values))
    for role in wanted:
        if role not in Role.values:
            raise Refusal("person.unknown_role", field="role", role=role[:40], known=", ".join(Role.values))
    if email:
        _check_email(email)
    if models.Person.objects.filter(Q(name__iexact=name) | Q(email__iexact=email or "-")).exists():
        raise Refusal("person.exists", field="name", status=409, name=name)
    try:
        with transaction.atomic():
            person = models.Person(name=name, email=email or None)
            person.set_unusable_password()
            person.save()
            models.Membership.objects.bulk_create(
                models.Membership(person=person, desk=desk, role=role) for role in wanted
            )
    except IntegrityError:
        raise Refusal("person.exists", field="name", status=409, name=name) from None
    return person


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal("person.bad_email", field="email") from None


def find_person(name: str) -> models.Person:
    """Find a person by name or address.

    Raises:
        Refusal: `person.unknown`.
    """
    person = models.Person.objects.filter(Q(name__iexact=name) | Q(email__iexact=name)).first()
    if person is None:
        raise Refusal("person.unknown", field="name", status=404, name=name[:60])
    return person


def sign_in_link(person: models.Person) -> str:
    """Make a link that lets this person in once and asks for a password. It lasts 72 hours; older links end."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        models.SignInLink.objects.filter(person=person, used_at=None).delete()
        models.SignInLink.objects.create(
            person=person, token_hash=digest(token), expires_at=datetime.now(UTC) + LINK_LASTS
        )
    return f"{runtime().base_url}/invite/{token}"


def person_of_link(token: str) -> models.SignInLink | None:
    """Return the unused link with this token, if it has not expired."""
    return (
        models.SignInLink.objects.select_related("person")
        .filter(token_hash=digest(token), used_at=None, expires_at__gt=Now(), person__is_active=True)
        .first()
    )


def use_link(link: models.SignInLink) -> bool:
    """Use a link up. Returns False if somebody was faster."""
    return bool(models.SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=Now()))


def add_token(desk: models.Desk, name: str, scopes: Iterable[str]) -> str:
    """Make a token for a machine to use the API. It is shown once; only its hash is kept.

    Raises:
        Refusal: `token.unknown_scope`, `token.exists`, `token.no_name`.
    """
    wanted = list(dict.fromkeys(scopes)) or list(SCOPES)
    for scope in wanted:
        if scope not in SCOPES:
            raise Refusal("token.unknown_scope", field="scope", scope=scope[:40], known=", ".join(SCOPES))
    name = one_line(name, "name")
    if not name:
        raise Refusal("token.no_name", field="name")
    token = f"sd_{secrets.token_urlsafe(32)}"
    try:
        with transaction.atomic():
            models.Token.objects.create(desk=desk, name=name, scopes=wanted, token_hash=digest(token))
    except IntegrityError:
        raise Refusal("token.exists", field="name", status=409, name=name) from None
    return token


def revoke_token(desk: models.Desk, name: str) -> None:
    """End a token at once.

    Raises:
        Refusal: `token.unknown`.
    """
    if not models.Token.objects.filter(desk=desk, name=name, revoked_at=None).update(revoked_at=Now()):
        raise Refusal("token.unknown", field="name", status=404, name=name[:60])


def token_row(token: str) -> models.Token | None:
    """Return the live token with this value. It is looked up by its hash: values are never compared."""
    rows = models.Token.objects.select_related("desk").filter(token_hash=digest(token), revoked_at=None)
    return rows.first()


def digest(token: str) -> str:
    """Return the hash that is kept of a token. A random 256-bit token needs no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
