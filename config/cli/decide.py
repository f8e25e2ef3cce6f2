"""hold and release: stop everything, a channel, an account or an article, at once."""

from __future__ import annotations

import click

from config.cli.asking import Answer, answers
from config.cli.sharing_out import acting


def add_to(group: click.Group) -> None:
    for command in (hold, release):
        group.add_command(command)


@click.command()
@click.argument("scope")
@click.option("--reason", required=True, metavar="R", help="Why; staff see it.")
@answers()
def hold(scope: str, reason: str) -> Answer:
    """Let nothing in SCOPE go out: all, channel:x, account:3 or article:12.

    \b
    Examples:
      sharedesk hold all --reason "wrong story is going out"
      sharedesk hold channel:x --reason "X is down"
    """
    from sharing.services.decisions.hold import hold as hold_scope

    switch = hold_scope(scope, reason, acting())
    data = {"scope": str(switch), "by": switch.by, "reason": switch.reason}
    return Answer({"hold": data}, [f"held: {data['scope']} ({data['reason']})"])


@click.command()
@click.argument("scope")
@answers()
def release(scope: str) -> Answer:
    """Lift a hold. What is still news goes on; what is not asks a person.

    \b
    Example:
      sharedesk release channel:x
    """
    from sharing.services.decisions.hold import lift as release_scope

    going = release_scope(scope, acting())
    return Answer({"released": scope, "going_on": going}, [f"released: {scope}; {going} go on"])
