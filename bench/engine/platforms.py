"""Facebook and X for benches: they take a post, think, and answer. One asyncio process.

The product's sandbox checks and remembers as the real ones do, which costs more than what is measured here. These two
read no more than the path, who posts and the marker; `/bench` sets how they behave and tells what came.
"""

import asyncio
import json
import re
import sys
import time
from collections import Counter, defaultdict
from urllib.parse import unquote

_MARKER = re.compile(rb"utm_content(?:=|%3D)(\w+)")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_PAGE = re.compile(rb"(?:^|&)id=([^&]+)")
_BEARER = re.compile(rb"authorization: *bearer ([^\r]+)", re.IGNORECASE)
_REFUSED = {
    "429": (
        429,
        {"title": "Too Many Requests", "type": "https://api.twitter.com/2/problems/rate-limit-exceeded"},
    ),
    "401": (401, {"title": "Unauthorized", "type": "about:blank", "detail": "Unauthorized"}),
}


class Platforms:
    """What they do, and what came: first byte of each marker's post, on the machine's monotonic clock."""

    def __init__(self):
        self.rules = {"latency": 0.0, "prepare": 0.0, "hang": [], "accounts": {}}
        self.forget()

    def forget(self):
        self.first: dict[str, float] = {}
        self.posts: Counter[str] = Counter()
        self.calls = self.prepares = self.answered = 0
        self.began = self.ended = 0.0
        self.now_in_flight: Counter[str] = Counter()
        self.most_in_flight: dict[str, int] = defaultdict(int)
        self.cpu = time.process_time()

    def told(self):
        return {
            "calls": self.calls,
            "prepares": self.prepares,
            "answered": self.answered,
            "seconds": self.ended - self.began,
            "ended": self.ended,
            "double": sum(count > 1 for count in self.posts.values()),
            "most_in_flight": max(self.most_in_flight.values(), default=0),
            "cpu": time.process_time() - self.cpu,
            "first": self.first,
        }


class Call(asyncio.Protocol):
    def __init__(self, platforms):
        self.platforms = platforms
        self.data = b""
        self.at = 0.0

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.at = self.at or time.monotonic()
        self.data += data
        head, gap, body = self.data.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if gap and len(body) >= (int(length[1]) if length else 0):
            self.data = b""
            self.take(head, body)

    def take(self, head, body):
        method, path, _ = head.split(b" ", 2)
        path = path.split(b"?")[0].decode()
        if path == "/bench":
            self.control(method, body)
        elif path.endswith("/feed") or path == "/2/tweets":
            self.post(path, head, body)
        else:
            self.platforms.prepares += 1
            # As Facebook says of which address it has read the card: the page's og:url, without our tags.
            url = _PAGE.search(body)
            card = (
                {"url": unquote(url[1].decode()).split("?")[0], "type": "article", "id": "1"} if url else {}
            )
            self.later(self.platforms.rules["prepare"], 200, card)

    def control(self, method, body):
        if method == b"PUT":
            self.platforms.rules.update(json.loads(body))
        elif method == b"DELETE":
            self.platforms.forget()
        self.answer(200, self.platforms.told())

    def post(self, path, head, body):
        here, rules = self.platforms, self.platforms.rules
        channel = "x" if path == "/2/tweets" else "facebook"
        account = path.split("/")[-2] if channel == "facebook" else _BEARER.search(head)[1].decode()
        found = _MARKER.search(body)
        marker = found[1].decode() if found else ""
        here.calls += 1
        here.began = here.began or self.at
        here.first.setdefault(marker, self.at)
        rule = rules["accounts"].get(account)
        if rule == "hang" or channel in rules["hang"]:
            return
        if rule:
            self.answer(*_REFUSED[rule])
            return
        here.posts[marker] += 1
        here.now_in_flight[account] += 1
        here.most_in_flight[account] = max(here.most_in_flight[account], here.now_in_flight[account])
        number = str(10**9 + here.calls)
        said = {"data": {"id": number, "text": ""}} if channel == "x" else {"id": f"{account}_{number}"}
        self.later(rules["latency"], 200, said, account)

    def later(self, seconds, status, said, account=None):
        if seconds:
            left = seconds - (time.monotonic() - self.at)
            asyncio.get_running_loop().call_later(max(0.0, left), self.answer, status, said, account)
        else:
            self.answer(status, said, account)

    def answer(self, status, said, account=None):
        if account is not None:
            self.platforms.now_in_flight[account] -= 1
            self.platforms.answered += 1
            self.platforms.ended = time.monotonic()
        body = json.dumps(said).encode()
        self.transport.write(
            b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            % (status, len(body))
            + body
        )
        self.transport.close()


async def serve():
    platforms = Platforms()
    server = await asyncio.get_running_loop().create_server(
        lambda: Call(platforms), "127.0.0.1", 0, backlog=1024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(serve()))
