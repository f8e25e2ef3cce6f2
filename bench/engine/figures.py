"""Rows of the table: what, bar, measured, ratio, spread."""

import statistics
from dataclasses import asdict, dataclass


@dataclass
class Row:
    what: str
    bar: str
    measured: str
    ratio: str = ""
    spread: str = ""
    met: bool | None = None

    def told(self):
        return asdict(self)


def median(values):
    return statistics.median(values)


def part(values, percent):
    """The percentile, by rank: what so many of a hundred stay under."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * len(ordered) + 0.5) - 1)]


def spread(values, digits=2):
    return f"{min(values):.{digits}f} to {max(values):.{digits}f}"


def ratios(ours, theirs):
    """One for each pair that ran next to each other, so that load on the machine falls on both."""
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]
