"""One SMTP conversation that knows how far it got.

If the connection ends before the final dot, the mail is certainly not sent. If it ends between the final dot and the
server's 250, the mail may be sent, and sending it again may send it twice (RFC 1047). `smtplib.sendmail` cannot tell
the two cases apart, and it accepts a reply that was cut off, such as `25`, as a code.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sharing.domain.outcomes import AccountStopped, Ambiguous, Failure, Rejected, Unavailable
from sharing.net.exchange import Exchange, in_force
from sharing.net.redact import redact

#: One line of a reply (RFC 5321, 4.2): a code, a hyphen if more lines follow (else a space), text.
_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])([^\r\n\0]*))?\r\n")
#: Most bytes of a line and most lines of a reply. RFC 5321, 4.5.3.1.5 allows 512 bytes; some servers send more.
LONGEST_LINE, MOST_LINES = 8192, 100


class UnreadableReply(smtplib.SMTPException):
    """The server sent something that is not a whole reply, or sent a reply before our command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The mail relay, from an address like `smtp://user:password@host:587?tls=1` or `smtps://…`."""

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
        """Read the relay from an EMAIL_URL.

        Raises:
            ValueError: `url` is not an smtp:// or smtps:// address.
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
    """Send one message for one recipient to the relay, and return the text of the relay's reply.

    Args:
        relay: the mail relay.
        mail: the whole message with CRLF line ends.
        sender: the envelope's sender.
        recipient: the recipient. Only one, so that success is never partial.
        deadline: time-out of the whole conversation, in seconds.

    Raises:
        Unavailable, AccountStopped, Rejected: the relay certainly did not accept it.
        Ambiguous: the final dot was sent, and no clear reply came.
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
            unreadable = isinstance(error, UnreadableReply)
            if talk.dot_went_out:
                raise Ambiguous("smtp.unreadable" if unreadable else "smtp.no_answer", kind) from None
            code = "smtp.unreadable" if unreadable else "smtp.connection"
            raise Unavailable("net.deadline" if exchange.over else code, kind) from None
        finally:
            talk.close()


class _Conversation(smtplib.SMTP):
    """The SMTP commands of smtplib on a connection that the exchange opens and may close.

    `getreply` below reads every reply, also those to smtplib's own commands (EHLO, STARTTLS, AUTH).
    """

    def __init__(self, exchange: Exchange, relay: Relay) -> None:
        super().__init__(timeout=exchange.left())
        self.exchange = exchange
        self.relay = relay
        self.dot_went_out = False
        self._unread = b""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        del timeout
        sock = self.exchange.connect(host, port)
        if self.relay.tls_from_start:
            return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        return sock

    def hold(self, mail: bytes, sender: str, recipient: str) -> str:
        relay = self.relay
        self._host = relay.host  # smtplib uses this name in the TLS handshake
        self._expect(self.connect(relay.host, relay.port), 220)
        self.ehlo_or_helo_if_needed()
        if relay.start_tls:
            self._expect(self.starttls(context=ssl.create_default_context()), 220)
            self.ehlo_or_helo_if_needed()
        if relay.user:
            self._sign_in()
        self._expect(self.mail(sender, [f"SIZE={len(mail)}"] if self.has_extn("size") else []), 250)
        self._expect(self.rcpt(recipient), 250, 251)
        self._expect(self.docmd("DATA"), 354)
        self.send(_stuffed(mail))
        words = self._end_the_letter()
        with suppress(OSError, smtplib.SMTPException, ValueError):
            self.docmd("QUIT")  # the mail is accepted, whatever the reply to QUIT is
        return words

    def _sign_in(self) -> None:
        try:
            self.login(self.relay.user, self.relay.password)
        except smtplib.SMTPAuthenticationError as error:
            code, words = f"smtp.{error.smtp_code}", _words(error.smtp_error)
            if 500 <= error.smtp_code < 600:
                raise AccountStopped(code, words) from None
            raise Unavailable(code, words) from None  # 4yz is temporary (RFC 4954, 6); others say nothing

    def _end_the_letter(self) -> str:
        """Send the final dot and read the reply. Its first digit decides (RFC 5321, 4.2.1)."""
        if self._more() is not None:
            raise UnreadableReply(
                "a reply before the final dot"
            )  # else we would take it as the reply to the dot
        self.exchange.still_in_time()
        self.dot_went_out = True
        self.send(b".\r\n")
        code, said = self.getreply()
        words = _words(said)
        if code < 300:
            return words
        if code < 400:
            raise Ambiguous(f"smtp.{code}", words)
        if self._unread or self._more():
            raise UnreadableReply("more than one reply to the final dot")
        self.dot_went_out = False  # the server refused the mail, so the result is certain
        raise _failure(code, words)

    def _expect(self, reply: tuple[int, bytes], *wanted: int) -> None:
        """Raise a Failure unless the reply has one of the wanted codes. Before the final dot nothing is out."""
        code, words = reply
        if code in wanted:
            return
        raise _failure(code, _words(words))

    def getreply(self) -> tuple[int, bytes]:
        """Read the next whole reply.

        Raises:
            UnreadableReply: a line has the wrong form or another code than the first, or there are too many lines.
            OSError, smtplib.SMTPServerDisconnected: the connection ended before the reply did.
        """
        said: list[bytes] = []
        first = b""
        while len(said) < MOST_LINES:
            line = _LINE.fullmatch(self._line())
            if line is None or first not in {b"", line[1]}:
                raise UnreadableReply("no reply")
            first = line[1]
            said.append((line[3] or b"").strip())
            if line[2] != b"-":
                return int(first), b"\n".join(said)
        raise UnreadableReply("too many lines")

    def _line(self) -> bytes:
        """Read the next line, with its line end."""
        while b"\n" not in self._unread:
            if len(self._unread) > LONGEST_LINE:
                raise UnreadableReply("too long a line")
            more = self._open_socket().recv(4096)
            if not more:
                raise smtplib.SMTPServerDisconnected("the connection ended in a reply")
            self._unread += more
        line, end, self._unread = self._unread.partition(b"\n")
        return line + end

    def send(self, s: Any) -> None:
        """Write to the server.

        Raises:
            UnreadableReply: there is an unread reply already, so we could not tell which command it answers.
        """
        if self._unread:
            raise UnreadableReply("a reply before its command")
        super().send(s)

    def _more(self) -> bytes | None:
        """Read one byte if the server has sent more. Empty: the connection ended; None: it has sent nothing."""
        sock = self._open_socket()
        wait = sock.gettimeout()
        sock.settimeout(0)
        try:
            more = sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        except OSError:
            return b""
        finally:
            sock.settimeout(wait)
        self._unread += more
        return more

    def _open_socket(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.sock


def _failure(code: int, words: str) -> Failure:
    """Return the Failure for a reply with an unwanted code (RFC 5321, 4.2; enhanced codes RFC 3463).

    Only a 5yz code is a permanent refusal. An unexpected 2yz or 3yz code says nothing about the mail.
    """
    name = f"smtp.{code}"
    if code < 500:
        return Unavailable(name, words)
    if code in {530, 534, 535} or words.startswith(("5.7.1 ", "5.7.26", "5.7.515")):
        return AccountStopped(name, words)
    return Rejected(name, words)


def _words(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return redact(text)[:500]


def _stuffed(mail: bytes) -> bytes:
    """Return the mail with each dot at the start of a line doubled (RFC 5321, 4.5.2), and a line end at its end."""
    stuffed = mail.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
