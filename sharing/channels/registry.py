"""Which channels there are: whatever is installed under the entry-point group `sharing.channels`."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from sharing.channels.base import Channel
from sharing.domain.refusal import Refusal
from sharing.domain.room import Room

GROUP = "sharing.channels"
#: Fake platforms that others bring for their channels (docs/adding-a-channel.md).
SANDBOXES = "sharedesk.sandboxes"
#: A slug stands in addresses, in names of settings and in ids of a page.
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,30}")


#: The platforms of our own channels are always in the sandbox.
_OURS = "sharing.channels."


class DuplicateChannel(Exception):
    """Two installed packages claim one slug; neither wins silently."""


class BrokenChannel(Exception):
    """An entry point that does not load; the others keep working."""


@cache
def channels() -> dict[str, Channel]:
    """Every working channel by its slug, in the order in which people see them."""
    found: dict[str, Channel] = {}
    for entry in _entries():
        try:
            found[entry.name] = _load(entry)
        except BrokenChannel:
            continue
    return {slug: found[slug] for slug in sorted(found, key=lambda slug: (found[slug].order, slug))}


def with_practice() -> dict[str, Channel]:
    """The channels that have practice accounts: those that name one and whose fake platform is installed."""
    played = {entry.name for entry in entry_points(group=SANDBOXES)}
    return {
        slug: each
        for slug, each in channels().items()
        if each.practice_name and (slug in played or type(each).__module__.startswith(_OURS))
    }


def broken() -> list[str]:
    """What is installed but does not work, one sentence each, naming its distribution."""
    sentences = []
    for entry in _entries():
        try:
            _load(entry)
        except BrokenChannel as reason:
            sentences.append(str(reason))
    return sentences


def channel(slug: str) -> Channel:
    """The channel with this slug.

    Raises:
        Refusal: `channel.unknown`, naming those that exist.
    """
    found = channels().get(slug)
    if found is None:
        raise Refusal("channel.unknown", field="channel", channel=slug, known=", ".join(channels()))
    return found


def room(slug: str) -> Room:
    """What templates and `lint` need to know of the channel with this slug.

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
