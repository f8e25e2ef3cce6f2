"""The runs by name: what is sent, and what breaks meanwhile."""

from dataclasses import dataclass, field, replace

from tests.faults import chaos

#: A fifth of the answers is hostile, each in its own way.
HOSTILE = (
    "*:latency=250ms;"
    "facebook:500_after_commit=2%,500_before_commit=2%,reset_after_commit=3%,reset_before_commit=1%,"
    "close_after_commit=1%,half_body=1%,html=1%,empty_200=1%,202=1%,301=1%,408_after_commit=1%,"
    "time_out_after_commit=1%/2s,delayed_commit=1%/1s,429=1%/1s,429_no_header=1%,duplicate_after_commit=1%,"
    "read_lag=50%/1s;"
    "x:502_after_commit=2%,503_before_commit=2%,reset_after_commit=3%,half_header=2%,wrong_length=1%,"
    "time_out=1%/2s,drip=1%/2s,delayed_commit=1%/1s,429=1%/1s,429_negative=1%,duplicate=1%,"
    "maintenance=1%,token_expired=0.2%,1xx=1%,success_false=1%,read_lag=50%/1s;"
    "mail:451=4%,421=3%,drop_before_data=3%,451_after_dot=2%,drop_after_dot=2%,delayed_commit=1%/1s,"
    "cut_reply=1%/mail.1,cut_reply=1%/rcpt.2,cut_reply=1%/data.3,cut_reply_after_commit=1%/dot.1,"
    "cut_reply_after_commit=2%/dot.2,cut_reply_after_commit=1%/dot.12,cut_reply_after_commit=1%/quit.2;"
    "mail.prepare:cut_reply=1%/greeting.2,cut_reply=1%/ehlo.30;"
    "facebook.read:find_down=5%,shim_only=30%,unshimmed_only=20%,canonical_only=5%;x.read:find_down=5%,no_links=5%"
)
CALM = "*:latency=20ms"


@dataclass(frozen=True)
class Scenario:
    """One run."""

    name: str
    what: str
    shares: int = 100
    accounts: int = 4
    workers: int = 4
    concurrency: int = 8
    faults: str = HOSTILE
    troubles: dict = field(default_factory=dict)  #: kind of trouble -> every so many seconds
    pause: float = 0.0  #: seconds between shares of one of two people
    databases: tuple = ("sqlite", "pg")
    at_least: float = 0.0  #: seconds that the trouble goes on, even when everything is out
    env: dict = field(default_factory=dict)

    def scaled(self, part):
        """A shorter one."""
        return replace(self, shares=max(10, int(self.shares * part)), at_least=self.at_least * part)


KILL, FREEZE, DEPLOY = chaos.Kill, chaos.Freeze, chaos.Deploy

ALL = [
    Scenario("kills", "kill -9 of one of four workers every 2 s", shares=1000, troubles={KILL: 2.0}),
    Scenario("many kills", "kill -9 every 0.5 s", shares=60, troubles={KILL: 0.5}),
    Scenario(
        "zombies",
        "kill -9 every 3 s and SIGSTOP for up to 12 s, longer than a lease",
        shares=150,
        troubles={KILL: 3.0, FREEZE: 1.0},
        at_least=30,
    ),
    Scenario(
        "broker",
        "the broker flushed, killed, frozen, full, read-only, locked, full of nonsense",
        shares=150,
        pause=0.2,
        troubles={KILL: 5.0, chaos.Broker: 2.0},
        at_least=40,
    ),
    Scenario(
        "power cuts",
        "PostgreSQL stopped at once ten times and read-only in between, kills beside it",
        shares=150,
        pause=0.15,
        troubles={KILL: 3.0, chaos.Database: 6.0, chaos.ReadOnly: 9.0},
        databases=("pg",),
        at_least=60,
    ),
    Scenario(
        "busy",
        "SQLite locked for up to 2 s again and again, kills beside it",
        shares=150,
        pause=0.15,
        troubles={KILL: 3.0, chaos.Busy: 1.5},
        databases=("sqlite",),
        at_least=30,
    ),
    Scenario(
        "full disk",
        "no room for anything that a worker writes, for up to 3 s again and again, kills beside it",
        shares=150,
        pause=0.15,
        troubles={KILL: 3.0, chaos.Disk: 2.5},
        databases=("sqlite",),
        at_least=30,
    ),
    Scenario(
        "clocks",
        "kill -9 every 1.5 s, each new worker with a clock that is wrong by up to 30 s, seven leases",
        shares=150,
        troubles={chaos.Clock: 1.5},
        at_least=20,
    ),
    Scenario(
        "deploys",
        "every worker replaced in mid-send, again and again (SIGTERM, SIGQUIT), old and new side by side",
        shares=150,
        troubles={DEPLOY: 1.0},
        at_least=30,
    ),
]
BY_NAME = {each.name: each for each in ALL}
