"""Refusals of the X API as problem+json (docs.x.com/x-api/fundamentals/response-codes-and-errors)."""

from __future__ import annotations

from typing import Any

from sharing.sandbox.wire.exchange import PROBLEM, Answer, answer_json

PROBLEMS = "https://api.x.com/2/problems/"


class Problem(Exception):
    """A refusal of X's API. `answer()` makes the HTTP answer."""

    def __init__(self, status: int, title: str, detail: str, kind: str = "about:blank", **more: Any) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail, self.kind, self.more = status, title, detail, kind, more

    def answer(self) -> Answer:
        body = {
            "title": self.title,
            "detail": self.detail,
            "type": self.kind,
            "status": self.status,
            **self.more,
        }
        return answer_json(body, self.status, kind=PROBLEM)


def invalid(message: str, name: str = "", value: str = "") -> Problem:
    """Return 400 invalid-request, with the wrong parameter."""
    return Problem(
        400,
        "Invalid Request",
        "One or more parameters to your request was invalid.",
        PROBLEMS + "invalid-request",
        errors=[{"message": message, "parameters": {name: [value[:200]]} if name else {}}],
    )


def unauthorized() -> Problem:
    """Return 401: no token, a wrong one, or an expired one."""
    return Problem(401, "Unauthorized", "Unauthorized")


def forbidden(detail: str) -> Problem:
    """Return 403 about:blank, X's usual refusal."""
    return Problem(403, "Forbidden", detail)


def not_permitted() -> Problem:
    """Return X's general 403: too long, bad media, spam."""
    return forbidden("You are not permitted to perform this action.")


def duplicate() -> Problem:
    """Return 403 for words that were posted before. It names no id."""
    return forbidden("You are not allowed to create a Tweet with duplicate content.")


def not_found(kind: str, id_: str) -> Problem:
    """Return 404 resource-not-found."""
    detail = f"Could not find {kind} with id: [{id_}]."
    more = {"resource_type": kind, "resource_id": id_, "parameter": "id", "value": id_}
    return Problem(404, "Not Found Error", detail, PROBLEMS + "resource-not-found", **more)


def credits_depleted() -> Problem:
    """Return 402: the account has no credits left."""
    detail = "Your enrolled account does not have any credits to fulfill this request."
    return Problem(402, "CreditsDepleted", detail, PROBLEMS + "credits", account_id=0)


def too_many() -> Problem:
    """Return 429: the rate limit."""
    return Problem(429, "Too Many Requests", "Too Many Requests")


def usage_capped() -> Problem:
    """Return 429 usage-capped: the monthly cap is used up."""
    detail = "Usage cap exceeded: Monthly product cap"
    return Problem(
        429, "UsageCapExceeded", detail, PROBLEMS + "usage-capped", period="Monthly", scope="Product"
    )


def internal(status: int) -> Problem:
    """Return a 408 or 5xx in X's own words."""
    if status == 500:
        return Problem(500, "Internal Server Error", "Something is broken.", PROBLEMS + "internal-error")
    titles = {503: "Service Unavailable", 408: "Request Timeout"}
    return Problem(status, titles.get(status, "Error"), titles.get(status, "Error"))


def by_code(code: str) -> Problem:
    """Return the refusal for a `code` fault: an HTTP status, or an old error number."""
    known = {
        "400": invalid("The Tweet contains an invalid URL."),
        "401": unauthorized(),
        "402": credits_depleted(),
        "403": not_permitted(),
        "404": not_found("tweet", "0"),
        "429": usage_capped(),
        "64": Problem(403, "Forbidden", "Your account is suspended.", PROBLEMS + "user-suspended"),
        "187": duplicate(),
        "453": Problem(403, "Client Forbidden", "The client is not enrolled.", PROBLEMS + "client-forbidden"),
    }
    if code in known:
        return known[code]
    number = int(float(code))
    return Problem(number if 400 <= number <= 599 else 403, "Error", f"Error {code}")
