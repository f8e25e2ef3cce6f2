"""Password mail: a new one-time link for people who forgot their password. Needs a mail relay."""

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
from sharing.wording import catalogue

log = structlog.get_logger()
#: Shortest time between two links for one person: nobody can fill a colleague's inbox.
PAUSE = timedelta(minutes=5)


def possible() -> bool:
    """Whether a relay is set, so that Sharedesk can send mail of its own."""
    return bool(runtime().live.smtp)


def send(who: str) -> None:
    """Mail a link to the person with this name or address. The caller does not learn whether there is one."""
    person = models.Person.objects.filter(
        Q(name__iexact=who.strip()) | Q(email__iexact=who.strip()), is_active=True
    ).first()
    if person is None or not person.email or _sent_just_now(person):
        return
    letter = _letter(person, people.sign_in_link(person))
    # In a thread: the time that an answer takes must not tell whether the person exists.
    threading.Thread(target=_submit, args=(letter, person.email), daemon=True).start()


def _sent_just_now(person: models.Person) -> bool:
    young = datetime.now(UTC) + people.LINK_LASTS - PAUSE
    return models.SignInLink.objects.filter(person=person, used_at=None, expires_at__gt=young).exists()


def _letter(person: models.Person, link: str) -> EmailMessage:
    host = urlsplit(runtime().base_url).hostname or "localhost"
    letter = EmailMessage(policy=policy.SMTP)
    letter["From"] = Address(display_name="Sharedesk", addr_spec=f"no-reply@{host}")
    letter["To"] = Address(addr_spec=str(person.email))
    letter["Subject"] = catalogue.words("letter.password_subject", person.language)
    letter["Date"] = format_datetime(datetime.now(UTC))
    text = catalogue.words("letter.password", person.language).format(name=person.name, link=link)
    letter.set_content(text, cte="quoted-printable")
    return letter


def _submit(letter: EmailMessage, to: str) -> None:
    sender = letter["From"].addresses[0].addr_spec
    try:
        relay = Relay.at(runtime().live.smtp)
        submit(relay, letter.as_bytes(policy=policy.SMTP), sender=sender, recipient=to, deadline=30)
    except (Failure, ValueError) as reason:
        log.warning("sign-in link not mailed", reason=type(reason).__name__)
