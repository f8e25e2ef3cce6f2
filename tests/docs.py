"""Tables and pictures in the documents that are made from the code. `python -m tests.docs` writes them; a test holds them.

A document marks the place: `<!-- made: NAME -->` … `<!-- end -->`.
"""

import os
import re
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- made: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(*rows):
    head, *rest = rows
    lines = [head, ["---"] * len(head), *rest]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def edges():
    """Every way of the state table, its causes, and the test that walks it."""
    import tests.services.accounts.test_accounts
    import tests.services.deliveries.test_edges  # noqa: F401 - both fill WALKED
    from sharing.domain.delivery import EDGES, State
    from tests.walks import WALKED

    order = list(State)
    rows = []
    for (before, after), causes in sorted(
        EDGES.items(), key=lambda e: (order.index(e[0][0]), order.index(e[0][1]))
    ):
        for why in sorted(causes):
            test = WALKED.get((before, after, why), "-").split("::")[-1]
            rows.append([f"`{before}`", f"`{after}`", why.replace("_", " "), f"`{test}`"])
    return table(["from", "to", "because", "walked by"], *rows)


def states():
    """Every state, its group and what it says."""
    from sharing.domain.delivery import ENDS, IN_FLIGHT, MAY_BE_LIVE, MOVING, NEEDS_A_HAND, State
    from sharing.wording import sentence

    rows = []
    for state in State:
        whose = "a person's" if state in NEEDS_A_HAND else "the machine's" if state in MOVING else "nobody's"
        live = "yes" if state is State.DELIVERED else "perhaps" if state in MAY_BE_LIVE else "no"
        cause = "posted" if state is State.DELIVERED else "other"
        rows.append([f"`{state}`", whose, live, str(sentence(f"{state}.{cause}", "en", _facts()).what)])
        assert state not in IN_FLIGHT or state in MOVING
        assert state not in ENDS or whose == "nobody's"
    return table(["state", "whose turn", "may be live", "what it says"], *rows)


def _facts():
    return dict.fromkeys(("platform", "due", "embargo", "check", "reason", "limit"), "…")


def _diagram(*lines):
    return "\n".join(["```mermaid", *lines, "```", ""])


def ways():
    """The states and the ways between them, as a picture."""
    from sharing.domain.delivery import EDGES, ENDS, MAY_BE_LIVE, NEEDS_A_HAND, State

    order = list(State)
    pairs = sorted(EDGES, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))
    marks = {"person": NEEDS_A_HAND, "live": MAY_BE_LIVE, "ended": ENDS}
    return _diagram(
        "stateDiagram-v2",
        "    classDef person stroke-width:3px",
        "    classDef live stroke-dasharray:4",
        "    classDef ended font-style:italic",
        *(f"    {before} --> {after}" for before, after in pairs if before != after),
        *(f"    class {state} {mark}" for mark, whose in marks.items() for state in order if state in whose),
    )


def rooms():
    """The rooms and what they may know, from the contracts of import-linter."""
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    lines = ["flowchart TD"]
    for contract in contracts:
        if contract["type"] != "layers":
            continue
        (inside,) = contract.get("containers", [""])
        steps = [re.findall(r"\w+", layer) for layer in contract["layers"]]
        ids = [f"{inside or 'all'}.{number}".replace(".", "_") for number in range(len(steps))]
        lines += [f'  subgraph {ids[0]}_rooms["{inside.replace(".", " / ") or "all"}"]']
        lines += [f'    {i}["{" · ".join(step)}"]' for i, step in zip(ids, steps, strict=True)]
        lines += [f"    {above} --> {below}" for above, below in pairwise(ids)]
        lines += ["  end"]
    return _diagram(*lines)


def settings():
    """Every setting."""
    from config.env import SETTINGS

    rows = [[f"`{s.name}`", f"`{s.default}`" if s.default else "", s.what] for s in SETTINGS.values()]
    return table(["setting", "default", "what"], *rows)


def channels():
    """What each channel can do."""
    from sharing.channels.registry import channels as all_channels
    from sharing.domain.account import Account

    rows = []
    for slug, channel in all_channels().items():
        account = Account(id="1", channel=slug, remote_id="1", name="n")
        limit = f"{channel.limits.text:,} {channel.limits.unit}" if channel.limits.text else "none named"
        can = ["yes" if channel.can(verb, account) else "no" for verb in ("find", "revise", "retract")]
        needed = (
            " or ".join(", ".join(f"`{n}`" for n in sorted(each)) for each in channel.secrets_needed)
            or "none"
        )
        rows.append([channel.label, limit, "a person" if channel.by_hand else "the machine", *can, needed])
    return table(["channel", "limit", "sends", "look-up", "edit", "delete", "secrets needed"], *rows)


def commands():
    """Every command."""
    from config.cli import main

    def walk(group, path):
        for name, command in sorted(group.commands.items()):
            if hasattr(command, "commands"):
                yield from walk(command, (*path, name))
            elif not command.hidden:
                yield " ".join((*path, name)), command.help.strip().splitlines()[0]

    return table(["command", "what"], *([f"`sharedesk {name}`", what] for name, what in walk(main, ())))


def fields():
    """What a template may name."""
    from sharing.words.templates import FIELDS, FILTERS, NUMBERED

    filters = [*FILTERS, *(f"{name}:60" for name in NUMBERED)]
    return table(
        ["", "names"],
        ["fields", " ".join(f"`{name}`" for name in FIELDS)],
        ["filters", " ".join(f"`{name}`" for name in filters)],
    )


def findings():
    """What the lint finds, and what it is unless the desk says otherwise."""
    from sharing.wording import sentence
    from sharing.words.lint import CODES

    levels = {"warn": "a warning", "block": "a stop"}
    rows = [
        [f"`{code}`", levels[level], str(sentence(f"lint.{code}", "en", {"found": "…"}).what)]
        for code, level in CODES.items()
    ]
    return table(["finding", "unless set", "what it says"], *rows)


def example_environment():
    """.env.example: every setting with what it means."""
    from config.env import SETTINGS

    lines = ["# Every setting. Each may also be NAME_FILE, the path of a file that holds it.", ""]
    for setting in SETTINGS.values():
        lines += [
            f"# {setting.what}",
            f"#{setting.name}={setting.default}" if not setting.secret else f"{setting.name}=",
            "",
        ]
    lines += ["# docker compose only", "POSTGRES_PASSWORD=", ""]
    return "\n".join(lines)


MADE = {"edges": edges, "states": states, "settings": settings, "channels": channels, "commands": commands,
        "fields": fields, "findings": findings, "rooms": rooms, "ways": ways}  # fmt: skip


def documents():
    """Each document that has a made table, as it is and as it should be."""
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        text = path.read_text(encoding="utf-8")
        if "<!-- made: " in text:
            new = BLOCK.sub(lambda m: m[1] + (MADE[m["name"]]() if m["name"] in MADE else m[0]) + m[3], text)
            yield path, text, new
    example = ROOT / ".env.example"
    yield example, example.read_text(encoding="utf-8") if example.exists() else "", example_environment()


def main():
    for path, text, new in documents():
        if text != new:
            path.write_text(new, encoding="utf-8")
            print(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    import tests.environment  # noqa: F401 - settings for Django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    main()
