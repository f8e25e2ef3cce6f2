"""HTML of a post as its reader sees it: a Facebook card, a post on X, a Kakao bubble, a mail, a pasted link."""

from __future__ import annotations

from html import escape
from typing import TypeGuard
from urllib.parse import quote, urlsplit

from sharing.sandbox.records import Record
from sharing.sandbox.x.counting import links


def article(record: Record, tags: dict[str, str]) -> str:
    """Return a post as HTML. `tags` are the og tags that the crawler has for its link."""
    draw = {"x": _x, "kakao": _kakao, "mail": _mail}.get(record["channel"])
    inside = draw(record) if draw else _words(record) + _card(record["link"], tags)
    gone = ' class="gone"' if record.get("deleted") else ""
    return f"<article><div{gone}>{inside}</div>{_notes(record)}</article>"


def path(channel: str, account: str) -> str:
    """Return the address of an account's timeline."""
    return f"/see/{channel}/{quote(account, safe='')}"


def _words(record: Record) -> str:
    words = str(record.get("edited", record["text"]))
    return f'<p class="words">{escape(words)}</p>' if words else ""


def _card(link: str | None, tags: dict[str, str]) -> str:
    if not _safe(link):
        return ""
    title = tags.get("og:title", link)
    return (
        f'<a class="card" rel="noopener nofollow" href="{escape(link)}">'
        f"<small>{escape(urlsplit(link).netloc)}</small><b>{escape(title)}</b></a>"
    )


def _x(record: Record) -> str:
    text, found, at = str(record["text"]), "", 0
    for url in links(text):
        found += escape(text[at : url.start]) + _anchor(url.expanded, url.text)
        at = url.end
    return f'<p class="words">{found}{escape(text[at:])}</p>'


def _kakao(record: Record) -> str:
    buttons = record.get("buttons") or [["자세히 보기", record["link"]]]
    found = f"<h2>{escape(record['title'])}</h2>"
    found += f"<p>{escape(record['description'])}</p>" if record["description"] else ""
    found += "".join(f'<p class="button">{_anchor(link, title)}</p>' for title, link in buttons)
    return found


def _mail(record: Record) -> str:
    plain = str(record["text"]).removeprefix(f"{record.get('subject', '')}\n\n")
    sender = f'<p class="meta">{escape(record.get("sender") or "")}</p>'
    return f'<h2>{escape(record.get("subject") or "")}</h2>{sender}<p class="words">{escape(plain)}</p>'


def _anchor(link: str | None, words: str) -> str:
    if not _safe(link):
        return escape(words)
    return f'<a rel="noopener nofollow" href="{escape(link)}">{escape(words)}</a>'


def _notes(record: Record) -> str:
    notes = [str(record["at"]).replace("T", " ").partition(".")[0] + " UTC"]
    notes += ["지움 · deleted"] if record.get("deleted") else []
    notes += ["고침 · edited"] if "edited" in record else []
    notes += ["남이 쓴 글 · by somebody else"] if record.get("planted") else []
    here = f"{path(record['channel'], record['account'])}/{quote(record['remote_id'], safe='')}"
    return f'<p class="meta"><a href="{here}">{" · ".join(notes)}</a></p>'


def _safe(link: str | None) -> TypeGuard[str]:
    return link is not None and link.startswith(("http://", "https://"))
