"""A simulated reader. It uses only what a browser gets: pages, scripts, forms, redirects."""

from __future__ import annotations

import json
import re
import time
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from sharing.sandbox.kakao import SDK
from sharing.sandbox.kakao.templates import origin
from sharing.sandbox.readers import policy
from sharing.sandbox.readers.markup import Page
from sharing.sandbox.records import Records, marker_in
from sharing.sandbox.wire.exchange import UnreadableError, read_json
from sharing.sandbox.wire.loopback import BROWSER, Fetched, NotReached, fetch, is_loopback

MOST_REDIRECTS = 5
LONGEST_PASTE = 100_000
_URL = re.compile(r"https?://[^\s<>\"]+")
_SHORT = re.compile(r"/s/[0-9a-z]{8,10}")
_CAPITAL = re.compile("[A-Z]")


class Stuck(Exception):
    """The reader cannot go on. The message says where."""


def share_kakao(url: str, chat: str) -> dict[str, Any]:
    """Open a share page, do what its script does with Kakao.Share.sendDefault, and press send in the picker.

    The page must have a `<script src>` of the SDK, and `<script type="application/json" id="kakao-share">`
    with {"key", "payload"}. Returns {"ok", "error", "record"}.
    """
    try:
        page_url, page, headers = _open(url)
        sdk = _load_sdk(page_url, page, headers)
        record = _press_send(page_url, page, headers, sdk, chat)
    except (Stuck, NotReached) as why:
        return {"ok": False, "error": str(why), "record": None}
    return {"ok": True, "error": None, "record": record}


def _open(url: str) -> tuple[str, Page, dict[str, str]]:
    headers = {"User-Agent": BROWSER, "Accept": "text/html", "Accept-Language": "ko-KR,ko;q=0.9"}
    answer = fetch(url, headers=headers)
    for _ in range(MOST_REDIRECTS):
        if answer.status not in {301, 302, 303, 307, 308}:
            break
        url = urljoin(url, answer.headers.get("location", ""))
        answer = fetch(url, headers=headers)
    if answer.status != 200:
        raise Stuck(f"{url} answered {answer.status}")
    if not answer.headers.get("content-type", "").startswith("text/html"):
        raise Stuck(f"{url} is not an HTML page")
    return url, Page.read(answer.text), answer.headers


def _load_sdk(page_url: str, page: Page, headers: dict[str, str]) -> str:
    """Load the SDK under the page's policies. Returns its address. Raises Stuck."""
    found = [(urljoin(page_url, src), *more) for src, *more in page.scripts]
    found = [each for each in found if urlsplit(each[0]).path.endswith("/kakao.min.js")]
    if len(found) != 1:
        raise Stuck(f"the page loads the Kakao SDK {len(found)} times, not once")
    src, integrity, nonce = found[0]
    for each in _policies(page, headers):
        if not policy.allows_script(each, src, page_url, nonce):
            raise Stuck(f"the page's Content-Security-Policy forbids the script {src}")
    script = fetch(src, headers={"User-Agent": BROWSER, "Referer": origin(page_url) + "/"})
    if script.status != 200 or script.body != SDK:
        raise Stuck(f"{src} does not serve the SDK of this sandbox")
    if not policy.intact(script.body, integrity):
        raise Stuck("the SDK is not what the page's integrity attribute says")
    return str(src)


def _policies(page: Page, headers: dict[str, str]) -> list[str]:
    named = headers.get("content-security-policy", "")
    return [*filter(None, named.split(",")), *page.policies]


def sdk_fields(key: str, payload: dict[str, Any], page_origin: str) -> dict[str, str]:
    """Return the form that sdk.js posts for a payload. A test compares both."""
    template = {
        name: value for name, value in payload.items() if name not in {"serverCallbackArgs", "installTalk"}
    }
    params = {"link_ver": "4.0", "template_object": _snake(template)}
    fields = {
        "app_key": key,
        "ka": "sdk/2.8.3 os/javascript sdk_type/javascript lang/ko device/sandbox origin/"
        + quote(page_origin, safe=""),
        "validation_action": "default",
        "validation_params": _json(params),
    }
    args = payload.get("serverCallbackArgs")
    if args is not None:
        fields["lcba"] = args if isinstance(args, str) else _json(args)
    return fields


def _snake(value: Any) -> Any:
    if isinstance(value, list):
        return [_snake(each) for each in value]
    if isinstance(value, dict):
        return {
            _CAPITAL.sub(lambda found: f"_{found[0].lower()}", name): _snake(each)
            for name, each in value.items()
        }
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _call(page: Page) -> tuple[str, dict[str, Any]]:
    """Return what the page's script would pass to the SDK: the key and the payload. Raises Stuck."""
    text, kind = page.named_scripts.get("kakao-share", ("", ""))
    if kind != "application/json":
        raise Stuck('the page has no <script type="application/json" id="kakao-share">')
    try:
        call = read_json(text)
    except UnreadableError as why:
        raise Stuck("the page's payload is not JSON") from why
    key, payload = (call.get("key"), call.get("payload")) if isinstance(call, dict) else (None, None)
    if not isinstance(key, str) or not key or not isinstance(payload, dict) or not payload.get("objectType"):
        raise Stuck("the page's payload needs a key and a payload with objectType")
    return key, payload


def _press_send(page_url: str, page: Page, headers: dict[str, str], sdk: str, chat: str) -> dict[str, Any]:
    key, payload = _call(page)
    action = origin(sdk) + "/picker/link"
    for each in _policies(page, headers):
        if not policy.allows_form(each, action, page_url):
            raise Stuck(f"the page's Content-Security-Policy forbids the form to {action}")
    tells, referer = policy.origin_shown(page.referrer or headers.get("referrer-policy", ""))
    about = {"Origin": origin(page_url) if tells else "null"}
    if referer:
        about["Referer"] = origin(page_url) + "/"
    picker = _post(action, sdk_fields(key, payload, origin(page_url)), about)
    if picker.status != 200:
        raise Stuck(Page.read(picker.text).error or f"the picker answered {picker.status}")
    fields = {**Page.read(picker.text).hidden, "chat": chat}
    own = {"Origin": origin(action), "Referer": action, "Accept": "application/json"}
    sent = _post(origin(action) + "/picker/send", fields, own)
    if sent.status != 200:
        raise Stuck(Page.read(sent.text).error or f"sending answered {sent.status}")
    try:
        return dict(read_json(sent.body))
    except (UnreadableError, TypeError, ValueError) as why:
        raise Stuck("the answer to sending cannot be read") from why


def _post(url: str, fields: dict[str, str], headers: dict[str, str]) -> Fetched:
    form = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": BROWSER}
    return fetch(
        url, method="POST", headers={**form, **headers}, body=urlencode(fields).encode(), within=30.0
    )


def follow_link(pasted: str, records: Records) -> dict[str, Any]:
    """Follow the one short link in a pasted text. Returns {"ok", "error", "record"}."""
    try:
        short = _one_url(pasted)
        target = _redirect(short)
        http = _target(target)
    except (Stuck, NotReached) as why:
        return {"ok": False, "error": str(why), "record": None}
    host = urlsplit(short).hostname or ""
    record = records.add("link", host, text=pasted, link=target, remote_id=short, at=time.time(), http=http)
    record["marker"] = record["marker"] or marker_in(short)
    return {"ok": True, "error": None, "record": record}


def _one_url(pasted: str) -> str:
    if len(pasted) > LONGEST_PASTE:
        raise Stuck("the pasted text is too long")
    found: list[str] = [each.rstrip(".,;:!?)]}") for each in _URL.findall(pasted)]
    if len(found) != 1:
        raise Stuck(f"the pasted text has {len(found)} addresses, not one")
    return found[0]


def _redirect(short: str) -> str:
    if not _SHORT.fullmatch(urlsplit(short).path):
        raise Stuck(f"{short} is not a short link /s/CODE")
    answer = fetch(short, headers={"User-Agent": BROWSER, "Accept": "text/html"})
    if answer.status != 302:
        raise Stuck(f"{short} answered {answer.status}, not 302")
    if "no-store" not in answer.headers.get("cache-control", ""):
        raise Stuck(f"{short} may be cached: Cache-Control lacks no-store")
    target = answer.headers.get("location", "")
    if not origin(target):
        raise Stuck(f"{short} leads to {target!r}, which is no http(s) address")
    return target


def _target(target: str) -> int | None:
    """Return the status of the article's page; None if it is not on this machine and so not fetched. Raises Stuck."""
    if not is_loopback(target) or not target.startswith("http://"):
        return None
    status = fetch(target, headers={"User-Agent": BROWSER, "Accept": "text/html"}).status
    if status != 200:
        raise Stuck(f"{target} answered {status}")
    return status
