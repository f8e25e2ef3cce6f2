"""The window in which a reader picks a chat. It checks the SDK's post and records the sent message."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from dataclasses import dataclass
from html import escape
from typing import Any

from sharing.sandbox.accounts import Account, Accounts
from sharing.sandbox.kakao import templates, webhook
from sharing.sandbox.kakao.errors import PickerError, window
from sharing.sandbox.kakao.templates import Shared, TemplateError, origin
from sharing.sandbox.later import Later
from sharing.sandbox.records import Record, Records
from sharing.sandbox.wire.exchange import Answer, Request, UnreadableError, answer_json, read_json

#: The chats that every account has: id, type as the webhook names it, name.
CHATS = {
    "me": ("MemoChat", "나와의 채팅"),
    "friend": ("DirectChat", "김서연"),
    "desk": ("MultiChat", "편집국 단체방"),
    "open": ("OpenMultiChat", "뉴스 오픈채팅"),
}
MOST_OPEN = 5_000
FIELDS = frozenset({"app_key", "ka", "validation_action", "validation_params", "lcba", "target_app_key"})
#: A product domain that allows links to every site, for practice with any article.
EVERY = "*"
#: Names that the webhook uses itself; callback arguments must not have them.
_RESERVED = frozenset({"CHAT_TYPE", "HASH_CHAT_ID", "TEMPLATE_ID"})


@dataclass(frozen=True, slots=True)
class Ticket:
    """A share that waits in the picker for a chat."""

    account: Account
    shared: Shared
    args: dict[str, Any] | None
    callback: str


class Picker:
    """The shares that the SDK has posted and that wait for a chat."""

    def __init__(self, accounts: Accounts, records: Records, later: Later) -> None:
        self.accounts, self.records, self.later = accounts, records, later
        self._lock = threading.Lock()
        self._open: dict[str, Ticket] = {}

    def link(self, request: Request) -> Answer:
        """Open the picker (`POST /picker/link`): the post of Kakao.Share.sendDefault. Raises PickerError."""
        form = _form(request, FIELDS)
        caller = _caller(request)
        account = self._account(form.get("app_key", ""), caller)
        if caller not in account.secrets.get("js_domains", ()):
            raise PickerError(
                -401,
                f"domain mismatched! caller={caller or '(none)'}, check out registered web domains.",
                401,
            )
        ticket = Ticket(account, _shared(form, account), *_callback(form.get("lcba", "")))
        name = secrets.token_urlsafe(18)
        with self._lock:
            self._open[name] = ticket
            while len(self._open) > MOST_OPEN:
                del self._open[next(iter(self._open))]
        return _page(name, ticket)

    def _account(self, key: str, caller: str) -> Account:
        found = next(
            (each for each in self.accounts.all("kakao") if key and each.get("javascript_key") == key), None
        )
        if found is None and caller:
            # Nobody has registered this key: the first domain that comes with the key becomes its domain.
            found = self.accounts.enrol("kakao", key[:64], f"javascript:{key}")
            if found:
                found.secrets |= {"javascript_key": key, "js_domains": [caller], "product_domains": [caller]}
        if found is None:
            raise PickerError(-401, "appKey does not exist", 401)
        return found

    def send(self, request: Request) -> Answer:
        """Send the message to the chosen chat (`POST /picker/send`). Raises PickerError."""
        form = _form(request, frozenset({"ticket", "chat"}))
        if form.get("chat") not in CHATS:
            raise PickerError(4002, "no such chat")
        with self._lock:
            ticket = self._open.pop(form.get("ticket", ""), None)
        if ticket is None:
            raise PickerError(4002, "this share was sent already, or is too old")
        record = self._sent(ticket, form["chat"], request.beside)
        if "json" in request.headers.get("accept", ""):
            return answer_json(record)
        return _done(ticket, CHATS[form["chat"]][1])

    def _sent(self, ticket: Ticket, chat: str, beside: dict[str, float]) -> Record:
        account, shared = ticket.account, ticket.shared
        chat_type = CHATS[chat][0]
        record = self.records.add(
            "kakao",
            account.id,
            text=shared.text,
            link=shared.link or None,
            remote_id=secrets.token_hex(8),
            at=time.time(),
            chat_type=chat_type,
            callback=ticket.callback,
            title=shared.title,
            description=shared.description,
            image=shared.image or None,
            buttons=[list(each) for each in shared.buttons],
            webhook=None,
        )
        if ticket.args is None or not account.get("webhook_url") or "webhook_lost" in beside:
            return record
        seen = hashlib.sha256(f"{account.id}:{chat}".encode()).hexdigest()[:20]
        times = 2 if "webhook_twice" in beside else 1

        def call() -> None:
            record["webhook"] = webhook.call(account, chat_type, seen, ticket.args or {}, times=times)

        if "webhook_late" in beside:
            self.later.add(time.time() + beside["webhook_late"], call)
        else:
            call()
        return record


def _form(request: Request, known: frozenset[str]) -> dict[str, str]:
    try:
        form = request.parsed
    except UnreadableError as why:
        raise PickerError(4002, str(why)) from why
    if request.kind != "application/x-www-form-urlencoded":
        raise PickerError(4002, "a form is expected")
    more = sorted(form.keys() - known)
    if more:
        raise PickerError(4002, f"{more[0][:60]} is not a field of this form")
    return dict(form)


def _caller(request: Request) -> str:
    """Return the origin of the calling page, from Origin, else Referer; empty if the browser hides it."""
    given = request.headers.get("origin") or origin(request.headers.get("referer", ""))
    return origin(given) if given != "null" else ""


def _shared(form: dict[str, str], account: Account) -> Shared:
    if form.get("validation_action") != "default":
        raise PickerError(4002, "validation_action must be default here")
    try:
        params = read_json(form.get("validation_params", ""))
    except UnreadableError as why:
        raise PickerError(4002, "validation_params is not JSON") from why
    if not isinstance(params, dict) or params.get("link_ver") != "4.0":
        raise PickerError(4002, "validation_params needs link_ver 4.0")
    try:
        shared = templates.read(params.get("template_object"))
    except TemplateError as why:
        raise PickerError(4002, str(why)) from why
    domains = account.secrets.get("product_domains", ())
    registered = {origin(each) for each in domains if each != EVERY}
    for address in shared.links:
        if EVERY not in domains and origin(address) not in registered:
            raise PickerError(4019, f"{origin(address)} is not registered under Product Link")
    return shared


def _callback(text: str) -> tuple[dict[str, Any] | None, str]:
    """Return the callback arguments as (parsed, as they came); (None, "") if absent. Raises PickerError."""
    if not text:
        return None, ""
    try:
        args = read_json(text)
    except UnreadableError as why:
        raise PickerError(4002, "serverCallbackArgs is not JSON") from why
    if not isinstance(args, dict) or not args or args.keys() & _RESERVED:
        raise PickerError(4002, "serverCallbackArgs must be an object with names of its own")
    return args, text


def _page(name: str, ticket: Ticket) -> Answer:
    chats = "".join(
        f'<button name="chat" value="{key}">{escape(title)} <small>{kind}</small></button>'
        for key, (kind, title) in CHATS.items()
    )
    shared = ticket.shared
    return window(
        "받는 사람 고르기",
        f'<article class="bubble"><h2>{escape(shared.title)}</h2>'
        f"<p>{escape(shared.description)}</p></article>"
        '<form method="post" action="/picker/send">'
        f'<input type="hidden" name="ticket" value="{name}">{chats}</form>',
    )


def _done(ticket: Ticket, chat: str) -> Answer:
    here = f"/see/kakao/{escape(ticket.account.id)}"
    return window(
        "보냈습니다",
        f'<p>{escape(chat)}에 보냈습니다.</p><p><a href="{here}">대화방 보기 · See the chat</a></p>',
    )
