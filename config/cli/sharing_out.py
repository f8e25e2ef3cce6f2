"""share, status, cancel, again, resolve: the work of the desk."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from config.cli.asking import Answer, answers, language
from config.cli.reading import read_source, read_texts, warning_lines
from sharing.domain.origin import Via

if TYPE_CHECKING:
    from sharing import models
    from sharing.domain.article import Article
    from sharing.services.entries import ActingFor


def add_to(group: click.Group) -> None:
    for command in (share, status, cancel, again, resolve):
        group.add_command(command)


def acting() -> ActingFor:
    """Return the acting person: the user of this terminal."""
    import getpass

    from sharing.services.entries import ActingFor

    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "command line"
    return ActingFor(name=name, via=Via.CLI)


@click.command()
@click.argument("source")
@click.option("--channel", "-c", "slugs", multiple=True, metavar="C", help="Every account of this channel.")
@click.option("--account", "-a", "account_ids", multiple=True, metavar="A", help="This account.")
@click.option("--url", metavar="U", help="The article's address, when SOURCE does not say it.")
@click.option("--at", metavar="T", help="When to send: 2026-11-24T15:00 (the desk's time, or with zone).")
@click.option("--embargo", metavar="T", help="Nothing leaves before this time.")
@click.option("--breaking", is_flag=True, help="Before everything else; asks a person after 15 minutes.")
@click.option(
    "--text", "texts", multiple=True, metavar="C=TEXT", help="A channel's own words, without the link."
)
@click.option("--wording", metavar="W", help="Of the automatic words: lead (as usual), headline or quote.")
@click.option(
    "--repeat",
    "repeats",
    multiple=True,
    is_flag=False,
    flag_value="",
    metavar="ID",
    help="Send once more: the newest delivery (d57) of an account that has the article. Once for each account.",
)
@click.option("--wait", type=float, metavar="S", help="Wait so many seconds until all are delivered.")
@answers()
def share(
    source: str,
    slugs: tuple[str, ...],
    account_ids: tuple[str, ...],
    wait: float | None,
    **requested: Any,
) -> Answer:
    """Share an article: a FILE, a URL or standard input (-).

    \b
    Examples:
      sharedesk share https://news.example/story -c facebook -c x -c kakao -c mail -c link
      sharedesk share https://news.example/story -a 3 --at 2026-11-24T18:00
      sharedesk share story.html --url https://news.example/story -c x --text x="New words" --wait 30
      sharedesk share https://news.example/story -c facebook -c x --repeat d57 --repeat d58
    """
    from sharing.presentation import represent
    from sharing.services.shares.repeats import AlreadyShared
    from sharing.services.shares.share import share as send
    from sharing.services.staff.people import main_desk

    desk = main_desk()
    accounts = _accounts(desk, slugs, account_ids)
    try:
        result = send(desk, _wish(desk, source, accounts, **requested), acting())
    except AlreadyShared as already:
        first = represent.share(already.first, language())
        return Answer({"share": first, "skipped": represent.skipped(already.skipped)}, (), refusal=already)
    if wait:
        _wait_for(result.share, wait)
    data: dict[str, Any] = represent.shared(result, language())
    lines = share_lines(data["share"], data["skipped"]) + warning_lines(data["warnings"])
    done = all(each["state"] == "delivered" for each in data["share"]["deliveries"])
    return Answer(data, lines, failed=bool(wait) and not done)


def _accounts(desk: models.Desk, slugs: Sequence[str], account_ids: Sequence[str]) -> list[models.Account]:
    from sharing.domain.refusal import Refusal
    from sharing.services.accounts.connect import accounts_for, find_account

    if not slugs and not account_ids:
        raise Refusal("share.no_accounts", field="accounts")
    rows = [find_account(each, desk) for each in account_ids]
    rows += accounts_for(desk, list(dict.fromkeys(slugs))) if slugs else []
    return list({row.pk: row for row in rows}.values())


def _wish(
    desk: models.Desk,
    source: str,
    accounts: list[models.Account],
    *,
    url: str | None,
    at: str | None,
    embargo: str | None,
    breaking: bool,
    texts: Sequence[str],
    wording: str | None,
    repeats: Sequence[str],
) -> Any:
    from sharing.intake.fetching import one_article
    from sharing.services.shares.given import read_time, teasers_from
    from sharing.services.shares.share import ShareRequest

    article = one_article(read_source(source, url=url, zone=ZoneInfo(desk.zone)))
    return ShareRequest(
        article=article,
        accounts=accounts,
        teasers=teasers_from(read_texts(texts), {row.channel for row in accounts}, wording),
        at=read_time(at, "at"),
        embargo_until=read_time(embargo, "embargo"),
        breaking=breaking,
        repeat=_named(desk, article, accounts, repeats),
    )


def _named(
    desk: models.Desk, article: Article, accounts: Sequence[models.Account], ids: Sequence[str]
) -> set[int]:
    """Return the ids of the deliveries that --repeat names.

    Raises:
        Refusal: `delivery.unknown`. If --repeat has no ID: `share.repeat_which`, which lists the possible deliveries,
            or `share.repeat_none`.
    """
    from sharing.domain.refusal import Refusal
    from sharing.services.ids import delivery_id, find_delivery
    from sharing.services.shares.repeats import repeatable

    if all(ids):
        return {find_delivery(each, desk).pk for each in ids}
    known = repeatable(desk, article, accounts)
    if not known:
        raise Refusal("share.repeat_none", field="repeat")
    ids = [f"{delivery_id(each.pk)} ({each.channel} {each.account.name})" for each in known]
    raise Refusal("share.repeat_which", field="repeat", ids=", ".join(ids))


def _wait_for(row: models.Share, seconds: float) -> None:
    """Wait until no delivery of the share moves any more, at most `seconds`."""
    from workers.bell import flush

    flush()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        states = set(row.deliveries.values_list("state", flat=True))
        if not states & {"queued", "waiting", "claimed", "sending", "unknown"}:
            return
        time.sleep(0.1)


def share_lines(share: dict[str, Any], skipped: Sequence[dict[str, Any]] = ()) -> list[str]:
    """Return a share as lines for people."""
    lines = [f"Share {share['id']}  {share['state']}  {share['article']['headline']}", f"  {share['url']}"]
    for each in share["deliveries"]:
        sandbox = "  SANDBOX" if each["mode"] == "sandbox" else ""
        lines.append(
            f"  {each['id']:>5}  {each['channel']:<9} {each['state']:<10} {each['account_name']}{sandbox}"
        )
        lines.append(f"         {each['detail']} {each['next']}")
        if each["permalink"]:
            lines.append(f"         {each['permalink']}")
    lines += [
        f"  left out: account {each['account']} has it (delivery {each['delivery']})" for each in skipped
    ]
    return lines


@click.command()
@click.argument("share_id", metavar="SHARE")
@answers()
def status(share_id: str) -> Answer:
    """Where a share's deliveries stand.

    \b
    Example:
      sharedesk status s12
    """
    from sharing.presentation import represent
    from sharing.services.ids import find_share

    data = represent.share(find_share(share_id), language())
    return Answer({"share": data}, share_lines(data))


@click.command()
@click.argument("number", metavar="SHARE|DELIVERY")
@click.option("--reason", default="", help="Why; kept on record.")
@answers()
def cancel(number: str, reason: str) -> Answer:
    """Cancel what is not out yet: a share (s12), or one delivery of it (d57).

    \b
    Examples:
      sharedesk cancel s12
      sharedesk cancel d57 --reason "wrong picture"
    """
    from sharing.presentation import represent
    from sharing.services.decisions import resolve
    from sharing.services.ids import DELIVERY, find_delivery, find_share

    if number.startswith(DELIVERY):
        delivery = find_delivery(number)
        resolve.cancel(delivery, acting(), reason)
        return _answer(delivery)
    row = find_share(number)
    resolve.cancel_share(row, acting())
    data = represent.share(row, language())
    return Answer({"share": data}, share_lines(data))


@click.command()
@click.argument("delivery_id", metavar="DELIVERY")
@answers()
def again(delivery_id: str) -> Answer:
    """Try again what failed, came too late or is held. Never what may be out.

    \b
    Example:
      sharedesk again d57
    """
    from sharing.services.decisions import resolve
    from sharing.services.ids import find_delivery

    delivery = find_delivery(delivery_id)
    resolve.again(delivery, acting())
    return _answer(delivery)


@click.command()
@click.argument("delivery_id", metavar="DELIVERY")
@click.option("--there", metavar="URL", help="It is there: the post's address.")
@click.option("--not-there", is_flag=True, help="It is not there: send it again (needs --reason).")
@click.option("--drop", is_flag=True, help="Give it up (needs --reason).")
@click.option("--decide", is_flag=True, help="Take the decision over from the look-up.")
@click.option("--reason", default="", metavar="R", help="What you checked, and where; kept on record.")
@answers()
def resolve(
    delivery_id: str,
    there: str | None,
    not_there: bool,
    drop: bool,
    decide: bool,
    reason: str,
) -> Answer:
    """Say what you saw of a delivery that did not end clearly.

    \b
    Examples:
      sharedesk resolve d57 --there https://www.facebook.com/1_2
      sharedesk resolve d57 --not-there --reason "looked at the Page's feed"
    """
    from sharing.services.decisions import resolve as resolving
    from sharing.services.ids import find_delivery

    delivery = find_delivery(delivery_id)
    resolving.decide(
        delivery, acting(), there=there, not_there=not_there, drop_it=drop, take=decide, reason=reason
    )
    return _answer(delivery)


def _answer(row: models.Delivery) -> Answer:
    from sharing.presentation import represent

    data = represent.delivery(row, language())
    return Answer(
        {"delivery": data}, [f"{data['id']}  {data['state']}", f"  {data['detail']} {data['next']}"]
    )
