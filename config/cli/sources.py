"""source: the CMSs that call us and the feeds that we read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from config.cli.asking import Answer, answers, at_the_desk, language, when
from config.cli.reading import bytes_of, read_json_object
from config.cli.rules import named_accounts
from config.cli.sharing_out import acting

if TYPE_CHECKING:
    from sharing.services.incoming.sources import Settings


def add_to(group: click.Group) -> None:
    group.add_command(source)


@click.group()
def source() -> None:
    """Sources: CMSs that call us on publish, and feeds that we read."""


_SETTINGS = (
    click.option("--format", "format_", metavar="F", help="What it speaks; auto recognises it."),
    click.option(
        "--address", metavar="U", help="The site, or a template: https://news.example/{section}/{slug}"
    ),
    click.option("--mapping", metavar="FILE", help="A mapping of your own (docs/sources.md), as JSON."),
    click.option("--feed", metavar="U", help="A feed to read: alone, or as the net under lost hooks."),
    click.option("--every", type=int, metavar="SECONDS", help="How often the feed is read; 60 if not given."),
    click.option(
        "--date-order", metavar="dmy|mdy|ymd", help="The order of its dates in figures, such as 03/04/2026."
    ),
    click.option("--zone", metavar="Z", help="The zone of its times, such as Asia/Kolkata; else the desk's."),
    click.option(
        "--account", "-a", "account_ids", multiple=True, metavar="A", help="Only to these accounts."
    ),
)


def _with_settings(command: Callable[..., int]) -> Callable[..., int]:
    for option in reversed(_SETTINGS):
        command = option(command)
    return command


def _settings(
    *, format_: str | None, mapping: str | None, account_ids: tuple[str, ...], **others: Any
) -> Settings:
    from sharing.services.accounts import connect
    from sharing.services.incoming.sources import Settings
    from sharing.services.staff.people import main_desk

    accounts = [connect.find_account(each, main_desk()) for each in account_ids]
    return Settings(
        format=format_,
        mapping=read_json_object(mapping) if mapping else None,
        accounts=accounts or None,
        **others,
    )


def _secret_in(file: str | None) -> str | None:
    return bytes_of(file).decode("utf-8", "replace").strip() if file else None


@source.command("add")
@click.argument("name")
@click.option("--scheme", metavar="S", help="How it signs: standard-webhooks, github, ghost, ...")
@click.option("--secret", metavar="FILE|-", help="Its secret; else a new one is made.")
@_with_settings
@answers()
def add(name: str, scheme: str | None, secret: str | None, **settings: Any) -> Answer:
    """Add a source. Its secret is shown this once.

    \b
    Examples:
      sharedesk source add cms --scheme standard-webhooks
      sharedesk source add ghost --scheme ghost --format ghost --secret secret.txt
      sharedesk source add front --feed https://news.example/rss
      sharedesk source add cms --scheme github --feed https://news.example/rss --address https://news.example
    """
    from sharing.presentation import represent
    from sharing.services.incoming import sources
    from sharing.services.staff.people import main_desk

    row, clear = sources.add(
        main_desk(), name, acting(), scheme=scheme, secret=_secret_in(secret), settings=_settings(**settings)
    )
    data = represent.source(row)

    lines = [f"added: {row.name}"]
    lines += [f"calls {data['url']}", f"secret (shown once): {clear}"] if clear else []
    lines += [f"reads {data['feed']['url']}"] if data["feed"] else []
    return Answer({"source": data, "secret": clear}, lines)


@source.command("change")
@click.argument("name")
@_with_settings
@answers()
def change(name: str, **settings: Any) -> Answer:
    """Set a source anew; what is not named stays.

    \b
    Examples:
      sharedesk source change cms --format wordpress --address https://news.example
      sharedesk source change cms --mapping ours.json
      sharedesk source change cms --feed https://news.example/rss --every 30
      sharedesk source change cms --date-order dmy --zone Europe/London
    """
    from sharing.presentation import represent
    from sharing.services.incoming import sources

    row = sources.find_source(name)
    sources.change(row, acting(), _settings(**settings))
    return Answer({"source": represent.source(row)}, [f"changed: {row.name}"])


@source.command("list")
@answers()
def list_sources() -> Answer:
    """Every source; a scheme that is weak says so.

    \b
    Example:
      sharedesk source list
    """
    from sharing.presentation import represent
    from sharing.services.staff.people import main_desk

    data = [represent.source(row) for row in main_desk().sources.order_by("pk")]
    empty = "no sources yet; add one with `sharedesk source add`"
    return Answer({"sources": data}, map(_line, data), empty=empty)


def _line(source: dict[str, Any]) -> str:
    scheme = source["scheme"] + (" (weak)" if source["weak"] else "")
    where = source["url"] or source["feed"]["url"]
    off = "" if source["switched_on"] else "  SWITCHED OFF"
    failing = "  FEED FAILS" if source["feed"] and source["feed"]["failures"] else ""
    only = f"  only to {named_accounts(source)}" if source["accounts"] else ""
    times = "".join(f"  {source[each]}" for each in ("date_order", "zone") if source[each])
    return f"{source['name']:<20} {scheme:<22} {source['format']:<12} {where}{times}{only}{off}{failing}"


@source.command("show")
@click.argument("name")
@answers()
def show_source(name: str) -> Answer:
    """A source, and its last ten hooks: each with what was read from it and what came of it.

    \b
    Example:
      sharedesk source show cms
    """
    from sharing.presentation import represent
    from sharing.services.incoming.sources import find_source

    row = find_source(name)
    data = represent.source(row)
    hooks = [represent.hook_log(each, language()) for each in row.inbound.order_by("-pk")[:10]]
    return Answer({"source": data, "hooks": hooks}, _all_lines(data, hooks))


def _all_lines(data: dict[str, Any], hooks: list[dict[str, Any]]) -> Iterator[str]:
    yield _line(data)
    for each in data["secrets"]:
        yield f"  secret {each['number']}: {_live(each['until'])}"
    for hook in hooks:
        yield ""
        yield f"{hook['inbound']:>6}  {when(hook['received_at'])}  {hook['result']}  {hook['said'] or ''}".rstrip()
        for each in hook["read"]:
            yield f"        {each['headline']}  {each['url'] or '-'}  {each['event']}"
        yield f"        {hook['body'][:200]}"


def _live(until: str | None) -> str:
    return f"until {when(until)}" if until else "live"


@source.command("sign")
@click.argument("name")
@click.argument("file")
@click.option(
    "--header", "-H", "headers", multiple=True, metavar="NAME:VALUE", help="One more, as the CMS sends it."
)
@at_the_desk()
def sign(name: str, file: str, headers: tuple[str, ...]) -> None:
    """Print a curl line that sends FILE to the source, signed now.

    \b
    Examples:
      sharedesk source sign cms article.json | sh
      sharedesk source sign contentful entry.json -H X-Contentful-Topic:ContentManagement.Entry.publish | sh
    """
    from sharing.services.incoming import sources

    more = dict(each.partition(":")[::2] for each in headers)
    more = {name.strip(): value.strip() for name, value in more.items()}
    click.echo(sources.curl_line(sources.find_source(name), bytes_of(file), file, more))


@source.command("replay")
@click.argument("inbound")
@answers()
def replay(inbound: str) -> Answer:
    """Read a kept hook again, as its source reads them now, and act on it. What is out stays out once.

    \b
    Example:
      sharedesk source replay 57
    """
    from sharing.presentation import represent
    from sharing.services.incoming import hooks as ingest

    row = ingest.replay(ingest.find_inbound(inbound), acting())
    data = represent.hook_log(row, language())
    return Answer({"hook": data}, [f"{data['inbound']}  {data['result']}  {data['said'] or ''}".rstrip()])


@source.command("switch")
@click.argument("name")
@click.argument("on", type=click.Choice(["on", "off"]))
@answers()
def switch(name: str, on: str) -> Answer:
    """Switch a source off, or on again. Off: its hooks are refused (403), its feed rests.

    \b
    Example:
      sharedesk source switch cms off
    """
    from sharing.presentation import represent
    from sharing.services.incoming import sources

    row = sources.find_source(name)
    sources.switch(row, acting(), on=on == "on")
    return Answer({"source": represent.source(row)}, [f"{row.name}: {on}"])


@source.command("rotate")
@click.argument("name")
@click.option("--secret", metavar="FILE|-", help="The new secret; else one is made.")
@click.option(
    "--overlap",
    type=click.FloatRange(0, 24 * 30),
    default=24.0,
    metavar="HOURS",
    show_default=True,
    help="How long the former secret stays live beside it.",
)
@answers()
def rotate(name: str, secret: str | None, overlap: float) -> Answer:
    """Make a new secret; it is shown this once. The former stays live until the CMS knows the new one.

    \b
    Examples:
      sharedesk source rotate cms
      sharedesk source rotate cms --overlap 0
    """
    from sharing.presentation import represent
    from sharing.services.incoming import sources

    row = sources.find_source(name)
    clear = sources.rotate(row, acting(), secret=_secret_in(secret), overlap=timedelta(hours=overlap))
    row.refresh_from_db()
    return Answer(
        {"source": represent.source(row), "secret": clear},
        [f"secret (shown once): {clear}", f"the former stays live for {overlap:g} h"],
    )


@source.command("add-secret")
@click.argument("name")
@click.option("--secret", required=True, metavar="FILE|-", help="The secret that the CMS made.")
@answers()
def add_secret(name: str, secret: str) -> Answer:
    """Let one more secret be live beside the others.

    \b
    Example:
      sharedesk source add-secret cms --secret new.txt
    """
    from sharing.presentation import represent
    from sharing.services.incoming import sources

    row = sources.find_source(name)
    sources.add_secret(row, acting(), _secret_in(secret) or "")
    row.refresh_from_db()
    return Answer({"source": represent.source(row)}, [f"{row.name}: {len(row.secrets)} secrets are live"])


@source.command("drop-secret")
@click.argument("name")
@click.argument("number")
@answers()
def drop_secret(name: str, number: str) -> Answer:
    """End a secret at once; `source show` lists their numbers.

    \b
    Example:
      sharedesk source drop-secret cms 1
    """
    from sharing.presentation import represent
    from sharing.services.incoming import sources

    row = sources.find_source(name)
    sources.drop_secret(row, acting(), number)
    row.refresh_from_db()
    return Answer({"source": represent.source(row)}, [f"{row.name}: secret {number} ended"])
