"""Steps that flatten a payload so that paths find its fields: envelopes, JSON:API, locales, JSON-LD graphs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sharing.intake import strict_json

_LOCALE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}")
#: Keys of a link, a picture or a place that look like locales but are not.
_NO_LOCALES = {"sys", "url", "src", "alt", "lat", "lon"}
#: Most linked entities that are inserted into one JSON:API resource. Further links stay links.
_MOST_LINKS = 300


def open_envelope(body: Any, headers: Mapping[str, str]) -> tuple[Any, dict[str, str]]:
    """Return (payload, headers with names in lower case). An envelope is opened first.

    Example of an envelope: `{"headers": {...}, "body": ...}`; its body may also be JSON in a string.

    Raises:
        Refusal: the codes of `strict_json`, if the body is JSON in a string.
    """
    found = {str(name).lower(): str(value) for name, value in headers.items()}
    if isinstance(body, dict) and isinstance(body.get("headers"), dict) and "body" in body:
        found |= {name.lower(): str(value) for name, value in body["headers"].items()}
        body = body["body"]
        if isinstance(body, str):
            body = strict_json.load(body.encode(errors="surrogatepass"))
    return body, found


def _jsonapi(body: Any, locale: str | None) -> list[Any]:
    """Flatten JSON:API (jsonapi.org/format/1.1): attributes and links next to the id. Nodes only, if there are any."""
    del locale
    data = body.get("data", body) if isinstance(body, dict) else body
    resources = [each for each in (data if isinstance(data, list) else [data]) if isinstance(each, dict)]
    included = body.get("included") if isinstance(body, dict) else None
    known = (
        [*resources, *(each for each in included if isinstance(each, dict))]
        if isinstance(included, list)
        else resources
    )
    by_id = {(str(each.get("type")), str(each.get("id"))): each for each in known}
    nodes = [each for each in resources if str(each.get("type")).startswith("node--")] or resources
    return [_flat(each, by_id, 2, [_MOST_LINKS]) for each in nodes]


def _flat(
    resource: dict[str, Any], by_id: dict[tuple[str, str], dict[str, Any]], depth: int, left: list[int]
) -> dict[str, Any]:
    attributes = resource.get("attributes")
    if not isinstance(attributes, dict):  # a client has already flattened the resource
        attributes = {}
    found = {**resource, **attributes}
    found |= {key: resource[key] for key in ("id", "type", "links") if key in resource}
    found["_site"] = _site(resource)
    links = resource.get("relationships")
    for name, link in links.items() if isinstance(links, dict) else ():
        data = link.get("data") if isinstance(link, dict) else None
        several = data if isinstance(data, list) else [data]
        opened = [_linked(each, by_id, depth, left) for each in several if isinstance(each, dict)]
        found[name] = opened if isinstance(data, list) else next(iter(opened), None)
    return found


def _linked(
    identifier: dict[str, Any],
    by_id: dict[tuple[str, str], dict[str, Any]],
    depth: int,
    left: list[int],
) -> dict[str, Any]:
    target = by_id.get((str(identifier.get("type")), str(identifier.get("id"))))
    if target is None or depth == 0 or left[0] == 0:
        return identifier
    left[0] -= 1
    return {**_flat(target, by_id, depth - 1, left), "meta": identifier.get("meta")}


def _site(resource: dict[str, Any]) -> str | None:
    """Return the Drupal site of `https://site/en/jsonapi/node/...`, with its language prefix: `https://site/en`."""
    links = resource.get("links")
    self_link = links.get("self") if isinstance(links, dict) else None
    href = self_link.get("href") if isinstance(self_link, dict) else self_link
    site, found, _ = href.partition("/jsonapi/") if isinstance(href, str) else ("", "", "")
    return site if found else None


def _locales(body: Any, locale: str | None) -> list[Any]:
    """Flatten Contentful: `fields.title.ko-KR` becomes `fields.title`. The wanted locale, or else the first one."""
    fields = body.get("fields") if isinstance(body, dict) else None
    if not isinstance(fields, dict):
        return [body]
    keyed = {name: value for name, value in fields.items() if _is_keyed(value)}
    names = list(dict.fromkeys(key for value in keyed.values() for key in value))
    wanted = next((name for name in names if name == locale), names[0] if names else None)
    flat = {name: value.get(wanted, next(iter(value.values()))) for name, value in keyed.items()}
    return [{**body, "fields": {**fields, **flat}, "_locale": wanted}]


def _is_keyed(value: Any) -> bool:
    if not isinstance(value, dict) or not value or value.keys() & _NO_LOCALES:
        return False
    return all(_LOCALE.fullmatch(key) for key in value)


def _jsonld(body: Any, locale: str | None) -> list[Any]:
    """Return the articles of JSON-LD (schema.org/Article and its subtypes), from lists, `@graph` and `mainEntity`."""
    del locale
    level, nodes = [body], []
    for _ in range(4):
        inner: list[Any] = []
        for each in level:
            if isinstance(each, list):
                inner += each
            elif isinstance(each, dict):
                nodes.append(each)
                inner += [
                    each[key] for key in ("@graph", "mainEntity") if isinstance(each.get(key), (list, dict))
                ]
        level = inner
    by_id = {each["@id"]: each for each in nodes if isinstance(each.get("@id"), str) and len(each) > 1}
    return [_linked_up(each, by_id) for each in nodes if _is_article(each.get("@type"))]


def _linked_up(node: dict[str, Any], by_id: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Replace references by `@id` (author, picture, page) by the nodes to which they refer."""
    return {
        key: [_opened(each, by_id) for each in value] if isinstance(value, list) else _opened(value, by_id)
        for key, value in node.items()
    }


def _opened(value: Any, by_id: Mapping[str, dict[str, Any]]) -> Any:
    known = by_id.get(value["@id"]) if isinstance(value, dict) and isinstance(value.get("@id"), str) else None
    return {**known, **value} if known else value


def _is_article(kinds: Any) -> bool:
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.endswith(("Article", "Posting", "Report")) for name in names)


#: Step -> function (body, or the value that `items` selected; the wanted locale) -> records.
STEPS: dict[str, Callable[[Any, str | None], list[Any]]] = {
    "jsonapi": _jsonapi,
    "locales": _locales,
    "jsonld": _jsonld,
}
