"""The Table of a CMS: paths of its fields, rules for its events, and tests that recognise its payloads.

The built-in tables are in `tables/*.toml`. A desk's own mapping is a dict of the same shape and passes the same
checks, which say in one sentence what is wrong (docs/sources.md shows an example).
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from sharing.domain.refusal import Refusal
from sharing.intake import values
from sharing.intake.cms.steps import STEPS
from sharing.intake.reading import Event, Proof

#: The built-in tables. An unknown payload is tested in this order: tables with the clearest tests come first.
NAMES = (
    "ghost",
    "strapi",
    "contentful",
    "contentstack",
    "sanity",
    "arcxp",
    "drupal",
    "superdesk",
    "ninjs",
    "wordpress",
    "jsonld",
    "plain",
)

#: The fields of a table. `slug` and `site` help to make an address. `created_at` is used if there is no time of
#: publication. `excerpt` is a summary that a machine cut. `what` names the kind of a record that is not an article.
#: `said` is the word for the event, and `stands` the word for the status; rules find them in lower case as `_said`
#: and `_stands`.
FIELDS = frozenset(
    {
        *("headline", "summary", "excerpt", "body", "label", "url", "canonical_url", "site", "slug"),
        *("image_url", "image_alt", "caption", "credit", "authors", "author_emails", "section", "tags"),
        *("language", "published_at", "created_at", "modified_at", "embargo_until", "site_name", "source"),
        *("source_id", "at", "not_authors", "what", "said", "stands"),
    }
)

_OWN_KEYS = frozenset({"label", "items", "step", "locale", "fields", "words", "event", "address"})
_KEYS = _OWN_KEYS | {"detect", "refuse"}
_LONGEST_PATH = 2000
_MOST = 60


@dataclass(frozen=True, slots=True)
class Path:
    """A JMESPath (jmespath.org/specification.html). If it fails on a payload, the value is absent."""

    written: str
    compiled: Any

    def search(self, record: Any) -> Any:
        try:
            return self.compiled.search(record)
        except (JMESPathError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: if `when` is true for a record, `event` happened, with this `proof`."""

    when: Path
    event: Event
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The table of one CMS, or a desk's own mapping."""

    name: str
    label: str
    fields: Mapping[str, tuple[Path, ...]]
    words: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    events: tuple[Rule, ...] = ()
    detect: tuple[Path, ...] = ()
    objections: tuple[tuple[Path, str], ...] = ()
    items: Path | None = None
    step: str | None = None
    locale: str | None = None
    address: str | None = None

    def knows(self, body: Any) -> bool:
        """Tell whether a payload looks like one of this CMS."""
        return any(bool(path.search(body)) for path in self.detect)

    def records(self, body: Any) -> list[Any]:
        """Return the records of a payload, flattened so that the paths find their fields."""
        selected = self.items.search(body) if self.items else body
        if self.step:
            return STEPS[self.step](selected, self.locale)
        return selected if isinstance(selected, list) else [selected]

    def happened(self, record: Mapping[str, Any]) -> tuple[Event, Proof]:
        """Return the event and its proof by the first rule that fits; without one, the record counts as published."""
        told = {**record, "_said": self._word("said", record), "_stands": self._word("stands", record)}
        for rule in self.events:
            if rule.when.search(told):
                return rule.event, rule.proof
        return Event.PUBLISHED, Proof.STATUS

    def _word(self, field: str, record: Mapping[str, Any]) -> str:
        found = (path.search(record) for path in self.fields.get(field, ()))
        word = next((each for each in found if isinstance(each, (str, int, float)) and each != ""), "")
        return str(word).strip().lower()


@cache
def table(name: str) -> Table:
    """Return the built-in table called `name`."""
    file = resources.files("sharing.intake.cms") / "tables" / f"{name}.toml"
    return _load(name, tomllib.loads(file.read_text("utf-8")), _KEYS)


def own_table(mapping: Mapping[str, Any], channels: Collection[str] | None = None) -> Table:
    """Check a desk's own mapping and make its Table.

    `channels` are the channels that may stand in `words`. None skips this check, which was done when it was saved.

    Raises:
        Refusal: `mapping.not_a_table`, `mapping.unknown_key`, `mapping.bad_path`, `mapping.no_headline`,
            `mapping.bad_event`, `mapping.bad_value`, `mapping.too_many`, `source.bad_address`; `field` names the
            place.
    """
    return _load("mapping", mapping, _OWN_KEYS, channels)


def _load(name: str, data: Any, allowed: frozenset[str], channels: Collection[str] | None = None) -> Table:
    _named(data, "mapping", allowed)
    words = data.get("words", {})
    fields = _paths_by_name(data.get("fields", {}), "fields", FIELDS)
    if "headline" not in fields:
        raise Refusal("mapping.no_headline", field="fields")
    step, address = _word(data, "step"), data.get("address")
    if step is not None and step not in STEPS:
        raise Refusal("mapping.bad_value", field="step", value=values.clean_fact(step))
    if address is not None:
        check_address(address)
    return Table(
        name=name,
        label=_word(data, "label") or name,
        fields=fields,
        words=_paths_by_name(words, "words", words if channels is None else channels),
        events=tuple(_rule(each) for each in _list(data.get("event", []), "event")),
        detect=_alternatives(data.get("detect", []), "detect"),
        objections=tuple((_path(each["when"], "refuse"), each["why"]) for each in data.get("refuse", [])),
        items=_path(data["items"], "items") if "items" in data else None,
        step=step,
        locale=_word(data, "locale"),
        address=address,
    )


def check_address(address: Any) -> str:
    """Check a site's address, or a template of article addresses such as `https://news.example/{slug}`.

    The host must be fixed: values in braces come from the sender, so they may only fill the path and the query.

    Raises:
        Refusal: `source.bad_address`.
    """
    shown = values.clean_fact(address)
    if not isinstance(address, str) or len(address) > 500 or address.count("{") != address.count("}"):
        raise Refusal("source.bad_address", field="address", address=shown)
    scheme, _, rest = address.partition("://")
    host = rest.partition("/")[0]
    if "{" in scheme + host or "?" in host or "#" in host:
        raise Refusal("source.bad_address", field="address", address=shown)
    try:
        return values.address(address, "address")
    except Refusal:
        raise Refusal("source.bad_address", field="address", address=shown) from None


def _named(data: Any, where: str, allowed: Collection[str]) -> None:
    if not isinstance(data, Mapping):
        raise Refusal("mapping.not_a_table", field=where)
    for key in data:
        if key not in allowed:
            shown = ", ".join(sorted(allowed))
            raise Refusal("mapping.unknown_key", field=where, key=values.clean_fact(key), keys=shown)


def _word(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise Refusal("mapping.bad_value", field=key, value=values.clean_fact(value))
    return value


def _list(data: Any, where: str) -> list[Any]:
    if not isinstance(data, list):
        raise Refusal("mapping.not_a_table", field=where)
    if len(data) > _MOST:
        raise Refusal("mapping.too_many", field=where, limit=_MOST)
    return data


def _paths_by_name(data: Any, where: str, allowed: Collection[str]) -> dict[str, tuple[Path, ...]]:
    _named(data, where, allowed)
    found: dict[str, tuple[Path, ...]] = {}
    for name, written in data.items():
        found[name] = _alternatives(written, f"{where}.{name}")
    return found


def _alternatives(written: Any, where: str) -> tuple[Path, ...]:
    several = [written] if isinstance(written, str) else _list(written, where)
    return tuple(_path(each, where) for each in several)


def _path(written: Any, where: str) -> Path:
    if not isinstance(written, str) or not written.strip() or len(written) > _LONGEST_PATH:
        raise Refusal("mapping.bad_path", field=where, path=values.clean_fact(written), column=1)
    try:
        return Path(written, jmespath.compile(written))
    except (JMESPathError, RecursionError, ValueError) as error:
        column = getattr(error, "lex_position", getattr(error, "lexer_position", 0)) or 0
        raise Refusal(
            "mapping.bad_path", field=where, path=values.clean_fact(written), column=column + 1
        ) from None


def _rule(data: Any) -> Rule:
    _named(data, "event", frozenset({"when", "is", "proof"}))
    event, proof = data.get("is"), data.get("proof", Proof.EVENT)
    for word, kind in ((event, Event), (proof, Proof)):
        if word not in list(kind):
            names = ", ".join(kind)
            raise Refusal("mapping.bad_event", field="event", name=values.clean_fact(word), names=names)
    return Rule(_path(data.get("when"), "event"), Event(event), Proof(proof))
