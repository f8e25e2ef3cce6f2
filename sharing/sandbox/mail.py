"""A fake mail relay: SMTP on loopback (aiosmtpd). It refuses what a strict relay refuses."""

from __future__ import annotations

import asyncio
import hmac
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, AnyStr

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sharing.sandbox.accounts import Accounts
from sharing.sandbox.faults.plan import FaultPlan, PlannedFault
from sharing.sandbox.faults.table import Phase
from sharing.sandbox.later import Later
from sharing.sandbox.readers import letters
from sharing.sandbox.readers.letters import Letter, LetterError
from sharing.sandbox.records import Records

LARGEST = 10 * 1024 * 1024
MOST_RECIPIENTS = 100
#: Seconds of silence after which a connection is closed.
IDLE_FOR = 60.0
_AT_RCPT = {
    "450": "450 4.2.1 The mailbox is busy",
    "451": "451 4.7.1 Greylisted, come back later",
    "452": "452 4.2.2 The mailbox is full",
    "550": "550 5.1.1 There is no such mailbox",
    "552": "552 5.2.2 The mailbox is over its quota",
}
_AT_MAIL = {"421": "421 4.3.2 The relay is closing", "535": "535 5.7.8 Authentication credentials invalid"}
_AT_DOT = {
    "550_policy": "550 5.7.515 Access denied, the sending domain does not meet the required level",
    "451_after_dot": "451 4.3.0 Local error in processing",
}


class Relay:
    """The hooks that aiosmtpd calls. Each mail transaction draws one PlannedFault."""

    def __init__(self, accounts: Accounts, records: Records, later: Later, plan: FaultPlan) -> None:
        self.accounts, self.records, self.later, self.plan = accounts, records, later, plan

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._needs_sign_in() and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if "@" not in address:
            return "553 5.1.7 The sender must be an address"
        planned = self.plan.draw("mail", "create", address)
        vars(envelope)["strike"] = planned
        await asyncio.sleep(planned.beside.get("latency", 0.0))
        if planned.name == "421":
            asyncio.get_running_loop().call_later(0.05, _close, server)
        if planned.name in _AT_MAIL:
            return _AT_MAIL[planned.name]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local, at, domain = address.rpartition("@")
        if not at or not local or not domain:
            return "553 5.1.3 The recipient must be an address"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        queued = self.plan.queued("mail", "create", address) if self.plan.waiting else None
        if queued is not None and queued.name not in _AT_RCPT:
            vars(envelope)["strike"], queued = queued, None
        name = (queued or self._strike(envelope)).name
        if name in _AT_RCPT:
            return _AT_RCPT[name]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.later.run(time.time())
        planned = self._strike(envelope)
        if planned.name in _AT_DOT:
            return _AT_DOT[planned.name]
        options = [option.upper() for option in envelope.mail_options]
        try:
            letter = letters.read(
                envelope.original_content or b"",
                utf8_headers="SMTPUTF8" in options,
                eight_bit="BODY=8BITMIME" in options,
            )
        except LetterError as refused:
            return str(refused)
        recipients = list(envelope.rcpt_tos)
        if planned.fault is not None and planned.fault.phase is Phase.LATER:
            self.later.add(time.time() + planned.seconds, lambda: self._arrived(letter, recipients))
        else:
            self._arrived(letter, recipients)
        return await self._reply(server, planned)

    async def _reply(self, server: SMTP, planned: PlannedFault) -> str:
        if planned.name == "time_out_after_commit":
            await asyncio.sleep(planned.seconds)
        if planned.name in {
            "drop_after_dot",
            "reset_after_commit",
            "delayed_commit",
            "time_out_after_commit",
        }:
            _drop(server)
            return "421 4.3.0 This line never arrives"
        await asyncio.sleep(planned.beside.get("slow", 0.0))
        return "250 2.0.0 OK"

    def _arrived(self, letter: Letter, recipients: list[str]) -> None:
        """Record the mail once per recipient. A repeated Message-ID gets records of its own: it is a second mail."""
        for recipient in recipients:
            self.records.add(
                "mail",
                recipient,
                text=letter.text,
                link=letter.link,
                remote_id=letter.message_id,
                at=time.time(),
                subject=letter.subject,
                sender=letter.sender,
                has_html=letter.has_html,
                unsubscribe=letter.unsubscribe or None,
                undeclared_8bit=letter.undeclared,
            )

    @staticmethod
    def _strike(envelope: Envelope) -> PlannedFault:
        found = vars(envelope).get("strike")
        return found if isinstance(found, PlannedFault) else PlannedFault()

    def _needs_sign_in(self) -> bool:
        return any(each.get("user") for each in self.accounts.all("mail"))

    def sign_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        """Check user and password against the registered accounts. Any are accepted if none is registered."""
        if not isinstance(given, LoginPassword):
            return AuthResult(success=False, handled=False)
        known = [each for each in self.accounts.all("mail") if each.get("user")]
        right = not known or any(
            hmac.compare_digest(given.login, each.get("user").encode())
            and hmac.compare_digest(given.password, each.get("password").encode())
            for each in known
        )
        return AuthResult(success=right, handled=False)


class _Conversation(SMTP):
    """aiosmtpd's server, plus the faults that its hooks cannot play."""

    def __init__(self, relay: Relay, **more: Any) -> None:
        super().__init__(relay, **more)
        self._stage, self._said = "greeting", 0
        #: The faults for the replies: first those before the first MAIL, later those of the transaction.
        self._strike = relay.plan.draw("mail", "prepare", "")
        for command, method in self._smtp_methods.items():
            self._smtp_methods[command] = partial(self._at, command.lower().replace("helo", "ehlo"), method)

    async def _at(self, stage: str, method: Callable[[str], Awaitable[None]], arg: str) -> None:
        """Run one command. Its replies belong to the stage `stage`."""
        self._stage, self._said = stage, 0
        await method(arg)

    async def push(self, status: AnyStr) -> None:
        """Send a line of a reply. If a fault cuts the reply there, send only that part and close the connection."""
        line = (status.encode() if isinstance(status, str) else bytes(status)) + b"\r\n"
        found = vars(self.envelope).get("strike") if self.envelope is not None else None
        self._strike = found if isinstance(found, PlannedFault) else self._strike
        cut = self._strike.cut(self._stage)
        if cut is None or self._said + len(line) <= cut:
            self._said += len(line)
            await super().push(status)
        elif self.transport is not None and not self.transport.is_closing():
            self._writer.write(line[: cut - self._said])
            self.transport.close()
        if line.startswith(b"354"):
            self._stage, self._said = "dot", 0

    async def smtp_DATA(self, arg: str) -> None:
        envelope = self.envelope
        if envelope is not None and vars(envelope).get("strike", PlannedFault()).name == "drop_before_data":
            _drop(self)
            return
        await super().smtp_DATA(arg)


def _drop(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()


def _close(server: SMTP) -> None:
    if server.transport is not None:
        server.transport.close()


class MailServer:
    """The SMTP listener, in its own thread with its own event loop."""

    def __init__(self, host: str, port: int, relay: Relay) -> None:
        self._relay = relay
        self._loop = asyncio.new_event_loop()
        self._socket = socket.create_server((host, port))
        self.port: int = self._socket.getsockname()[1]
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="smtp", daemon=True)

    def _conversation(self) -> SMTP:
        return _Conversation(
            self._relay,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname="sandbox.localhost",
            ident="SANDBOX",
            timeout=IDLE_FOR,
            auth_require_tls=False,
            authenticator=self._relay.sign_in,
            loop=self._loop,
        )

    def start(self) -> None:
        self._thread.start()
        self._listening.wait()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        listener = self._loop.run_until_complete(
            self._loop.create_server(self._conversation, sock=self._socket)
        )
        self._listening.set()
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        listener.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def stop(self) -> None:
        """End every conversation and the thread."""
        if not self._thread.is_alive():
            self._socket.close()
            self._loop.close()
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
