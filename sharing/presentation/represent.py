"""Shares, deliveries, accounts, sources, hooks and rules as JSON, for the API and the command line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sharing import models
from sharing.channels.registry import channels, room
from sharing.domain.delivery import MOVING, NEEDS_A_HAND, State
from sharing.domain.lanes import FRESH_FOR, Lane
from sharing.domain.message import Message
from sharing.domain.origin import Words
from sharing.intake.signatures import WEAK
from sharing.presentation.states import cause_of
from sharing.services.ids import delivery_id, share_id
from sharing.services.incoming import feeds, hooks, named
from sharing.services.runtime import runtime
from sharing.services.shares.repeats import Skipped
from sharing.services.shares.share import Shared
from sharing.services.shares.style import style_of
from sharing.wording import Sentence, codes, sentence, times, warnings

#: Bytes of a hook's body that are shown.
HOOK_SHOWN = 4000


def shared(result: Shared, language: str) -> dict[str, Any]:
    """Return the answer to a share request."""
    row = result.share
    messages = [
        (Message.load(each.message), each.words == Words.PERSON) for each in row.deliveries.order_by("pk")
    ]
    return {
        "share": share(row, language),
        "skipped": skipped(result.skipped),
        "warnings": warnings(style_of(row.desk), row.article.value, messages, language, room),
    }


def share(row: models.Share, language: str) -> dict[str, Any]:
    """Return a share with its article and deliveries. Ids are strings; times are ISO 8601 in UTC."""
    deliveries = list(row.deliveries.select_related("account").order_by("pk"))
    return {
        "id": share_id(row.pk),
        "url": f"{runtime().base_url}/shares/{share_id(row.pk)}",
        "state": share_state(each.state for each in deliveries),
        "breaking": row.breaking,
        "mode": row.mode,
        "by": row.by,
        "created_at": _iso(row.created_at),
        "article": row.article.value.public(),
        "deliveries": [delivery(each, language) for each in deliveries],
    }


def share_state(states: Iterable[str]) -> str:
    """Sum up the states of a share's deliveries: a need for a person counts first, then movement, then the result."""
    found = {State(each) for each in states}
    if found and found <= {State.DRAFT}:
        return "draft"
    if found & (NEEDS_A_HAND - {State.DRAFT}):
        return "needs_a_hand"
    if found & MOVING:
        return "going_out"
    if State.DRAFT in found:
        return "needs_a_hand"
    if State.DELIVERED in found:
        return "delivered"
    return "retracted" if State.RETRACTED in found else "cancelled"


def delivery(row: models.Delivery, language: str) -> dict[str, Any]:
    """Return a delivery. `detail` says what happened and whether anything is live, `next` what happens next."""
    message = Message.load(row.message)
    said = explain(row, language)
    return {
        "id": delivery_id(row.pk),
        "channel": row.channel,
        "account": str(row.account_id),
        "account_name": row.account.name,
        "mode": row.account.mode,
        "state": row.state,
        "receipt": row.receipt,
        "text": message.text,
        "link": message.link,
        "length": message.length,
        "limit": message.limit,
        "marker": row.marker,
        "permalink": row.permalink,
        "remote_id": row.remote_id,
        "due_at": _iso(row.due_at),
        "attempts": row.attempt_no,
        "code": row.last_code or None,
        "detail": " ".join(part for part in (said.what, said.live) if part),
        "next": said.then,
    }


def skipped(rows: Iterable[Skipped]) -> list[dict[str, Any]]:
    """Return the accounts that were left out because they have the article already."""
    return [
        {
            "account": str(each.account.pk),
            "delivery": delivery_id(each.delivery.pk),
            "share": share_id(each.delivery.share_id),
            "state": each.delivery.state,
            "at": _iso(each.delivery.created_at),
        }
        for each in rows
    ]


def newest(row: models.Delivery) -> dict[str, Any]:
    """Return the delivery that a repeat must name, or that prevents the repeat."""
    return {
        "id": delivery_id(row.pk),
        "account": str(row.account_id),
        "share": share_id(row.share_id),
        "state": row.state,
        "at": _iso(row.created_at),
        "by": row.share.by,
    }


def explain(row: models.Delivery, language: str) -> Sentence:
    """Say in words what happened to a delivery, whether anything is live, and what comes next."""
    zone = ZoneInfo(row.zone)
    channel = channels().get(row.channel)
    facts = {
        "platform": channel.name(language) if channel else row.channel,
        **{
            name: times.shown(at, zone, language, "exact") if at else ""
            for name, at in (("due", row.due_at), ("embargo", row.embargo_until), ("check", row.check_at))
        },
        "reason": _reason(row, language),
        "limit": FRESH_FOR[Lane(row.lane)],
        "account": row.account_id,
        "channel": row.channel,
        "account_id": row.account.remote_id,
    }
    return sentence(f"{row.state}.{cause_of(row)}", language, facts)


def _reason(row: models.Delivery, language: str) -> str:
    """Return our sentence for the delivery's last code if there is one, else the platform's words."""
    code = f"reason.{row.last_code.replace('.', '_')}"
    if code in codes():
        return str(sentence(code, language))
    return row.last_detail or row.last_code or "?"


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def account(row: models.Account) -> dict[str, Any]:
    """Return an account without its secrets."""
    return {
        "id": str(row.pk),
        "channel": row.channel,
        "remote_id": row.remote_id,
        "name": row.name,
        "mode": row.mode,
        "health": "unhealthy" if row.mode == "sandbox" and not runtime().sandbox_url else row.health,
        "detail": row.health_detail or row.health_code or None,
    }


def source(row: models.Source) -> dict[str, Any]:
    """Return a source without its secrets. `gone` are accounts that the source names but that were removed."""
    feed = models.Feed.objects.filter(source=row).first()
    return {
        "name": row.name,
        "scheme": row.scheme,
        "weak": row.scheme in WEAK,
        "format": row.format,
        "address": row.mapping.get("address"),
        "mapping": row.mapping.get("paths"),
        "date_order": row.mapping.get("date_order"),
        "zone": row.mapping.get("zone"),
        **_named(row),
        "url": f"{runtime().base_url}/hooks/{row.name}" if row.scheme != feeds.SCHEME else None,
        "switched_on": row.switched_on,
        "secrets": [
            {"number": number, "made_at": of.get("made_at"), "until": of.get("until")}
            for number, of in sorted(row.secrets.items())
        ],
        "feed": _feed(feed) if feed else None,
    }


def _feed(row: models.Feed) -> dict[str, Any]:
    return {
        "url": row.url,
        "every": row.every,
        "read_at": _iso(row.read_at),
        "next_at": _iso(row.next_at),
        "failures": row.failures,
        "code": row.last_code or None,
        "hub": row.hub or None,
        "hub_until": _iso(row.hub_until),
    }


def inbound(row: models.Inbound) -> dict[str, Any]:
    """Return a hook and its result."""
    result = row.result or {}
    return {
        "inbound": str(row.pk),
        "source": row.source.name,
        "received_at": _iso(row.received_at),
        "result": result.get("result"),
        **{key: value for key, value in result.items() if key != "result"},
    }


def hook_log(row: models.Inbound, language: str) -> dict[str, Any]:
    """Return a hook for staff: the request, the articles read from it, and the result as a sentence."""
    data = inbound(row)
    code = data.get("code")
    return {
        **data,
        "said": str(sentence(code, language, {"field": "–", **data.get("facts", {})})) if code else None,
        "message_id": row.message_id,
        "headers": row.headers,
        "body": bytes(row.body[:HOOK_SHOWN]).decode("utf-8", "replace"),
        "read": [
            {
                "headline": each.article.headline if each.article else None,
                "url": each.article.address if each.article else None,
                "source_id": each.source_id,
                "event": each.event.value,
                "at": _iso(each.at),
            }
            for each in hooks.readings_of(row)[:20]
        ],
    }


def rule(row: models.Rule) -> dict[str, Any]:
    """Return a rule. A condition that is None fits every article. `gone` has the same meaning as for a source."""
    quiet = row.quiet_from and row.quiet_until and f"{row.quiet_from:%H:%M}-{row.quiet_until:%H:%M}"
    return {
        "id": str(row.pk),
        "source": row.source.name,
        **{name: getattr(row, name) or None for name in models.Rule.FITS},
        **_named(row),
        "does": row.does,
        "auto": row.auto,
        "breaking": row.breaking,
        "delay": row.delay,
        "quiet": quiet or None,
        "template": row.template or None,
        "template_gone": named.template_gone(row),
    }


def _named(row: models.Source | models.Rule) -> dict[str, Any]:
    broken = named.look(row)
    return {
        "accounts": [str(pk) for pk in row.accounts.order_by("pk").values_list("pk", flat=True)],
        "gone": [str(each.pk) for each in broken.gone] if broken else [],
        "shares_nothing": bool(broken and broken.nothing),
    }
