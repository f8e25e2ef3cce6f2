"""Pages for readers under /see: a timeline for each account, a page for each post. No platform uses that path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from sharing.sandbox.accounts import Accounts
from sharing.sandbox.readers.rendering import article, path
from sharing.sandbox.records import Record, Records
from sharing.sandbox.wire.exchange import HTML, Answer, Request

CSS = Path(__file__).with_name("sandbox.css").read_bytes()
MOST_SHOWN = 100
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
NAMES = {
    "facebook": ("페이스북", "Facebook"),
    "x": ("X", "X"),
    "kakao": ("카카오톡", "KakaoTalk"),
    "mail": ("메일", "Mail"),
    "link": ("링크", "Link"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The data of these pages. `cards`: the og tags that Facebook's crawler read, by link."""

    records: Records
    accounts: Accounts
    cards: Mapping[str, dict[str, str]]
    smtp_port: int


def answer(shown: Shown, request: Request, segments: list[str]) -> Answer | None:
    """Return a page for readers; None for other paths."""
    if request.method not in {"GET", "HEAD"}:
        return None
    match segments:
        case []:
            return _index(shown)
        case ["see", "sandbox.css"]:
            return Answer(200, CSS, "text/css; charset=utf-8", {"Cache-Control": "max-age=60"})
        case ["see", channel, *account] if channel in shown.accounts.fields and len(account) < 2:
            return _timeline(shown, channel, account[0] if account else None)
        case ["favicon.ico"]:
            return Answer(204, kind="")
        case _:
            channel, id_ = _permalink(shown, segments)
            return _post(shown, channel, id_) if channel else None


def _permalink(shown: Shown, segments: list[str]) -> tuple[str, str]:
    """Return channel and id from the address of a post, in the platforms' own shapes, too."""
    match segments:
        case ["see", channel, _, id_] if channel in shown.accounts.fields:
            return channel, id_
        case ["facebook", "posts", id_]:
            return "facebook", id_
        case ["i", "web", "status", id_] | ["x", "i", "web", "status", id_] | [_, "status", id_]:
            return "x", id_
        case ["kakao" | "mail" as channel, "messages", id_]:
            return channel, id_
        case _:
            return "", ""


def _index(shown: Shown) -> Answer:
    records = shown.records.records()
    counts: dict[tuple[str, str], int] = {}
    for each in records:
        key = each["channel"], each["account"]
        counts[key] = counts.get(key, 0) + 1
    for account in shown.accounts.all():
        counts.setdefault((account.channel, account.id), 0)
    order = list(shown.accounts.fields)
    rows = "".join(
        f'<tr><td>{" · ".join(dict.fromkeys(_channel(channel)))}</td><td><a href="{path(channel, id_)}">'
        f"{escape(_name(shown, channel, id_))}</a></td><td>{count}</td></tr>"
        for (channel, id_), count in sorted(
            counts.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    )
    table = (
        "<table><thead><tr><th>채널 · Channel</th><th>계정 · Account</th>"
        "<th>보이는 글 · Posts</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if rows
        else "<p>아직 아무 계정도 오지 않았다. · No account has come yet.</p>"
    )
    doors = "".join(f'<a href="/{name}">/{name}</a> ' for name in ("truth", "accounts", "faults", "requests"))
    tail = f'<p class="meta">SMTP {shown.smtp_port} · {doors}</p>'
    return _page("연습용 플랫폼 · Sandbox platforms", "index", table + tail)


def _timeline(shown: Shown, channel: str, account: str | None) -> Answer:
    records = shown.records.records(channel, account)[-MOST_SHOWN:]
    title = _name(shown, channel, account) if account else _channel(channel)[0]
    posts = _articles(shown, records[::-1]) or "<p>글이 없다. · No posts.</p>"
    return _page(title, channel, posts)


def _post(shown: Shown, channel: str, id_: str) -> Answer:
    found = [each for each in shown.records.records(channel) if each["remote_id"] == id_]
    if not found or found[-1].get("deleted"):
        return _page(
            "글이 없다 · No such post",
            channel,
            "<p>지워졌거나 없었던 글이다. · Deleted, or never there.</p>",
            404,
        )
    return _page(_name(shown, channel, found[-1]["account"]), channel, _articles(shown, found))


def _articles(shown: Shown, records: list[Record]) -> str:
    return "".join(article(each, shown.cards.get(each["link"] or "", {})) for each in records)


def _channel(slug: str) -> tuple[str, str]:
    """Return the channel's names in Korean and English. For a guest: its slug."""
    return NAMES.get(slug, (slug, slug))


def _name(shown: Shown, channel: str, id_: str) -> str:
    account = shown.accounts.get(channel, id_)
    return f"{account.name} ({id_})" if account and account.name != id_ else id_


def _page(title: str, kind: str, inside: str, status: int = 200) -> Answer:
    page = (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{escape(title)} (SANDBOX)</title>'
        '<meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="/see/sandbox.css"></head>'
        f'<body class="{kind}"><p class="banner">SANDBOX · 연습용 화면이다. 밖에는 아무것도 나가지 않았다. · '
        "A practice screen. Nothing left this machine.</p>"
        f"<main><h1>{escape(title)}</h1>{inside}</main></body></html>"
    )
    headers = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return Answer(status, page.encode("utf-8", "replace"), HTML, headers)
