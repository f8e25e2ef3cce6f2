"""Run the demo: share the articles, wait, act as the reader, compare with the sandbox's records, print the results."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from config.cli.asking import FAILED, Answer, language, start_django
from config.demo import articles, check
from config.demo.articles import Piece
from config.demo.result import DemoResult
from config.demo.stage import Stage
from config.env import read
from config.place import Place
from sharing.domain.message import Message
from sharing.domain.origin import Via

if TYPE_CHECKING:
    from sharing import models

#: Most seconds to wait until no delivery moves any more, even if a worker was killed meanwhile.
PATIENCE = 60.0
MOVING = {"queued", "waiting", "claimed", "sending", "unknown"}


def run(source: str | None, *, url: str | None, as_json: bool) -> int:
    """Run the demo and return the exit status: 0 only if every result is confirmed.

    Raises:
        Refusal: SOURCE is not an article.
    """
    say: Callable[[str], None] = (lambda line: click.echo(line, err=True)) if as_json else click.echo
    page = _page_path()
    stage = Stage()
    pieces = (
        articles.bundled(stage.base_url) if source is None else [articles.given(source, url, stage.base_url)]
    )
    try:
        say("starting a sandbox, a web server and a worker of its own ...")
        told, shares = _play(stage, pieces, say)
    finally:
        stage.end()
    failed = [each for each in told if each.wrong]
    _write_page(page, told)
    data = {
        "share": shares[0],
        "shares": shares,
        "checks": [
            {
                "channel": each.delivery["channel"],
                "text": each.delivery["text"],
                "confirmed": not each.wrong,
                "wrong": each.wrong,
            }
            for each in told
        ],
        "page": str(page),
    }
    if as_json:
        Answer(data).show(as_json=True)
    else:
        click.echo("\n".join(_lines(told, page)))
    if failed:
        names = "; ".join(f"{each.delivery['channel']}: {each.wrong[0]}" for each in failed)
        click.echo(f"sharedesk: not confirmed: {names}", err=True)
        return FAILED
    return 0


def _page_path() -> Path:
    """Return the path of the page of results: in the data folder, or in the temporary folder if that fails."""
    try:
        place = Place.named()
        place.make()
        return place.folder / "demo.html"
    except Exception:  # noqa: BLE001 - the page is optional; a read-only folder must not stop the demo
        import tempfile

        return Path(tempfile.gettempdir()) / "sharedesk-demo.html"


def _play(
    stage: Stage, pieces: Sequence[Piece], say: Callable[[str], None]
) -> tuple[list[DemoResult], list[dict[str, Any]]]:
    stage.set_environment()
    stage.start()
    start_django()
    _bring_up_to_date(stage)
    from sharing import models
    from sharing.services.accounts import practice

    desk = models.Desk.objects.create(name=stage.desk_name, title="Demo", by_itself=True)
    try:
        accounts = practice.accounts_of(desk)
        origins = [_origin(piece.article.address or "") for piece in pieces]
        practice.register(accounts, article_origins=origins)
        stage.start_parts()
        shares = [_share(desk, piece, accounts, say) for piece in pieces]
        _await_rest(shares)
        return _check(stage, pieces, shares)
    finally:
        desk.delete()


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _bring_up_to_date(stage: Stage) -> None:
    """Migrate the database, also one from DATABASE_URL, because the demo may be the first to use it."""
    from config import schema

    if read("DATABASE_URL"):
        schema.migrate()
    else:
        schema.bring_up_to_date(Place(stage.folder))


def _share(
    desk: models.Desk, piece: Piece, accounts: list[models.Account], say: Callable[[str], None]
) -> models.Share:
    from sharing.services.entries import ActingFor
    from sharing.services.shares.share import ShareRequest, share

    article = piece.article
    if piece.served:
        say(f"the article has no address of its own; serving it at {article.url}")
    result = share(
        desk, ShareRequest(article=article, accounts=accounts), ActingFor(name="demo", via=Via.CLI)
    )
    return result.share


def _await_rest(shares: Sequence[models.Share]) -> None:
    from workers.bell import flush

    flush()
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        states = {state for share in shares for state in share.deliveries.values_list("state", flat=True)}
        if not states & MOVING:
            return
        time.sleep(0.05)


def _check(
    stage: Stage, pieces: Sequence[Piece], shares: Sequence[models.Share]
) -> tuple[list[DemoResult], list[dict[str, Any]]]:
    """Act as the reader where a person must act, then compare every delivery with the sandbox's records."""
    from sharing.presentation import represent
    from sharing.services.ids import delivery_id

    errors: dict[str, str] = {}
    for share in shares:
        for row in share.deliveries.filter(channel__in=("kakao", "link"), state="delivered"):
            errors |= _read_as_reader(stage, row)
    records = stage.truth()
    told, shown = [], []
    for piece, share in zip(pieces, shares, strict=True):
        data = represent.share(share, language())
        shown.append(data)
        rows = {delivery_id(row.pk): row for row in share.deliveries.select_related("account")}
        for each in data["deliveries"]:
            row = rows[each["id"]]
            remote_id = row.account.remote_id
            wrong = check.problems(piece.article, piece.expected, each, remote_id, records)
            if each["id"] in errors:
                wrong.insert(0, errors[each["id"]])
            told.append(DemoResult(piece, Message.load(row.message), each, _seconds(share, each), wrong))
    return told, shown


def _read_as_reader(stage: Stage, row: models.Delivery) -> dict[str, str]:
    from sharing.services.ids import delivery_id

    what = {"url": str(row.permalink)} if row.channel == "kakao" else {"text": str(row.message["text"])}
    said = stage.read_as_reader(row.channel, what)
    if not said.get("ok"):
        return {delivery_id(row.pk): f"the reader could not: {said.get('error')}"}
    if row.channel == "kakao":
        ends = time.monotonic() + 5
        while time.monotonic() < ends and row.receipt != "confirmed":
            time.sleep(0.05)
            row.refresh_from_db()
    return {}


def _seconds(share: models.Share, delivery: dict[str, Any]) -> float | None:
    """Return the seconds from the share until it was delivered, by the database's clock; None: not delivered."""
    from sharing import models
    from sharing.services import ids

    events = models.Event.objects.filter(delivery_id=ids.number(delivery["id"], ids.DELIVERY) or 0)
    last = events.filter(to_state="delivered", refused=False).order_by("-pk").first()
    return round((last.at - share.created_at).total_seconds(), 2) if last else None


def _lines(told: Sequence[DemoResult], page: Path) -> list[str]:
    lines = []
    headline = ""
    for each in told:
        delivery = each.delivery
        if each.piece.article.headline != headline:
            headline = each.piece.article.headline
            lines += ["", headline, each.piece.article.address or "", ""]
        limit = f" of {delivery['limit']:,}" if delivery["limit"] else ""
        took = f"{each.seconds:.2f} s" if each.seconds is not None else "-"
        lines.append(
            f"{_mark(each)} {delivery['channel']:<9} {delivery['state']}, {delivery['receipt']}  {took}"
        )
        lines += [f"    {line}" for line in delivery["text"].splitlines()]
        lines.append(f"    length {delivery['length']:,}{limit}")
        if delivery["link"] and delivery["link"] not in delivery["text"]:
            lines.append(f"    link {delivery['link']}")
        if delivery["permalink"]:
            lines.append(f"    permalink {delivery['permalink']}")
        lines += [f"    ! {problem}" for problem in each.wrong]
    confirmed = sum(not each.wrong for each in told)
    lines += [
        "",
        f"{confirmed} of {len(told)} confirmed by the sandbox's own record",
        f"as readers see it: {page}",
    ]
    return lines


def _mark(told: DemoResult) -> str:
    marks = "✓✗" if "utf" in (sys.stdout.encoding or "").lower() else "+!"
    return marks[bool(told.wrong)]


def _write_page(page: Path, told: Sequence[DemoResult]) -> None:
    from config.demo.page import render

    page.write_text(render(told), encoding="utf-8")
