"""Notices: what people must know, told once. The cause ends a notice, or a person closes it with a reason.

A notice that a person closed stays a row that is not over while its cause holds: the next check finds it and
tells nothing. Something new of the same kind and subject (`Kind.each`) makes a new notice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from sharing import models
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.services import ids
from sharing.services.entries import ActingFor, write_entry

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    `each`: the fact that lists the things the notice is about. One that was not in the list before is a new
    occurrence: it tells again where a person closed the notice. Without it, the notice is about a condition, and
    only a condition that ended and began again tells again.
    `adds`: a check names only what it has just found; earlier things stay in the notice.
    """

    each: str = ""
    adds: bool = False


#: Every kind, worst for readers first. A kind also needs a sentence in `wording/notices.toml`.
KINDS: dict[str, Kind] = {
    "double": Kind("posts", adds=True),
    "withdrawn": Kind("live"),
    "unexplained": Kind("deliveries"),
    "stuck": Kind("deliveries"),
    "clock": Kind("deliveries"),
    "outage": Kind(),
    "hook_failed": Kind("hooks", adds=True),
    "feed": Kind(),
    "named_gone": Kind("gone"),
    "wrong_signatures": Kind(),
}
_ORDER = {kind: place for place, kind in enumerate(KINDS)}

#: How to find the desk of a subject such as `article:12`: rows, the column that the subject names, and the desk's
#: column. A subject of another form, or none, is about the whole machine.
_OF_A_DESK: dict[str, tuple[QuerySet[Any], str, str]] = {
    "account": (models.Account.objects.all(), "pk", "desk_id"),
    "article": (models.Article.objects.all(), "pk", "desk_id"),
    "delivery": (models.Delivery.objects.all(), "pk", "desk_id"),
    "desk": (models.Desk.objects.all(), "name", "pk"),
    "rule": (models.Rule.objects.all(), "pk", "source__desk_id"),
    "share": (models.Share.objects.all(), "pk", "desk_id"),
    "source": (models.Source.objects.all(), "name", "desk_id"),
}
#: Most characters of one fact.
_LONGEST = 2000
#: Number of ids or names that one line of the log shows.
_LOGGED = 20


# -- telling ----------------------------------------------------------------------------------------------


def tell(kind: str, subject: str, facts: Mapping[str, Any]) -> bool:
    """Open a notice, unless the same was told already or a person closed it. Returns whether it is new.

    An open notice takes the newest facts.
    """
    subject, facts = subject[:100], {name: _clean(value) for name, value in facts.items()}
    row, new = models.Notice.objects.get_or_create(
        kind=kind, subject=subject, over_at=None, defaults={"facts": facts}
    )
    if not new:
        new = _told_before(row.pk, KINDS.get(kind, Kind()), facts)
    if new:
        shown = {f"fact_{name}": _short(value) for name, value in facts.items()}
        log.error("notice", kind=kind, subject=subject, **shown)
    return new


def _told_before(pk: int, kind: Kind, facts: Mapping[str, Any]) -> bool:
    """Renew the facts of a notice; where a person closed it and there is something new, open another."""
    with transaction.atomic():
        row = models.Notice.objects.select_for_update().get(pk=pk)
        before, now = _things(row.facts, kind), _things(facts, kind)
        more = [each for each in now if each not in before]
        if row.closed and more:
            models.Notice.objects.filter(pk=pk).update(over_at=Now())
            fresh = {**facts, kind.each: more} if kind.adds else dict(facts)
            models.Notice.objects.get_or_create(
                kind=row.kind, subject=row.subject, over_at=None, defaults={"facts": fresh}
            )
            return True
        closed = {models.Notice.CLOSED: row.closed} if row.closed else {}
        added = {kind.each: before + more} if kind.adds else {}
        row.facts = {**facts, **added, **closed}
        row.save(update_fields=["facts"])
    return False


def _things(facts: Mapping[str, Any], kind: Kind) -> list[Any]:
    return list(facts.get(kind.each, ())) if kind.each else []


def _clean(value: Any) -> Any:
    """Return a fact as both databases can keep it."""
    if isinstance(value, str):
        return moves.clean(value, _LONGEST)
    return [_clean(each) for each in value] if isinstance(value, list) else value


def _short(value: Any) -> Any:
    return value[:_LOGGED] if isinstance(value, list) else value


# -- ending -----------------------------------------------------------------------------------------------


def over(kind: str, *, still: Collection[str] = ()) -> int:
    """End every notice of this kind whose subject is not in `still`. Returns how many."""
    rows = models.Notice.objects.filter(kind=kind, over_at=None).exclude(subject__in=list(still))
    return rows.update(over_at=Now())


def over_for(kind: str, subject: str) -> bool:
    """End the notice of this kind and subject. Returns whether there was one."""
    rows = models.Notice.objects.filter(kind=kind, subject=subject[:100], over_at=None)
    return bool(rows.update(over_at=Now()))


def keep_only(kind: str, left: Mapping[str, Collection[Any]]) -> None:
    """End the notices of this kind that have nothing left; remove from the others what is no longer in `left`.

    `left`: subject -> the things that the notice is still about.
    """
    over(kind, still=[subject for subject, things in left.items() if things])
    each = KINDS[kind].each
    with transaction.atomic():
        for row in _holding().filter(kind=kind).select_for_update():
            kept = [thing for thing in row.facts.get(each, ()) if thing in left[row.subject]]
            if kept and len(kept) < len(row.facts[each]):
                row.facts[each] = kept
                row.save(update_fields=["facts"])


def over_without_subject() -> int:
    """End every notice whose subject was deleted. Returns how many."""
    rows = list(_holding())
    known = desks_of(rows)
    gone = [row.pk for row in rows if row.pk not in known]
    return models.Notice.objects.filter(pk__in=gone).update(over_at=Now()) if gone else 0


def close(row: models.Notice, acting: ActingFor, reason: str) -> None:
    """Close a notice in a person's name. Its cause may still hold; the same facts are not told again.

    Raises:
        Refusal: `notice.no_reason`, `notice.over` (409), `notice.closed` (409).
    """
    if not reason.strip():
        raise Refusal("notice.no_reason", field="reason")
    with transaction.atomic():
        kept = models.Notice.objects.select_for_update().get(pk=row.pk)
        if kept.over_at:
            raise Refusal("notice.over", field="notice", status=409, id=kept.pk)
        if kept.closed:
            raise Refusal("notice.closed", field="notice", status=409, id=kept.pk, by=kept.closed["by"])
        at = datetime.now(UTC).isoformat()
        kept.facts[models.Notice.CLOSED] = {"by": acting.name, "reason": reason.strip()[:1000], "at": at}
        kept.save(update_fields=["facts"])
        write_entry(desks_of([kept]).get(kept.pk), acting, "close", f"notice:{kept.pk}", reason.strip())


# -- reading ----------------------------------------------------------------------------------------------


def open_notices(desk: models.Desk | None = None) -> list[models.Notice]:
    """Return the open notices, worst for readers first, then oldest first.

    With `desk`: those about the desk and those about the whole machine.
    """
    rows = [row for row in _holding() if not row.closed]
    if desk:
        # A notice whose subject was deleted belongs to no desk; the next chore ends it.
        of = desks_of(rows)
        rows = [row for row in rows if of.get(row.pk, -1) in {None, desk.pk}]
    return sorted(rows, key=lambda row: _ORDER.get(row.kind, len(_ORDER)))


def find(text: str, desk: models.Desk | None = None) -> models.Notice:
    """Find a notice by its number; with `desk`, only one that the desk sees.

    Raises:
        Refusal: `notice.unknown` (404).
    """
    row = models.Notice.objects.filter(pk=ids.number(text) or 0).first()
    if row is None or (desk and desks_of([row]).get(row.pk, -1) not in {None, desk.pk}):
        raise Refusal("notice.unknown", field="notice", status=404, id=text[:60])
    return row


def things(kind: str) -> dict[str, list[Any]]:
    """Map each subject to what its notice of this kind is about. Includes notices that a person closed."""
    return {row.subject: _things(row.facts, KINDS[kind]) for row in _holding().filter(kind=kind)}


def desks_of(rows: Iterable[models.Notice]) -> dict[int, int | None]:
    """Map each notice to the id of its desk, or to None for the whole machine.

    A notice whose subject was deleted is left out.
    """
    found: dict[int, int | None] = {}
    by_noun: dict[str, dict[int, str]] = {}
    for row in rows:
        noun, _, name = row.subject.partition(":")
        if noun in _OF_A_DESK and name:
            by_noun.setdefault(noun, {})[row.pk] = name
        else:
            found[row.pk] = None
    for noun, names in by_noun.items():
        subjects, key, desk = _OF_A_DESK[noun]
        wanted = {name: name if key != "pk" else ids.number(name) or 0 for name in names.values()}
        known = dict(subjects.filter(**{f"{key}__in": set(wanted.values())}).values_list(key, desk))
        found |= {pk: known[wanted[name]] for pk, name in names.items() if wanted[name] in known}
    return found


def _holding() -> QuerySet[models.Notice]:
    """Notices whose cause has not ended, whether a person closed them or not."""
    return models.Notice.objects.filter(over_at=None).order_by("since", "pk")
