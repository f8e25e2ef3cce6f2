"""The share webhook, by which Kakao tells a service that its message was sent.

developers.kakao.com/docs/latest/ko/kakaotalk-share/callback (read 2026-11-24): GET or POST with admin key and
resource id. The answer must be 2xx within 3 seconds; Kakao follows no redirect and never repeats a call. TEMPLATE_ID
comes only with a template's id, so never after sendDefault. The page does not name the body's type: here it is JSON,
or a form if the account is registered so.
"""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import urlencode

from sharing.sandbox.accounts import Account
from sharing.sandbox.wire.loopback import NotReached, fetch

WITHIN = 3.0


def call(
    account: Account, chat_type: str, chat: str, args: dict[str, Any], *, times: int = 1
) -> dict[str, Any]:
    """Call the account's webhook. Returns the result for the record: {"status"} or {"error"}, with {"resource_id"}."""
    values = {"CHAT_TYPE": chat_type, "HASH_CHAT_ID": chat, **args}
    resource = secrets.token_urlsafe(18)
    result: dict[str, Any] = {}
    for _ in range(times):
        result = _one(account, values, resource)
    return {**result, "resource_id": resource}


def _one(account: Account, values: dict[str, Any], resource: str) -> dict[str, Any]:
    headers = {
        "Authorization": f"KakaoAK {account.get('admin_key')}",
        "X-Kakao-Resource-ID": resource,
        "User-Agent": "KakaoOpenAPI/1.0",
    }
    url, method = account.get("webhook_url"), account.get("webhook_method").upper() or "POST"
    form = urlencode(
        {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    )
    body = None
    if method == "GET":
        url += ("&" if "?" in url else "?") + form
    elif account.get("webhook_encoding") == "form":
        headers["Content-Type"] = "application/x-www-form-urlencoded;charset=utf-8"
        body = form.encode()
    else:
        headers["Content-Type"] = "application/json;charset=utf-8"
        body = json.dumps(values, ensure_ascii=False).encode()
    try:
        answer = fetch(url, method=method, headers=headers, body=body, within=WITHIN)
    except NotReached as why:
        return {"error": str(why)}
    if not 200 <= answer.status < 300:
        return {"status": answer.status, "error": "not 2xx, and a redirect is not followed"}
    return {"status": answer.status}
