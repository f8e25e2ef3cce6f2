"""Test tools for channels, built-in or yours: a scripted channel, and the contract tests for every channel.

    from sharing.channels.testing import HttpChannelContract

    class TestBand(HttpChannelContract):
        channel = Band()
        secrets = {"access_token": "band-token-1"}
        accepted = (200, {"result_code": 1, "result_data": {"post_key": "p1"}})
        rejected = (400, {"result_code": 1003, "message": "no such band"})

Run it with pytest. You need nothing else of Sharedesk's own tests.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import ClassVar, Self

from sharing.channels.base import Channel
from sharing.channels.declared import Limits
from sharing.domain.account import Account, Endpoints
from sharing.domain.article import Article
from sharing.domain.message import Message, Prepared, Teaser
from sharing.domain.outcomes import (
    AccountStopped,
    Achieved,
    Ambiguous,
    Failure,
    Found,
    RateLimited,
    Receipt,
    Rejected,
    Sighting,
    Unavailable,
    Unsupported,
)
from sharing.domain.secret import Secret

Answer = Receipt | Failure | Callable[[], Receipt]


class Scripted(Channel):
    """A channel that answers by script and records its calls.

    `deliver` takes the next of `answers`; if none is left, it posts. `prepare` takes the next of `prepares`: a Failure
    to raise, or a function to call. `published` are the markers on its platform, where `find` looks. `find` raises
    `find_fails` if it is set. `alike` are posts with the same words and without a visible marker.
    """

    slug = "scripted"
    label = "Scripted"
    limits = Limits(text=500)

    def __init__(self) -> None:
        self.answers: deque[Answer] = deque()
        self.prepares: deque[Failure | Callable[[], None] | None] = deque()
        self.prepared: list[str] = []
        self.published: list[str] = []
        self.alike: list[Sighting] = []
        self.find_fails: Failure | None = None
        self.finds = 0

    def compose(self, article: Article, teaser: Teaser, account: Account, link: str) -> Message:
        text = teaser.words or article.headline
        return Message(
            channel=self.slug,
            text=text,
            link=link,
            length=len(text),
            limit=500,
            body={"text": text, "link": link},
        )

    def prepare(self, message: Message, account: Account, marker: str) -> Prepared:
        self.prepared.append(marker)
        step = self.prepares.popleft() if self.prepares else None
        if isinstance(step, Failure):
            raise step
        if step is not None:
            step()
        return Prepared(message=message, marker=marker)

    def deliver(self, prepared: Prepared, account: Account) -> Receipt:
        answer = self.answers.popleft() if self.answers else self.post(prepared.marker)
        if isinstance(answer, Failure):
            raise answer
        return answer if isinstance(answer, Receipt) else answer()

    def post(self, marker: str) -> Receipt:
        """Publish a post with this marker on the scripted platform."""
        self.published.append(marker)
        return Receipt(
            achieved=Achieved.POSTED, remote_id=f"post-{marker}", permalink=f"https://p.example/{marker}"
        )

    def find(self, marker: str, message: Message, account: Account, since: datetime) -> Found:
        self.finds += 1
        if self.find_fails is not None:
            raise self.find_fails
        seen = (
            Sighting(remote_id=f"post-{each}", permalink=f"https://p.example/{each}")
            for each in self.published
            if each == marker
        )
        return Found(sightings=tuple(seen), alike=tuple(self.alike))


class RawPlatform:
    """A TCP server that answers every request with the same bytes, then closes. It keeps the requests.

    It works below HTTP on purpose: real networks give half an answer, no answer, or a wrong length.
    """

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing a socket does not always wake a blocked accept(); one last connection does.
        with suppress(OSError), socket.create_connection(self._server.getsockname(), 1):
            pass
        self._server.close()
        self._thread.join(2)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(2)
                request = _whole_request(connection)
                if not request:
                    return
                self.requests.append(request)
                connection.sendall(self.answer)


def _whole_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        block = connection.recv(65536)
        if not block:
            return data
        data += block
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def http_answer(status: int, body: object = None, **headers: str) -> bytes:
    """Return a complete HTTP answer as bytes. `body` becomes JSON unless it is a string."""
    text = body if isinstance(body, str) else json.dumps({} if body is None else body)
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(text.encode())}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + text.encode()


class ChannelContract:
    """The tests that every channel must pass. Subclass it and set `channel`; pytest does the rest."""

    channel: ClassVar[Channel]
    secrets: ClassVar[Mapping[str, str]] = {}
    remote_id: ClassVar[str] = "1001"
    marker: ClassVar[str] = "ab23cd45ef"

    article = Article(
        url="https://news.example/story/1",
        headline="강변 도시 17곳, 하천 수위 5분마다 공개한다",
        summary="강변 도시 17곳이 다음 달부터 하천 수위를 5분마다 공개한다. “숫자가 늦었다”고 주민은 말했다.",
        language="ko",
        image_url="https://news.example/river.jpg",
    )

    def account(self, url: str = "http://127.0.0.1:9") -> Account:
        """Return an account whose platform is at `url`."""
        places = Endpoints(
            facebook=url,
            x=url,
            kakao=url,
            kakao_auth=url,
            smtp=url.replace("http", "smtp"),
            other={self.channel.slug: url},
        )
        return Account(
            id="7",
            channel=self.channel.slug,
            remote_id=self.remote_id,
            name="Test",
            secrets={name: Secret(value) for name, value in self.secrets.items()},
            endpoints=places,
            deadline=2,
        )

    def message(self, teaser: Teaser = Teaser()) -> Message:  # noqa: B008 - frozen
        """Return the article as a Message of this channel."""
        account = self.account()
        link = self.channel.link(self.article.address or "", account, self.marker)
        return self.channel.compose(self.article, teaser, account, link)

    def prepared(self) -> Prepared:
        """Return the message in the form that `deliver` takes."""
        return Prepared(message=self.message(), marker=self.marker)

    def test_it_says_who_it_is(self) -> None:
        assert self.channel.slug.isidentifier()
        assert self.channel.label

    def test_composing_twice_gives_the_same(self) -> None:
        assert self.message() == self.message()

    def test_a_message_survives_the_database(self) -> None:
        stored = json.loads(json.dumps(self.message().stored()))
        assert Message.load(stored) == self.message()

    def test_the_length_is_within_the_limit(self) -> None:
        message = self.message()
        assert message.limit is None or 0 < message.length <= message.limit

    def test_the_link_leads_to_the_article_or_to_us_and_carries_the_marker(self) -> None:
        link = self.message().link or ""
        assert self.marker in link
        assert link.startswith(("https://news.example/story/1", "http://localhost:8000/"))

    def test_the_preview_shows_what_is_sent(self) -> None:
        message = self.message()
        shown = " ".join(part.words for part in self.channel.preview(message).parts)
        for line in message.text.splitlines():
            assert line in shown or line == message.link

    def test_words_of_a_person_are_used_as_they_are(self) -> None:
        words = "제목 그대로\n둘째 줄 그대로 🎈"
        assert (
            words.split("\n", maxsplit=1)[0] in self.message(Teaser(words=words)).text or self.channel.by_hand
        )

    def test_what_it_cannot_do_it_says(self) -> None:
        account = self.account()
        receipt = Receipt(achieved=Achieved.POSTED, remote_id="1")
        for verb in ("find", "revise", "retract"):
            if not self.channel.can(verb, account, receipt):
                try:
                    _call(self.channel, verb, self, receipt)
                except Unsupported:
                    continue
                raise AssertionError(f"{verb} is not possible, but does not say so")


def _call(channel: Channel, verb: str, contract: ChannelContract, receipt: Receipt) -> None:
    account, message = contract.account(), contract.message()
    if verb == "find":
        channel.find(contract.marker, message, account, datetime.now(UTC))
    elif verb == "revise":
        channel.revise(receipt, message, account)
    else:
        channel.retract(receipt, account)


class HttpChannelContract(ChannelContract):
    """The tests for every channel that posts over HTTP. `accepted` is the platform's answer to a good post."""

    accepted: ClassVar[tuple[int, object]]
    #: The platform's status and error body for a post that it will never accept.
    rejected: ClassVar[tuple[int, object]]

    def answer_to(self, answer: bytes) -> tuple[object, list[bytes]]:
        """Return the outcome of `deliver` for this raw answer, and the requests that it sent."""
        with RawPlatform(answer) as platform:
            try:
                return self.channel.deliver(self.prepared(), self.account(platform.url)), platform.requests
            except Failure as failure:
                return failure, platform.requests

    def test_a_post_is_one_request_and_gives_a_receipt(self) -> None:
        outcome, requests = self.answer_to(http_answer(*self.accepted))
        assert isinstance(outcome, Receipt), outcome
        assert outcome.remote_id
        assert len(requests) == 1
        assert requests[0].startswith(b"POST ")

    def test_whatever_is_answered_nothing_is_sent_twice(self) -> None:
        for status in (200, 202, 301, 307, 400, 401, 408, 429, 500, 502, 503):
            _, requests = self.answer_to(
                http_answer(status, {"x": 1}, Location="/elsewhere", Retry_After="1")
            )
            assert len(requests) == 1, status

    def test_a_lost_answer_is_ambiguous(self) -> None:
        half = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"
        for answer in (b"", b"HTTP/1.1 200", half, b"\x00\xff nonsense\r\n\r\n"):
            outcome, _ = self.answer_to(answer)
            assert isinstance(outcome, Ambiguous), (answer, outcome)

    def test_what_is_not_understood_is_ambiguous(self) -> None:
        for status, body in ((200, "<html>ok</html>"), (200, {}), (200, []), (202, {}), (204, ""), (200, "")):
            outcome, _ = self.answer_to(http_answer(status, body))
            assert isinstance(outcome, Ambiguous), (status, body, outcome)
        for status in (301, 302, 408, 500, 502, 503, 504, 520):
            outcome, _ = self.answer_to(http_answer(status, "<html>busy</html>", Location="/x"))
            assert isinstance(outcome, Ambiguous), (status, outcome)

    def test_no_connection_is_certainly_not_sent(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
        try:
            self.channel.deliver(self.prepared(), self.account(url))
        except Unavailable:
            return
        raise AssertionError("a refused connection must be Unavailable")

    def test_too_many_requests_says_until_when(self) -> None:
        outcome, _ = self.answer_to(http_answer(429, {"title": "Too Many Requests"}, Retry_After="120"))
        assert isinstance(outcome, RateLimited), outcome
        assert outcome.until is not None
        assert 60 <= (outcome.until - datetime.now(UTC)).total_seconds() <= 125

    def test_unauthorised_stops_the_account(self) -> None:
        outcome, _ = self.answer_to(http_answer(401, {"title": "Unauthorized", "status": 401}))
        assert isinstance(outcome, AccountStopped), outcome

    def test_a_refusal_in_the_platforms_words_is_rejected(self) -> None:
        outcome, _ = self.answer_to(http_answer(*self.rejected))
        assert isinstance(outcome, Rejected), outcome

    def test_no_secret_is_in_the_address_or_in_what_is_kept(self) -> None:
        for value in self.secrets.values():
            echo = {"error": {"message": f"bad token {value}", "code": 190}, "detail": f"saw {value}"}
            outcome, requests = self.answer_to(http_answer(403, echo))
            assert value.encode() not in requests[0].split(b"\r\n", 1)[0]
            assert value not in f"{outcome!r} {outcome}"
            assert value not in repr(self.account())
