"""The whole sandbox: assigns requests to platforms, and holds what all platforms share."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

from sharing.sandbox import control
from sharing.sandbox.accounts import Accounts
from sharing.sandbox.facebook import Facebook
from sharing.sandbox.faults.plan import FaultPlan, PlannedFault
from sharing.sandbox.faults.stage import Platform, play
from sharing.sandbox.guests import guests
from sharing.sandbox.kakao import Kakao
from sharing.sandbox.later import Later
from sharing.sandbox.readers import see
from sharing.sandbox.records import Records
from sharing.sandbox.wire.exchange import Answer, Request, UnreadableError, answer_json
from sharing.sandbox.wire.log import Log
from sharing.sandbox.x import X

#: Fields of accounts that are not secret.
_NO_SECRETS = frozenset(
    {
        "client_id",
        "consumer_key",
        "javascript_key",
        "js_domains",
        "product_domains",
        "scopes",
        "user",
        "username",
        "webhook_encoding",
        "webhook_method",
        "webhook_url",
    }
)


class Sandbox:
    """Accounts, truth, faults, the three built-in platforms that speak HTTP, and those of guests."""

    def __init__(self, faults: str | None = None, seed: int = 0, *, loud: bool = False) -> None:
        self.accounts, self.records, self.later, self.log = Accounts(), Records(), Later(), Log()
        self.plan = FaultPlan(faults, seed)
        self.facebook = Facebook(self.accounts, self.records, self.later)
        self.x = X(self.accounts, self.records)
        self.kakao = Kakao(self.accounts, self.records, self.later)
        self.ours: dict[str, Platform] = {"facebook": self.facebook, "x": self.x, "kakao": self.kakao}
        self.guests = guests(self.accounts, self.records)
        self.platforms: dict[str, Platform] = {**self.ours, **self.guests}
        self.loud = loud
        self.closing = threading.Event()
        self.smtp_port = 0

    def reply(self, request: Request) -> Answer:
        """Answer any request. Never answers with a traceback, whatever a stranger sends."""
        request.number = self.log.number()
        self.later.run(time.time())
        try:
            return self._reply(request)
        except Exception as why:  # noqa: BLE001 - the last line of defence against hostile input
            self.log.crashes += 1
            self._say(f"{request.method} {request.path[:80]}: {type(why).__name__}: {why}")
            return answer_json({"error": "the sandbox itself failed at this request"}, 500)

    def _reply(self, request: Request) -> Answer:
        segments = request.segments
        try:
            shown = see.Shown(self.records, self.accounts, self.facebook.scraped, self.smtp_port)
            known = control.answer(self, request, segments) or see.answer(shown, request, segments)
        except UnreadableError as why:
            known = answer_json({"error": str(why)}, 400)
        if known is not None:
            return known
        alias = segments[0] if segments and segments[0] in self.platforms else ""
        for platform in [self.platforms[alias]] if alias else self.ours.values():
            found = self._serve(platform, request, segments[1:] if alias else segments)
            if found is not None:
                return found
        if alias:
            return self.platforms[alias].unknown(request)
        return self._nowhere(request, segments)

    def _serve(self, platform: Platform, request: Request, segments: list[str]) -> Answer | None:
        call = platform.call(request, segments)
        if call is None:
            return None
        words = call.words() if self.plan.waiting else ""
        planned = self.plan.draw(platform.channel, call.operation, words)
        self.closing.wait(planned.beside["latency"]) if "latency" in planned.beside else None
        answer = play(planned, platform, request, call.act, self.later)
        self._note(platform.channel, call.operation, request, answer, planned)
        return answer

    def _note(
        self, channel: str, operation: str, request: Request, answer: Answer, planned: PlannedFault
    ) -> None:
        fault = "+".join(filter(None, [planned.name, *planned.beside]))
        self.log.add(channel, operation, request, answer, fault)
        if self.loud:
            told = f" fault={fault}" if fault else ""
            asked = f"{request.method} {request.path[:80]}"
            self._say(f"{request.number} {channel} {operation} {asked} {answer.status}{told}")

    def _nowhere(self, request: Request, segments: list[str]) -> Answer:
        """Answer a path that no platform has, in the words of the platform that it resembles."""
        if segments[:1] == ["2"]:
            return self.x.unknown(request)
        if segments and segments[0][:1] == "v" and segments[0][1:2].isdigit():
            return self.facebook.unknown(request)
        return answer_json({"error": "nothing here; GET / lists what there is"}, 404)

    def secrets(self) -> set[str]:
        """Return every secret of every account, for masking."""
        found: set[str] = set()
        for account in self.accounts.all():
            for name, value in account.secrets.items():
                if name in _NO_SECRETS:
                    continue
                found.update(
                    each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)
                )
        return {each for each in found if len(each) >= 4}

    def clear(self) -> None:
        """Forget posts, logged requests and pending work. Accounts and fault rules stay."""
        self.later.clear()
        self.records.clear()
        self.facebook.posts.clear()
        self.facebook.scraped.clear()
        self.x.posts.clear()
        for guest in self.guests.values():
            guest.clear()
        self.log.clear()

    def plant(self, wish: Any) -> dict[str, Any]:
        """Put somebody else's post on a timeline. Raises UnreadableError."""
        if not isinstance(wish, dict) or not wish.keys() <= {"channel", "account", "text", "link"}:
            raise UnreadableError("a planted post is {channel, account, text, link?}")
        account, text, link = (wish.get(key, "") for key in ("account", "text", "link"))
        if not (isinstance(account, str) and isinstance(text, str) and isinstance(link, str) and account):
            raise UnreadableError("account, text and link are texts")
        if wish.get("channel") == "facebook":
            return {"id": self.facebook.posts.create(account, text, link, planted=True).id}
        if wish.get("channel") == "x":
            return {"id": self.x.posts.create(account, f"{text} {link}".strip(), planted=True).id}
        raise UnreadableError("posts can be planted on facebook and x")

    def _say(self, line: str) -> None:
        if self.loud:
            sys.stderr.write(line.encode("ascii", "backslashreplace").decode() + "\n")
