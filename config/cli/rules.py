"""rule: add, list, test and remove the rules of a source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from config.cli.asking import Answer, answers
from config.cli.sharing_out import acting

if TYPE_CHECKING:
    from sharing import models
    from sharing.services.incoming.rules import Plan


def add_to(group: click.Group) -> None:
    group.add_command(rule)


@click.group()
def rule() -> None:
    """Rules: which articles of a source go where, when, and whether a person is asked."""


@rule.command("add")
@click.argument("source")
@click.option("--section", metavar="S")
@click.option("--tag", metavar="T")
@click.option("--author", metavar="N")
@click.option("--language", metavar="L", help="en fits en-GB, too.")
@click.option("--label", metavar="L", help="As the CMS gives it: 속보, breaking, opinion.")
@click.option(
    "--account", "-a", "account_ids", multiple=True, metavar="A", help="Else the source's accounts."
)
@click.option("--auto", is_flag=True, help="Send by itself; else a person is asked.")
@click.option("--never", is_flag=True, help="Never send: for what must not go out.")
@click.option("--breaking", is_flag=True, help="Before everything else, also at night.")
@click.option("--delay", default=0, metavar="MINUTES", help="So long after the article is out.")
@click.option(
    "--quiet", default="", metavar="FROM-UNTIL", help="By the desk's clock: 23:00-07:00 waits until 07:00."
)
@click.option("--template", metavar="T", help="Whose words to use.")
@click.option("--before", metavar="RULE", help="Ask it before this rule; else it is asked last.")
@answers()
def add(
    source: str,
    account_ids: tuple[str, ...],
    auto: bool,
    never: bool,
    before: str | None,
    **wanted: Any,
) -> Answer:
    """Add a rule; the first that fits an article decides.

    \b
    Examples:
      sharedesk rule add cms --section politics -a 1 -a 2 --auto
      sharedesk rule add cms --label 속보 --auto --breaking --before 1
      sharedesk rule add cms --language en -a 3 --delay 10 --quiet 23:00-07:00
      sharedesk rule add cms --section horoscope --never
    """
    from sharing.models import Does
    from sharing.presentation import represent
    from sharing.services.accounts import connect
    from sharing.services.incoming import rules
    from sharing.services.incoming.sources import find_source
    from sharing.services.staff.people import main_desk

    if auto and never:
        raise click.UsageError("--auto and --never are opposites: give one")
    row = find_source(source)
    accounts = [connect.find_account(each, main_desk()) for each in account_ids]
    does = Does.AUTO if auto else Does.NEVER if never else Does.ASK
    new = rules.NewRule(does=does, accounts=accounts, **wanted)
    made = rules.add(row, new, acting(), before=rules.find_rule(before, row) if before else None)
    data = represent.rule(made)
    return Answer({"rule": data}, _table([data]))


@rule.command("list")
@click.argument("source", required=False)
@answers()
def list_rules(source: str | None) -> Answer:
    """Every rule, or those of a source, in the order in which they are asked.

    \b
    Examples:
      sharedesk rule list
      sharedesk rule list cms
    """
    from sharing import models
    from sharing.presentation import represent
    from sharing.services.incoming.sources import find_source
    from sharing.services.staff.people import main_desk

    rows = models.Rule.objects.filter(source__desk=main_desk()).select_related("source")
    if source:
        rows = rows.filter(source=find_source(source))
    data = [represent.rule(row) for row in rows.order_by("source__name", "place", "pk")]
    return Answer({"rules": data}, _table(data) if data else (), empty="no rules yet")


@rule.command("remove")
@click.argument("rule_id", metavar="RULE")
@answers()
def remove(rule_id: str) -> Answer:
    """Take a rule away. What it led to stays.

    \b
    Example:
      sharedesk rule remove 3
    """
    from sharing.services.incoming import rules

    rules.remove(rules.find_rule(rule_id), acting())
    return Answer({"removed": rule_id}, [f"removed: {rule_id}"])


@rule.command("dry-run")
@click.argument("source")
@answers()
def dry_run(source: str) -> Answer:
    """What would be shared of the last 50 articles, if they came now; nothing is written or sent.

    \b
    Example:
      sharedesk rule dry-run cms
    """
    from sharing.services.incoming import rules
    from sharing.services.incoming.sources import find_source

    data = [_would(row, plan) for row, plan in rules.dry_run(find_source(source))]
    return Answer({"articles": data}, map(_would_line, data), empty="no articles yet")


def _would(row: models.Article, plan: Plan) -> dict[str, Any]:
    to = [
        {
            "account": str(account.pk),
            "channel": account.channel,
            "mode": account.mode,
            "asks": route.ask,
            "at": route.at.isoformat() if route.at else None,
            "breaking": route.breaking,
        }
        for route in plan.routes
        for account in route.accounts
    ]
    rule = str(plan.rule.pk) if plan.rule else None
    gone = [str(account.pk) for account in plan.gone]
    return {"article": str(row.pk), "headline": row.headline, "rule": rule, "to": to, "gone": gone}


def _would_line(each: dict[str, Any]) -> str:
    to = ", ".join(f"{to['channel']} {to['account']}{' (asks)' if to['asks'] else ''}" for to in each["to"])
    by = f"rule {each['rule']}" if each["rule"] else "no rule"
    gone = f"  (GONE: {', '.join(each['gone'])})" if each["gone"] else ""
    return f"{each['headline'][:60]:<60}  {by:<8}  {to or 'not shared'}{gone}"


def _table(data: list[dict[str, Any]]) -> list[str]:
    """Return the rules as a table for people: which articles, what happens, which accounts, when."""
    head = ("rule", "source", "what fits", "what happens", "where to", "when")
    lines = [
        head,
        *((each["id"], each["source"], _fits(each), _does(each), _where(each), _when(each)) for each in data),
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _fits(rule: dict[str, Any]) -> str:
    from sharing.models import Rule

    return ", ".join(f"{name} {rule[name]}" for name in Rule.FITS if rule[name]) or "every article"


def _does(rule: dict[str, Any]) -> str:
    does = {"auto": "goes by itself", "ask": "asks a person", "never": "never goes"}[rule["does"]]
    does = "asks a person: its template is GONE" if rule["template_gone"] and rule["auto"] else does
    return does + (", breaking" if rule["breaking"] else "")


def _where(rule: dict[str, Any]) -> str:
    if rule["does"] == "never":
        return "-"
    return named_accounts(rule) or "the source's accounts"


def named_accounts(data: dict[str, Any]) -> str:
    """Return the names of a rule's or source's accounts, and say which are gone or that no account is left."""
    marked = (f"{each} (GONE)" if each in data["gone"] else each for each in data["accounts"])
    return ("NOBODY: " if data["shares_nothing"] else "") + ", ".join(marked)


def _when(rule: dict[str, Any]) -> str:
    told = [f"{rule['delay']} min later"] if rule["delay"] else []
    told += [f"not {rule['quiet']}"] if rule["quiet"] and not rule["breaking"] else []
    return ", ".join(told) or "at once"
