"""notice: list the open notices, and close one."""

from __future__ import annotations

from typing import Any

import click

from config.cli.asking import Answer, answers, language, when
from config.cli.sharing_out import acting


def add_to(group: click.Group) -> None:
    group.add_command(notice)


@click.group()
def notice() -> None:
    """Notices: what people must know. Most close by themselves when their cause ends."""


@notice.command("list")
@answers()
def list_notices() -> Answer:
    """Every open notice of every desk, worst for readers first.

    \b
    Example:
      sharedesk notice list
    """
    from sharing.presentation import notices as telling
    from sharing.services.notices import open_notices

    data = telling.public(open_notices(), language())
    return Answer(
        {"notices": data}, (line for each in data for line in _lines(each)), empty="nothing to tell"
    )


def _lines(notice: dict[str, Any]) -> list[str]:
    where = notice["desk"] or "every desk"
    practice = "  PRACTICE" if notice["practice"] else ""
    head = f"{notice['id']:>6}  {notice['kind']}  {where}  since {when(notice['since'])}{practice}"
    told = [notice[part] for part in ("what", "live", "next") if notice[part]]
    return [head, *(f"        {line}" for line in (*told, *notice["links"]))]


@notice.command("close")
@click.argument("number")
@click.option("--reason", required=True, metavar="R", help="Why; it is kept on record.")
@answers()
def close(number: str, reason: str) -> Answer:
    """Close notice NUMBER. The same is not told again; a new occurrence is.

    \b
    Example:
      sharedesk notice close 12 --reason "second post deleted on Facebook"
    """
    from sharing.services import notices

    row = notices.find(number)
    notices.close(row, acting(), reason)
    data = {"id": str(row.pk), "kind": row.kind, "subject": row.subject, "reason": reason.strip()}
    return Answer({"closed": data}, [f"closed: {data['id']} ({data['reason']})"])
