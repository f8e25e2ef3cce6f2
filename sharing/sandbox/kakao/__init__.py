"""A fake of KakaoTalk: the share window of the JavaScript SDK, the memo API and its tokens."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sharing.sandbox.accounts import Account, Accounts, well_formed
from sharing.sandbox.faults.stage import Call
from sharing.sandbox.kakao import templates
from sharing.sandbox.kakao.errors import KakaoError, PickerError
from sharing.sandbox.kakao.picker import Picker
from sharing.sandbox.kakao.templates import TemplateError, origin
from sharing.sandbox.later import Later
from sharing.sandbox.records import Records
from sharing.sandbox.wire.exchange import Answer, Request, UnreadableError, answer_json, read_json

SDK = Path(__file__).with_name("sdk.js").read_bytes()
ACCESS_SECONDS, REFRESH_SECONDS = 21_599, 5_183_999
_VERSION = re.compile(r"[0-9]{1,2}\.[0-9]{1,3}\.[0-9]{1,3}")


class Kakao:
    """Kakao apps, their shares and their memos."""

    channel = "kakao"

    def __init__(self, accounts: Accounts, records: Records, later: Later) -> None:
        self.accounts, self.records = accounts, records
        self.picker = Picker(accounts, records, later)
        self._lock = threading.Lock()
        #: The refresh tokens that were issued here, and their accounts.
        self._refresh: dict[str, Account] = {}

    def call(self, request: Request, segments: list[str]) -> Call | None:
        """Return the work for a request to t1.kakaocdn.net, sharer, kapi or kauth; None for other paths."""
        match request.method, segments:
            case "GET", ["kakao.min.js"]:
                return Call("sdk", _sdk)
            case "GET", ["kakao_js_sdk", version, "kakao.min.js"] if _VERSION.fullmatch(version):
                return Call("sdk", _sdk)
            case "POST", ["picker", "link"]:
                return self._window(request, "prepare", self.picker.link)
            case "POST", ["picker", "send"]:
                return self._window(request, "create", self.picker.send)
            case "POST", ["v2", "api", "talk", "memo", "default", "send"]:
                return self._rest(request, "create", self._memo)
            case "POST", ["oauth", "token"]:
                return Call("token", lambda: self._token(request))
            case _:
                return None

    def _window(self, request: Request, operation: str, act: Callable[[Request], Answer]) -> Call:
        def answered() -> Answer:
            try:
                return act(request)
            except PickerError as refused:
                return refused.answer()

        return Call(operation, answered, lambda: _words(request))

    def _rest(self, request: Request, operation: str, act: Callable[[Request], Answer]) -> Call:
        def answered() -> Answer:
            try:
                return act(request)
            except KakaoError as refused:
                return refused.answer()

        return Call(operation, answered, lambda: _words(request))

    def _memo(self, request: Request) -> Answer:
        account = self._account(request)
        form = _form(request)
        if not form.get("template_object") or form.keys() - {"template_object"}:
            raise KakaoError(-2, "template_object is needed and nothing else is taken")
        try:
            shared = templates.read(read_json(form["template_object"]))
        except (UnreadableError, TemplateError) as why:
            raise KakaoError(-2, str(why)) from why
        registered = {origin(each) for each in account.secrets.get("product_domains", ())}
        if registered and not {origin(each) for each in shared.links} <= registered:
            raise KakaoError(-2, "a link leads to a domain that is not registered under Product Link")
        self.records.add(
            "kakao",
            account.id,
            text=shared.text,
            link=shared.link or None,
            remote_id=secrets.token_hex(8),
            at=time.time(),
            chat_type="MemoChat",
            title=shared.title,
            description=shared.description,
            memo=True,
        )
        return answer_json({"result_code": 0})

    def _account(self, request: Request) -> Account:
        token = request.bearer
        if not token or not well_formed(token):
            raise KakaoError(-401, "this access token does not exist")
        if self.accounts.expired("kakao", token):
            raise KakaoError(-401, "this access token is already expired")
        account = self.accounts.owner("kakao", token) or self.accounts.enrol(
            "kakao", str(int.from_bytes(token.encode()[-8:], "big") % 10**9), token, stopgap=True
        )
        if account is None:
            raise KakaoError(-401, "this access token does not exist")
        scopes = account.secrets.get("scopes")
        if scopes is not None and "talk_message" not in scopes:
            more = {
                "api_type": "TALK_MEMO_DEFAULT_SEND",
                "required_scopes": ["talk_message"],
                "allowed_scopes": scopes,
            }
            raise KakaoError(-402, **more)
        return account

    def _token(self, request: Request) -> Answer:
        """Refresh an access token (`POST /oauth/token`). A new refresh token comes only if the old one ends soon."""
        try:
            form = _form(request)
        except KakaoError as refused:
            return refused.answer()
        if form.get("grant_type") != "refresh_token":
            return _oauth(
                "unsupported_grant_type", "KOE320", "The sandbox refreshes tokens and does nothing else."
            )
        token = form.get("refresh_token", "")
        account = self._refreshing(token)
        if account is None:
            return _oauth("invalid_grant", "KOE322", "expired_or_invalid_refresh_token")
        if account.registered and form.get("client_id") != account.get("rest_api_key"):
            return _oauth("invalid_client", "KOE101", "Not exist client_id", 401)
        if account.get("client_secret") and form.get("client_secret") != account.get("client_secret"):
            return _oauth("invalid_client", "KOE010", "Bad client credentials", 401)
        access = secrets.token_urlsafe(32)
        self.accounts.bind("kakao", access, account, ends=time.time() + ACCESS_SECONDS)
        answer: dict[str, Any] = {
            "token_type": "bearer",
            "access_token": access,
            "expires_in": ACCESS_SECONDS,
        }
        if token.startswith("ending"):
            # Less than a month is left: issue a new refresh token and end the old one.
            fresh = secrets.token_urlsafe(32)
            with self._lock:
                self._refresh[fresh] = account
            self.accounts.expire("kakao", token)
            answer |= {"refresh_token": fresh, "refresh_token_expires_in": REFRESH_SECONDS}
        return answer_json(answer)

    def _refreshing(self, token: str) -> Account | None:
        if not well_formed(token) or self.accounts.expired("kakao", token):
            return None
        owners = (each for each in self.accounts.all("kakao") if each.get("refresh_token") == token)
        found = self._refresh.get(token) or next(owners, None)
        if found is None:
            found = self.accounts.enrol("kakao", secrets.token_hex(4), f"refresh:{token}", stopgap=True)
            if found is not None:
                self._refresh[token] = found
        return found

    def unknown(self, request: Request) -> Answer:
        return KakaoError(-2, f"{request.path[:80]} is not an address of this API").answer()

    def trouble(self, status: int) -> Answer:
        error = KakaoError(-1 if status != 503 else -9798)
        error.status = status
        return error.answer()

    def limited(self, headers: dict[str, str], _seconds: float) -> Answer:
        error = KakaoError(-10)
        error.status = 429
        answer = error.answer()
        answer.headers |= headers
        return answer

    def refusal(self, name: str, parameter: str, _request: Request) -> Answer:
        if name == "success_false":
            return answer_json({"result_code": -1})
        codes = {"throttled": -10, "token_expired": -401, "maintenance": -9798}
        return KakaoError(codes[name] if name in codes else int(float(parameter))).answer()


def _sdk() -> Answer:
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=60"}
    return Answer(200, SDK, "text/javascript; charset=utf-8", headers)


def _form(request: Request) -> dict[str, str]:
    try:
        form = request.parsed
    except UnreadableError as why:
        raise KakaoError(-2, str(why)) from why
    if request.kind != "application/x-www-form-urlencoded":
        raise KakaoError(-8, "Content-Type must be application/x-www-form-urlencoded")
    return dict(form)


def _oauth(error: str, code: str, description: str, status: int = 400) -> Answer:
    return answer_json({"error": error, "error_code": code, "error_description": description}, status)


def _words(request: Request) -> str:
    try:
        form = request.parsed
    except UnreadableError:
        return ""
    return " ".join(str(each) for each in form.values()) if isinstance(form, dict) else ""
