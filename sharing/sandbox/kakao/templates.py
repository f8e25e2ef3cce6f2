"""Kakao's default message templates: their keys, their limits, and the addresses of their links.

developers.kakao.com/docs/latest/ko/message-template/default (read 2026-11-24).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LONGEST_TEXT = 200
MOST_BUTTONS = 2
LEAST_ENTRIES, MOST_ENTRIES = 2, 3
#: Bytes of the whole template as JSON. The SDKs have `ExceedKakaoLinkSizeLimit`; the number is our own.
LARGEST = 10 * 1024

_LINK_KEYS = frozenset({"web_url", "mobile_web_url", "android_execution_params", "ios_execution_params"})
_CONTENT_KEYS = frozenset({"title", "description", "image_url", "image_width", "image_height", "link"})
_SOCIAL_KEYS = frozenset({"like_count", "comment_count", "shared_count", "view_count", "subscriber_count"})
_ITEM_KEYS = frozenset(
    {
        "profile_text",
        "profile_image_url",
        "title_image_text",
        "title_image_url",
        "title_image_category",
        "items",
        "sum",
        "sum_op",
    }
)
#: The keys of each template: (needed, also allowed).
_TEMPLATES = {
    "feed": ({"content"}, {"item_content", "social", "button_title", "buttons"}),
    "list": ({"header_title", "header_link", "contents"}, {"button_title", "buttons"}),
    "location": ({"address", "content"}, {"address_title", "social", "button_title", "buttons"}),
    "commerce": ({"content", "commerce"}, {"button_title", "buttons"}),
    "text": ({"text", "link"}, {"button_title", "buttons"}),
}


class TemplateError(ValueError):
    """A template that Kakao would refuse. The message names the key."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What a reader sees of a template: words, main link, picture, buttons, and every link in it."""

    text: str
    link: str
    image: str
    title: str
    description: str
    buttons: tuple[tuple[str, str], ...]
    links: tuple[str, ...]


def read(template: Any) -> Shared:
    """Check a template and return what a reader sees. Raises TemplateError."""
    if not isinstance(template, dict):
        raise TemplateError("template_object must be an object")
    if len(json.dumps(template, ensure_ascii=False, separators=(",", ":")).encode()) > LARGEST:
        raise TemplateError(f"the template is over {LARGEST} bytes")
    kind = template.get("object_type")
    if not isinstance(kind, str) or kind not in _TEMPLATES:
        raise TemplateError(f"object_type must be one of {', '.join(_TEMPLATES)}")
    needed, allowed = _TEMPLATES[kind]
    _keys(template, "", needed | {"object_type"}, allowed)
    links: list[str] = []
    buttons = _buttons(template, links)
    if "social" in template:
        _keys(template["social"], "social.", set(), _SOCIAL_KEYS)
    if "item_content" in template:
        _keys(template["item_content"], "item_content.", set(), _ITEM_KEYS)
    title, description, image, link = _parts(kind, template, links)
    text = f"{title}\n{description}" if description else title
    return Shared(text, link, image, title, description, buttons, tuple(links))


def _parts(kind: str, template: dict[str, Any], links: list[str]) -> tuple[str, str, str, str]:
    if kind == "text":
        words = _words(template, "text", "")
        if len(words) > LONGEST_TEXT:
            raise TemplateError(f"text is over {LONGEST_TEXT} characters")
        return words, "", "", _link(template["link"], "link", links)
    if kind == "list":
        title = _words(template, "header_title", "")
        link = _link(template["header_link"], "header_link", links)
        contents = template["contents"]
        if not isinstance(contents, list) or not LEAST_ENTRIES <= len(contents) <= MOST_ENTRIES:
            raise TemplateError(f"contents must have {LEAST_ENTRIES} or {MOST_ENTRIES} entries")
        entries = [_content(each, f"contents[{number}].", links) for number, each in enumerate(contents)]
        return title, "\n".join(entry[0] for entry in entries), entries[0][2], link
    return _content(template["content"], "content.", links)


def _content(content: Any, where: str, links: list[str]) -> tuple[str, str, str, str]:
    _keys(content, where, {"title", "link"}, _CONTENT_KEYS)
    title = _words(content, "title", where)
    description = _words(content, "description", where) if "description" in content else ""
    image = content.get("image_url", "")
    if "image_url" in content and not _is_address(image):
        raise TemplateError(f"{where}image_url must be an absolute http(s) address")
    for side in ("image_width", "image_height"):
        if side in content and (not isinstance(content[side], int) or content[side] < 1):
            raise TemplateError(f"{where}{side} must be a number of pixels")
    return title, description, image, _link(content["link"], f"{where}link", links)


def _buttons(template: dict[str, Any], links: list[str]) -> tuple[tuple[str, str], ...]:
    if "button_title" in template:
        _words(template, "button_title", "")
    buttons = template.get("buttons", [])
    if not isinstance(buttons, list) or len(buttons) > MOST_BUTTONS:
        raise TemplateError(f"there may be {MOST_BUTTONS} buttons")
    found = []
    for number, button in enumerate(buttons):
        where = f"buttons[{number}]."
        _keys(button, where, {"title", "link"}, frozenset())
        found.append((_words(button, "title", where), _link(button["link"], f"{where}link", links)))
    return tuple(found)


def _link(link: Any, where: str, links: list[str]) -> str:
    """Return the web address of a link object. Adds every address in it to `links`."""
    _keys(link, f"{where}.", set(), _LINK_KEYS)
    found = [link[key] for key in ("web_url", "mobile_web_url") if key in link]
    for address in found:
        if not _is_address(address):
            raise TemplateError(f"{where} must hold absolute http(s) addresses")
    if not link:
        raise TemplateError(f"{where} leads nowhere")
    links += found
    return found[0] if found else ""


def _words(holder: dict[str, Any], key: str, where: str) -> str:
    value = holder.get(key)
    if not isinstance(value, str) or not value.strip():
        raise TemplateError(f"{where}{key} must be text that is not empty")
    return value


def _keys(value: Any, where: str, needed: set[str], allowed: frozenset[str] | set[str]) -> None:
    if not isinstance(value, dict):
        raise TemplateError(f"{where.rstrip('.')} must be an object")
    missing = sorted(needed - value.keys())
    if missing:
        raise TemplateError(f"{where}{missing[0]} is missing")
    more = sorted(value.keys() - needed - allowed)
    if more:
        raise TemplateError(f"{where}{more[0][:60]} is not a key of the template")


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and bool(origin(value)) and not any(map(str.isspace, value))


def origin(address: str) -> str:
    """Return scheme, host and port of an http(s) address, as Kakao registers domains; empty for anything else."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port not in (None, usual) else "")
