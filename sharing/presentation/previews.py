"""Previews: messages as readers will see them, made from the Message that is sent and nothing else.

One template per channel (`previews/{channel}.html`) serves the compose page, the live share and standalone files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import segno
from django.template.loader import render_to_string, select_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from sharing.channels.base import Channel
from sharing.channels.registry import channel as channel_by_slug
from sharing.channels.registry import channels
from sharing.domain.message import Message
from sharing.domain.room import Field
from sharing.wording import times
from sharing.words.count import x_weight

STATIC = Path(__file__).resolve().parent.parent / "static"

_LINK_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One visible part of a preview. If a person may change it, it has a field."""

    name: str
    words: str
    label: str = ""
    one_line: bool = False
    editable: bool = False

    @property
    def lines(self) -> list[str]:
        """Return the lines of the words. An empty line starts a new paragraph on the page."""
        return self.words.split("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A preview with its surroundings on the platform: account, clock, picture."""

    channel: str
    account_name: str
    message: Message
    parts: Mapping[str, Words]
    title: str = ""
    language: str = "ko"
    image: str = ""
    image_alt: str = ""
    clock: str = ""
    editable: bool = False
    sandboxed: bool = False
    note: str = ""
    formats: tuple[tuple[str, str], ...] = field(default=())

    @property
    def name(self) -> str:
        """Return the account's name, without the @ of a handle."""
        return self.account_name.removeprefix("@")

    @property
    def handle(self) -> str:
        return self.account_name if self.account_name.startswith("@") else ""

    @property
    def initial(self) -> str:
        """Return one character to show in place of the account's picture."""
        return next((c for c in self.account_name if c.isalnum()), "·").upper()

    @property
    def link(self) -> str:
        return self.message.link or ""

    @property
    def link_shown(self) -> str:
        """Return the link as platforms shorten it: no scheme, decoded, cut."""
        parts = urlsplit(self.link)
        text = parts.netloc.removeprefix("www.") + unquote(parts.path.rstrip("/"))
        text += "?" if parts.query and len(text) < _LINK_SHOWN else ""
        return text if len(text) <= _LINK_SHOWN else f"{text[:_LINK_SHOWN]}…"

    @property
    def link_apart(self) -> bool:
        """Return whether the link stands after the words; a person may have put it elsewhere."""
        return bool(self.link) and self.message.text.endswith(self.link)

    @property
    def link_unseen(self) -> bool:
        """Return whether no part of the preview shows the link."""
        return bool(self.link) and not any(self.link in part.words for part in self.parts.values())

    @property
    def beside(self) -> int:
        """Return the weight of the link and its line break, in X's weighted characters."""
        return x_weight(self.message.text) - x_weight(without_link(self.message))

    @property
    def domain(self) -> str:
        return urlsplit(self.link).netloc.removeprefix("www.")

    @property
    def qr(self) -> str:
        """Return the link as a QR code for a phone, with its quiet zone, as a data URL."""
        return qr(self.link)


def shown(
    message: Message,
    *,
    account_name: str,
    words: str | None = None,
    editable: bool = False,
    zone: ZoneInfo = times.SEOUL,
    at: datetime | None = None,
    **around: Any,
) -> Shown:
    """Return the preview of a message. `words` (one part per line) replaces its words: for a draft that is too long."""
    channel, spoken = channel_by_slug(message.channel), (get_language() or "ko")[:2]
    fields = {field.name: field for field in channel.fields}
    texts = {part.name: part.words for part in channel.preview(message).parts}
    if channel.link_in_text:
        texts["text"] = without_link(message)
    if words is not None:
        texts |= split(message.channel, words)
    parts = {
        name: Words(
            name=f"words-{message.channel}-{name}",
            words=text,
            label=fields[name].label(spoken) if name in fields else "",
            one_line=name in fields and fields[name].one_line,
            editable=editable and name in fields,
        )
        for name, text in texts.items()
    }
    title = around.pop("title", "") or message.card.get("title", "") or texts.get("title", "")
    return Shown(
        channel=message.channel,
        account_name=account_name,
        message=message,
        parts=parts,
        title=title,
        clock=times.half_day(at or datetime.now(UTC), zone, get_language() or "ko"),
        editable=editable,
        formats=_formats(message, title),
        **around,
    )


def fields_of(slug: str) -> tuple[Field, ...]:
    """Return the fields that a person fills in for a channel."""
    found = channels().get(slug)
    return found.fields if found else Channel.fields


def split(slug: str, words: str) -> dict[str, str]:
    """Split words into parts by name, one line each. The last part takes all remaining lines."""
    names = [field.name for field in fields_of(slug)]
    pieces = words.split("\n", max(len(names) - 1, 0))
    return dict(zip(names, [*pieces, *[""] * len(names)], strict=False))


def without_link(message: Message) -> str:
    """Return a message's text without the link at its end."""
    link = message.link or ""
    if link and message.text.endswith(link):
        return message.text.removesuffix(link).removesuffix("\n")
    return message.text


def render(preview: Shown, *, glyphs: str = "/static/glyphs.svg") -> SafeString:
    """Render a preview as HTML. `glyphs` is the address of the glyph sheet; empty if the page contains the sheet."""
    facts = {"pv": preview, "glyphs": glyphs, "language": (get_language() or "ko")[:2]}
    return mark_safe(str(select_template(templates(preview.channel)).render(facts)))  # noqa: S308 - a template's own output


def templates(slug: str) -> list[str]:
    """Return the template of a channel and the plain one, for a channel that has none."""
    return [f"previews/{slug}.html", "previews/other.html"]


def standalone_page(title: str, items: Iterable[Mapping[str, Any]]) -> str:
    """Render one HTML file that needs no other file: each message as a reader would see it.

    Args:
        title: the title of the page.
        items: mappings with channel, account_name, message (Message), sandboxed and note; optional are `headline` for
            the card, `image` (an address or a data URL), `language` of the words, `permalink`, and `group`, the
            heading under which messages stand together.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        preview = _of_item(item)
        entry = {
            "pv": preview,
            "html": render(preview, glyphs=""),
            "permalink": _web_address(item.get("permalink")),
            "language": item.get("language") or "ko",
        }
        groups.setdefault(str(item.get("group") or ""), []).append(entry)
    facts = {
        "title": title,
        "groups": groups.items(),
        "glyphs": "",
        "css": mark_safe(_file("sharedesk.css")),  # noqa: S308 - our own file
        "sheet": mark_safe(_file("glyphs.svg")),  # noqa: S308 - our own file
        "language": (get_language() or "ko")[:2],
    }
    return render_to_string("previews/page.html", facts)


def _web_address(address: Any) -> str:
    text = str(address or "")
    return text if text.startswith(("http://", "https://")) else ""


def _of_item(item: Mapping[str, Any]) -> Shown:
    message: Message = item["message"]
    return shown(
        message,
        account_name=str(item["account_name"]),
        title=str(item.get("headline") or ""),
        image=str(item.get("image") or ""),
        language=str(item.get("language") or "ko")[:2],
        sandboxed=bool(item.get("sandboxed")),
        note=str(item.get("note") or ""),
    )


@cache
def _file(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def qr(address: str) -> str:
    """Return a QR code as a data URL: SVG, with a quiet zone of four modules."""
    if not address:
        return ""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(border=4, dark="#000", light="#fff"))


def _formats(message: Message, title: str) -> tuple[tuple[str, str], ...]:
    """Return the forms of a link that a person can copy: address, title and address, Markdown, HTML."""
    link = message.link or ""
    if not link or channel_by_slug(message.channel).fields:
        return ()
    plain = title.replace("[", "(").replace("]", ")")
    return (
        (gettext("Address only"), link),
        (gettext("Title + address"), f"{title}\n{link}"),
        ("Markdown", f"[{plain}]({link})"),
        ("HTML", f'<a href="{escape(link)}">{escape(title)}</a>'),
    )
