"""A desk's share page, as the product's contract says, and what the SDK would post from it."""

from __future__ import annotations

import copy
import json
from typing import Any

from sharing.sandbox.readers.reader import sdk_fields

KEY = "javascriptkey123"


def payload(origin: str, **changed: Any) -> dict[str, Any]:
    """A feed message; `changed` replaces or (None) removes keys of its content."""
    content: dict[str, Any] = {
        "title": "지하철이 멈췄다",
        "description": "출근길 시민들이 버스로 갈아탔다",
        "imageUrl": "https://news.example.kr/p.jpg",
        "imageWidth": 800,
        "imageHeight": 400,
        "link": {"webUrl": f"{origin}/s/abcdefgh23", "mobileWebUrl": f"{origin}/s/abcdefgh23"},
    }
    content |= changed
    return {
        "objectType": "feed",
        "content": {key: value for key, value in content.items() if value is not None},
        "buttons": [{"title": "기사 보기", "link": {"webUrl": f"{origin}/s/abcdefgh23"}}],
        "serverCallbackArgs": {"marker": "abcdefgh23"},
    }


def page(sdk: str, key: str, message: dict[str, Any], *, head: str = "", attributes: str = "") -> str:
    data = json.dumps({"key": key, "payload": message}, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<!doctype html><html lang="ko"><head><title>보내기</title>{head}</head><body>'
        f'<script src="{sdk}" {attributes}></script>'
        f'<script type="application/json" id="kakao-share">{data}</script></body></html>'
    )


def register(client, origin: str, **more: Any) -> None:
    requested = {
        "javascript_key": KEY,
        "rest_api_key": "restkey1",
        "admin_key": "adminkey1",
        "js_domains": [origin],
        "product_domains": [origin],
    }
    client.register("kakao", "777000", **{**requested, **more})


def form(
    origin: str, message: dict[str, Any] | None = None, key: str = KEY, **changed: str
) -> dict[str, str]:
    fields = sdk_fields(key, copy.deepcopy(message or payload(origin)), origin)
    return {**fields, **changed}
