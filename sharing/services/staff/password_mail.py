"""A new one-time link by mail, for people who forgot their password; only where the desk has a relay."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

import structlog
from django.db.models import Q

from sharing import models
from sharing.domain.outcomes import Failure
from sharing.net.smtp import Relay, submit
from sharing.services.runtime import runtime
from sharing.services.staff import people

log = structlog.get_logger()
#: One link per person in so long: nobody fills a colleague's inbox.
PAUSE = timedelta(minutes=5)
_WORDS = {
    "ko": (
        "공유 데스크: 새 비밀번호",
        (
            "{name} 이름으로 비밀번호를 다시 정하는 한 번짜리 링크다. 사흘 동안 쓸 수 있다.\n\n{link}\n\n"
            "요청한 적이 없으면 그대로 둔다. 바뀌는 것은 없다.\n"
        ),
    ),
    "en": (
        "Share desk: a new password",
        (
            "A one-time link that lets {name} choose a new password. It lasts three days.\n\n{link}\n\n"
            "If you did not ask for it, leave it. Nothing changes.\n"
        ),
    ),
}


def possible() -> bool:
    """Whether this desk sends mail of its own."""
    return bool(runtime().live.smtp)


def send(who: str) -> None:
    """Mail a link to the person of this name or address, if there is one with an address. Says nothing of it."""
    person = models.Person.objects.filter(
        Q(name__iexact=who.strip()) | Q(email__iexact=who.strip()), is_active=True
    ).first()
    if person is None or not person.email or _sent_just_now(person):
        return
    letter = _letter(person, people.sign_in_link(person))
    # In a thread: how long the answer takes must not tell whether somebody is known.
    threading.Thread(target=_submit, args=(letter, person.email), daemon=True).start()


def _sent_just_now(person: models.Person) -> bool:
    young = datetime.now(UTC) + people.LINK_LASTS - PAUSE
    return models.SignInLink.objects.filter(person=person, used_at=None, expires_at__gt=young).exists()


def _letter(person: models.Person, link: str) -> EmailMessage:
    subject, text = _WORDS["en" if person.language == "en" else "ko"]
    host = urlsplit(runtime().base_url).hostname or "localhost"
    letter = EmailMessage(policy=policy.SMTP)
    letter["From"] = Address(display_name="Sharedesk", addr_spec=f"no-reply@{host}")
    letter["To"] = Address(addr_spec=str(person.email))
    letter["Subject"] = subject
    letter["Date"] = format_datetime(datetime.now(UTC))
    letter.set_content(text.format(name=person.name, link=link), cte="quoted-printable")
    return letter


def _submit(letter: EmailMessage, to: str) -> None:
    sender = letter["From"].addresses[0].addr_spec
    try:
        relay = Relay.at(runtime().live.smtp)
        submit(relay, letter.as_bytes(policy=policy.SMTP), sender=sender, recipient=to, deadline=30)
    except (Failure, ValueError) as reason:
        log.warning("sign-in link not mailed", reason=type(reason).__name__)
