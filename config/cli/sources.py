"""source: the CMSs that call us."""

from __future__ import annotations

import click

from config.cli.asking import json_option, needs_desk, show
from config.cli.reading import bytes_of


def add_to(group: click.Group) -> None:
    group.add_command(source)


@click.group()
def source() -> None:
    """Sources: CMSs that call us on publish."""


@source.command("add")
@click.argument("name")
@click.option(
    "--scheme", required=True, metavar="S", help="How it signs: standard-webhooks, github, ghost, ..."
)
@click.option("--format", "format_", default="auto", metavar="F", help="What it speaks; auto recognises it.")
@click.option("--secret", metavar="FILE|-", help="Its secret; else a new one is made.")
@click.option("--account", "-a", "account_ids", multiple=True, metavar="A", help="Only to these accounts.")
@json_option
@needs_desk
def add(
    name: str,
    scheme: str,
    format_: str,
    secret: str | None,
    account_ids: tuple[str, ...],
    as_json: bool,
) -> None:
    """Add a source. Its secret is shown this once.

    \b
    Examples:
      sharedesk source add cms --scheme standard-webhooks --format auto
      sharedesk source add ghost --scheme ghost --format ghost --secret secret.txt
    """
    from sharing.services import connect, sources
    from sharing.services.people import main_desk
    from sharing.web import represent

    desk = main_desk()
    given = bytes_of(secret).decode("utf-8", "replace").strip() if secret else None
    accounts = [connect.find_account(each, desk) for each in account_ids]
    row, clear = sources.add(desk, name, scheme=scheme, format=format_, secret=given, accounts=accounts)
    data = represent.source(row)
    show(
        {"source": data, "secret": clear},
        as_json,
        lambda: [f"added: {row.name}, calls {data['url']}", f"secret (shown once): {clear}"],
    )


@source.command("list")
@json_option
@needs_desk
def list_sources(as_json: bool) -> None:
    """Every source.

    \b
    Example:
      sharedesk source list
    """
    from sharing.services.people import main_desk
    from sharing.web import represent

    data = [represent.source(row) for row in main_desk().sources.order_by("pk")]
    show(
        {"sources": data},
        as_json,
        lambda: (
            [f"{s['name']:<20} {s['scheme']:<18} {s['format']:<12} {s['url']}" for s in data]
            or ["no sources yet; add one with `sharedesk source add`"]
        ),
    )


@source.command("sign")
@click.argument("name")
@click.argument("file")
@needs_desk
def sign(name: str, file: str) -> None:
    """Print a curl line that sends FILE to the source, signed now.

    \b
    Example:
      sharedesk source sign cms article.json | sh
    """
    from sharing.services import sources

    click.echo(sources.curl_line(sources.find_source(name), bytes_of(file), file))
