"""The report of a fault run: lines while it runs, a table at its end, and the same table in docs/reliability.md."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.mutants import MUTANTS

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
HEAD = (
    "| run | database | seed | acknowledged | posted | adopted | review (live) | failed | sent again | **doubled** |"
    " **lost** | **hidden** | **stuck** | unknown decided in p50 / p95 / max | kills (in a send) | other blows |"
)


@dataclass
class Report:
    """Everything that one call of the harness found."""

    runs: list
    checks: list
    hunted: list
    seconds: float
    seed: int

    @property
    def clean(self):
        """Whether every promise held, and every mutant was caught."""
        return (
            all(row.get("clean") and row.get("decided") for row in self.runs)
            and all(check["held"] for check in self.checks)
            and all(each.caught for each in self.hunted)
        )

    def text(self):
        parts = []
        if self.runs:
            parts.append(
                "\n".join([HEAD, re.sub(r"[^|]+", "---", HEAD), *map(_row, self.runs), _sum(self.runs)])
            )
        if self.checks:
            parts.append("\n".join(["| check | result | s |", "|---|---|---|", *map(_check, self.checks)]))
        if self.hunted:
            lines = ["| mutant: the guard that was taken out | caught by | s |", "|---|---|---|"]
            parts.append("\n".join([*lines, *map(_mutant, self.hunted)]))
        kills = sum(row.get("did_kills_in_send", 0) for row in self.runs)
        caught = sum(each.caught for each in self.hunted)
        parts.append(
            f"{self.seconds / 60:.0f} minutes; {kills} kills inside a send window;"
            f" {caught} of {len(self.hunted)} mutants caught; {'all held' if self.clean else 'NOT ALL HELD'}."
        )
        return "\n\n".join(parts)


def line(row):
    """One finished scenario, for the terminal."""
    if "broken" in row:
        return f"{row['scenario']:12} {row['database']:7} did not run (exit {row['broken']})"
    verdict = "held" if row["clean"] and row["decided"] else f"BROKEN {row['details']} {row.get('log', '')}"
    return (
        f"{row['scenario']:12} {row['database']:7} {row['acknowledged']:5} acknowledged, {row['posted']} posted,"
        f" {row['duplicates']} doubled, {row['lost']} lost, {row['stuck']} stuck, {row['seconds']} s: {verdict}"
    )


def check_line(check):
    return f"{check['name']}: {check['said']}{'' if check['held'] else '  BROKEN'}"


def mutant_line(hunted):
    return f"{hunted.name:34} {'caught by ' + hunted.by if hunted.caught else 'NOT CAUGHT: ' + hunted.by}"


def _row(row):
    if "broken" in row:
        return f"| {row['scenario']} | {row['database']} | did not run |" + " |" * 13
    decided = row["decided_in"]
    blows = {name: row[f"did_{name}"] for name in WORD if row[f"did_{name}"]}
    told = ", ".join(f"{count} {WORD[name]}" for name, count in blows.items()) or "–"
    cells = [
        row["scenario"], DATABASE[row["database"]], row["seed"], row["acknowledged"], row["posted"], row["adopted"],
        f"{row['reviewed']} ({row['reviewed_live']})", row["failed"], row["sent_again"], row["duplicates"],
        row["lost"], row["hidden"], row["stuck"],
        f"{decided['p50']:.0f} / {decided['p95']:.0f} / {decided['max']:.0f} s ({decided['number']})",
        f"{row['did_kills']} ({row['did_kills_in_send']})", told,
    ]  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


DATABASE = {"sqlite": "SQLite", "pg": "PostgreSQL"}
WORD = {
    "stops": "freezes",
    "broker": "of the broker",
    "database": "of the database",
    "read_only": "times read-only",
    "disk": "full disks",
    "deploys": "replaced",
}


def _sum(rows):
    whole = [row for row in rows if "broken" not in row]
    add = lambda name: sum(row[name] for row in whole)  # noqa: E731
    cells = [
        "**all**", "", "", add("acknowledged"), add("posted"), add("adopted"),
        f"{add('reviewed')} ({add('reviewed_live')})", add("failed"), add("sent_again"), f"**{add('duplicates')}**",
        f"**{add('lost')}**", f"**{add('hidden')}**", f"**{add('stuck')}**", "",
        f"{add('did_kills')} ({add('did_kills_in_send')})", "",
    ]  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _check(check):
    return f"| {check['name']} | {check['said'] if check['held'] else '**broken** ' + check['said']} | {check['seconds']} |"


def _mutant(hunted):
    by = hunted.by.rpartition("/")[2].replace("|", "\\|")
    return f"| **{hunted.name}**: {MUTANTS[hunted.name].what} | {f'`{by}`' if hunted.caught else '**not caught**'} | {hunted.seconds} |"


def keep(whole):
    """Put it between the two marks of docs/reliability.md."""
    page = PAGE.read_text()
    start, end = "<!-- report -->", "<!-- end of report -->"
    before, _, rest = page.partition(start)
    after = rest.partition(end)[2]
    head = f"`make faults`, {datetime.now(UTC).date()}, first seed {whole.seed}, 2 cores, Linux x86_64.\n\n"
    PAGE.write_text(f"{before}{start}\n{head}{whole.text()}\n{end}{after}")
