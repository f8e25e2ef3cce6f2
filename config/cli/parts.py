"""web, worker, sandbox, migrate: one part as a process of its own. up, demo, doctor: all parts together."""

from __future__ import annotations

import os
from typing import Any

import click

from config.cli.asking import Answer, answers, json_option, start_django
from config.env import SETTINGS, BadSetting, read


def add_to(group: click.Group) -> None:
    for each in (demo, up, web, worker, sandbox, migrate, doctor, first_start):
        group.add_command(each)


def _require(*names: str) -> None:
    """Check that these settings are given, because they have no default.

    Raises:
        BadSetting: settings are missing, and the message names all of them; or SECRET_KEY is too short.
    """
    missing = [name for name in names if not read(name)]
    if missing:
        what = "; ".join(f"{name} ({SETTINGS[name].what})" for name in missing)
        raise BadSetting(f"not set: {what}")
    if "SECRET_KEY" in names and len(read("SECRET_KEY")) < 32:
        raise BadSetting("SECRET_KEY is too short: at least 32 characters")


@click.command()
@click.option("--host", default="127.0.0.1", metavar="H", show_default=True)
@click.option("--port", default=8000, type=click.IntRange(1, 65535), metavar="P", show_default=True)
@click.option("--processes", default=1, type=click.IntRange(1, 64), metavar="N", show_default=True)
def web(host: str, port: int, processes: int) -> None:
    """Serve the pages, the API, the hooks and the links.

    \b
    Example:
      SECRET_KEY=… SHAREDESK_KEYS=… CELERY_BROKER_URL=redis://… sharedesk web --host 0.0.0.0
    """
    _require("SECRET_KEY", "SHAREDESK_KEYS", "CELERY_BROKER_URL")
    start_django()
    from config.schema import refuse_old
    from config.web import serve

    refuse_old()
    serve(host, port, processes)


@click.command()
@click.option("--concurrency", default=16, type=click.IntRange(1, 500), metavar="N", show_default=True)
@click.option("--lane", type=click.Choice(["breaking"]), help="Only what is breaking.")
def worker(concurrency: int, lane: str | None) -> None:
    """Deliver what is due.

    \b
    Examples:
      sharedesk worker --concurrency 32
      sharedesk worker --lane breaking --concurrency 4
    """
    _require("SECRET_KEY", "SHAREDESK_KEYS", "CELERY_BROKER_URL")
    start_django()
    from config.schema import refuse_old
    from workers.run import run

    refuse_old()

    run(concurrency=concurrency, breaking_only=lane == "breaking")


@click.command()
@click.option("--host", default="127.0.0.1", metavar="H", show_default=True)
@click.option("--port", default=0, type=click.IntRange(0, 65535), metavar="P", help="0 = a free one")
@click.option("--smtp-port", default=0, type=click.IntRange(0, 65535), metavar="P", help="0 = a free one")
@click.option("--faults", metavar="SPEC", help="Faults to make, as docs/sandbox.md describes.")
@click.option("--seed", default=0, type=int, metavar="N", help="Which of the same faults.")
def sandbox(host: str, port: int, smtp_port: int, faults: str | None, seed: int) -> int:
    """Run the fake platforms alone; prints one JSON line with their addresses.

    \b
    Examples:
      sharedesk sandbox --port 9000
      sharedesk sandbox --faults "facebook:reset_after_commit=5%" --seed 7
    """
    from config.practice import SANDBOX, require
    from sharing.sandbox import main

    require("sandbox", *SANDBOX)
    return main(port, smtp_port, faults, seed, host)


@click.command()
@click.option("--plan", "plan_only", is_flag=True, help="Only say what would be done.")
@answers(desk=False)
def migrate(plan_only: bool) -> Answer:
    """Bring the database up to date, and make the first desk.

    \b
    Examples:
      DATABASE_URL=postgres://… sharedesk migrate --plan
      DATABASE_URL=postgres://… sharedesk migrate
    """
    from config import schema
    from config.place import Place, adopt

    adopt(Place.named())
    start_django()
    if plan_only:
        return _plan(schema.plan())
    schema.migrate()
    return Answer({"migrated": True}, ["the database is up to date"])


def _plan(steps: list[dict[str, Any]]) -> Answer:
    lines = []
    for each in steps:
        lines += [f"{each['app']} {each['migration']}", *(f"       {step}" for step in each["steps"])]
    return Answer({"plan": steps}, lines, empty="the database is up to date; nothing would be done")


@click.command()
@click.option("--host", default="127.0.0.1", metavar="H", show_default=True)
@click.option("--port", default=8000, type=click.IntRange(1, 65535), metavar="P", show_default=True)
@click.option("--data", metavar="DIR", help="Where its database, keys and state are.")
@json_option
def up(host: str, port: int, data: str | None, as_json: bool) -> int:
    """Run the whole desk here: web, worker, sandbox and broker, until Ctrl-C.

    \b
    Examples:
      sharedesk up
      sharedesk up --port 8080 --data /srv/desk
    """
    from config.place import Place
    from config.practice import BROKER, SANDBOX, require
    from config.up import Up

    require("up", *SANDBOX, *BROKER)
    return Up(Place.named(data), host=host, port=port, as_json=as_json).run()


@click.command(hidden=True, name="first-start")
def first_start() -> None:
    """What `up` needs before its parts start: tables, practice accounts, a way in."""
    from config.first_start import prepare

    prepare()


@click.command()
@click.argument("source", required=False)
@click.option("--url", metavar="U", help="The article's address, when SOURCE does not say it.")
@json_option
def demo(source: str | None, url: str | None, as_json: bool) -> int:
    """Share an article to all five channels against the sandbox, and check its own record.

    Without SOURCE: the two articles that come with Sharedesk, one Korean, one English.

    \b
    Examples:
      sharedesk demo
      sharedesk demo https://news.example/story
      pbpaste | sharedesk demo -
    """
    from config.demo import run
    from config.practice import BROKER, SANDBOX, require

    require("demo", *SANDBOX, *(() if read("CELERY_BROKER_URL") else BROKER))
    return run(source, url=url, as_json=as_json)


@click.command()
@answers(desk=False)
def doctor() -> Answer:
    """Say what is wrong, and what to do about it.

    \b
    Example:
      sharedesk doctor
    """
    from config.doctor import examine

    os.environ.setdefault("SHAREDESK_LOG", "error")
    findings = examine()
    wrong = [each for each in findings if not each["ok"]]
    lines = (
        f"{'ok   ' if each['ok'] else 'WRONG'}  {each['what']}"
        + (f"\n       {each['advice']}" if each["advice"] else "")
        for each in findings
    )
    return Answer({"findings": findings, "ok": not wrong}, lines, failed=bool(wrong))
