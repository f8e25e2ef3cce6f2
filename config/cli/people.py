"""user and token: add people, sign-in links and API tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from config.cli.asking import Answer, answers

if TYPE_CHECKING:
    from sharing import models


def add_to(group: click.Group) -> None:
    for command in (user, token):
        group.add_command(command)


@click.group()
def user() -> None:
    """People of the newsroom."""


@user.command("add")
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, metavar="R", help="reporter, editor, publisher, admin, auditor."
)
@click.option("--email", metavar="E")
@answers()
def add(name: str, roles: tuple[str, ...], email: str | None) -> Answer:
    """Add a person; prints a one-time link that asks for a password.

    \b
    Example:
      sharedesk user add seoyeon --role publisher --role editor --email seoyeon@news.example
    """
    from sharing.services.staff import people

    desk = people.main_desk()
    person = people.add_person(desk, name, roles, email)
    link = people.sign_in_link(person)
    return Answer(
        {"user": _person(person, desk), "link": link},
        [f"added: {person.name}", f"one-time link (three days): {link}"],
    )


@user.command("link")
@click.argument("name")
@answers()
def link(name: str) -> Answer:
    """Make a new one-time link for a person; older ones end.

    \b
    Example:
      sharedesk user link seoyeon
    """
    from sharing.services.staff import people

    person = people.find_person(name)
    made = people.sign_in_link(person)
    return Answer({"user": _person(person, people.main_desk()), "link": made}, [made])


def _person(person: models.Person, desk: models.Desk) -> dict[str, Any]:
    return {"name": person.name, "email": person.email, "roles": sorted(person.roles_at(desk))}


@click.group()
def token() -> None:
    """Keys to the API, for machines."""


@token.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, metavar="S", help="share, read; both when none is named.")
@answers()
def add_token(name: str, scopes: tuple[str, ...]) -> Answer:
    """Make a token; it is shown this once.

    \b
    Example:
      sharedesk token add cms --scope share --scope read
    """
    from sharing.services.staff import people

    clear = people.add_token(people.main_desk(), name, scopes)
    return Answer({"token": clear}, [f"token (shown once): {clear}"])


@token.command("revoke")
@click.argument("name")
@answers()
def revoke(name: str) -> Answer:
    """End a token at once.

    \b
    Example:
      sharedesk token revoke cms
    """
    from sharing.services.staff import people

    people.revoke_token(people.main_desk(), name)
    return Answer({"revoked": name}, [f"revoked: {name}"])
