"""F2, F3, F9, F11: death before and after each step, on each channel, with each answer; the crash table holds.

python -m pytest tests/faults/crash_points.py
"""

import json
import subprocess
import time
import urllib.request
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.db.models import F

from config.children import command, spawn
from sharing import models
from sharing.domain.account import Mode
from sharing.services.accounts import connect, practice
from sharing.services.deliveries import deliver, look_up, sweeps
from tests.faults.accounting import NOT_OUT, marker_of
from tests.faults.points import POINTS, Killed, mark_sending, wrap
from tests.given import a_desk, a_share, moves_of, reread, sweep

pytestmark = pytest.mark.django_db(transaction=True)

#: answer: (the sandbox's fault, what stands on the platform after one try, where it ends without any death)
HTTP_ANSWERS = {
    "accepted": (None, 1, "delivered"),
    "500 before": ("500_before_commit", 0, "delivered"),
    "500 after": ("500_after_commit", 1, "delivered"),
    "reset before": ("reset_before_commit", 0, "delivered"),
    "reset after": ("reset_after_commit", 1, "delivered"),
    "half an answer": ("half_body", 1, "delivered"),
    "a page instead": ("html", 1, "delivered"),
    "moved": ("301", 0, "delivered"),
    "too many": ("429_no_header", 0, "delivered"),
    "signed out": ("token_expired", 0, "held"),
    "rejected": ("code", 0, "failed"),
    "duplicate, absent": ("duplicate", 0, "review"),
    "duplicate, there": ("duplicate_after_commit", 1, "delivered"),
}
MAIL_ANSWERS = {
    "accepted": (None, 1, "delivered"),
    "busy": ("451", 0, "delivered"),
    "closed": ("421", 0, "delivered"),
    "lost before": ("drop_before_data", 0, "delivered"),
    "refused": ("550", 0, "failed"),
    "policy": ("550_policy", 0, "held"),
    "lost after": ("drop_after_dot", 1, "review"),
    "half before": ("cut_reply/rcpt.2", 0, "delivered"),
    "half of go on": ("cut_reply/data.2", 0, "delivered"),
    "half after": ("cut_reply_after_commit/dot.2", 1, "review"),
    "all but the end": ("cut_reply_after_commit/dot.13", 1, "review"),
    "half a farewell": ("cut_reply_after_commit/quit.2", 1, "delivered"),
}
OURS = {"accepted": (None, 0, "delivered")}
ANSWERS = {"facebook": HTTP_ANSWERS, "x": HTTP_ANSWERS, "mail": MAIL_ANSWERS, "kakao": OURS, "link": OURS}
WIRE = {"facebook": "http", "x": "http", "mail": "smtp"}
REJECTED = {"facebook": "code/100", "x": "code/400"}


#: Answers that come before the final dot: what dies at the dot is the second try.
BEFORE_THE_DOT = {"busy", "closed", "lost before", "half before", "half of go on"}
#: Answers that say nothing, to a post that was not made.
UNCLEAR_AND_NOT_THERE = {"500 before", "reset before", "moved"}
CASES = [(channel, answer) for channel, answers in ANSWERS.items() for answer in answers]


def _deaths(channel):
    yield None
    for name, point in POINTS.items():
        if not point.wire or point.wire == WIRE.get(channel):
            yield name


@pytest.fixture(scope="module")
def sandbox():
    child = spawn("sandbox", command("sandbox", "--port", "0", "--smtp-port", "0"), stdout=subprocess.PIPE)
    facts = json.loads(child.process.stdout.readline())
    yield facts
    child.stop(3)
    child.process.stdout.close()


@pytest.fixture
def platform(sandbox, house):
    house(
        sandbox_url=f"{sandbox['url']}?smtp_port={sandbox['smtp_port']}",
        deadline=3, lease=9, settle=2, gap=1,
    )  # fmt: skip
    return Platform(sandbox["url"])


class Platform:
    def __init__(self, url):
        self.url = url

    def ask(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", data=data, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def next(self, channel, fault):
        """The next post suffers this, and no other that an earlier test left."""
        self.ask("PUT", "/faults", {"spec": "", "seed": 1})
        if fault:
            operation = {} if channel == "mail" else {"operation": "create"}
            self.ask("POST", "/faults/next", {"channel": channel, "fault": fault, **operation})

    def posts(self, row):
        where = f"?channel={row.channel}&account={quote(row.account.remote_id)}"
        records = self.ask("GET", f"/truth{where}")["records"]
        return sum(marker_of(record) == row.marker for record in records)


@pytest.fixture
def channel():
    return "facebook"


@pytest.fixture
def account(db, platform, channel):
    account = connect.add(
        a_desk(), channel, remote_id=practice._new_id(channel), name=channel,
        secrets=practice._new_secrets(channel), mode=Mode.SANDBOX,
    )  # fmt: skip
    practice.register([account], article_origins=["*"])
    return account


@pytest.fixture
def row(account):
    return a_share(account.desk, account).deliveries.get()


@pytest.mark.parametrize(("channel", "answer"), CASES, ids=lambda value: value)
def test_the_crash_table_holds(channel, answer, account, platform):
    for death in _deaths(channel):
        models.Account.objects.filter(pk=account.pk).update(health="ok")
        row = a_share(account.desk, account).deliveries.get()
        with pytest.MonkeyPatch.context() as monkeypatch:
            _one_death(channel, answer, death, row, platform, monkeypatch)


def _one_death(channel, answer, death, row, platform, monkeypatch):
    fault, posted, ends = ANSWERS[channel][answer]
    platform.next(channel, REJECTED.get(channel, "") if fault == "code" else fault)
    died = _die_once(death, monkeypatch)
    for _ in range(14):
        if _one_round(row) and _decided(row):
            break
    row = reread(row)
    posts = platform.posts(row)
    point = POINTS.get(death)
    if answer in BEFORE_THE_DOT and point is not None and point.wire == "smtp":
        posted = 1
    expected = _expected(channel, answer, point, bool(died), posted, ends)
    assert (row.state, posts) == expected, (channel, answer, death, moves_of(row))
    assert not (posts and row.state in NOT_OUT)
    _every_move_is_told(row)


def _expected(channel, answer, point, died, posted, ends):
    """(state, posts) by the crash table (docs/reliability.md)."""
    if channel in {"kakao", "link"}:
        return "delivered", 0
    finally_live = 1 if ends == "delivered" else posted
    if died and ends == "held" and point is POINTS["moved, account not told"]:
        return (
            "delivered",
            1,
        )  # the account counts as well, so its delivery is let go; the next answer is another
    if not died or point is None or not point.gated or point.recorded:
        return ends, finally_live
    if channel == "mail":  # cannot be looked up
        return "review", posted if point.sent else 0
    if not point.sent and answer in UNCLEAR_AND_NOT_THERE:
        return "review", 0  # the machine has sent it again once already, and that ended unclear, too
    # Rows 9 and 10: bytes out, the answer lost with its reader: found, or absent and sent again.
    return ("delivered", 1) if point.sent else (ends, finally_live)


def _die_once(death, monkeypatch):
    died = []
    mark_sending(monkeypatch)
    if death is not None:

        def die():
            if not died:
                died.append(death)
                if POINTS[death].wire:
                    time.sleep(0.05)  # the platform reads what is on the wire, whoever is gone
                raise Killed(death)

        wrap(POINTS[death], die, monkeypatch)
    return died


def _one_round(row):
    """One turn of everything, with time passing as far as the row waits. Returns whether nobody died."""
    steps = (
        lambda: deliver.drain(row.account_id, owner="w"),
        sweep,
        lambda: [look_up.look_up(each, owner="w") for each in look_up.due()],
    )
    alive = True
    for step in steps:
        try:
            step()
        except Killed:
            connection.close()  # what a killed process had open ends with it
            alive = False
        _time_passes(row)
    return alive


def _time_passes(row):
    """Long enough for whatever this row waits for."""
    long = timedelta(seconds=30)
    rows = models.Delivery.objects.filter(pk=row.pk)
    rows.filter(lease_until__isnull=False).update(lease_until=F("lease_until") - long)
    rows.filter(check_at__isnull=False).update(check_at=F("check_at") - long)
    rows.filter(sending_at__isnull=False).update(sending_at=F("sending_at") - long)
    rows.filter(state="waiting").update(due_at=F("due_at") - long)
    models.AccountGate.objects.filter(account_id=row.account_id).update(next_at=None, open_until=None)


def _decided(row):
    return reread(row).state in {"delivered", "review", "failed", "held"}


def _every_move_is_told(row):
    place = ""
    for event in row.events.filter(refused=False).order_by("pk"):
        assert event.from_state == place
        place = event.to_state
    assert place == row.state


#: What befalls every post, and how lists show it: (faults, where that leads, because, posts, attempts).
LOST = "500_after_commit=100%"
LOSSES = {
    ("facebook", "shown"): (f"facebook.create:{LOST}", "delivered", "found", 1, 1),
    ("facebook", "shim only"): (
        f"facebook.create:{LOST};facebook.read:shim_only=100%", "delivered", "found", 1, 1
    ),
    ("facebook", "unshimmed only"): (
        f"facebook.create:{LOST};facebook.read:unshimmed_only=100%", "delivered", "found", 1, 1
    ),
    ("facebook", "without its marker"): (
        f"facebook.create:{LOST};facebook.read:canonical_only=100%", "review", "may_be_ours", 1, 1
    ),
    ("facebook", "without a link"): (
        f"facebook.create:{LOST};facebook.read:no_links=100%", "review", "may_be_ours", 1, 1
    ),
    ("facebook", "never shown"): (f"facebook.create:{LOST},read_lag=600s", "review", "duplicate_absent", 1, 2),
    ("facebook", "never taken"): ("facebook.create:500_before_commit=100%", "review", "absent_again", 0, 2),
    ("x", "shown"): ("x.create:reset_after_commit=100%", "delivered", "found", 1, 1),
    ("x", "never shown"): ("x.create:reset_after_commit=100%,read_lag=600s", "review", "duplicate_absent", 1, 2),
    ("x", "never taken"): ("x.create:reset_before_commit=100%", "review", "absent_again", 0, 2),
}  # fmt: skip


@pytest.mark.parametrize(("channel", "loss"), LOSSES, ids=lambda value: value)
def test_a_platform_that_loses_every_answer_gets_no_series_of_posts(channel, loss, account, row, platform):
    faults, state, why, posts, attempts = LOSSES[channel, loss]
    platform.ask("PUT", "/faults", {"spec": faults, "seed": 1})
    for _ in range(20):
        _one_round(row)
        if _decided(row):
            break
    row = reread(row)
    found = (row.state, row.why, _copies(platform, row), row.attempts.count())
    assert found == (state, why, posts, attempts), moves_of(row)
    _every_move_is_told(row)


def _copies(platform, row):
    """How many posts stand on the account, whatever marker can be read in them."""
    where = f"?channel={row.channel}&account={quote(row.account.remote_id)}"
    return len(platform.ask("GET", f"/truth{where}")["records"])


def test_death_before_the_commit_of_a_share_leaves_nothing(platform, row, monkeypatch):
    """Row 1: the caller saw an error, and asks again."""
    from sharing.services.shares import share as sharing

    original = sharing._tell

    def dies(*args):
        original(*args)
        raise Killed

    monkeypatch.setattr(sharing, "_tell", dies)
    before = models.Share.objects.count()
    with pytest.raises(Killed), transaction.atomic():
        a_share(row.desk, row.account)
    assert models.Share.objects.count() == before


def test_death_before_the_bell_costs_a_tick(platform, row, monkeypatch):
    """Row 2: nobody rang; the ticker finds the account."""
    due = sweeps.accounts_due()
    assert [each.account_id for each in due] == [row.account_id]


def test_the_fifth_death_in_a_row_is_a_persons(platform, row, monkeypatch):
    """F22: what kills its worker each time goes to a person, and what else that worker had goes on."""

    def die():
        raise Killed

    wrap(POINTS["before prepare"], die, monkeypatch)
    for _ in range(5):
        with pytest.raises(Killed):
            deliver.drain(row.account_id, owner="w")
        connection.close()
        _time_passes(row)
        sweep()
    assert reread(row).state == "review"
    assert platform.posts(row) == 0
