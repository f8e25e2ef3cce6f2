"""Sources: the CMSs that call us, what they sign by and where their articles go."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from django.db import IntegrityError, transaction

from sharing import models
from sharing.domain.refusal import Refusal
from sharing.intake import signatures
from sharing.intake.source import FORMATS
from sharing.services.house import house
from sharing.services.sealing import seal, unseal


def add(
    desk: models.Desk,
    name: str,
    *,
    scheme: str,
    format: str = "auto",
    secret: str | None = None,
    accounts: Sequence[models.Account] = (),
) -> tuple[models.Source, str]:
    """Add a source; returns it and its secret, which is shown this once.

    Raises:
        Refusal: `source.bad_name`, `source.unknown_scheme`, `source.unknown_format`, `source.exists`.
    """
    if not name or not all(c.isascii() and (c.isalnum() or c in "-_") for c in name) or len(name) > 60:
        raise Refusal("source.bad_name", field="name", name=name[:60])
    if scheme not in signatures.SCHEMES:
        known = ", ".join(signatures.SCHEMES)
        raise Refusal("source.unknown_scheme", field="scheme", scheme=scheme[:40], known=known)
    if format != "auto" and format not in FORMATS:
        raise Refusal("source.unknown_format", field="format", format=format[:40], known=", ".join(FORMATS))
    secret = secret or signatures.new_secret(scheme)
    signatures.key(scheme, secret)
    try:
        with transaction.atomic():
            row = models.Source.objects.create(desk=desk, name=name, scheme=scheme, format=format)
            row.sealed = seal(f"source:{row.pk}", {"newest": secret})
            row.save(update_fields=["sealed"])
            row.accounts.set(accounts)
    except IntegrityError:
        raise Refusal("source.exists", field="name", status=409, name=name) from None
    return row, secret


def find_source(name: str) -> models.Source:
    """A source by name.

    Raises:
        Refusal: `source.unknown`.
    """
    row = models.Source.objects.select_related("desk").filter(name=name[:60]).first()
    if row is None:
        raise Refusal("source.unknown", field="source", status=404, name=name[:60])
    return row


def secrets_of(row: models.Source) -> list[str]:
    """Every live secret of a source, newest first."""
    return [secret.reveal() for secret in unseal(f"source:{row.pk}", row.sealed).values()]


def curl_line(row: models.Source, body: bytes, file: str) -> str:
    """A line that sends `file` to this source, signed now; for trying a source out."""
    path = f"/hooks/{row.name}"
    headers = signatures.sign(
        row.scheme,
        secrets_of(row)[0],
        message_id=f"msg_{uuid4().hex}",
        body=body,
        now=datetime.now(UTC),
        path=path,
    )
    parts = ["curl", "-sS", "-X", "POST", f"{house().base_url}{path}", "-H", "Content-Type: application/json"]
    for name, value in headers.items():
        parts += ["-H", f"{name}: {value}"]
    return shlex.join([*parts, "--data-binary", f"@{file}"])
