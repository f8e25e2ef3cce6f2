"""The time and the speed of a draft, as the fields of the compose page hold them."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext

from sharing.domain.refusal import Refusal
from sharing.domain.schedule import in_zone
from sharing.services.shares.drafts import Timing
from sharing.services.shares.given import read_time
from sharing.wording import times


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The fields of time and speed. `when` is `now`, `schedule` or `embargo`; `at` is the text in the time field."""

    when: str = "now"
    at: str = ""
    breaking: bool = False

    @classmethod
    def of(cls, timing: Timing, zone: ZoneInfo) -> Clock:
        """Return the fields for a stored timing. If it has both a time and an embargo, the later one is shown."""
        time = max((each for each in (timing.at, timing.embargo) if each), default=None)
        if time is None:
            return cls(breaking=timing.breaking)
        when = "schedule" if time == timing.at else "embargo"
        return cls(when=when, at=f"{time.astimezone(zone):%Y-%m-%dT%H:%M}", breaking=timing.breaking)

    @classmethod
    def read(cls, words: str) -> Clock:
        """Read the fields from one line, the reverse of `words`."""
        when, _, rest = words.partition("|")
        at, _, breaking = rest.rpartition("|")
        return cls(when=when, at=at, breaking=breaking == "breaking")

    @property
    def words(self) -> str:
        """Return the fields as one line, so that they can be compared like a column's words."""
        return f"{self.when}|{'' if self.when == 'now' else self.at}|{'breaking' if self.breaking else ''}"

    def timing(self, zone: ZoneInfo) -> Timing:
        """Return the timing that the fields mean.

        Raises:
            Refusal: `share.bad_time`: the time is unreadable or missing.
        """
        if self.when == "now":
            return Timing(breaking=self.breaking)
        time = in_zone(read_time(self.at, "at"), zone)
        if self.when == "schedule":
            return Timing(at=time, breaking=self.breaking)
        if self.when == "embargo":
            return Timing(embargo=time, breaking=self.breaking)
        raise Refusal("share.bad_time", field="when", time=self.when[:60])

    def said(self, zone: ZoneInfo) -> str:
        """Return the fields as words for a person, in the active language."""
        names = {"now": gettext("Now"), "schedule": gettext("Schedule"), "embargo": gettext("Embargo")}
        try:
            timing = self.timing(zone)
        except Refusal:
            at = self.at
        else:
            time = timing.at or timing.embargo
            at = times.shown(time, zone, get_language() or "ko", "long") if time else ""
        speed = gettext("Breaking") if self.breaking else ""
        return " · ".join(each for each in (names.get(self.when, self.when), at, speed) if each)
