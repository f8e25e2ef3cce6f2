"""Template tags and filters: sentences, glyphs, channel tiles and times. Loaded in every template (config.settings)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from sharing.channels.registry import channels
from sharing.presentation import speech
from sharing.wording import times

register = template.Library()


@register.simple_tag
def say(english: str, plural: str | None = None, **facts: Any) -> SafeString:
    """Return a sentence in the page's language, with `{facts}` filled in and Korean particles fitted.

    Facts that are already safe HTML stay HTML; all other text is escaped.
    """
    if any(isinstance(value, SafeString) for value in facts.values()):
        facts = {name: conditional_escape(value) for name, value in facts.items()}
        return mark_safe(speech.say(english, plural, **facts))  # noqa: S308 - every fact is escaped above
    return conditional_escape(speech.say(english, plural, **facts))


@register.simple_tag(takes_context=True)
def icon(context: template.Context, name: str, extra: str = "") -> SafeString:
    """Return a glyph of `glyphs.svg`. It is hidden from screen readers, so a word must stand beside it."""
    sheet = context.get("glyphs", "/static/glyphs.svg")
    ring = format_html('<use class="ring" href="{}#ring"/>', sheet) if name == "sending" else ""
    return format_html(
        '<svg class="i {}" aria-hidden="true" focusable="false">{}<use href="{}#{}"/></svg>',
        extra or f"i-{name}",
        ring,
        sheet,
        name,
    )


@register.simple_tag(takes_context=True)
def tile(context: template.Context, slug: str) -> SafeString:
    """Return a channel's tile."""
    found = channels().get(slug)
    letter = conditional_escape((found and found.letter) or slug[:1].upper())
    inside = icon(context, found.glyph) if found and found.glyph else letter
    return format_html('<span class="tile tile-{}" aria-hidden="true">{}</span>', slug, inside)


@register.filter
def channel_name(slug: str) -> str:
    """Return a channel's name in the page's language."""
    return speech.channel(slug)


@register.filter
def without_scheme(address: str | None) -> str:
    """Return an address as people read it: decoded, without its scheme."""
    return unquote((address or "").split("://", 1)[-1]).rstrip("/")


@register.filter
def breakable(address: str) -> SafeString:
    """Return an address that browsers may break after a slash."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((part,) for part in address.split("/")))


@register.filter
def minus(number: int, other: int) -> int:
    """Return `number` minus `other`."""
    return number - other


@register.filter
def role_name(role: str) -> str:
    """Return a role's name in the page's language."""
    return speech.role(role)


@register.filter
def initials(person: object) -> str:
    """Return two characters of a name: 서연 for 김서연, SK for Seoyeon Kim."""
    words = str(person).split()
    if not words:
        return "·"
    if len(words) > 1:
        return "".join(word[0] for word in words[:2]).upper()
    name = words[0]
    return name[-2:] if "가" <= name[0] <= "힣" else name[:2].upper()


@register.simple_tag(takes_context=True)
def at(context: template.Context, time: datetime | None, form: str = "short") -> SafeString | str:
    """Return a `<time>` element. `form` is short, exact or long (see sharing.wording.times.shown)."""
    if time is None:
        return ""
    shown = times.shown(time, context.get("zone") or times.SEOUL, get_language() or "ko", form)
    return format_html('<time datetime="{}">{}</time>', time.isoformat(), shown)


@register.simple_tag
def span(seconds: float) -> str:
    """Return a duration in words, for a number of seconds."""
    return times.how_long(timedelta(seconds=seconds), get_language() or "ko")
