"""The words of the pages: English sentences are the keys of the Korean catalogue; particles fit the filled-in facts."""

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
    """Return the sentence in the active language, filled with `facts`. With `plural`, the fact `n` decides the form."""
    text = ngettext(english, plural, int(facts["n"])) if plural else gettext(english)
    shown = {name: f"{value:,}" if type(value) is int else value for name, value in facts.items()}
    return fill(text, **shown) if "{" in text else text


def channel(slug: str) -> str:
    """Return a channel's name in the active language."""
    found = channels().get(slug)
    return found.name((get_language() or "ko")[:2]) if found else slug


def role(name: str) -> str:
    """Return a role's name in the active language."""
    return gettext(_ROLES.get(name, name))


def listed(names: Sequence[str]) -> str:
    """Join names: A · B · C in Korean; A, B and C in English."""
    if (get_language() or "ko").startswith("ko") or len(names) < 2:
        return " · ".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
