"""Which channels there are: whatever is installed under the entry-point group `sharing.channels`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from sharing.channels.base import Channel
from sharing.domain.refusal import Refusal

GROUP = "sharing.channels"
#: The order in which people see them: the five buttons under the headline.
ORDER = ("facebook", "x", "kakao", "mail", "link")


class DuplicateChannel(Exception):
    """Two installed packages claim one slug; neither wins silently."""


class BrokenChannel(Exception):
    """An entry point that does not load; the others keep working."""


@cache
def channels() -> dict[str, Channel]:
    """Every working channel by its slug, ours first in the order of the buttons."""
    found: dict[str, Channel] = {}
    for entry in _entries():
        try:
            found[entry.name] = _load(entry)
        except BrokenChannel:
            continue
    known = [slug for slug in ORDER if slug in found]
    return {slug: found[slug] for slug in [*known, *sorted(set(found) - set(known))]}


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
    if not isinstance(made, Channel) or made.slug != entry.name:
        raise BrokenChannel(f"{entry.name} of {owner} is not a Channel with that slug")
    return made
