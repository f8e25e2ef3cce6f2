"""Refusals of Kakao: JSON in the REST API, a page in the share window."""

from __future__ import annotations

from html import escape
from typing import Any

from sharing.sandbox.wire.exchange import HTML, Answer, answer_json

#: HTTP status and words of the documented codes (developers.kakao.com/docs/latest/ko/rest-api/error-code).
CODES = {
    -1: (400, "internal server error"),
    -2: (400, "invalid parameter"),
    -3: (403, "this feature is not enabled for the app"),
    -4: (403, "the account is restricted"),
    -5: (403, "the app has no permission for this feature"),
    -7: (400, "under maintenance"),
    -8: (400, "invalid header"),
    -10: (400, "API limit has been exceeded."),
    -12: (403, "the app is suspended"),
    -101: (400, "NotRegisteredUserException"),
    -103: (400, "the account does not exist or is dormant"),
    -401: (401, "this access token is already expired"),
    -402: (403, "insufficient scopes."),
    -501: (400, "not a KakaoTalk user"),
    -530: (400, "the receiver refuses messages"),
    -532: (400, "daily message limit per sender has been exceeded."),
    -533: (400, "daily message limit per receiver has been exceeded."),
    -536: (400, "daily message limit per sender and receiver has been exceeded."),
    -602: (400, "the image is too large"),
    -603: (400, "the platform did not answer in time"),
    -9798: (503, "service is under maintenance"),
}


class KakaoError(Exception):
    """A refusal of the REST API: {"msg", "code"}."""

    def __init__(self, code: int, message: str = "", **more: Any) -> None:
        status, words = CODES.get(code, (400, f"error {code}"))
        super().__init__(message or words)
        self.code, self.status, self.message, self.more = code, status, message or words, more

    def answer(self) -> Answer:
        return answer_json({"msg": self.message, "code": self.code, **self.more}, self.status)


class PickerError(Exception):
    """A refusal in the share window: a page with its own code (4002, 4019) or a code of the REST API."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status

    def answer(self) -> Answer:
        words = f"{self.code}: {self.message}"
        return window("보낼 수 없습니다", f"<p>{escape(words)}</p>", self.status, error=words)


def window(title: str, inside: str, status: int = 200, *, error: str = "") -> Answer:
    """Return a page of the share window. `error` is for tests, which do not read the Korean text."""
    told = f' data-error="{escape(error)}"' if error else ""
    page = (
        f'<!doctype html><html lang="ko"><meta charset="utf-8"><title>{title} (SANDBOX)</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/see/sandbox.css">'
        '<body class="kakao"><p class="banner">SANDBOX · 연습용 카카오톡 · not the real one</p>'
        f"<main{told}><h1>{title}</h1>{inside}</main></body></html>"
    )
    policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"
    return Answer(status, page.encode(), HTML, {"Content-Security-Policy": policy})
