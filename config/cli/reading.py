"""extract and compose: read an article, and show each channel's post. Nothing is written or sent."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from config.cli.asking import Answer, answers, language
from config.env import read_list
from sharing.domain.refusal import Refusal

if TYPE_CHECKING:
    from sharing.domain.article import Article
    from sharing.domain.message import Teaser
    from sharing.intake.reading import Reading

#: The time zone for commands that use no desk: that of the first users.
ZONE = ZoneInfo("Asia/Seoul")


def add_to(group: click.Group) -> None:
    for command in (extract, compose):
        group.add_command(command)


def is_url(source: str) -> bool:
    """Whether SOURCE is a URL, not a file."""
    return source.lower().startswith(("http://", "https://"))


def read_source(
    source: str, *, kind: str | None = None, url: str | None = None, zone: ZoneInfo = ZONE
) -> list[Reading]:
    """Read what is in a FILE, at a URL, or on standard input (`-`).

    Raises:
        Refusal: the source cannot be read.
    """
    from sharing.intake.fetching import read_url
    from sharing.intake.source import read
    from sharing.net.addresses import Allowed

    now = datetime.now(UTC)
    if is_url(source):
        allowed = Allowed.read(read_list("SHAREDESK_FETCH_ALLOW"))
        return read_url(source, allowed=allowed, zone=zone, now=now, format=kind)
    return read(bytes_of(source), url=url, format=kind, zone=zone, now=now)


def bytes_of(source: str) -> bytes:
    """Return the bytes of FILE or standard input, at most `intake.source.LIMIT` and one more.

    Raises:
        Refusal: `file.*`.
    """
    from sharing.intake.source import LIMIT

    if source == "-":
        return sys.stdin.buffer.read(LIMIT + 1)
    try:
        with Path(source).open("rb") as file:
            return file.read(LIMIT + 1)
    except FileNotFoundError:
        raise Refusal("file.missing", file=source[:300]) from None
    except (OSError, ValueError) as error:
        raise Refusal("file.unreadable", file=source[:300], reason=type(error).__name__) from None


def articles_in(readings: Sequence[Reading]) -> list[Article]:
    """Return the articles that could be read.

    Raises:
        Refusal: no article could be read; it says why.
    """
    found = [reading.article for reading in readings if reading.article is not None]
    if not found:
        raise (readings[0].why_not if readings else None) or Refusal("source.empty")
    return found


@click.command()
@click.argument("source")
@click.option("--format", "format_", metavar="F", help="What it is, when it is not recognised.")
@click.option("--url", metavar="U", help="Where a saved page came from.")
@answers(desk=False)
def extract(source: str, format_: str | None, url: str | None) -> Answer:
    """Read an article from a FILE, a URL or standard input (-).

    \b
    Examples:
      sharedesk extract https://news.example/story
      sharedesk extract saved.html --url https://news.example/story
      pbpaste | sharedesk extract -
    """
    readings = read_source(source, kind=format_, url=url)
    found = [article.public() for article in articles_in(readings)]
    return Answer({"article": found[0]} if len(readings) == 1 else {"articles": found})


@click.command()
@click.argument("source")
@click.option("--channel", "-c", "slugs", multiple=True, metavar="C", help="Only these channels.")
@click.option("--link", metavar="U", help="The link to use instead of the article's own address.")
@click.option("--url", metavar="U", help="Where a saved page came from.")
@click.option("--text", "texts", multiple=True, metavar="C=TEXT", help="A channel's own words.")
@click.option("--wording", metavar="W", help="Of the automatic words: lead (as usual), headline or quote.")
@click.option("--correcting", metavar="TEXT", help="The words that went out and were wrong.")
@click.option("--mark", default="notice", metavar="M", help="Of a correction: notice, wire, remedy or reply.")
@click.option("--case", default="", metavar="N", help="The case number of a remedy or reply.")
@answers(desk=False)
def compose(
    source: str,
    slugs: tuple[str, ...],
    link: str | None,
    url: str | None,
    **words: Any,
) -> Answer:
    """Show what each channel would send. Nothing is written, no desk is asked for its templates.

    \b
    Examples:
      sharedesk compose https://news.example/story
      sharedesk compose story.html --url https://news.example/story -c x -c kakao
      sharedesk compose https://news.example/story -c x --correcting "17 towns publish river levels"
    """
    from sharing.channels.registry import channel, room
    from sharing.domain.message import Teaser
    from sharing.intake.fetching import one_article
    from sharing.services.shares.given import accounts_to_compose
    from sharing.wording import warnings
    from sharing.words.style import Style

    article = one_article(read_source(source, url=url))
    accounts = accounts_to_compose(getattr(article, "language", None) or language(), slugs or None)
    teasers = _teasers(article, {account.channel for account in accounts}, **words)
    composed = []
    for account in accounts:
        made = channel(account.channel)
        address = _address(article)
        its_link = link or made.link(address, account, None)
        teaser = teasers.get(account.channel, Teaser())
        composed.append((made.compose(article, teaser, account, its_link), teaser.words is not None))
    messages = [message for message, _ in composed]
    said = warnings(Style(), article, composed, language(), room)
    data = {"messages": [message.public() for message in messages], "warnings": said}
    return Answer(data, _lines(messages) + warning_lines(said))


def _teasers(
    article: Article,
    slugs: set[str],
    *,
    texts: Sequence[str],
    wording: str | None,
    correcting: str | None,
    mark: str,
    case: str,
) -> dict[str, Teaser]:
    from sharing.services.shares import given as teasers

    own = teasers.teasers_from(read_texts(texts), slugs, wording)
    if correcting is None:
        return own
    return teasers.correcting(article, correcting, slugs, mark=mark, case=case) | own


def _address(article: Any) -> str:
    if not article.address:
        raise Refusal("article.no_url", field="url")
    return str(article.address)


def _lines(messages: list[Any]) -> list[str]:
    lines = []
    for message in messages:
        limit = f"/{message.limit}" if message.limit else ""
        lines += [f"── {message.channel}  {message.length}{limit}", message.text]
        lines += [f"   {message.link}"] if message.link and message.link not in message.text else []
    return lines


def warning_lines(warnings: Sequence[dict[str, Any]]) -> list[str]:
    """Return the warnings of the desk's rules about words as lines for people."""
    return [f"  ! {each['channel']}: {each['text']}" for each in warnings]


def read_texts(texts: Sequence[str]) -> dict[str, str]:
    """Return the words by channel from the `--text C=TEXT` options.

    Raises:
        Refusal: `share.bad_text`.
    """
    found = {}
    for text in texts:
        slug, equals, words = text.partition("=")
        if not equals or not slug:
            raise Refusal("share.bad_text", field="text", text=text[:60])
        found[slug.strip()] = words
    return found


def read_json_object(file: str) -> dict[str, Any]:
    """Read a JSON object from FILE or standard input.

    Raises:
        Refusal: `file.*`.
    """
    try:
        data = json.loads(bytes_of(file))
    except (ValueError, RecursionError):
        raise Refusal("file.not_json", file=file[:300]) from None
    if not isinstance(data, dict):
        raise Refusal("file.not_json", file=file[:300])
    return data
