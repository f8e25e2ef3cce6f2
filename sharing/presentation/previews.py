"""The outputs as readers see them, from the Message that is sent and nothing else.

One partial per channel (`previews/{channel}.html`) serves composing, the live share, and files that stand alone.
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
    """One visible piece: its words, and its field where a person may change them."""

    name: str
    words: str
    label: str = ""
    one_line: bool = False
    editable: bool = False

    @property
    def lines(self) -> list[str]:
        """For the page, where a blank line is a paragraph."""
        return self.words.split("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A preview with what stands around it on the platform."""

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
        """Who posts: a handle's name without its sign."""
        return self.account_name.removeprefix("@")

    @property
    def handle(self) -> str:
        return self.account_name if self.account_name.startswith("@") else ""

    @property
    def initial(self) -> str:
        """One character for the round picture that we do not have."""
        return next((c for c in self.account_name if c.isalnum()), "·").upper()

    @property
    def link(self) -> str:
        return self.message.link or ""

    @property
    def link_shown(self) -> str:
        """The address as platforms shorten it: no scheme, decoded, cut."""
        parts = urlsplit(self.link)
        text = parts.netloc.removeprefix("www.") + unquote(parts.path.rstrip("/"))
        text += "?" if parts.query and len(text) < _LINK_SHOWN else ""
        return text if len(text) <= _LINK_SHOWN else f"{text[:_LINK_SHOWN]}…"

    @property
    def link_apart(self) -> bool:
        """The link follows the words; a person may also have put it among them."""
        return bool(self.link) and self.message.text.endswith(self.link)

    @property
    def link_unseen(self) -> bool:
        """No part of the preview shows the link."""
        return bool(self.link) and not any(self.link in part.words for part in self.parts.values())

    @property
    def beside(self) -> int:
        """What the link and the line break before it weigh on X, beside the words."""
        return x_weight(self.message.text) - x_weight(without_link(self.message))

    @property
    def domain(self) -> str:
        return urlsplit(self.link).netloc.removeprefix("www.")

    @property
    def qr(self) -> str:
        """The link as a QR code for a phone, with its quiet margin, as a data address."""
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
    """What a message looks like. `words` are those of a draft that does not fit yet, one part per line."""
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
    """What a person writes for a channel."""
    found = channels().get(slug)
    return found.fields if found else Channel.fields


def split(slug: str, words: str) -> dict[str, str]:
    """Words with one part per line, by the names of their parts; the last part takes what is left."""
    names = [field.name for field in fields_of(slug)]
    pieces = words.split("\n", max(len(names) - 1, 0))
    return dict(zip(names, [*pieces, *[""] * len(names)], strict=False))


def without_link(message: Message) -> str:
    """The words of a message that ends in its link."""
    link = message.link or ""
    if link and message.text.endswith(link):
        return message.text.removesuffix(link).removesuffix("\n")
    return message.text


def render(preview: Shown, *, glyphs: str = "/static/glyphs.svg") -> SafeString:
    """The preview as HTML; `glyphs` is the address of the sheet, empty where the page has it itself."""
    facts = {"pv": preview, "glyphs": glyphs, "language": (get_language() or "ko")[:2]}
    return mark_safe(str(select_template(templates(preview.channel)).render(facts)))  # noqa: S308 - a template's own output


def templates(slug: str) -> list[str]:
    """The partial of a channel, and the plain one for a channel that brings none."""
    return [f"previews/{slug}.html", "previews/other.html"]


def standalone_page(title: str, items: Iterable[Mapping[str, Any]]) -> str:
    """One file that needs nothing else: each result as a reader would see it.

    Args:
        title: of the page.
        items: {channel, account_name, message (Message), sandboxed, note}; optional are `headline`, which a
            card shows, `image` (an address or a data address), `language` of the words, `permalink`, and
            `group`, under which results stand together.
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
    """A QR code as a data address: SVG, four modules of quiet margin."""
    if not address:
        return ""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(border=4, dark="#000", light="#fff"))


def _formats(message: Message, title: str) -> tuple[tuple[str, str], ...]:
    """What the clipboard may take: the address alone, with its title, as Markdown, as HTML."""
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
