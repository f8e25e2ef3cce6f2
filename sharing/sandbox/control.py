"""The doors beside the platforms: truth, accounts, faults, requests, the reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sharing.sandbox.accounts import AccountError
from sharing.sandbox.faults.dice import SpecError
from sharing.sandbox.kakao.picker import CHATS
from sharing.sandbox.readers import reader
from sharing.sandbox.wire.exchange import Answer, Request, UnreadableError, answer_json

if TYPE_CHECKING:
    from sharing.sandbox.house import House


def answer(house: House, request: Request, segments: list[str]) -> Answer | None:
    """The answer of a control door, None where the path is none."""
    name = "/".join(segments)
    if name not in PATHS:
        return None
    act = _DOORS.get((request.method, name))
    if act is None:
        allowed = ", ".join(sorted(method for method, path in _DOORS if path == name))
        return answer_json({"error": f"{name} takes {allowed}"}, 405, headers={"Allow": allowed})
    try:
        return act(house, request)
    except (AccountError, SpecError, UnreadableError) as why:
        return answer_json({"error": str(why)}, 400)


def _body(request: Request) -> Any:
    # A web page can post JSON across origins only after a preflight, which is never granted here.
    if request.kind != "application/json":
        raise UnreadableError("the body must be application/json")
    return request.parsed


def _truth(house: House, request: Request) -> Answer:
    query = request.query
    after = query.get("after", "0")
    if not re.fullmatch(r"[0-9]{1,9}", after):
        raise UnreadableError("after is the count of an earlier answer")
    count = house.truth.count
    records = house.truth.records(query.get("channel"), query.get("account"), int(after))
    return answer_json({"records": records, "count": count, "dropped": house.truth.dropped})


def _forget_truth(house: House, _request: Request) -> Answer:
    house.clear()
    return answer_json({"records": []})


def _accounts(house: House, _request: Request) -> Answer:
    return answer_json({"accounts": [each.public() for each in house.accounts.all()]})


def _register(house: House, request: Request) -> Answer:
    wish = _body(request)
    wishes = wish if isinstance(wish, list) else [wish]
    return answer_json({"accounts": [house.accounts.register(each).public() for each in wishes]})


def _forget_account(house: House, request: Request) -> Answer:
    query = request.query
    gone = house.accounts.forget(query.get("channel", ""), query.get("id", ""))
    return answer_json({"removed": gone}, 200 if gone else 404)


def _faults(house: House, _request: Request) -> Answer:
    dice = house.dice
    return answer_json(
        {"spec": dice.spec, "seed": dice.seed, "struck": dict(dice.struck), "waiting": dice.waiting}
    )


def _set_faults(house: House, request: Request) -> Answer:
    wish = _body(request)
    if not isinstance(wish, dict) or not wish.keys() <= {"spec", "seed"}:
        raise UnreadableError("faults are {spec, seed}")
    spec, seed = wish.get("spec", ""), wish.get("seed", 0)
    if not isinstance(spec, str) or not isinstance(seed, int) or isinstance(seed, bool):
        raise UnreadableError("spec is text, seed a whole number")
    house.dice.load(spec, seed)
    return _faults(house, request)


def _next_fault(house: House, request: Request) -> Answer:
    return answer_json({"queued": house.dice.queue(_body(request))})


def _requests(house: House, _request: Request) -> Answer:
    found = house.log.shown(house.secrets())
    return answer_json(
        {"requests": found, "count": house.log.count, "crashes": house.log.crashes + house.later.failed}
    )


def _plant(house: House, request: Request) -> Answer:
    return answer_json(house.plant(_body(request)), 201)


def _read_kakao(_house: House, request: Request) -> Answer:
    wish = _body(request)
    if (
        not isinstance(wish, dict)
        or not isinstance(wish.get("url"), str)
        or not isinstance(wish.get("chat", ""), str)
    ):
        raise UnreadableError(f"expected {{url, chat?}}; chat is one of {', '.join(CHATS)}")
    return answer_json(reader.share_kakao(wish["url"], wish.get("chat") or "desk"))


def _read_link(house: House, request: Request) -> Answer:
    wish = _body(request)
    if not isinstance(wish, dict) or not isinstance(wish.get("text"), str):
        raise UnreadableError("expected {text}: what was pasted")
    return answer_json(reader.follow_link(wish["text"], house.truth))


_DOORS: dict[tuple[str, str], Callable[[House, Request], Answer]] = {
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
