"""user and token: who may come in, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from config.cli.asking import json_option, needs_desk, show

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
@json_option
@needs_desk
def add(name: str, roles: tuple[str, ...], email: str | None, as_json: bool) -> None:
    """Add a person; prints a one-time link that asks for a password.

    \b
    Example:
      sharedesk user add seoyeon --role publisher --role editor --email seoyeon@news.example
    """
    from sharing.services.staff import people

    desk = people.main_desk()
    person = people.add_person(desk, name, roles, email)
    link = people.sign_in_link(person)
    show(
        {"user": _person(person, desk), "link": link},
        as_json,
        lambda: [f"added: {person.name}", f"one-time link (three days): {link}"],
    )


@user.command("link")
@click.argument("name")
@json_option
@needs_desk
def link(name: str, as_json: bool) -> None:
    """Make a new one-time link for a person; older ones end.

    \b
    Example:
      sharedesk user link seoyeon
    """
    from sharing.services.staff import people

    person = people.find_person(name)
    made = people.sign_in_link(person)
    show({"user": _person(person, people.main_desk()), "link": made}, as_json, lambda: [made])


def _person(person: models.Person, desk: models.Desk) -> dict[str, Any]:
    return {"name": person.name, "email": person.email, "roles": sorted(person.roles_at(desk))}


@click.group()
def token() -> None:
    """Keys to the API, for machines."""


@token.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, metavar="S", help="share, read; both when none is named.")
@json_option
@needs_desk
def add_token(name: str, scopes: tuple[str, ...], as_json: bool) -> None:
    """Make a token; it is shown this once.

    \b
    Example:
      sharedesk token add cms --scope share --scope read
    """
    from sharing.services.staff import people

    clear = people.add_token(people.main_desk(), name, scopes)
    show({"token": clear}, as_json, lambda: [f"token (shown once): {clear}"])


@token.command("revoke")
@click.argument("name")
@json_option
@needs_desk
def revoke(name: str, as_json: bool) -> None:
    """End a token at once.

    \b
    Example:
      sharedesk token revoke cms
    """
    from sharing.services.staff import people

    people.revoke_token(people.main_desk(), name)
    show({"revoked": name}, as_json, lambda: [f"revoked: {name}"])
