"""rule: which of a source's articles go where by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from config.cli.asking import json_option, needs_desk, show

if TYPE_CHECKING:
    from sharing import models


def add_to(group: click.Group) -> None:
    group.add_command(rule)


@click.group()
def rule() -> None:
    """Rules: which articles of a source go where, and whether a person is asked."""


@rule.command("add")
@click.argument("source")
@click.option("--section", default="", metavar="S")
@click.option("--tag", default="", metavar="T")
@click.option("--language", default="", metavar="L")
@click.option("--account", "-a", "account_ids", multiple=True, metavar="A")
@click.option("--auto", is_flag=True, help="Send by itself; else a person is asked.")
@json_option
@needs_desk
def add(
    source: str,
    section: str,
    tag: str,
    language: str,
    account_ids: tuple[str, ...],
    auto: bool,
    as_json: bool,
) -> None:
    """Add a rule; the first that fits an article decides.

    \b
    Examples:
      sharedesk rule add cms --section politics -a 1 -a 2 --auto
      sharedesk rule add cms --language en -a 3
    """
    from sharing.services import connect, rules
    from sharing.services.people import main_desk
    from sharing.services.sources import find_source

    accounts = [connect.find_account(each, main_desk()) for each in account_ids]
    row = rules.add(
        find_source(source), section=section, tag=tag, language=language, accounts=accounts, auto=auto
    )
    data = _rule(row)
    show({"rule": data}, as_json, lambda: [_line(data)])


@rule.command("list")
@json_option
@needs_desk
def list_rules(as_json: bool) -> None:
    """Every rule, in the order in which they are asked.

    \b
    Example:
      sharedesk rule list
    """
    from sharing import models
    from sharing.services.people import main_desk

    rows = models.Rule.objects.filter(source__desk=main_desk()).select_related("source")
    data = [_rule(row) for row in rows.order_by("source__name", "pk")]
    show({"rules": data}, as_json, lambda: [_line(each) for each in data] or ["no rules yet"])


@rule.command("dry-run")
@click.argument("source")
@json_option
@needs_desk
def dry_run(source: str, as_json: bool) -> None:
    """What would be shared of the last 50 articles; nothing is written or sent.

    \b
    Example:
      sharedesk rule dry-run cms
    """
    from sharing.services import rules
    from sharing.services.sources import find_source

    data: list[dict[str, Any]] = [
        {
            "article": str(row.pk),
            "headline": row.headline,
            "to": [
                {"account": str(account.pk), "channel": account.channel, "asks": way.ask}
                for way in ways
                for account in way.accounts
            ],
        }
        for row, ways in rules.dry_run(find_source(source))
    ]
    show(
        {"articles": data},
        as_json,
        lambda: (
            [
                f"{each['headline'][:60]:<60}  "
                + ", ".join(f"{to['channel']}{' (asks)' if to['asks'] else ''}" for to in each["to"])
                for each in data
            ]
            or ["no articles yet"]
        ),
    )


def _rule(row: models.Rule) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "source": row.source.name,
        "section": row.section or None,
        "tag": row.tag or None,
        "language": row.language or None,
        "accounts": [str(pk) for pk in row.accounts.values_list("pk", flat=True)],
        "auto": row.auto,
    }


def _line(data: dict[str, Any]) -> str:
    what = ", ".join(f"{name}={data[name]}" for name in ("section", "tag", "language") if data[name])
    where = ", ".join(data["accounts"]) or "the source's accounts"
    return (
        f"{data['source']}: {what or 'every article'} -> {where}, {'by itself' if data['auto'] else 'asks'}"
    )
