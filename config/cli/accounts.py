"""account: connect, renew, test and remove accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from config.cli.asking import Answer, answers, language
from config.cli.reading import read_json_object
from config.cli.sharing_out import acting

if TYPE_CHECKING:
    from sharing import models


def add_to(group: click.Group) -> None:
    group.add_command(account)


@click.group()
def account() -> None:
    """Accounts: a Page, a handle, a Kakao app, a mailing list, the link domain."""


@account.command("add")
@click.argument("channel")
@click.option("--id", "remote_id", required=True, metavar="ID", help="The platform's own id for it.")
@click.option("--name", required=True, metavar="N", help="What staff call it.")
@click.option(
    "--secrets", metavar="FILE|-", help="A JSON object of its tokens and keys; never on the line itself."
)
@answers()
def add(channel: str, remote_id: str, name: str, secrets: str | None) -> Answer:
    """Connect a live account; one that was disconnected comes back with its history.

    \b
    Examples:
      sharedesk account add facebook --id 1234567890 --name "Daily" --secrets page.json
      pass show x | sharedesk account add x --id 99 --name @daily --secrets -
      sharedesk account add link --id news.example --name "Short links"
    """
    from sharing.models import Health
    from sharing.presentation import represent
    from sharing.services.accounts.connect import add as connect
    from sharing.services.staff.people import main_desk

    clear = read_json_object(secrets) if secrets else {}
    row = connect(main_desk(), channel, remote_id=remote_id, name=name, secrets=clear, acting=acting())
    works = row.health == Health.OK
    return Answer(
        {"account": represent.account(row)},
        [f"connected: {row.pk}  {row.channel}  {row.name}"],
        failed="" if works else _stopped("connected_stopped", row, row.health_detail or row.health_code),
    )


@account.command("set")
@click.argument("account_id", metavar="A")
@click.option("--secrets", metavar="FILE|-", help="The whole set of its tokens and keys, as for `add`.")
@click.option("--name", metavar="N", help="What staff call it.")
@answers()
def set_account(account_id: str, secrets: str | None, name: str | None) -> Answer:
    """Give an account new secrets or another name; what it held goes on once the secrets were tried.

    The new secrets are tried first. If they do not work they are not stored, and the former ones stay in force.

    \b
    Examples:
      sharedesk account set 3 --secrets page.json
      pass show x | sharedesk account set 4 --secrets -
      sharedesk account set 3 --name "Daily"
    """
    from sharing.domain.outcomes import Failure
    from sharing.presentation import represent
    from sharing.services.accounts import connect

    row = connect.find_account(account_id)
    clear = read_json_object(secrets) if secrets else None
    try:
        connect.renew(row, acting(), secrets=clear, name=name or "")
    except Failure as failure:
        data = {**represent.account(row), "works": False}
        return Answer({"account": data}, (), failed=_stopped("secrets_do_not_work", row, str(failure)))
    data = represent.account(row)
    return Answer({"account": data}, [f"set: {row.pk}  {row.channel}  {row.name}  {data['health']}"])


def _stopped(code: str, row: models.Account, reason: str) -> str:
    """Return a sentence with the platform's answer and the present state of the account."""
    from sharing.wording import sentence

    facts = {"name": row.name, "account": row.pk, "reason": reason}
    return str(sentence(f"account.{code}", language(), facts))


@account.command("list")
@answers()
def list_accounts() -> Answer:
    """Every account and whether it works.

    \b
    Example:
      sharedesk account list
    """
    from sharing.models import Health
    from sharing.presentation import represent
    from sharing.services.staff.people import main_desk

    rows = main_desk().accounts.exclude(health=Health.REMOVED).order_by("pk")
    data = [represent.account(row) for row in rows]
    return Answer(
        {"accounts": data},
        (
            f"{each['id']:>4}  {each['channel']:<9} {each['health']:<9} {each['name']}"
            + ("  SANDBOX" if each["mode"] == "sandbox" else "")
            for each in data
        ),
        empty="no accounts yet; connect one with `sharedesk account add`",
    )


@account.command("test")
@click.argument("account_id", metavar="A")
@answers()
def test(account_id: str) -> Answer:
    """Ask the platform whether an account works; mends a stopped one when it does.

    \b
    Example:
      sharedesk account test 3
    """
    from sharing.domain.outcomes import Failure
    from sharing.presentation import represent
    from sharing.services.accounts import connect

    row = connect.find_account(account_id)
    failed = ""
    try:
        connect.test(row, acting())
    except Failure as failure:
        failed = str(failure)
    row.refresh_from_db()
    data = {**represent.account(row), "works": not failed}
    return Answer({"account": data}, [f"{data['name']}: {failed or 'works'}"], failed=bool(failed))


@account.command("remove")
@click.argument("account_id", metavar="A")
@answers()
def remove(account_id: str) -> Answer:
    """Disconnect an account: its tokens are erased, what waits for it is held. Nothing is cancelled.

    Sources and rules that name it go on naming it; the answer says which of them it leaves without an account.

    \b
    Example:
      sharedesk account remove 3
    """
    from sharing.services.accounts import connect
    from sharing.services.incoming import named
    from sharing.wording import sentence

    row = connect.find_account(account_id)
    connect.remove(row, acting())
    broken = named.find_broken(by=row)
    for each in broken:
        named.tell(each)
    warnings = [str(sentence(each.code, language(), each.facts)) for each in broken]
    data = {"removed": str(row.pk), "warnings": warnings}
    return Answer(data, [f"removed: {row.name}", *(f"  ! {each}" for each in warnings)])
