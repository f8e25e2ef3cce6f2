"""Idempotency-Key: a repeated request gets the first request's answer, even while the first still runs.

The key is a row in the transaction that writes the share, so both are stored or neither. A second request with the
same key waits at its insert until the first has committed, and then reads the first one's answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from sharing import models
from sharing.domain.refusal import Refusal

#: How long an answer is stored.
KEPT = timedelta(days=30)

Answer = tuple[int, dict[str, Any]]


class Once:
    """One idempotency key of one token, with one body. Without a key, every request is new."""

    def __init__(self, token: models.Token, key: str | None, body: bytes) -> None:
        if key is not None and not (1 <= len(key) <= 255 and key.isprintable()):
            raise Refusal("api.bad_key", field="Idempotency-Key")
        self.token = token
        self.key = key
        self.body_hash = hashlib.sha256(body).hexdigest()

    def answer(self) -> Answer | None:
        """Return the answer that this key got before; None if it is new or there is no key.

        Raises:
            Refusal: `api.key_reused` (409): the key came before with another body.
        """
        if self.key is None:
            return None
        rows = models.IdempotencyKey.objects.filter(token=self.token, key=self.key)
        row = rows.filter(created_at__gte=datetime.now(UTC) - KEPT).first()
        if row is None:
            return None
        if row.body_hash != self.body_hash:
            raise Refusal("api.key_reused", field="Idempotency-Key", status=409)
        return row.status, row.answer

    def act(self, write: Callable[[], Answer]) -> Answer:
        """Call `write` in one transaction with the key. If another request was faster, return its answer instead."""
        try:
            with transaction.atomic():
                row = self._take_key()
                status, answer = write()
                if row is not None:
                    row.status, row.answer = status, answer
                    row.save(update_fields=["status", "answer"])
                return status, answer
        except _Taken:
            return self.answer() or self.act(write)

    def _take_key(self) -> models.IdempotencyKey | None:
        if self.key is None:
            return None
        mine = models.IdempotencyKey.objects.filter(token=self.token, key=self.key)
        mine.filter(created_at__lt=datetime.now(UTC) - KEPT).delete()
        try:
            return models.IdempotencyKey.objects.create(
                token=self.token, key=self.key, body_hash=self.body_hash, status=0, answer={}
            )
        except IntegrityError:
            raise _Taken from None


class _Taken(Exception):
    pass
