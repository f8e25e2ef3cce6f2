"""Fake platforms from other packages: entry points of the group `sharedesk.sandboxes`, mounted at `/{slug}`.

An entry point is a class. The sandbox creates it with a `Host`; it answers requests (docs/adding-a-channel.md):

    class Band:
        secrets = ("access_token",)

        def __init__(self, host): ...
        def answer(self, method, path, headers, body): return 200, {"post_key": "p1"}
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any, Protocol

from sharing.sandbox.accounts import Accounts
from sharing.sandbox.faults.stage import Call
from sharing.sandbox.records import Records
from sharing.sandbox.wire.exchange import Answer, Request, answer_json

GROUP = "sharedesk.sandboxes"


class FakePlatform(Protocol):
    """A fake platform from another package. `secrets` names the secrets that an account may be registered with."""

    secrets: tuple[str, ...]

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Any]:
        """Return status and JSON value for a request. `path` is the part after `/{slug}`, with the query."""


class Host:
    """What the sandbox offers to a guest platform: accounts and the truth."""

    def __init__(self, slug: str, accounts: Accounts, records: Records) -> None:
        self._slug, self._accounts, self._records = slug, accounts, records

    def account_of(self, token: str) -> str | None:
        """Return the id of the account that this `access_token` opens; None for an unknown token."""
        found = self._accounts.owner(self._slug, token)
        return found.id if found else None

    def record(self, account: str, *, text: str, link: str | None, remote_id: str) -> None:
        """Record what readers can see now. `GET /truth` shows it."""
        self._records.add(self._slug, account, text=text, link=link, remote_id=remote_id, at=time.time())


class Guest:
    """Adapter that makes a guest a platform of the sandbox."""

    def __init__(self, slug: str, platform: FakePlatform) -> None:
        self.channel, self._platform = slug, platform

    def call(self, request: Request, segments: list[str]) -> Call | None:
        del segments
        return Call("create", lambda: self._answer(request))

    def _answer(self, request: Request) -> Answer:
        path = request.target.removeprefix(f"/{self.channel}") or "/"
        status, value = self._platform.answer(request.method, path, request.headers, request.body)
        return answer_json(value, status)

    def unknown(self, request: Request, /) -> Answer:
        return answer_json({"error": f"{request.path[:80]} is not here"}, 404)

    def trouble(self, status: int) -> Answer:
        return answer_json({"error": "trouble"}, status)

    def limited(self, headers: dict[str, str], seconds: float, /) -> Answer:
        del seconds
        return answer_json({"error": "too many requests"}, 429, headers=headers)

    def refusal(self, name: str, parameter: str, request: Request, /) -> Answer:
        del parameter, request
        return answer_json({"error": name}, 400)

    def clear(self) -> None:
        """Call the guest's `clear` if it has one, to forget its posts."""
        getattr(self._platform, "clear", bool)()


def guests(accounts: Accounts, records: Records) -> dict[str, Guest]:
    """Return every installed guest by slug. Leave out and name on stderr one that fails to load or has a taken slug."""
    found: dict[str, Guest] = {}
    for entry in entry_points(group=GROUP):
        if entry.name in accounts.fields:
            sys.stderr.write(f"sandbox: {entry.value} is left out: {entry.name} is a platform of another\n")
            continue
        try:
            platform = entry.load()(Host(entry.name, accounts, records))
            accounts.fields[entry.name] = dict.fromkeys(platform.secrets, str)
        except Exception as why:  # noqa: BLE001 - a stranger's code must not stop the platforms of ours
            sys.stderr.write(f"sandbox: {entry.value} is left out: {type(why).__name__}: {why}\n")
            continue
        found[entry.name] = Guest(entry.name, platform)
    return found
