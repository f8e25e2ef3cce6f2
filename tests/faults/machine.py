"""F30: random sequences of everybody at once (staff, hooks, workers, crashes, the clock) against the invariants.

    MACHINE_EXAMPLES=10000 python -m pytest tests/faults/machine.py

Time passes by moving every time in the database back, so that an hour costs nothing. A worker's send is cut open:
what happens while it prepares, while it sends and after the platform has taken it is drawn like everything else.
"""

import contextlib
import copy
import dataclasses
import os
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from sharing import models
from sharing.channels import registry
from sharing.domain.delivery import EDGES, MOVING, State
from sharing.domain.lanes import Lane
from sharing.domain.message import Teaser
from sharing.domain.outcomes import (
    Unavailable,
)
from sharing.domain.refusal import Refusal
from sharing.intake.reading import Event
from sharing.models import moves
from sharing.services.articles import keep
from sharing.services.articles.identity import names_of
from sharing.services.articles.keep import ArticleReport
from sharing.services.articles.status import StatusReport
from sharing.services.decisions import hold, resolve
from sharing.services.deliveries import deliver, look_up, sweeps
from sharing.services.runtime import runtime
from sharing.services.shares import follow as following
from sharing.services.shares.share import AlreadyShared, ShareRequest, share
from tests.faults.accounting import NOT_OUT
from tests.faults.hours import empty, shift
from tests.faults.platform import ANSWERS, LAGS, Platform
from tests.faults.points import Killed
from tests.given import CHO, a_desk, an_account, an_article, sweep

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "40"))
STEPS = int(os.environ.get("MACHINE_STEPS", "30"))
#: Making a failure small takes long; a hunt for mutants only wants to know.
PHASES = [Phase.generate] if os.environ.get("MUTANT") else [Phase.generate, Phase.shrink]

DEATHS = st.sampled_from([None, None, None, "prepare", "send", "answer", "record"])
MEANWHILE = [
    "hold", "release", "change", "withdraw", "cancel", "seconds", "lease", "look", "decide", "tick", "drain",
    "drain and die",
]  # fmt: skip


class Everybody(RuleBasedStateMachine):
    """The desk and everything around it."""

    deliveries = Bundle("deliveries")
    #: Deliveries as somebody's screen showed them some time ago.
    pages = Bundle("pages")

    @initialize()
    def open_the_desk(self):
        empty()
        self.platform = PLATFORM
        self.platform.__init__()
        self.desk = a_desk()
        self.accounts = [an_account(self.desk) for _ in range(2)]
        self.attempts = {}
        self.excused = set()
        self.version = 0
        self.dies = False

    # -- staff and hooks -----------------------------------------------------------------------------------

    @rule(
        target=deliveries,
        breaking=st.booleans(),
        own_words=st.booleans(),
        draft=st.booleans(),
        minutes=st.sampled_from([None, None, 1, 30]),
        embargo=st.sampled_from([None, None, 1, 30]),
        both=st.booleans(),
    )
    def somebody_shares(self, breaking, own_words, draft, minutes, embargo, both):
        now = moves.now()
        requested = ShareRequest(
            article=an_article(),
            accounts=self.accounts if both else self.accounts[:1],
            breaking=breaking,
            as_draft=draft,
            teasers={"scripted": Teaser(words="A person's own words")} if own_words else {},
            at=now + timedelta(minutes=minutes) if minutes else None,
            embargo_until=now + timedelta(minutes=embargo) if embargo else None,
        )
        return share(self.desk, requested, CHO).share.deliveries.order_by("pk").first().pk

    @rule(pk=deliveries)
    def somebody_shares_it_again(self, pk):
        article = models.Delivery.objects.get(pk=pk).article.value
        with contextlib.suppress(AlreadyShared, Refusal):
            share(self.desk, ShareRequest(article=article, accounts=self.accounts), CHO)

    @rule(pk=deliveries, embargo=st.sampled_from([None, 0, 20]), follow=st.booleans())
    def its_article_changes(self, pk, embargo, follow):
        self.change(pk, embargo, follow=follow)

    def change(self, pk, embargo, *, follow):
        row = models.Delivery.objects.select_related("article").get(pk=pk)
        self.version += 1
        until = moves.now() + timedelta(minutes=embargo) if embargo else None
        new = dataclasses.replace(
            row.article.value, headline=f"Version {self.version} of the night buses", embargo_until=until
        )
        with transaction.atomic():
            kept, changed = keep.keep(self.desk, new)
        if changed and follow:  # else the process died between the commit and this line
            following.follow(kept, CHO.actor)

    @rule(pk=deliveries, follow=st.booleans())
    def its_article_is_withdrawn(self, pk, follow):
        article = models.Delivery.objects.get(pk=pk).article
        if follow:
            following.withdraw(article, CHO.actor)
        else:
            with transaction.atomic():
                keep.apply(
                    self.desk,
                    names_of(article.value),
                    ArticleReport(article=None, status=StatusReport(Event.UNPUBLISHED)),
                )

    @rule(target=pages, pk=deliveries)
    def somebody_opens_a_page(self, pk):
        return models.Delivery.objects.select_related("account__desk").get(pk=pk)

    @rule(
        page=pages,
        what=st.sampled_from(["approve", "cancel", "cancel", "again", "release", "take_over", "drop"]),
    )
    def a_person_acts(self, page, what):
        self.act(copy.copy(page), what)

    def act(self, row, what):
        act = {
            "approve": lambda: resolve.approve(row, CHO, seen=row.approved_hash),
            "cancel": lambda: resolve.cancel(row, CHO),
            "again": lambda: resolve.again(row, CHO),
            "release": lambda: resolve.let_go(row, CHO),
            "take_over": lambda: resolve.take_over(row, CHO),
            "drop": lambda: resolve.drop(row, "no longer", CHO),
        }[what]
        with contextlib.suppress(Refusal):
            act()
            if what == "drop":
                self.excused.add(row.pk)  # what a person drops from review may be live: they were told

    @rule(pk=deliveries)
    def a_person_decides_and_tells_the_truth(self, pk):
        row = models.Delivery.objects.get(pk=pk)
        out = row.marker in self.platform.published
        with contextlib.suppress(Refusal):
            if out:
                resolve.is_there(row, f"https://p.example/{row.marker}", CHO)
            else:
                resolve.is_not_there(row, "looked at the page", CHO)

    @rule(on=st.booleans())
    def a_hold_is_put_on_or_lifted(self, on):
        self.hold(on=on)

    def hold(self, *, on):
        with contextlib.suppress(Refusal):
            if on:
                hold.hold("all", "wrong story", CHO)
            else:
                hold.lift("all", CHO)

    @rule()
    def accounts_are_mended(self):
        models.Account.objects.update(health="ok")
        for row in models.Delivery.objects.filter(state="held", why="account_stopped"):
            with contextlib.suppress(Refusal):
                resolve.let_go(row, CHO)

    # -- the machine ---------------------------------------------------------------------------------------

    @rule(
        which=st.integers(0, 1),
        answers=st.lists(st.tuples(ANSWERS, st.sampled_from(LAGS)), max_size=3),
        death=DEATHS,
        meanwhile=st.lists(
            st.tuples(
                st.sampled_from(["prepare", "send", "answer"]),
                st.sampled_from(MEANWHILE),
            ),
            max_size=3,
        ),
    )
    def a_worker_drains(self, which, answers, death, meanwhile):
        account = self.accounts[which]
        self.platform.plan = iter([(answer, commits, lag) for (answer, commits), lag in answers])
        todo = list(meanwhile)
        inside = [0]

        def happens(stage):
            if inside[0]:
                if self.dies and stage == "answer":
                    raise Killed
                return
            inside[0] += 1
            try:
                for each in [each for each in todo if each[0] == stage]:
                    todo.remove(each)
                    self.meanwhile(stage, each[1], account)
            finally:
                inside[0] -= 1
            if death == stage:
                raise Killed

        self.platform.meanwhile = happens
        original = moves.move
        if death == "record":
            moves.move = _dies_recording(original)
        try:
            deliver.drain(account.pk, owner="w")
        except Killed:
            pass
        finally:
            moves.move = original
            self.platform.meanwhile = lambda stage: None
            self.platform.plan = iter(())

    def meanwhile(self, stage, what, account):
        """Something else happens in the middle of a send."""
        row = models.Delivery.objects.filter(account=account, state__in=["claimed", "sending"]).first()
        if what in {"hold", "release"}:
            self.hold(on=what == "hold")
        elif what in {"change", "withdraw", "cancel"} and row is not None:
            if what == "change":
                self.change(row.pk, None, follow=True)
            elif what == "withdraw":
                following.withdraw(row.article, CHO.actor)
            else:
                self.act(row, "cancel")
        elif what == "seconds":
            self.pass_time(1)
        elif what in {"lease", "decide"} and stage != "send":
            # Before the platform took it, a send lasts no longer than its deadline (net); after, anything.
            self.pass_time(runtime().timings.lease + 1)
            sweep()
            for seconds in (3, 2) if what == "decide" else ():
                self.pass_time(seconds)
                self.look()
        elif what == "look":
            self.look()
        elif what == "tick":
            sweep()
        elif what == "drain":
            deliver.drain(account.pk, owner="w2")
        elif what == "drain and die":
            self.dies = True
            with contextlib.suppress(Killed):
                deliver.drain(account.pk, owner="w3")
            self.dies = False

    @rule(fails=st.booleans(), blind=st.booleans(), after=st.sampled_from([0, 1, 3, 12]))
    def somebody_looks(self, fails, blind, after):
        self.pass_time(after)
        sweep()
        self.platform.find_fails = Unavailable("net.connect") if fails else None
        self.platform.blind = blind
        self.look()
        self.platform.find_fails, self.platform.blind = None, False

    @staticmethod
    def look():
        for pk in look_up.due():
            look_up.look_up(pk, owner="w")

    @rule()
    def the_ticker_ticks(self):
        sweep()

    @rule()
    def a_clock_jumps(self):
        sweeps.clock_jumped(3600)

    @rule(seconds=st.sampled_from([1, 3, 12, 12, 60, 3600]))
    def time_passes(self, seconds):
        self.pass_time(seconds)

    def pass_time(self, seconds):
        shift(seconds)
        for marker in self.platform.age:
            self.platform.age[marker] += seconds

    # -- what must hold, always ----------------------------------------------------------------------------

    @invariant()
    def nobody_complained(self):
        assert not getattr(self, "platform", PLATFORM).complaints, self.platform.complaints

    @invariant()
    def nothing_is_out_twice(self):
        assert max(Counter(PLATFORM.published).values(), default=0) <= 1

    @invariant()
    def the_rows_say_what_is(self):
        if not hasattr(self, "desk"):
            return
        out = set(PLATFORM.published)
        in_flight = Counter()
        for row in models.Delivery.objects.all():
            if row.marker in out and row.pk not in self.excused:
                assert row.state not in NOT_OUT - {"claimed"}, (row.pk, row.state, row.why)
            if row.state == State.DELIVERED:
                assert row.marker in out, (row.pk, row.why)
            if row.state in {State.CLAIMED, State.SENDING}:
                in_flight[row.account_id, row.lane == Lane.BREAKING] += 1
            assert row.attempt_no >= self.attempts.get(row.pk, 0)
            self.attempts[row.pk] = row.attempt_no
        assert max(in_flight.values(), default=0) <= 1

    def teardown(self):
        """In the end everything is decided, whatever happened."""
        if not hasattr(self, "desk"):
            return
        try:
            self._everything_ends()
            _every_event_is_an_edge()
        finally:
            del self.desk

    def _everything_ends(self):
        self.hold(on=False)
        for _ in range(25):
            self.accounts_are_mended()
            sweep()
            self.look()
            for account in self.accounts:
                deliver.drain(account.pk, owner="w")
            self.nobody_complained()
            self.nothing_is_out_twice()
            self.the_rows_say_what_is()
            if not models.Delivery.objects.filter(state__in=MOVING).exists():
                return
            self.pass_time(1800)
        stuck = models.Delivery.objects.filter(state__in=MOVING).values_list("pk", "state", "why")
        raise AssertionError(f"stuck: {list(stuck)}")


def _dies_recording(original):
    def move(*args, **kwargs):
        if kwargs.get("outcome") is not None:
            raise Killed
        return original(*args, **kwargs)

    return move


def _every_event_is_an_edge():
    place, again = {}, Counter()
    for event in models.Event.objects.filter(refused=False).order_by("pk"):
        before = place.get(event.delivery_id, "")
        assert event.from_state == before
        if before:
            assert event.why in EDGES[State(before), State(event.to_state)], event
        place[event.delivery_id] = event.to_state
        again[event.delivery_id] += event.why == "absent_twice"
    assert max(again.values(), default=0) <= 1, "sent again by the machine more than once"
    assert place == dict(models.Delivery.objects.values_list("pk", "state"))


PLATFORM = Platform()


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(0)
def test_everybody_at_once(monkeypatch, house):
    monkeypatch.setattr(registry, "channels", lambda: {PLATFORM.slug: PLATFORM})
    house(deadline=3, lease=9, settle=2, gap=1)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")  # here power stays on
    run_machine(
        Everybody,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            database=None,  # a failure of a mutant must not be replayed on the product
            phases=PHASES,
        ),
    )
    print(f"{EXAMPLES} sequences of up to {STEPS} steps")
