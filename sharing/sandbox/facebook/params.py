"""Parameters and credentials of one Graph call, checked as strictly as the documentation demands."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from datetime import UTC, datetime
from typing import Any

from sharing.sandbox.accounts import Account, Accounts, well_formed
from sharing.sandbox.facebook.errors import GraphError, bad_token, by_code, invalid
from sharing.sandbox.wire.exchange import Request, UnreadableError, read_json

#: Graph API versions in use on 2026-11-24 (docs/graph-api/changelog); v20.0 ended on 2026-09-24.
OLDEST, NEWEST = 21, 26
VERSION = re.compile(r"v([0-9]{1,3})\.0")
#: Parameters that every call takes beside its own.
EVERYWHERE = frozenset(
    {"access_token", "appsecret_proof", "fields", "format", "locale", "suppress_http_code"}
)
_OWNERS_ONLY = ("picture", "name", "thumbnail", "description", "caption", "title")


class Params:
    """The parameters of one call, from query and body, and the token from header, query or body."""

    def __init__(self, request: Request) -> None:
        self.request = request
        try:
            query, body = request.query, request.parsed
        except UnreadableError as why:
            raise invalid(f"The request cannot be read: {why}") from why
        if not isinstance(body, dict):
            raise invalid("The body must be a JSON object")
        self.values: dict[str, Any] = {**query, **body}
        self.token = request.bearer or _oauth(request) or self.text("access_token")
        if "access_token" in query:
            request.flags.append("token_in_query")

    def only(self, *names: str) -> None:
        """Refuse unknown parameters. Parameters for link owners are refused in Facebook's own words."""
        for name in self.values:
            if name in EVERYWHERE or name in names:
                continue
            if name in _OWNERS_ONLY:
                raise invalid(
                    "Only owners of the URL have the ability to specify the picture, name, thumbnail or "
                    "description params."
                )
            raise invalid(f"Param {name[:80]} is not a parameter of this call")

    def text(self, name: str) -> str:
        """Return a text parameter; empty if absent."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            if isinstance(value, bool | int | float):
                return str(value).lower()
            raise invalid(f"param {name} must be a string.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name).lower()
        if value in {"", "true", "1", "false", "0"}:
            return default if not value else value in {"true", "1"}
        raise invalid(f"param {name} must be a boolean.")

    def number(self, name: str, *, default: int, most: int) -> int:
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= most:
            raise invalid(f"param {name} must be an integer between 1 and {most}.")
        return int(value)

    def moment(self, name: str) -> float | None:
        """Read a time, given as Unix seconds or ISO 8601. Returns seconds since 1970; None if absent."""
        value = self.text(name)
        if not value:
            return None
        if re.fullmatch(r"[0-9]{1,12}", value):
            return float(value)
        try:
            found = datetime.fromisoformat(value.replace("+0000", "+00:00"))
        except ValueError:
            raise invalid(f"param {name} must be a valid date/timestamp.") from None
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()

    def array(self, name: str) -> list[Any]:
        """Read a list given as a JSON string. A list inside a JSON body is refused, as the real API refuses it."""
        value = self.values.get(name)
        if value is None:
            return []
        try:
            found = read_json(value) if isinstance(value, str) else None
        except UnreadableError:
            found = None
        if not isinstance(found, list):
            raise invalid(f"param {name} must be an array.")
        return found


def _oauth(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "oauth" else ""


def check_version(name: str) -> None:
    """Raise GraphError for a version that does not exist or has ended."""
    found = VERSION.fullmatch(name)
    if not found or int(found[1]) > NEWEST:
        raise GraphError(2500, f"Unknown path components: /{name[:20]}")
    if int(found[1]) < OLDEST:
        raise GraphError(
            2635, f"(#2635) Version {name} has expired. Update to the latest version: v{NEWEST}.0."
        )


def check_token(params: Params, accounts: Accounts) -> None:
    """Accept any valid token, even one whose Page is not known yet. Raises GraphError."""
    token = _good_token(params, accounts)
    account = accounts.owner("facebook", token)
    if account is not None:
        check_proof(params, account)
    elif accounts.closed("facebook"):
        raise bad_token()


def account_of(params: Params, accounts: Accounts, page: str | None = None) -> Account:
    """Return the Page that the token opens. With `page`, the token must belong to that Page. Raises GraphError."""
    token = _good_token(params, accounts)
    account = accounts.owner("facebook", token)
    if account is None and page is not None:
        account = accounts.enrol("facebook", page, token)
    if account is None:
        raise bad_token()
    check_proof(params, account)
    if page is not None and account.id != page:
        raise GraphError(
            200,
            "(#200) If posting to a page, requires both pages_read_engagement and pages_manage_posts as an "
            "admin with sufficient administrative permission",
        )
    return account


def _good_token(params: Params, accounts: Accounts) -> str:
    token = params.token
    if not token:
        raise GraphError(
            2500, "An active access token must be used to query information about the current user."
        )
    if not well_formed(token):
        raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
    if accounts.expired("facebook", token):
        raise bad_token(463)
    return token


def check_proof(params: Params, account: Account) -> None:
    """Check appsecret_proof = hex(HMAC-SHA256(key=app_secret, message=access_token)). Raises GraphError."""
    secret, proof = account.get("app_secret"), params.text("appsecret_proof")
    if not secret:
        return
    if not proof:
        raise GraphError(
            100, "API calls from the server require an appsecret_proof argument", kind="GraphMethodException"
        )
    right = hmac.new(secret.encode(), params.token.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), proof.encode()):
        raise GraphError(
            100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException"
        )


def check_scope(account: Account, scope: str) -> None:
    """Raise error 200 if the account was registered with scopes that do not include this one."""
    scopes = account.secrets.get("scopes")
    if scopes is not None and scope not in scopes:
        raise GraphError(200, f"(#200) This endpoint requires the '{scope}' permission")


def check_rate(account: Account, headers: dict[str, str]) -> None:
    """Raise error 32 if the account made more calls in the last 60 seconds than its registered rate limit."""
    most = account.secrets.get("rate_limit")
    if not most:
        return
    now = time.time()
    account.calls[:] = [at for at in account.calls if at > now - 60] + [now]
    if len(account.calls) > most:
        error = by_code(32)
        error.headers = headers
        raise error
