"""The desk's own words: the English is the key, Korean comes from the catalogue, particles fit what is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_noop as _

from sharing.channels.registry import channels
from sharing.words.particles import fill

_ROLES = {
    "reporter": _("Reporter"),
    "editor": _("Editor"),
    "publisher": _("Publisher"),
    "admin": _("Admin"),
    "auditor": _("Auditor"),
}


def say(english: str, plural: str | None = None, **facts: Any) -> str:
    """The sentence in the language that is active; with `plural`, by the number `n` among the facts."""
    text = ngettext(english, plural, int(facts["n"])) if plural else gettext(english)
    shown = {name: f"{value:,}" if type(value) is int else value for name, value in facts.items()}
    return fill(text, **shown) if "{" in text else text


def channel(slug: str) -> str:
    """A channel's name, as its users write it."""
    found = channels().get(slug)
    return found.name((get_language() or "ko")[:2]) if found else slug


def role(name: str) -> str:
    """A role's name."""
    return gettext(_ROLES.get(name, name))


def listed(names: Sequence[str]) -> str:
    """A · B · C in Korean; A, B and C in English."""
    if (get_language() or "ko").startswith("ko") or len(names) < 2:
        return " · ".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
