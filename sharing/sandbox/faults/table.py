"""The table of all faults. docs/sandbox.md shows the same table, and a test compares them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """The point of a request at which a fault strikes."""

    BEFORE = "before"  #: instead of the platform's work; nothing is out
    AFTER = "after"  #: the work is done, but its answer is spoilt
    LATER = "later"  #: the answer fails at once, and the work is done afterwards
    BESIDE = "beside"  #: work and answer are right, but something around them is not


SOCIAL = frozenset({"facebook", "x"})
HTTP = SOCIAL | {"kakao"}
ALL = HTTP | {"mail"}
MAIL = frozenset({"mail"})
FACEBOOK = frozenset({"facebook"})
WRITES = frozenset({"create", "edit", "delete"})
READS = frozenset({"read"})
ANY = WRITES | READS | {"prepare", "token"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: its name in a spec, the phase in which it strikes, and what it does.

    `default` is the parameter if a spec names none. Its `unit` is `s` (seconds), `n` (a number), `code`, `cut` (a stage
    of SMTP and a byte of its reply) or empty (no parameter). `operations` are those that a rule for a whole channel
    affects. A rule for one operation (`facebook.read`) may name any fault of the channel.
    """

    name: str
    phase: Phase
    does: str
    channels: frozenset[str] = HTTP
    operations: frozenset[str] = WRITES
    unit: str = ""
    default: str = ""


def _status(code: int, words: str) -> list[Fault]:
    return [
        Fault(f"{code}_before_commit", Phase.BEFORE, f"answers {code} ({words}); nothing is out"),
        Fault(f"{code}_after_commit", Phase.AFTER, f"answers {code} ({words}) although it is out"),
    ]


FAULTS: tuple[Fault, ...] = (
    *_status(500, "an internal error in the platform's own words"),
    *_status(502, "a front-end's HTML page"),
    *_status(503, "unavailable, in the platform's own words"),
    *_status(504, "a front-end's HTML page"),
    *_status(408, "request time-out"),
    Fault("reset_before_commit", Phase.BEFORE, "resets the connection (RST); nothing is out"),
    Fault("reset_after_commit", Phase.AFTER, "resets the connection (RST) although it is out", ALL),
    Fault("close_before_commit", Phase.BEFORE, "closes the connection without a byte; nothing is out"),
    Fault("close_after_commit", Phase.AFTER, "closes the connection without a byte although it is out"),
    Fault(
        "time_out",
        Phase.BEFORE,
        "says nothing for so long, then closes; nothing is out",
        unit="s",
        default="60s",
    ),
    Fault(
        "time_out_after_commit",
        Phase.AFTER,
        "says nothing for so long, then closes, although it is out",
        ALL,
        unit="s",
        default="60s",
    ),
    Fault("half_header", Phase.AFTER, "cuts the answer in the middle of its head; it is out"),
    Fault("half_body", Phase.AFTER, "cuts the answer in the middle of its body; it is out"),
    Fault(
        "drip", Phase.AFTER, "sends the answer byte by byte over so long; it is out", unit="s", default="20s"
    ),
    Fault("wrong_length", Phase.AFTER, "announces fewer bytes than it sends; it is out"),
    Fault("html", Phase.AFTER, "answers 200 with an HTML page instead of JSON; it is out"),
    Fault("empty_200", Phase.AFTER, "answers 200 with no body; it is out"),
    Fault("202", Phase.AFTER, "answers 202 Accepted with no id; it is out"),
    Fault("301", Phase.BEFORE, "answers 301 to another path; nothing is out, and nobody should follow"),
    Fault("1xx", Phase.AFTER, "sends 103 Early Hints before the right answer; it is out"),
    Fault("success_false", Phase.BEFORE, "answers 200 with success: false (or errors, or a result code)"),
    Fault("429", Phase.BEFORE, "answers 429 with Retry-After and rate headers", unit="s", default="60s"),
    Fault("429_no_header", Phase.BEFORE, "answers 429 and does not say until when"),
    Fault("429_negative", Phase.BEFORE, "answers 429 with Retry-After: -60 and a reset in the past"),
    Fault("429_date", Phase.BEFORE, "answers 429 with Retry-After as an HTTP date", unit="s", default="60s"),
    Fault("429_year", Phase.BEFORE, "answers 429 with Retry-After of one year"),
    Fault(
        "throttled",
        Phase.BEFORE,
        "refuses as documented: Facebook 32 with its usage header, X by the 24-hour limit, Kakao -10",
        unit="s",
        default="120s",
    ),
    Fault("token_expired", Phase.BEFORE, "says that the token is over (Facebook 190/463, X 401, Kakao -401)"),
    Fault("maintenance", Phase.BEFORE, "says that it is closed for maintenance (503, Kakao -9798)"),
    Fault("duplicate", Phase.BEFORE, "refuses as a duplicate although there is none: nothing is out", SOCIAL),
    Fault("duplicate_after_commit", Phase.AFTER, "refuses as a duplicate what it has just put out", SOCIAL),
    Fault(
        "code", Phase.BEFORE, "refuses with this documented code, e.g. 368, 190.460, 402, -532", unit="code"
    ),
    Fault(
        "delayed_commit",
        Phase.LATER,
        "answers 504 (mail: drops the connection) at once and puts it out so much later",
        ALL,
        unit="s",
        default="2s",
    ),
    Fault("latency", Phase.BESIDE, "waits so long before it works", ALL, ANY, "s", "20ms"),
    Fault("slow", Phase.BESIDE, "waits so long before it answers", ALL, ANY, "s", "200ms"),
    Fault("read_lag", Phase.BESIDE, "shows a new post in lists only after so long", unit="s", default="1s"),
    Fault("page_size", Phase.BESIDE, "lists at most so many posts at once", HTTP, READS, "n", "2"),
    Fault("shim_only", Phase.BESIDE, "lists show a link only as l.facebook.com/l.php?u=…", FACEBOOK, READS),
    Fault("unshimmed_only", Phase.BESIDE, "lists show a link only as unshimmed_url", FACEBOOK, READS),
    Fault(
        "canonical_only",
        Phase.BESIDE,
        "lists show a link only as the page's own address, without utm parameters",
        SOCIAL,
        READS,
    ),
    Fault("no_links", Phase.BESIDE, "lists show posts without attachments or entities", SOCIAL, READS),
    Fault("find_down", Phase.BEFORE, "reads answer 503", HTTP, READS),
    Fault(
        "stranger",
        Phase.BESIDE,
        "somebody else posts the same text without the link's marker just before",
        SOCIAL,
        frozenset({"create"}),
    ),
    Fault("webhook_lost", Phase.BESIDE, "never calls the webhook", frozenset({"kakao"})),
    Fault(
        "webhook_twice", Phase.BESIDE, "calls the webhook twice with one resource id", frozenset({"kakao"})
    ),
    Fault(
        "webhook_late",
        Phase.BESIDE,
        "calls the webhook so much later",
        frozenset({"kakao"}),
        unit="s",
        default="2s",
    ),
    Fault("421", Phase.BEFORE, "answers MAIL FROM with 421 and closes", MAIL),
    Fault("450", Phase.BEFORE, "answers RCPT TO with 450 4.2.1 (mailbox busy)", MAIL),
    Fault("451", Phase.BEFORE, "answers RCPT TO with 451 4.7.1 (greylisted)", MAIL),
    Fault("452", Phase.BEFORE, "answers RCPT TO with 452 4.2.2 (mailbox full)", MAIL),
    Fault("550", Phase.BEFORE, "answers RCPT TO with 550 5.1.1 (no such mailbox)", MAIL),
    Fault("552", Phase.BEFORE, "answers RCPT TO with 552 5.2.2 (mailbox full for good)", MAIL),
    Fault("535", Phase.BEFORE, "answers MAIL FROM with 535 5.7.8 (sign-in refused)", MAIL),
    Fault(
        "550_policy",
        Phase.BEFORE,
        "answers the final dot with 550 5.7.515 (sender policy); nothing is out",
        MAIL,
    ),
    Fault("451_after_dot", Phase.BEFORE, "answers the final dot with 451; nothing is out", MAIL),
    Fault(
        "cut_reply",
        Phase.BEFORE,
        "cuts its reply at a stage (greeting, ehlo, auth, mail, rcpt, data) after so many bytes; nothing is out",
        MAIL,
        frozenset({"prepare", "create"}),
        "cut",
        "rcpt.2",
    ),
    Fault(
        "cut_reply_after_commit",
        Phase.AFTER,
        "cuts its reply at dot or quit after so many bytes; it is out",
        MAIL,
        unit="cut",
        default="dot.2",
    ),
    Fault("drop_before_data", Phase.BEFORE, "drops the connection at DATA; nothing is out", MAIL),
    Fault(
        "drop_after_dot", Phase.AFTER, "drops the connection after the final dot, before 250; it is out", MAIL
    ),
)

NAMED = {each.name: each for each in FAULTS}
#: The operations that a rule may name after a channel: `x.token:...`.
OPERATIONS = ANY
