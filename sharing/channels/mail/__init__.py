"""Mail to a mailing list: one message to the list's address, handed to the SMTP relay (RFC 5321, 5322)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Any
from urllib.parse import urlsplit

from sharing.channels.base import Channel
from sharing.channels.declared import Limits
from sharing.channels.mail import words as wording
from sharing.domain.account import Account, mail_address, same_mailbox
from sharing.domain.article import Article
from sharing.domain.message import Message, Part, Prepared, Preview, Teaser
from sharing.domain.outcomes import Achieved, Receipt, Rejected, Unavailable
from sharing.domain.room import Field
from sharing.net.smtp import Relay, submit
from sharing.wording import catalogue
from sharing.words.cut import fit


class Mail(Channel):
    """A mail with subject, lead and link, as plain text and as HTML."""

    slug = "mail"
    label = "Mail"
    limits = Limits(text=None)
    korean = "메일"
    order = 40
    glyph = "g-m"
    utm = ("newsletter", "email")
    fields = (
        Field(name="subject", english="Mail subject", korean="메일 제목", one_line=True),
        Field(name="text", english="Mail lead", korean="메일 첫머리"),
    )
    shows_picture = True
    achieves = Achieved.SENT
    practice_name = "Morning letter (practice)"
    secrets = ("from",)

    def canonical_id(self, remote_id: str) -> str:
        return mail_address(remote_id)

    def id_key(self, remote_id: str) -> str:
        return same_mailbox(remote_id)

    def fit(self, words: str, *, korean: bool) -> str:
        subject, mark, lead = words.partition("\n")
        return f"{wording.subject(subject, korean=korean)}{mark}{fit(lead, wording.LEAD_LIMIT)}"

    def practice_id(self, number: str, desk: str) -> str:
        return f"letters-{number[:6]}@list.example"

    def practice_secrets(self) -> Mapping[str, str]:
        return {"from": "Mulbit Daily <news@mulbit.example>"}

    def registration(
        self, secrets: Mapping[str, str], *, desk: str, account: int, origins: Sequence[str]
    ) -> Mapping[str, Any]:
        return {}  # the sandbox's relay accepts mail without registration

    def compose(self, article: Article, teaser: Teaser, account: Account, link: str) -> Message:
        words = wording.compose(article, teaser)
        plain = "\n\n".join(each for each in (words.lead, link) if each)
        read = catalogue.words("post.read_mail", account.language)
        text = f"{words.subject}\n\n{plain}"
        return Message(
            channel=self.slug,
            text=text,
            link=link,
            image_url=article.image_url,
            length=len(text),
            body={"subject": words.subject, "text": plain, "html": _html(article, words, read, link)},
            card={
                "preheader": words.preheader,
                "headline": article.headline,
                "lead": words.lead,
                "read": read,
            },
        )

    def preview(self, message: Message) -> Preview:
        card = message.card
        return Preview(
            channel=self.slug,
            parts=(
                Part(name="subject", words=message.body["subject"]),
                Part(name="preheader", words=card["preheader"], editable=False),
                Part(name="headline", words=card["headline"], editable=False),
                Part(name="text", words=card["lead"]),
                Part(name="button", words=card["read"], editable=False),
            ),
            link=message.link,
            image_url=message.image_url,
            length=message.length,
            limit=message.limit,
        )

    def prepare(self, message: Message, account: Account, marker: str) -> Prepared:
        if not account.endpoints.smtp:
            raise Unavailable("mail.no_relay")
        return Prepared(message=message, marker=marker)

    def deliver(self, prepared: Prepared, account: Account) -> Receipt:
        sender = account.secret("from") or f"Sharedesk <no-reply@{_host(account)}>"
        try:
            mail = _letter(prepared, account, sender)
            raw = mail.as_bytes(policy=policy.SMTP)
            relay = Relay.at(account.endpoints.smtp)
        except ValueError as error:
            raise Rejected("mail.cannot_be_written", type(error).__name__) from None
        envelope = parseaddr(sender)[1]
        submit(relay, raw, sender=envelope, recipient=account.remote_id, deadline=account.deadline)
        return Receipt(achieved=Achieved.SENT, remote_id=str(mail["Message-ID"]))


def _letter(prepared: Prepared, account: Account, sender: str) -> EmailMessage:
    body = prepared.message.body
    mail = EmailMessage(policy=policy.SMTP)
    name, address = parseaddr(sender)
    mail["From"] = Address(display_name=name, addr_spec=address)
    mail["To"] = Address(addr_spec=account.remote_id)
    mail["Subject"] = body["subject"]
    mail["Date"] = format_datetime(datetime.now(UTC))
    # Made from marker and list address, so a second copy of one delivery would have the same Message-ID.
    digest = hashlib.sha256(f"{prepared.marker}|{account.remote_id}".encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{digest}@{_host(account)}>"
    mail.set_content(body["text"] + "\n", cte="quoted-printable")
    mail.add_alternative(body["html"], subtype="html", cte="quoted-printable")
    return mail


def _html(article: Article, words: wording.MailWords, read: str, link: str) -> str:
    """Write the HTML part: one column that every mail program shows. No script, remote picture or tracking pixel."""
    preheader = (
        f'<div style="display:none;max-height:0;overflow:hidden">{escape(words.preheader)}</div>'
        if words.preheader
        else ""
    )
    lead = "".join(f"<p>{escape(part)}</p>" for part in words.lead.split("\n\n") if part)
    button = (
        f'<p><a href="{escape(link)}" style="display:inline-block;padding:9px 18px;border-radius:6px;'
        f'background:#181C21;color:#ffffff;text-decoration:none">{escape(read)}</a></p>'
    )
    return (
        f'<!doctype html><html lang="{escape(article.language or "ko")}"><head><meta charset="utf-8">'
        f"<title>{escape(words.subject)}</title></head>"
        '<body style="margin:0;padding:24px;color:#1B1D20;font:16px/1.5 sans-serif;word-break:keep-all">'
        f'{preheader}<div style="max-width:560px"><h1 style="font-size:18px;line-height:1.4">'
        f"{escape(article.headline)}</h1>{lead}{button}</div></body></html>\n"
    )


def _host(account: Account) -> str:
    return urlsplit(account.endpoints.desk).hostname or "localhost"
