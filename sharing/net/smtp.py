"""One SMTP conversation that knows how far it came.

Between the final dot and the server's 250 lies the gap in which mail is doubled (RFC 1047): a connection that
ends there is ambiguous, before it is certainly not sent. `smtplib.sendmail` cannot tell the two apart.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from sharing.domain.outcomes import AccountStopped, Ambiguous, Failure, Rejected, Unavailable
from sharing.net.exchange import Exchange, in_force
from sharing.net.redact import redact


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Where mail is handed over: from `smtp://user:password@host:587?tls=1` or `smtps://…`."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls_from_start: bool = False
    start_tls: bool = False

    def __repr__(self) -> str:
        return f"Relay({self.host}:{self.port})"

    @classmethod
    def at(cls, url: str) -> Relay:
        """From an EMAIL_URL.

        Raises:
            ValueError: it is none.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("EMAIL_URL must be smtp://… or smtps://…")
        secure = parts.scheme == "smtps"
        wants_tls = parse_qs(parts.query).get("tls", ["0"])[0].lower() in {"1", "true", "yes"}
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if secure else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls_from_start=secure,
            start_tls=wants_tls and not secure,
        )


def submit(relay: Relay, mail: bytes, *, sender: str, recipient: str, deadline: float) -> str:
    """Hand one message to the relay for one recipient; returns the relay's own words.

    Args:
        relay: where to.
        mail: the whole message with CRLF line ends.
        sender: the envelope's sender.
        recipient: the one recipient, so that success is never partial.
        deadline: seconds for the whole conversation.

    Raises:
        Unavailable, AccountStopped, Rejected: certainly not accepted.
        Ambiguous: the final dot went out and no answer came.
    """
    exchange = Exchange(ends=time.monotonic() + deadline)
    talk = _Conversation(exchange, relay)
    with in_force(exchange):
        try:
            return talk.hold(mail, sender, recipient)
        except Failure:
            raise
        except (OSError, smtplib.SMTPException, ValueError) as error:
            kind = type(error).__name__
            if talk.dot_went_out:
                raise Ambiguous("smtp.no_answer", kind) from None
            raise Unavailable("net.deadline" if exchange.over else "smtp.connection", kind) from None
        finally:
            talk.close()


class _Conversation(smtplib.SMTP):
    """smtplib's commands, one by one, over a connection that its exchange opened and may cut."""

    def __init__(self, exchange: Exchange, relay: Relay) -> None:
        super().__init__(timeout=exchange.left())
        self.exchange = exchange
        self.relay = relay
        self.dot_went_out = False

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        del timeout
        sock = self.exchange.connect(host, port)
        if self.relay.tls_from_start:
            return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        return sock

    def hold(self, mail: bytes, sender: str, recipient: str) -> str:
        relay = self.relay
        self._host = relay.host  # what smtplib names in its TLS handshake
        self._expect(self.connect(relay.host, relay.port), 220)
        self.ehlo_or_helo_if_needed()
        if relay.start_tls:
            self._expect(self.starttls(context=ssl.create_default_context()), 220)
            self.ehlo_or_helo_if_needed()
        if relay.user:
            try:
                self.login(relay.user, relay.password)
            except smtplib.SMTPAuthenticationError as error:
                raise AccountStopped(f"smtp.{error.smtp_code}", _words(error.smtp_error)) from None
        self._expect(self.mail(sender, [f"SIZE={len(mail)}"] if self.has_extn("size") else []), 250)
        self._expect(self.rcpt(recipient), 250)
        self._expect(self.docmd("DATA"), 354)
        self.send(_stuffed(mail))
        self.exchange.still_in_time()
        self.dot_went_out = True
        self.send(b".\r\n")
        code, words = self.getreply()
        if code == -1:
            raise smtplib.SMTPServerDisconnected("no answer after the final dot")
        self.dot_went_out = False  # it answered, so nothing is unknown any more
        self._expect((code, words), 250)
        try:
            self.docmd("QUIT")
        except (OSError, smtplib.SMTPException):
            return _words(words)  # accepted is accepted, however the farewell goes
        return _words(words)

    def _expect(self, reply: tuple[int, bytes], wanted: int) -> None:
        code, words = reply
        if code == wanted or (wanted == 250 and code == 251):
            return
        if code == -1:
            raise smtplib.SMTPServerDisconnected("connection lost")
        raise _failure(code, _words(words))


def _failure(code: int, words: str) -> Failure:
    """What a refusal means (RFC 5321, 4.2; enhanced codes RFC 3463)."""
    name = f"smtp.{code}"
    if code in {530, 534, 535} or words.startswith(("5.7.1 ", "5.7.26", "5.7.515")):
        return AccountStopped(name, words)
    if 400 <= code < 500:
        return Unavailable(name, words)
    return Rejected(name, words)


def _words(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return redact(text)[:500]


def _stuffed(mail: bytes) -> bytes:
    """Dots at the start of a line doubled (RFC 5321, 4.5.2), the last line ended."""
    stuffed = mail.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
