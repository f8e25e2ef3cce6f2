"""A plain client of the sandbox: one fresh connection for each call, nothing retried, nothing followed."""

from __future__ import annotations

import http.client
import json as jsonlib
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return jsonlib.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Client:
    """Calls one server. `form` and `json` set body and Content-Type."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.port = urlsplit(url).port or 80

    def call(
        self, method: str, path: str, *, json: Any = None, form: dict[str, str] | None = None, **headers: str
    ) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = None
        if json is not None:
            body = jsonlib.dumps(json, ensure_ascii=False).encode()
            named.setdefault("Content-Type", "application/json")
        if form is not None:
            body = urlencode(form).encode()
            named.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return self.send(method, path, body, named)

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, response.read())
        finally:
            connection.close()

    def raw(self, data: bytes, *, within: float = 5) -> bytes:
        """What comes back for these very bytes, until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=within) as sock:
            sock.sendall(data)
            found = b""
            while piece := sock.recv(65536):
                found += piece
            return found

    # The platforms, as a desk would call them.

    def register(self, channel: str, id_: str, **secrets: Any) -> Reply:
        reply = self.call(
            "PUT", "/accounts", json={"channel": channel, "id": id_, "name": "시험 계정", **secrets}
        )
        assert reply.status == 200, reply.text
        return reply

    def feed(self, page: str = "1001", token: str = "page-token-1", **form: str) -> Reply:
        return self.call("POST", f"/v25.0/{page}/feed", form=form, Authorization=f"Bearer {token}")

    def graph(self, method: str, path: str, token: str = "page-token-1", **more: Any) -> Reply:
        return self.call(method, f"/v25.0/{path}", Authorization=f"Bearer {token}", **more)

    def tweet(self, text: str | None = None, token: str = "x-token-1", **body: Any) -> Reply:
        requested = body if text is None else {"text": text, **body}
        return self.call("POST", "/2/tweets", json=requested, Authorization=f"Bearer {token}")

    def x(self, method: str, path: str, token: str = "x-token-1", **more: Any) -> Reply:
        return self.call(method, f"/2/{path}", Authorization=f"Bearer {token}", **more)

    def fault(self, channel: str, fault: str, **more: Any) -> None:
        reply = self.call("POST", "/faults/next", json={"channel": channel, "fault": fault, **more})
        assert reply.status == 200, reply.text

    def truth(self, channel: str = "") -> list[dict[str, Any]]:
        return self.call("GET", "/truth" + (f"?channel={channel}" if channel else "")).json["records"]

    def texts(self, channel: str = "") -> list[str]:
        return [each["text"] for each in self.truth(channel)]

    def crashes(self) -> int:
        return int(self.call("GET", "/requests").json["crashes"])
