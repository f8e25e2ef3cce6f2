"""The platform of the state machine: it shows what was posted, late if it likes, and complains about what reached it."""

from collections import Counter

from hypothesis import strategies as st

from sharing import models
from sharing.channels.testing import Scripted
from sharing.domain.outcomes import (
    AccountStopped,
    Achieved,
    Ambiguous,
    Duplicate,
    Found,
    RateLimited,
    Receipt,
    Rejected,
    Sighting,
    Unavailable,
)
from sharing.models import moves


class Platform(Scripted):
    """Shows what was posted, to look-ups a little later; complains when what reaches it should not have."""

    def __init__(self):
        super().__init__()
        self.plan = iter(())
        self.meanwhile = lambda stage: None
        self.age = Counter()
        self.lag = Counter()
        self.complaints = []
        self.blind = False
        self.was_blind = set()

    def prepare(self, message, account, marker):
        row = models.Delivery.objects.get(marker=marker)
        if row.embargo_until and row.embargo_until > moves.now():
            self.complaints.append(f"{marker} prepared under embargo")
        self.meanwhile("prepare")
        return super().prepare(message, account, marker)

    def deliver(self, prepared, account):
        self._check_gate(prepared)
        answer, commits, lag = next(self.plan, ("receipt", True, 0))
        self.meanwhile("send")
        if commits:
            self.published.append(prepared.marker)
            self.lag[prepared.marker] = lag
            self.age[prepared.marker] = 0
        self.meanwhile("answer")
        if answer == "receipt":
            return Receipt(achieved=Achieved.POSTED, remote_id=f"post-{prepared.marker}")
        raise answer

    def _check_gate(self, prepared):
        """The last gate has just been passed: everything must be as it has to be, right now."""
        row = models.Delivery.objects.select_related("article", "account").get(marker=prepared.marker)
        now = moves.now()
        wrong = {
            "embargo": row.embargo_until and row.embargo_until > now,
            "time": row.due_at > now,
            "withdrawn": row.article.withdrawn_at,
            "stale words": row.words == "auto" and prepared.message.text != row.article.headline,
            "not what was approved": row.message != prepared.message.stored(),
            "hold": models.Switch.objects.exists(),
            "account": row.account.health != "ok",
            "late": row.expires_at <= now,
        }
        self.complaints += [
            f"{prepared.marker} passed the gate: {why}" for why, is_so in wrong.items() if is_so
        ]

    def find(self, marker, message, account, since):
        self.finds += 1
        if self.find_fails is not None:
            raise self.find_fails
        if self.blind and marker not in self.was_blind:
            # A copy of the platform that is behind: once, which is why two looks count.
            self.was_blind.add(marker)
            return Found()
        visible = [each for each in self.published if each == marker and self.age[each] >= self.lag[each]]
        return Found(sightings=tuple(Sighting(remote_id=f"post-{each}") for each in visible))


#: (answer, whether it is out, whether the account has to be mended)
ANSWERS = st.sampled_from(
    [
        ("receipt", True),
        ("receipt", True),
        (Ambiguous("net.cut"), True),
        (Ambiguous("net.cut"), False),
        (Unavailable("net.connect"), False),
        (RateLimited("http.429"), False),
        (Rejected("x.400"), False),
        (AccountStopped("http.403"), False),
        (Duplicate("x.duplicate"), True),
        (Duplicate("x.duplicate"), False),
    ]
)
#: Seconds until a platform shows a post; all less than the lease and the settle time together.
LAGS = [0, 1, 5, 9]
