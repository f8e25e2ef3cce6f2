"""Authentication on X: OAuth 2.0 bearer tokens, OAuth 1.0a signatures, and the refresh of tokens.

A refresh token works once. Its second use ends all tokens of that sign-in (trypost #126). A desk therefore
needs a lease, so that only one worker refreshes.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, unquote

from sharing.sandbox.accounts import Account, Accounts, well_formed
from sharing.sandbox.wire.exchange import Answer, Request, UnreadableError, answer_json
from sharing.sandbox.x.errors import forbidden, unauthorized

ACCESS_SECONDS = 7200
#: Seconds by which a client's clock may differ.
CLOCK = 300
MOST_NONCES = 20_000
_OAUTH = re.compile(r'(oauth_[a-z_]+)="([^"]*)"')
_REQUIRED = (
    "oauth_consumer_key",
    "oauth_token",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_signature",
)


@dataclass(slots=True)
class Family:
    """All tokens of one sign-in. Only one refresh token is valid (`alive`)."""

    account: Account
    alive: str
    access: str
    spent: set[str]
    dead: bool = False


class SignIn:
    """The tokens of X's accounts."""

    def __init__(self, accounts: Accounts, renamed: Callable[[str, str], None]) -> None:
        self.accounts = accounts
        #: Called with (old, new) when an account with a stopgap id gets its real id.
        self._renamed = renamed
        self._lock = threading.Lock()
        self._families: dict[str, Family] = {}
        self._nonces: dict[str, float] = {}

    def account_of(self, request: Request, user: str | None = None) -> Account:
        """Return the calling account. With `user`, an unknown token is bound to that id. Raises Problem."""
        scheme = request.headers.get("authorization", "").partition(" ")[0].lower()
        if scheme == "oauth":
            return self._signed(request, user)
        token = request.bearer
        if not token or not well_formed(token) or self.accounts.expired("x", token):
            raise unauthorized()
        return self._known(token, user)

    def _known(self, token: str, user: str | None) -> Account:
        account = self.accounts.owner("x", token)
        if account is None:
            # A create call names no user. Until a call does, the account's id is a number made from its token.
            owner = re.match(r"([0-9]{1,19})-", token)
            stopgap = None if owner or user else str(int.from_bytes(token.encode()[-24:], "big") % 10**18)
            id_ = user or (owner[1] if owner else stopgap or "0")
            account = self.accounts.enrol("x", id_, token, stopgap=stopgap is not None)
        elif account.stopgap and user and user != account.id:
            old = account.id
            if self.accounts.rename(account, user):
                self._renamed(old, user)
        if account is None:
            raise unauthorized()
        return account

    def scope(self, account: Account, scope: str) -> None:
        """Raise Problem if the account was registered without this scope."""
        scopes = account.secrets.get("scopes")
        if scopes is not None and scope not in scopes:
            raise forbidden(
                f"Your client app is not configured with the appropriate oauth2 permissions: {scope}"
            )

    def _signed(self, request: Request, user: str | None) -> Account:
        given = {key: unquote(value) for key, value in _OAUTH.findall(request.headers["authorization"])}
        if any(not given.get(key) for key in _REQUIRED) or given["oauth_signature_method"] != "HMAC-SHA1":
            raise unauthorized()
        if self.accounts.expired("x", given["oauth_token"]) or not well_formed(given["oauth_token"]):
            raise unauthorized()
        self._fresh(given)
        account = self._known(given["oauth_token"], user)
        if not account.get("consumer_secret"):
            request.flags.append("signature_not_verified")
            return account
        right = given["oauth_consumer_key"] == account.get("consumer_key")
        if not right or not _verified(request, given, account):
            raise unauthorized()
        return account

    def _fresh(self, given: dict[str, str]) -> None:
        now = time.time()
        stamp = given["oauth_timestamp"]
        if (
            not stamp.isdigit()
            or abs(int(stamp[:12]) - now) > CLOCK
            or given.get("oauth_version", "1.0") != "1.0"
        ):
            raise unauthorized()
        key = f"{given['oauth_token']} {given['oauth_nonce']}"
        with self._lock:
            if key in self._nonces:
                raise unauthorized()
            self._nonces[key] = now
            while len(self._nonces) > MOST_NONCES:
                del self._nonces[next(iter(self._nonces))]

    def refresh(self, request: Request) -> Answer:
        """Refresh tokens: `POST /2/oauth2/token` with grant_type=refresh_token."""
        try:
            form = request.parsed
        except UnreadableError as why:
            return _oauth_error("invalid_request", str(why))
        if request.kind != "application/x-www-form-urlencoded":
            return _oauth_error("invalid_request", "Missing required parameter [grant_type].")
        if form.get("grant_type") != "refresh_token":
            return _oauth_error(
                "unsupported_grant_type", "The sandbox refreshes tokens and does nothing else."
            )
        token = form.get("refresh_token", "")
        with self._lock:
            family = self._family(token)
            if family is None or not _client(request, form, family.account):
                return _oauth_error(
                    "invalid_client" if family else "invalid_request",
                    "Value passed for the token was invalid.",
                )
            if family.dead or token != family.alive:
                # A used token came again: from a thief or a second worker. X cannot tell, so it ends all these tokens.
                family.dead = True
                self.accounts.expire("x", family.access)
                return _oauth_error("invalid_request", "Value passed for the token was invalid.")
            return self._renewed(family)

    def _family(self, token: str) -> Family | None:
        family = self._families.get(token)
        if family is not None or not well_formed(token) or token.startswith("expired"):
            return family
        owner = next((each for each in self.accounts.all("x") if each.get("refresh_token") == token), None)
        if owner is None and not self.accounts.closed("x"):
            id_ = str(int.from_bytes(token.encode()[-24:], "big") % 10**18)
            owner = self.accounts.enrol("x", id_, f"refresh:{token}", stopgap=True)
        if owner is None:
            return None
        family = self._families[token] = Family(owner, token, owner.get("access_token"), set())
        return family

    def _renewed(self, family: Family) -> Answer:
        if family.access:
            self.accounts.expire("x", family.access)
        family.spent.add(family.alive)
        family.access, family.alive = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._families[family.alive] = family
        self.accounts.bind("x", family.access, family.account, ends=time.time() + ACCESS_SECONDS)
        scopes = family.account.secrets.get("scopes") or [
            "tweet.read",
            "tweet.write",
            "users.read",
            "offline.access",
        ]
        return answer_json(
            {
                "token_type": "bearer",
                "expires_in": ACCESS_SECONDS,
                "access_token": family.access,
                "scope": " ".join(scopes),
                "refresh_token": family.alive,
            }
        )


def _client(request: Request, form: dict[str, Any], account: Account) -> bool:
    """Return whether the calling app is the account's: by Basic (confidential client) or client_id (public)."""
    id_, secret = account.get("client_id"), account.get("client_secret")
    scheme, _, coded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given_id, _, given_secret = base64.b64decode(coded, validate=True).decode().partition(":")
        except ValueError:  # not base64, not ASCII, not UTF-8
            return False
    else:
        given_id, given_secret = str(form.get("client_id", "")), ""
    if not account.registered:
        return bool(given_id)
    return given_id == id_ and hmac.compare_digest(unquote(given_secret).encode(), secret.encode())


def _oauth_error(error: str, description: str) -> Answer:
    status = 401 if error == "invalid_client" else 400
    return answer_json({"error": error, "error_description": description}, status)


def _verified(request: Request, given: dict[str, str], account: Account) -> bool:
    # Imported here: oauthlib takes 4 MB of memory, and most sandboxes never get an OAuth 1.0a call.
    from oauthlib.oauth1.rfc5849 import signature  # type: ignore[import-untyped] # noqa: PLC0415

    params = [(key, value) for key, value in given.items() if key != "oauth_signature"]
    params += parse_qsl(request.target.partition("?")[2], keep_blank_values=True)
    if request.kind == "application/x-www-form-urlencoded":
        params += parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    call = SimpleNamespace(
        http_method=request.method,
        uri=f"http://{request.host}{request.path}",
        params=params,
        signature=given["oauth_signature"],
    )
    return bool(
        signature.verify_hmac_sha1(call, account.get("consumer_secret"), account.get("access_token_secret"))
    )
