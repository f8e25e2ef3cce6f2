"""Seal secrets at rest. The key comes from the environment, never from the database."""

from __future__ import annotations

import json
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from sharing.domain.refusal import Refusal
from sharing.domain.secret import Secret
from sharing.services.runtime import runtime


@lru_cache(maxsize=4)
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise Refusal("keys.broken", field="SHAREDESK_KEYS", status=500) from None


def _seal() -> MultiFernet:
    keys = runtime().keys
    if not keys:
        raise Refusal("keys.missing", field="SHAREDESK_KEYS", status=500)
    return _keys(keys)


def seal(owner: str, secrets: dict[str, str]) -> bytes:
    """Encrypt `secrets` for `owner` (`account:7`, `source:3`), with the newest key.

    Raises:
        Refusal: `keys.missing`, `keys.broken`.
    """
    return _seal().encrypt(json.dumps({"owner": owner, "secrets": secrets}).encode())


def unseal(owner: str, sealed: bytes | memoryview | None) -> dict[str, Secret]:
    """Decrypt what `seal` encrypted for `owner`. Sealed secrets that were copied from another owner do not open.

    Raises:
        Refusal: `keys.missing`, `keys.broken`, `keys.do_not_open`.
    """
    if not sealed:
        return {}
    try:
        opened = json.loads(_seal().decrypt(bytes(sealed)))
    except InvalidToken:
        raise Refusal("keys.do_not_open", field="SHAREDESK_KEYS", status=500, owner=owner) from None
    if opened["owner"] != owner:
        raise Refusal("keys.do_not_open", field="SHAREDESK_KEYS", status=500, owner=owner)
    return {name: Secret(value) for name, value in opened["secrets"].items()}
