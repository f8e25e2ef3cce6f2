"""Hold and lift: all, a channel, an account or an article. A hold is in force at the next gate, that is at once."""

from __future__ import annotations

from sharing import models
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.services.entries import ActingFor, write_entry

#: More deliveries than a desk ever has waiting. If there are more, the tickers move the rest.
EVERYTHING = 20_000
SCOPES = ("all", "channel", "account", "article")


def read_scope(text: str) -> tuple[str, str]:
    """Read a scope: `all`, `channel:x`, `account:3` or `article:12`.

    Raises:
        Refusal: `hold.unknown_scope`, or the channel, account or article does not exist.
    """
    scope, _, subject = text.partition(":")
    if scope == "all" and not subject:
        return "all", ""
    if scope == "channel":
        return scope, channel_by_slug(subject).slug
    if scope in {"account", "article"} and subject.isdecimal():
        rows = models.Account.objects if scope == "account" else models.Article.objects
        if not rows.filter(pk=int(subject)).exists():
            raise Refusal(f"{scope}.unknown", field="scope", status=404, id=subject)
        return scope, str(int(subject))
    raise Refusal("hold.unknown_scope", field="scope", scope=text[:60])


def hold(scope: str, reason: str, acting: ActingFor) -> models.Switch:
    """Hold a scope: nothing in it passes the last gate from now on, and what is due moves to `held`.

    Raises:
        Refusal: `hold.no_reason`, `hold.on_already`, and those of `read_scope`.
    """
    kind, subject = read_scope(scope)
    if not reason.strip():
        raise Refusal("hold.no_reason", field="reason")
    switch, made = models.Switch.objects.get_or_create(
        scope=kind, subject=subject, defaults={"by": acting.name, "reason": reason[:1000]}
    )
    if not made:
        raise Refusal("hold.on_already", field="scope", status=409, by=switch.by, at=switch.on_at)
    write_entry(None, acting, "hold", scope, reason)
    moves.hold_what_may_not_go(actor=acting.actor, most=EVERYTHING)
    return switch


def lift(scope: str, acting: ActingFor) -> int:
    """Lift a hold. What it held goes on if it is still news. Returns how many deliveries go on.

    Raises:
        Refusal: `hold.not_on`, and those of `read_scope`.
    """
    kind, subject = read_scope(scope)
    gone, _ = models.Switch.objects.filter(scope=kind, subject=subject).delete()
    if not gone:
        raise Refusal("hold.not_on", field="scope", status=409)
    write_entry(None, acting, "release", scope)
    moves.expire(actor=acting.actor, most=EVERYTHING)
    return len(moves.let_go(actor=acting.actor, most=EVERYTHING))
