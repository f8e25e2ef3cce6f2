"""The checks of a mail server before it accepts a message, and the message as a reader sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

#: The most octets of a line without its CRLF (RFC 5321 4.5.3.1.6).
LONGEST_LINE = 998
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_ONCE = (
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
)
_MESSAGE_ID = re.compile(r"<[^\s<>@]{1,250}@[^\s<>@]{1,250}>")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u2028\u2029]")
_URL = re.compile(r"https?://[^\s<>\"']+")


class LetterError(ValueError):
    """A message that is refused. The text is the SMTP reply."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as a reader sees it. `text` is subject, blank line and plain part, with LF line ends."""

    subject: str
    plain: str
    link: str | None
    message_id: str
    sender: str
    has_html: bool
    unsubscribe: str
    #: Whether it has 8-bit octets without BODY=8BITMIME. Real relays accept that; RFC 6152 does not allow it.
    undeclared: bool = False

    @property
    def text(self) -> str:
        return f"{self.subject}\n\n{self.plain}"


def read(raw: bytes, *, utf8_headers: bool, eight_bit: bool) -> Letter:
    """Check a message and read it from its octets. Raises LetterError with the SMTP reply."""
    _check_octets(raw, utf8_headers=utf8_headers)
    try:
        message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw)
        _check_headers(message)
        return _letter(message, undeclared=not (raw.isascii() or eight_bit or utf8_headers))
    except (MessageError, LookupError, UnicodeError, AttributeError, TypeError, IndexError) as why:
        # On hostile headers, the standard parser fails with many kinds of exception.
        raise LetterError("550 5.6.0 The message cannot be parsed") from why


def _check_octets(raw: bytes, *, utf8_headers: bool) -> None:
    if _BARE.search(raw):
        raise LetterError("550 5.6.11 A bare CR or LF is not allowed (RFC 5321 2.3.8)")
    if b"\x00" in raw:
        raise LetterError("550 5.6.0 NUL is not allowed")
    if any(len(line) > LONGEST_LINE for line in raw.split(b"\r\n")):
        raise LetterError("550 5.6.0 A line is longer than 998 octets (RFC 5321 4.5.3.1.6)")
    head = raw.partition(b"\r\n\r\n")[0]
    if not head.isascii() and not utf8_headers:
        raise LetterError("550 5.6.7 Headers beyond ASCII need SMTPUTF8")


def _check_headers(message: EmailMessage) -> None:
    if message.defects:
        raise LetterError("550 5.6.0 The head is malformed")
    names = [name.lower() for name in message]
    for name in _ONCE:
        if names.count(name) > 1:
            raise LetterError(f"550 5.6.0 {name} stands twice")
    for name in ("from", "date", "message-id", "subject"):
        if not str(message.get(name, "")).strip():
            raise LetterError(f"550 5.7.1 A message without {name} is not accepted")
    if "bcc" in names:
        raise LetterError("550 5.6.0 Bcc does not leave the sender")
    for name, value in message.items():
        if _CONTROL.search(str(value)):
            raise LetterError(f"550 5.6.0 {name[:60]} holds a control character")
    _check_origin(message)


def _check_origin(message: EmailMessage) -> None:
    """Check the headers of origin: From, Date, Message-ID. Raises LetterError."""
    if not _MESSAGE_ID.fullmatch(str(message["message-id"]).strip()):
        raise LetterError("550 5.7.1 The Message-ID is malformed")
    addresses: tuple[Address, ...] = getattr(message["from"], "addresses", ())
    if len(addresses) != 1 or not addresses[0].username or not addresses[0].domain:
        raise LetterError("550 5.7.1 From must hold one address")
    try:
        parsedate_to_datetime(str(message["date"]))
    except (TypeError, ValueError):
        raise LetterError("550 5.6.0 The Date is malformed") from None


def _letter(message: EmailMessage, *, undeclared: bool) -> Letter:
    plain = _part(message, "plain")
    unsubscribe = str(message.get("list-unsubscribe", ""))
    found = (each.rstrip(".,;:!?)]}»”’") for each in _URL.findall(plain))
    return Letter(
        subject=str(message["subject"]),
        plain=plain,
        link=next((each for each in found if each not in unsubscribe), None),
        message_id=str(message["message-id"]).strip(),
        sender=str(message["from"]),
        has_html=message.get_body(("html",)) is not None,
        unsubscribe=unsubscribe,
        undeclared=undeclared,
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    content = part.get_content()
    if part.defects or not isinstance(content, str):
        raise LetterError("550 5.6.0 The plain part cannot be decoded")
    return content.replace("\r\n", "\n").rstrip("\n")
