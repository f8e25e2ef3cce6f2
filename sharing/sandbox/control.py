"""The control API of the sandbox: truth, accounts, faults, requests, planted posts, the reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol

from sharing.sandbox.accounts import AccountError, Accounts
from sharing.sandbox.faults.plan import FaultPlan, SpecError
from sharing.sandbox.kakao.picker import CHATS
from sharing.sandbox.later import Later
from sharing.sandbox.readers import reader
from sharing.sandbox.records import Records
from sharing.sandbox.wire.exchange import Answer, Request, UnreadableError, answer_json
from sharing.sandbox.wire.log import Log


class Sandbox(Protocol):
    """What the control API needs of the sandbox: its parts, and the operations of the whole."""

    accounts: Accounts
    records: Records
    later: Later
    log: Log
    plan: FaultPlan

    def secrets(self) -> set[str]: ...
    def clear(self) -> None: ...
    def plant(self, wish: Any) -> dict[str, Any]: ...


def answer(sandbox: Sandbox, request: Request, segments: list[str]) -> Answer | None:
    """Answer a request to the control API; None if the path is not one of it."""
    name = "/".join(segments)
    if name not in PATHS:
        return None
    act = _DOORS.get((request.method, name))
    if act is None:
        allowed = ", ".join(sorted(method for method, path in _DOORS if path == name))
        return answer_json({"error": f"{name} takes {allowed}"}, 405, headers={"Allow": allowed})
    try:
        return act(sandbox, request)
    except (AccountError, SpecError, UnreadableError) as why:
        return answer_json({"error": str(why)}, 400)


def _body(request: Request) -> Any:
    # A web page can post JSON across origins only after a preflight, and the sandbox never grants one.
    if request.kind != "application/json":
        raise UnreadableError("the body must be application/json")
    return request.parsed


def _truth(sandbox: Sandbox, request: Request) -> Answer:
    query = request.query
    after = query.get("after", "0")
    if not re.fullmatch(r"[0-9]{1,9}", after):
        raise UnreadableError("after is the count of an earlier answer")
    count = sandbox.records.count
    records = sandbox.records.records(query.get("channel"), query.get("account"), int(after))
    return answer_json({"records": records, "count": count, "dropped": sandbox.records.dropped})


def _forget_truth(sandbox: Sandbox, _request: Request) -> Answer:
    sandbox.clear()
    return answer_json({"records": []})


def _accounts(sandbox: Sandbox, _request: Request) -> Answer:
    return answer_json({"accounts": [each.public() for each in sandbox.accounts.all()]})


def _register(sandbox: Sandbox, request: Request) -> Answer:
    wish = _body(request)
    wishes = wish if isinstance(wish, list) else [wish]
    return answer_json({"accounts": [sandbox.accounts.register(each).public() for each in wishes]})


def _forget_account(sandbox: Sandbox, request: Request) -> Answer:
    query = request.query
    gone = sandbox.accounts.forget(query.get("channel", ""), query.get("id", ""))
    return answer_json({"removed": gone}, 200 if gone else 404)


def _faults(sandbox: Sandbox, _request: Request) -> Answer:
    plan = sandbox.plan
    return answer_json(
        {"spec": plan.spec, "seed": plan.seed, "struck": dict(plan.struck), "waiting": plan.waiting}
    )


def _set_faults(sandbox: Sandbox, request: Request) -> Answer:
    wish = _body(request)
    if not isinstance(wish, dict) or not wish.keys() <= {"spec", "seed"}:
        raise UnreadableError("faults are {spec, seed}")
    spec, seed = wish.get("spec", ""), wish.get("seed", 0)
    if not isinstance(spec, str) or not isinstance(seed, int) or isinstance(seed, bool):
        raise UnreadableError("spec is text, seed a whole number")
    sandbox.plan.load(spec, seed)
    return _faults(sandbox, request)


def _next_fault(sandbox: Sandbox, request: Request) -> Answer:
    return answer_json({"queued": sandbox.plan.queue(_body(request))})


def _requests(sandbox: Sandbox, _request: Request) -> Answer:
    found = sandbox.log.shown(sandbox.secrets())
    return answer_json(
        {"requests": found, "count": sandbox.log.count, "crashes": sandbox.log.crashes + sandbox.later.failed}
    )


def _plant(sandbox: Sandbox, request: Request) -> Answer:
    return answer_json(sandbox.plant(_body(request)), 201)


def _read_kakao(_sandbox: Sandbox, request: Request) -> Answer:
    wish = _body(request)
    if (
        not isinstance(wish, dict)
        or not isinstance(wish.get("url"), str)
        or not isinstance(wish.get("chat", ""), str)
    ):
        raise UnreadableError(f"expected {{url, chat?}}; chat is one of {', '.join(CHATS)}")
    return answer_json(reader.share_kakao(wish["url"], wish.get("chat") or "desk"))


def _read_link(sandbox: Sandbox, request: Request) -> Answer:
    wish = _body(request)
    if not isinstance(wish, dict) or not isinstance(wish.get("text"), str):
        raise UnreadableError("expected {text}: what was pasted")
    return answer_json(reader.follow_link(wish["text"], sandbox.records))


_DOORS: dict[tuple[str, str], Callable[[Sandbox, Request], Answer]] = {
    ("GET", "truth"): _truth,
    ("DELETE", "truth"): _forget_truth,
    ("GET", "accounts"): _accounts,
    ("PUT", "accounts"): _register,
    ("DELETE", "accounts"): _forget_account,
    ("GET", "faults"): _faults,
    ("PUT", "faults"): _set_faults,
    ("POST", "faults/next"): _next_fault,
    ("GET", "requests"): _requests,
    ("POST", "plant"): _plant,
    ("POST", "reader/kakao"): _read_kakao,
    ("POST", "reader/link"): _read_link,
}
PATHS = frozenset(path for _, path in _DOORS)
