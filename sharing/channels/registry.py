"""The installed channels: all entry points of the group `sharing.channels`."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from sharing.channels.base import Channel
from sharing.domain.refusal import Refusal
from sharing.domain.room import Room

GROUP = "sharing.channels"
#: The entry-point group of fake platforms from other packages (docs/adding-a-channel.md).
SANDBOXES = "sharedesk.sandboxes"
#: A slug is part of addresses, of setting names and of HTML ids.
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,30}")


#: Module prefix of the built-in channels. The sandbox always has their fake platforms.
_OURS = "sharing.channels."


class DuplicateChannel(Exception):
    """Two installed packages claim the same slug. Neither is used silently."""


class BrokenChannel(Exception):
    """An entry point that does not load. The other channels keep working."""


@cache
def channels() -> dict[str, Channel]:
    """Return every working channel by slug, in the order of all lists."""
    found: dict[str, Channel] = {}
    for entry in _entries():
        try:
            found[entry.name] = _load(entry)
        except BrokenChannel:
            continue
    return {slug: found[slug] for slug in sorted(found, key=lambda slug: (found[slug].order, slug))}


def with_practice() -> dict[str, Channel]:
    """Return the channels that can have practice accounts: `practice_name` is set and a fake platform is installed."""
    played = {entry.name for entry in entry_points(group=SANDBOXES)}
    return {
        slug: each
        for slug, each in channels().items()
        if each.practice_name and (slug in played or type(each).__module__.startswith(_OURS))
    }


def broken() -> list[str]:
    """Return one sentence for each installed channel that does not work, with the name of its package."""
    sentences = []
    for entry in _entries():
        try:
            _load(entry)
        except BrokenChannel as reason:
            sentences.append(str(reason))
    return sentences


def channel(slug: str) -> Channel:
    """Return the channel with this slug.

    Raises:
        Refusal: `channel.unknown`; its fact `known` lists the slugs that exist.
    """
    found = channels().get(slug)
    if found is None:
        raise Refusal("channel.unknown", field="channel", channel=slug, known=", ".join(channels()))
    return found


def room(slug: str) -> Room:
    """Return what templates and `lint` need to know of the channel with this slug.

    Raises:
        Refusal: `channel.unknown`.
    """
    return channel(slug).room


def _entries() -> list[EntryPoint]:
    entries = list(entry_points(group=GROUP))
    names = [entry.name for entry in entries]
    for name in names:
        if names.count(name) > 1:
            owners = ", ".join(sorted(e.dist.name if e.dist else "?" for e in entries if e.name == name))
            raise DuplicateChannel(f"{name} is claimed by {owners}; uninstall one")
    return entries


def _load(entry: EntryPoint) -> Channel:
    owner = entry.dist.name if entry.dist else "an unnamed package"
    try:
        made = entry.load()()
    except Exception as error:
        raise BrokenChannel(f"{entry.name} of {owner} does not load: {type(error).__name__}") from error
    if not isinstance(made, Channel) or made.slug != entry.name or not _SLUG.fullmatch(entry.name):
        raise BrokenChannel(f"{entry.name} of {owner} is not a Channel with that slug")
    return made
