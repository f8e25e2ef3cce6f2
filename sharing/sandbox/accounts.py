"""The accounts of the fake platforms. Registered ones are checked strictly; unknown ones enrol on first use.

A channel with a registered account is closed: it serves registered accounts only. In an open channel, the first token
that comes with an id is bound to that id; from then on, neither works with another one.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: The most accounts in total up to which unknown ones may enrol.
MOST_ENROLLED = 10_000

CHANNELS = ("facebook", "x", "kakao", "mail", "link")

#: The fields that `PUT /accounts` takes beside channel, id and name.
FIELDS: dict[str, dict[str, type]] = {
    "facebook": {
        "access_token": str,
        "access_tokens": list,
        "user_tokens": list,
        "expired_tokens": list,
        "app_secret": str,
        "scopes": list,
        "expires_at": float,
        "rate_limit": int,
    },
    "x": {
        "access_token": str,
        "access_tokens": list,
        "expired_tokens": list,
        "refresh_token": str,
        "client_id": str,
        "client_secret": str,
        "consumer_key": str,
        "consumer_secret": str,
        "access_token_secret": str,
        "scopes": list,
        "expires_at": float,
        "username": str,
        "premium": bool,
        "rate_limit": int,
    },
    "kakao": {
        "javascript_key": str,
        "rest_api_key": str,
        "admin_key": str,
        "product_domains": list,
        "js_domains": list,
        "webhook_url": str,
        "webhook_method": str,
        "webhook_encoding": str,
        "access_token": str,
        "access_tokens": list,
        "expired_tokens": list,
        "refresh_token": str,
        "client_secret": str,
        "scopes": list,
    },
    "mail": {"user": str, "password": str},
    "link": {},
}
_ID = {
    "facebook": re.compile(r"[0-9]{1,20}"),
    "x": re.compile(r"[0-9]{1,19}"),
    "kakao": re.compile(r"[0-9A-Za-z]{1,64}"),
    "mail": re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}"),
    "link": re.compile(r"[^\s/]{1,255}"),
}
_GUESTS_ID = re.compile(r"[^\s/]{1,255}")
_TOKEN = re.compile(r"[\x21-\x7e]{4,4096}")


class AccountError(ValueError):
    """A registration that is not a valid account. The message is a plain sentence."""


@dataclass(slots=True)
class Account:
    """One account as its platform knows it. `secrets` holds all given values of FIELDS."""

    channel: str
    id: str
    name: str
    registered: bool
    secrets: dict[str, Any] = field(default_factory=dict)
    #: Whether the id is made up by the sandbox, because a token came before its id was known.
    stopgap: bool = False
    #: The times of its latest calls (seconds since 1970), for a rate limit.
    calls: list[float] = field(default_factory=list)

    def get(self, name: str) -> str:
        return str(self.secrets.get(name) or "")

    def public(self) -> dict[str, Any]:
        """Return what anybody may see: no secret, only the names of those that are set."""
        return {
            "channel": self.channel,
            "id": self.id,
            "name": self.name,
            "registered": self.registered,
            "has": sorted(name for name, value in self.secrets.items() if value),
        }


class Accounts:
    """The accounts of all platforms and the tokens that open them."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        #: The fields for registration, by channel. Platforms of other packages add theirs.
        self.fields = dict(FIELDS)
        self._accounts: dict[tuple[str, str], Account] = {}
        self._tokens: dict[tuple[str, str], Account] = {}
        self._expired: set[tuple[str, str]] = set()
        self._ends: dict[tuple[str, str], float] = {}

    def register(self, wish: Any) -> Account:
        """Register an account; it replaces the one with the same id. Raises AccountError."""
        channel, id_, name, secrets = checked(wish, self.fields)
        account = Account(channel, id_, name, registered=True, secrets=secrets)
        with self._lock:
            self.forget(channel, id_)
            self._accounts[channel, id_] = account
            for token in _tokens(secrets):
                self._tokens[channel, token] = account
                self._expired.discard((channel, token))
                if secrets.get("expires_at"):
                    self._ends[channel, token] = secrets["expires_at"]
            self._expired.update((channel, token) for token in secrets.get("expired_tokens", ()))
        return account

    def forget(self, channel: str, id_: str) -> bool:
        """Remove an account and its tokens. Returns False if there was none."""
        with self._lock:
            gone = self._accounts.pop((channel, id_), None)
            for key in [key for key, owner in self._tokens.items() if owner is gone]:
                del self._tokens[key]
            return gone is not None

    def all(self, channel: str | None = None) -> list[Account]:
        with self._lock:
            return [each for each in self._accounts.values() if channel in (None, each.channel)]

    def get(self, channel: str, id_: str) -> Account | None:
        return self._accounts.get((channel, id_))

    def closed(self, channel: str) -> bool:
        """Return whether this channel serves registered accounts only."""
        with self._lock:
            return any(each.registered for each in self._accounts.values() if each.channel == channel)

    def expired(self, channel: str, token: str) -> bool:
        """Return whether a token has expired: by its name (`expired...`), by registration, or by its time."""
        key = channel, token
        return token.startswith("expired") or key in self._expired or self._ends.get(key, 9e99) <= time.time()

    def owner(self, channel: str, token: str) -> Account | None:
        """Return the account that a token opens; None for an unknown token."""
        return self._tokens.get((channel, token))

    def bind(self, channel: str, token: str, account: Account, *, ends: float | None = None) -> None:
        """Let a token open an account, until `ends` (seconds since 1970) if given."""
        with self._lock:
            self._tokens[channel, token] = account
            if ends is not None:
                self._ends[channel, token] = ends

    def expire(self, channel: str, token: str) -> None:
        with self._lock:
            self._expired.add((channel, token))

    def enrol(self, channel: str, id_: str, token: str, *, stopgap: bool = False) -> Account | None:
        """Bind a new token to a new id. Returns None if one of them is taken or malformed, or the channel is closed."""
        with self._lock:
            if self.closed(channel) or (channel, id_) in self._accounts or (channel, token) in self._tokens:
                return None
            if len(self._accounts) >= MOST_ENROLLED:
                return None
            if not (_TOKEN.fullmatch(token) and _ID[channel].fullmatch(id_)):
                return None
            account = Account(channel, id_, f"Sandbox {id_}", registered=False, stopgap=stopgap)
            self._accounts[channel, id_] = self._tokens[channel, token] = account
            return account

    def rename(self, account: Account, id_: str) -> bool:
        """Give an account with a stopgap id its real id. Returns False if that id is taken."""
        with self._lock:
            if (account.channel, id_) in self._accounts or not account.stopgap:
                return False
            del self._accounts[account.channel, account.id]
            account.id, account.name, account.stopgap = id_, f"Sandbox {id_}", False
            self._accounts[account.channel, id_] = account
            return True


def well_formed(token: str) -> bool:
    """Return whether a string can be a token: 4 to 4096 printable ASCII characters."""
    return _TOKEN.fullmatch(token) is not None


def checked(
    wish: Any, fields: Mapping[str, Mapping[str, type]] = FIELDS
) -> tuple[str, str, str, dict[str, Any]]:
    """Check a registration and return its channel, id, name and secrets. Raises AccountError."""
    if not isinstance(wish, dict):
        raise AccountError("an account is a JSON object")
    channel = wish.get("channel")
    if not isinstance(channel, str) or channel not in fields:
        raise AccountError(f"channel must be one of {', '.join(fields)}")
    id_, name = wish.get("id"), wish.get("name", "")
    if not isinstance(id_, str) or not _ID.get(channel, _GUESTS_ID).fullmatch(id_):
        raise AccountError(f"{id_!r} is not an id of {channel}")
    if not isinstance(name, str):
        raise AccountError("name must be text")
    secrets = {key: value for key, value in wish.items() if key not in {"channel", "id", "name"}}
    for key, value in secrets.items():
        kind = fields[channel].get(key)
        if kind is None:
            raise AccountError(f"{channel} has no {key}")
        secrets[key] = _typed(key, value, kind)
    return channel, id_, name or id_, secrets


def _typed(key: str, value: Any, kind: type) -> Any:
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind is int and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise AccountError(f"{key} must be a whole number above 0")
    if not isinstance(value, kind):
        raise AccountError(f"{key} must be of type {kind.__name__}")
    if isinstance(value, list) and not all(isinstance(each, str) and each for each in value):
        raise AccountError(f"{key} must be a list of texts")
    given: list[str] = value if isinstance(value, list) else [str(value)]
    if "token" in key and not all(map(well_formed, given)):
        raise AccountError(f"{key} is not well-formed")
    return value


def _tokens(secrets: dict[str, Any]) -> list[str]:
    one = secrets.get("access_token")
    return [*([one] if one else []), *secrets.get("access_tokens", ())]
