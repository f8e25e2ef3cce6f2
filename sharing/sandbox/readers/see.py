"""What readers see: a timeline for each account, a page for each post. Under /see, which no platform uses."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sharing.sandbox.readers.rendering import article, path
from sharing.sandbox.records import Record
from sharing.sandbox.wire.exchange import HTML, Answer, Request

if TYPE_CHECKING:
    from sharing.sandbox.sandbox import Sandbox

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


def answer(sandbox: Sandbox, request: Request, segments: list[str]) -> Answer | None:
    """A page for readers, None where the path is none."""
    if request.method not in {"GET", "HEAD"}:
        return None
    match segments:
        case []:
            return _index(sandbox)
        case ["see", "sandbox.css"]:
            return Answer(200, CSS, "text/css; charset=utf-8", {"Cache-Control": "max-age=60"})
        case ["see", channel, *account] if channel in sandbox.accounts.fields and len(account) < 2:
            return _timeline(sandbox, channel, account[0] if account else None)
        case ["favicon.ico"]:
            return Answer(204, kind="")
        case _:
            channel, id_ = _permalink(sandbox, segments)
            return _post(sandbox, channel, id_) if channel else None


def _permalink(sandbox: Sandbox, segments: list[str]) -> tuple[str, str]:
    """The channel and the id in the address of one post, also in the platforms' own shapes."""
    match segments:
        case ["see", channel, _, id_] if channel in sandbox.accounts.fields:
            return channel, id_
        case ["facebook", "posts", id_]:
            return "facebook", id_
        case ["i", "web", "status", id_] | ["x", "i", "web", "status", id_] | [_, "status", id_]:
            return "x", id_
        case ["kakao" | "mail" as channel, "messages", id_]:
            return channel, id_
        case _:
            return "", ""


def _index(sandbox: Sandbox) -> Answer:
    records = sandbox.records.records()
    counts: dict[tuple[str, str], int] = {}
    for each in records:
        key = each["channel"], each["account"]
        counts[key] = counts.get(key, 0) + 1
    for account in sandbox.accounts.all():
        counts.setdefault((account.channel, account.id), 0)
    order = list(sandbox.accounts.fields)
    rows = "".join(
        f'<tr><td>{" · ".join(dict.fromkeys(_channel(channel)))}</td><td><a href="{path(channel, id_)}">'
        f"{escape(_name(sandbox, channel, id_))}</a></td><td>{count}</td></tr>"
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
    tail = f'<p class="meta">SMTP {sandbox.smtp_port} · {doors}</p>'
    return _page("연습용 플랫폼 · Sandbox platforms", "index", table + tail)


def _timeline(sandbox: Sandbox, channel: str, account: str | None) -> Answer:
    records = sandbox.records.records(channel, account)[-MOST_SHOWN:]
    title = _name(sandbox, channel, account) if account else _channel(channel)[0]
    posts = _articles(sandbox, records[::-1]) or "<p>글이 없다. · No posts.</p>"
    return _page(title, channel, posts)


def _post(sandbox: Sandbox, channel: str, id_: str) -> Answer:
    found = [each for each in sandbox.records.records(channel) if each["remote_id"] == id_]
    if not found or found[-1].get("deleted"):
        return _page(
            "글이 없다 · No such post",
            channel,
            "<p>지워졌거나 없었던 글이다. · Deleted, or never there.</p>",
            404,
        )
    return _page(_name(sandbox, channel, found[-1]["account"]), channel, _articles(sandbox, found))


def _articles(sandbox: Sandbox, records: list[Record]) -> str:
    return "".join(article(each, sandbox.facebook.scraped.get(each["link"] or "", {})) for each in records)


def _channel(slug: str) -> tuple[str, str]:
    """Its name in Korean and in English; a guest's slug."""
    return NAMES.get(slug, (slug, slug))


def _name(sandbox: Sandbox, channel: str, id_: str) -> str:
    account = sandbox.accounts.get(channel, id_)
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
