"""Mutants: each takes one guard out of the product, from outside. The tests must fail for every one of them.

python -m tests.faults mutants            all of them
python -m pytest -p tests.faults.mutated  with MUTANT=name in the environment: one
"""

import dataclasses
import functools
import importlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: The tests of the engine.
ENGINE = (
    "tests/models",
    "tests/services/deliveries/test_edges.py",
    "tests/services/shares/test_changes.py",
    "tests/services/deliveries/test_clocks.py",
    "tests/services/deliveries/test_recording.py",
)
#: The tests of what comes in twice.
TWICE = (
    "tests/services/incoming/test_replays.py",
    "tests/services/incoming/test_ingest_at_once.py",
    "tests/services/deliveries/test_edges.py",
)


@dataclass(frozen=True)
class Mutant:
    """A guard that is taken out, and the paths of the tests that must notice."""

    name: str
    what: str
    patch: Callable[[], None]
    bites: tuple[str, ...] = ENGINE


MUTANTS: dict[str, Mutant] = {}


def mutant(name, what, *bites):
    def keep(patch):
        MUTANTS[name] = Mutant(name, what, patch, bites or Mutant.bites)
        return patch

    return keep


def _module(path):
    return importlib.import_module(path)


def _everywhere(path, name, new):
    """Replace a function where it is defined and wherever it was imported by name."""
    import sys

    old = getattr(_module(path), name)
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith(("sharing", "workers")):
            for attribute, value in list(vars(module).items()):
                if value is old:
                    setattr(module, attribute, new)


def _without(old, new="", *, only=None):
    """Take a piece out of every move's UPDATE; `only`: a piece that marks the UPDATE that is meant."""
    sql = _module("sharing.models.moves.sql")
    for name in ("run", "run_behind"):
        original = getattr(sql, name)

        def patched(*args, original=original, name=name, **kwargs):
            args = list(args)
            at = 0 if name == "run" else 1
            if only is None or only in args[at]:
                args[at] = args[at].replace(old, new)
            return original(*args, **kwargs)

        _everywhere("sharing.models.moves.sql", name, functools.wraps(original)(patched))


@mutant("attempt", "compare-and-set without the attempt number")
def _():
    _without(" AND attempt_no = %(attempt_no)s")


@mutant("state", "compare-and-set without the state")
def _():
    one = _module("sharing.models.moves.one")
    one._from = lambda ways, to: "1 = 1"


@mutant("what readers have is cancelled", "a cancel that came late takes a live post for unsent")
def _():
    _module("sharing.models.moves.one")._ONLY_WHERE.clear()


def _gate_without(piece):
    claim = _module("sharing.models.moves.claim")
    original = claim.run

    def patched(update, facts, **kwargs):
        if "state = 'sending'" in update:
            assert piece(update) != update, "this mutant no longer applies"
            update = piece(update)
        return original(update, facts, **kwargs)

    claim.run = patched


@mutant("last gate", "the last gate looks at nothing but the row's number")
def _():
    def piece(update):
        head, _, rest = update.partition(" AND attempt_no")
        return head + " RETURNING" + rest.partition(" RETURNING")[2]

    _gate_without(piece)


@mutant("gate: switches", "a hold is not looked at when something is sent")
def _():
    conditions = _module("sharing.models.moves.conditions")
    no_hold = conditions.holds_sql(conditions.NO_HOLD, "sharing_delivery")
    _gate_without(lambda update: update.replace(f" AND {no_hold}", ""))


@mutant("gate: hash", "what was approved is not compared with what is sent")
def _():
    _gate_without(
        lambda update: update.replace("sharing_delivery.approved_hash = %(hash)s", "%(hash)s = %(hash)s")
    )


@mutant("gate: withdrawal", "a withdrawn article passes the gate")
def _():
    _gate_without(lambda update: update.replace("t.withdrawn_at IS NULL", "1 = 1"))


@mutant("gate: change", "a change on its way to a delivery does not stop it")
def _():
    _gate_without(
        lambda update: update.replace(" AND sharing_delivery.article_hash IN ('', t.data_hash)", "")
    )


@mutant("two absences", "one absence is enough")
def _():
    _module("sharing.domain.delivery").ABSENCES = 1


@mutant("settle", "an absence counts at once")
def _():
    timings = _module("sharing.domain.timings").Timings
    timings.look_from = property(lambda self: timedelta(0))


@mutant("read errors", "a read that failed counts as an absence")
def _():
    look_up = _module("sharing.services.deliveries.look_up")
    rows = _module("sharing.models").Delivery.objects
    look_up._could_not_read = lambda look, reason, actor: look_up._absent(rows.get(pk=look.id), look, actor)


@mutant("look lease", "a look that took too long counts beside the one that overtook it")
def _():
    look_ups = _module("sharing.models.moves.look_ups")
    original = look_ups.look_again

    def patched(look, *, seconds, absences):
        from django.db import connection

        from sharing.models.moves.sql import after_sql

        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE sharing_delivery SET check_at = {after_sql('seconds')}, absences = %(absences)s"
                " WHERE id = %(id)s AND state = 'unknown'",
                {"id": look.id, "seconds": seconds, "absences": absences},
            )
        return True

    assert original
    _everywhere("sharing.models.moves.look_ups", "look_again", patched)


@mutant("inbox key", "the same hook twice is two hooks", *TWICE)
def _():
    door = _module("sharing.services.incoming.admission")
    original = door.let_in
    door.let_in = lambda *given: dataclasses.replace(original(*given), message_id=uuid.uuid4().hex)


@mutant("delivery key", "one article on one account is two deliveries", *TWICE)
def _():
    new = lambda *args: uuid.uuid4().hex  # noqa: E731
    _module("sharing.services.shares.share")
    _everywhere("sharing.services.articles.identity", "dedupe_key", new)


@mutant(
    "repeat of an older one",
    "a repeat may name a delivery that is not the newest",
    "tests/services/shares/test_repeats.py",
    "tests/api/test_shares.py",
)
def _():
    repeats = _module("sharing.services.shares.repeats")

    def named_by(article, accounts, named):
        from sharing import models

        newest = repeats.newest(article.pk)
        rows = models.Delivery.objects.filter(pk__in=named, article=article)
        return {row.account_id: newest[row.account_id] for row in rows}

    repeats.named_by = named_by


@mutant("lease margin", "a send may begin although the lease ends before it")
def _():
    claim, clocks = _module("sharing.models.moves.claim"), _module("sharing.services.clocks")
    _gate_without(lambda update: update.replace(f" AND lease_until > {claim.after_sql('deadline')}", ""))
    _module("sharing.services.deliveries.deliver").clocks = _Still(clocks)


class _Still:
    """The clock of a process that never notices that it slept."""

    def __init__(self, clocks):
        self._clocks = clocks

    def running(self):
        return 0.0

    def __getattr__(self, name):
        return getattr(self._clocks, name)


@mutant("one in flight", "an account's place in flight is not kept")
def _():
    from django.db import connection

    claim = _module("sharing.models.moves.claim")
    original = claim.run
    _everywhere("sharing.models.moves.claim", "room_sql", lambda *args: "1 = 1")

    def without_index(function):
        def patched(*args, **kwargs):
            with connection.cursor() as cursor:
                cursor.execute("DROP INDEX IF EXISTS one_in_flight")
            return function(*args, **kwargs)

        return patched

    assert original
    _everywhere("sharing.models.moves.claim", "claim", without_index(claim.claim))


@mutant("Duplicate to queued", "what a platform calls a duplicate is sent again when it is not found")
def _():
    look_up = _module("sharing.services.deliveries.look_up")
    original = look_up.after_absence
    look_up.after_absence = lambda *, duplicate, **facts: original(duplicate=False, **facts)


@mutant("lease over = queued", "a send whose worker died is sent again, as job queues do")
def _():
    many = _module("sharing.models.moves.many")
    original = many._sweep

    def patched(to, why, condition, *, also="", **kwargs):
        if to.value == "unknown":
            to, also = type(to)("queued"), ""
        return original(to, why, condition, also=also, **kwargs)

    many._sweep = patched


@mutant(
    "retry in the HTTP adapter",
    "a lost answer is asked for again",
    "tests/net/test_http.py",
    "tests/channels",
)
def _():
    http = _module("sharing.net.http")
    original = http.run

    def patched(request, exchange, *, limit):
        try:
            return original(request, exchange, limit=limit)
        except Exception:  # noqa: BLE001 - that is the mutant
            return original(request, exchange, limit=limit)

    http.run = patched


@mutant(
    "a 5xx is asked again", "an error is taken for 'not sent'", "tests/net/test_http.py", "tests/channels"
)
def _():
    http = _module("sharing.net.http")
    original = http.send

    def patched(call):
        answer = original(call)
        return original(call) if answer.status >= 500 else answer

    http.send = patched


CRASHES = "tests/faults/crash_points.py"


@mutant(
    "half a reply of SMTP",
    "a mail relay's reply that was cut off is believed",
    f"{CRASHES}::test_the_crash_table_holds[mail-half after]",
    "tests/net/test_smtp.py",
)
def _():
    import smtplib

    smtp = _module("sharing.net.smtp")
    smtp._Conversation.getreply = smtplib.SMTP.getreply
    smtp._Conversation._nothing_was_said = lambda self: None


@mutant(
    "sent again without end",
    "what ends unclear is sent again each time it is absent",
    f"{CRASHES}::test_a_platform_that_loses_every_answer_gets_no_series_of_posts",
    "tests/services/deliveries/test_sent_again.py",
)
def _():
    look_up, one = _module("sharing.services.deliveries.look_up"), _module("sharing.models.moves.one")
    original = look_up.after_absence
    look_up.after_absence = lambda *, sent_again, **facts: original(sent_again=False, **facts)
    one._ONLY_WHERE.pop((_module("sharing.domain.delivery").State.UNKNOWN, "queued"))


@mutant(
    "a post without a marker is none",
    "a post that may be ours counts as absent",
    f"{CRASHES}::test_a_platform_that_loses_every_answer_gets_no_series_of_posts",
    "tests/channels/test_find.py",
)
def _():
    _everywhere("sharing.channels.likeness", "is_alike", lambda *args, **facts: False)


@mutant("foreign post adopted", "a post that belongs to another delivery counts as found")
def _():
    _module("sharing.services.deliveries.look_up")._belongs_to_another = lambda row, seen: False


@mutant("embargo before prepare", "what is under embargo is prepared, and stopped only at the gate")
def _():
    claim = _module("sharing.models.moves.claim")
    original = claim.claim
    may_go = claim.may_go_sql

    def patched(*args, **kwargs):
        def open_(row):
            sql = may_go(row)
            begin, end = sql.index(f" AND ({row}.embargo_until"), sql.index(f" AND ({row}.expires_at")
            return sql[:begin] + sql[end:]

        claim.may_go_sql = open_
        try:
            return original(*args, **kwargs)
        finally:
            claim.may_go_sql = may_go

    _everywhere("sharing.models.moves.claim", "claim", patched)


@mutant("the machine's clock", "embargoes and looks are judged by the worker's own clock")
def _():
    _everywhere("sharing.models.moves.sql", "now", lambda: datetime.now(UTC))


@mutant("clock jump", "a claim after a jump of the clock goes out")
def _():
    _module("sharing.services.clocks").Watch.jumped = lambda self, at, *, asked: 0.0


@mutant("late receipt", "an answer after the lease is thrown away")
def _():
    record = _module("sharing.services.deliveries.record")
    record.Why = _NoLate(record.Why)


class _NoLate:
    def __init__(self, why):
        self._why = why

    def __getattr__(self, name):
        return getattr(self._why, "RECEIPT" if name == "LATE_RECEIPT" else name)


@mutant("written once", "a result that the database does not take at once is lost")
def _():
    persistence = _module("sharing.services.write_until_stored")
    persistence.write = lambda act, *, ends: bool(act()) or True


@mutant(
    "late bytes",
    "bytes leave after the deadline",
    "tests/net/test_deadline.py",
    "tests/net/test_http.py",
    "tests/services/deliveries/test_recording.py",
)
def _():
    _module("sharing.net.exchange").Exchange.still_in_time = lambda self: None
