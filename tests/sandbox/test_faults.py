"""Every fault, struck over real sockets: what the client sees, and whether it is out."""

from __future__ import annotations

import email.utils
import http.client
import json
import socket
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from sharing.sandbox.faults.table import FAULTS, Phase
from tests.sandbox.kakao_page import form, register

ORIGIN = "https://desk.example.kr"
CHANNELS = ("facebook", "x", "kakao")


class Desk:
    """One create call on each channel, by hand, so that broken answers can be looked at."""

    def __init__(self, client):
        self.client = client

    def request(self, channel: str, words: str) -> tuple[str, bytes, dict[str, str]]:
        headers = {
            "Authorization": "Bearer some-token-1",
            "Host": f"127.0.0.1:{self.client.port}",
            "Connection": "close",
        }
        if channel == "x":
            return (
                "/2/tweets",
                json.dumps({"text": words}).encode(),
                headers | {"Content-Type": "application/json"},
            )
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        if channel == "facebook":
            return "/v25.0/1001/feed", f"message={words}".encode(), headers
        template = json.dumps({"object_type": "text", "text": words, "link": {"web_url": ORIGIN}})
        return "/v2/api/talk/memo/default/send", f"template_object={template}".encode(), headers

    def octets(self, channel: str, words: str) -> bytes:
        path, body, headers = self.request(channel, words)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST {path} HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def post(self, channel: str, words: str = "words"):
        path, body, headers = self.request(channel, words)
        return self.client.send("POST", path, body, headers)

    def raw(self, channel: str, words: str = "words") -> bytes:
        return self.client.raw(self.octets(channel, words))


@pytest.fixture
def desk(client):
    return Desk(client)


def out(client):
    return len(client.truth())


@pytest.mark.parametrize("channel", CHANNELS)
class TestEveryChannel:
    @pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
    @pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
    def test_statuses_before_and_after_the_commit(self, client, desk, channel, *, status, when, count):
        client.fault(channel, f"{status}_{when}_commit")
        reply = desk.post(channel)
        assert reply.status == status
        assert out(client) == count
        html = reply.headers["content-type"].startswith("text/html")
        assert html == (status in {502, 504})

    @pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
    def test_a_reset_is_a_reset(self, client, desk, channel, when, count):
        client.fault(channel, f"reset_{when}_commit")
        with pytest.raises(ConnectionResetError):
            desk.raw(channel)
        assert out(client) == count

    @pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
    def test_a_close_is_no_byte_at_all(self, client, desk, channel, when, count):
        client.fault(channel, f"close_{when}_commit")
        assert desk.raw(channel) == b""
        assert out(client) == count

    @pytest.mark.parametrize(("fault", "count"), [("time_out", 0), ("time_out_after_commit", 1)])
    def test_a_time_out_is_silence_and_then_a_close(self, client, desk, channel, fault, count):
        client.fault(channel, f"{fault}/300ms")
        before = time.monotonic()
        assert desk.raw(channel) == b""
        assert time.monotonic() - before >= 0.3
        assert out(client) == count

    def test_half_a_head(self, client, desk, channel):
        client.fault(channel, "half_header")
        found = desk.raw(channel)
        assert found.startswith(b"HTTP/1.1 20")
        assert b"\r\n\r\n" not in found
        assert out(client) == 1

    def test_half_a_body(self, client, desk, channel):
        client.fault(channel, "half_body")
        with pytest.raises(http.client.IncompleteRead):
            desk.post(channel)
        assert out(client) == 1

    def test_a_drip_is_slow_and_whole(self, client, desk, channel):
        client.fault(channel, "drip/400ms")
        before = time.monotonic()
        reply = desk.post(channel)
        assert time.monotonic() - before >= 0.35
        assert reply.status in {200, 201}
        assert reply.json
        assert out(client) == 1

    def test_a_wrong_length_cuts_the_json(self, client, desk, channel):
        client.fault(channel, "wrong_length")
        reply = desk.post(channel)
        with pytest.raises(ValueError):
            json.loads(reply.body)
        assert out(client) == 1

    @pytest.mark.parametrize(
        ("fault", "status", "start"),
        [("html", 200, b"<!doctype"), ("empty_200", 200, b""), ("202", 202, b"{}")],
    )
    def test_successes_that_say_nothing(self, client, desk, channel, *, fault, status, start):
        client.fault(channel, fault)
        reply = desk.post(channel)
        assert (reply.status, reply.body[: len(start) or None]) == (status, start)
        assert out(client) == 1

    def test_a_redirect_leads_elsewhere_and_posts_nothing(self, client, desk, channel):
        client.fault(channel, "301")
        reply = desk.post(channel)
        assert reply.status == 301
        assert reply.headers["location"].endswith("/moved")
        assert out(client) == 0

    def test_early_hints_come_before_the_answer(self, client, desk, channel):
        client.fault(channel, "1xx")
        first, _, rest = desk.raw(channel).partition(b"\r\n\r\n")
        assert first.startswith(b"HTTP/1.1 103")
        assert rest.startswith(b"HTTP/1.1 20")
        assert out(client) == 1

    def test_a_success_that_is_none(self, client, desk, channel):
        client.fault(channel, "success_false")
        reply = desk.post(channel)
        assert reply.status == 200
        assert not reply.json.get("success", False)
        assert {"facebook": {"success"}, "x": {"errors"}, "kakao": {"result_code"}}[
            channel
        ] == reply.json.keys()
        assert out(client) == 0

    def test_429_in_all_its_forms(self, client, desk, channel):
        client.fault(channel, "429/90s")
        assert desk.post(channel).headers["retry-after"] == "90"
        client.fault(channel, "429_no_header")
        bare = desk.post(channel)
        assert bare.status == 429
        assert not {"retry-after", "x-app-usage"} & bare.headers.keys()
        client.fault(channel, "429_negative")
        assert desk.post(channel).headers["retry-after"] == "-60"
        client.fault(channel, "429_date/90s")
        at = email.utils.parsedate_to_datetime(desk.post(channel).headers["retry-after"])
        assert 80 < at.timestamp() - time.time() < 100
        client.fault(channel, "429_year")
        assert int(desk.post(channel).headers["retry-after"]) == 365 * 24 * 3600
        assert out(client) == 0

    def test_refusals_in_the_platforms_own_words(self, client, desk, channel):
        def refused(fault):
            client.fault(channel, fault)
            reply = desk.post(channel)
            found = reply.json
            return reply.status, found["error"]["code"] if channel == "facebook" else found.get(
                "code", found.get("status")
            )

        assert (
            refused("token_expired")
            == {"facebook": (400, 190), "x": (401, 401), "kakao": (401, -401)}[channel]
        )
        assert (
            refused("maintenance") == {"facebook": (503, 2), "x": (503, 503), "kakao": (503, -9798)}[channel]
        )
        assert (
            refused("throttled/600s")
            == {"facebook": (400, 32), "x": (429, 429), "kakao": (400, -10)}[channel]
        )
        assert out(client) == 0
        if channel == "kakao":
            return  # Kakao has no eye for duplicates
        assert refused("duplicate") == {"facebook": (400, 506), "x": (403, 403)}[channel]
        assert refused("duplicate_after_commit") == {"facebook": (400, 506), "x": (403, 403)}[channel]
        assert out(client) == 1

    def test_a_late_commit_comes_after_its_failed_answer(self, client, desk, channel):
        client.fault(channel, "delayed_commit/400ms")
        assert desk.post(channel).status == 504
        assert out(client) == 0
        time.sleep(0.5)
        assert out(client) == 1

    def test_latency_and_slowness_cost_time_and_nothing_else(self, client, desk, channel):
        client.fault(channel, "latency/200ms")
        client.fault(channel, "slow/200ms")
        before = time.monotonic()
        assert desk.post(channel, "one").status in {200, 201}
        assert desk.post(channel, "two").status in {200, 201}
        assert time.monotonic() - before >= 0.4
        assert out(client) == 2

    def test_a_refused_request_stays_refused_whatever_the_fault_after_it(self, client, channel):
        client.fault(channel, "html")
        path = {"facebook": "/v25.0/1001/feed", "x": "/2/tweets", "kakao": "/v2/api/talk/memo/default/send"}[
            channel
        ]
        assert client.call("POST", path, form={"message": "a"}).status in {400, 401}
        assert out(client) == 0


@pytest.mark.parametrize(
    ("channel", "code", "status", "found"),
    [
        ("facebook", "368", 400, {"code": 368}),
        ("facebook", "190.460", 400, {"code": 190, "error_subcode": 460}),
        ("facebook", "200", 403, {"code": 200}),
        ("facebook", "1", 500, {"code": 1, "is_transient": True}),
        ("facebook", "100.1609005", 400, {"code": 100, "error_subcode": 1609005}),
        ("x", "402", 402, {"title": "CreditsDepleted"}),
        ("x", "64", 403, {"type": "https://api.x.com/2/problems/user-suspended"}),
        ("x", "418", 418, {"status": 418}),
        ("kakao", "-532", 400, {"code": -532}),
        ("kakao", "-402", 403, {"code": -402}),
        ("kakao", "-999", 400, {"code": -999}),
    ],
)
def test_any_documented_code_can_be_asked_for(client, desk, channel, *, code, status, found):
    client.fault(channel, f"code/{code}")
    reply = desk.post(channel)
    body = reply.json["error"] if channel == "facebook" else reply.json
    assert reply.status == status
    assert found.items() <= body.items()


def test_the_throttle_says_until_when(client, desk):
    client.fault("facebook", "throttled/600s")
    (entry,) = json.loads(desk.post("facebook").headers["x-business-use-case-usage"])["1001"]
    assert entry["estimated_time_to_regain_access"] == 10
    client.fault("x", "throttled/600s")
    headers = desk.post("x").headers
    assert headers["x-app-limit-24hour-remaining"] == "0"
    assert 590 <= int(headers["x-app-limit-24hour-reset"]) - time.time() <= 610


@pytest.mark.parametrize(
    ("channel", "path", "key"),
    [("facebook", "/v25.0/1001/feed", "message"), ("x", "/2/users/77/tweets", "text")],
)
class TestReads:
    def read(self, client, path):
        return client.call("GET", path, Authorization="Bearer some-token-1")

    def texts(self, client, path, key):
        return [each[key] for each in self.read(client, path).json.get("data", [])]

    def test_reads_can_fail_while_writes_go_on(self, client, desk, channel, *, path, key):
        client.fault(channel, "find_down", times=2)
        assert desk.post(channel).status in {200, 201}
        assert [self.read(client, path).status for _ in range(3)] == [503, 503, 200]

    @pytest.mark.parametrize("fault", ["reset_before_commit", "html", "half_body", "empty_200"])
    def test_any_fault_can_strike_a_read(self, client, desk, channel, *, path, key, fault):
        desk.post(channel)
        client.fault(channel, fault, operation="read")
        if fault in {"reset_before_commit", "half_body"}:
            with pytest.raises((ConnectionError, http.client.HTTPException)):
                self.read(client, path)
        else:
            with pytest.raises(ValueError):
                json.loads(self.read(client, path).body)
        assert self.texts(client, path, key) == ["words"]

    def test_a_post_shows_in_lists_only_after_its_lag(self, client, desk, channel, *, path, key):
        client.fault(channel, "read_lag/400ms")
        desk.post(channel)
        assert self.texts(client, path, key) == []
        assert out(client) == 1
        time.sleep(0.5)
        assert self.texts(client, path, key) == ["words"]

    def test_small_pages_force_paging(self, client, desk, channel, *, path, key):
        for number in range(3):
            desk.post(channel, f"word{number}")
        client.fault(channel, "page_size/2")
        reply = self.read(client, path).json
        assert len(reply["data"]) == 2
        assert "next" in reply.get("paging", {}) or "next_token" in reply["meta"]

    @pytest.mark.parametrize("fault", ["canonical_only", "no_links"])
    def test_a_list_may_hide_where_a_link_leads(self, client, desk, channel, *, path, key, fault):
        link = "https://news.example.kr/1?idxno=7&utm_content=abcdefgh23"
        desk.post(channel, f"words {link}" if channel == "x" else f"words&link={quote(link)}")
        wanted = (
            "?tweet.fields=entities" if channel == "x" else "?fields=message,attachments{url,unshimmed_url}"
        )
        client.fault(channel, fault)
        hidden, plain = (str(self.read(client, path + wanted).json["data"]) for _ in range(2))
        assert "abcdefgh23" in plain
        assert "abcdefgh23" not in hidden
        assert ("https://news.example.kr/1?idxno=7'" in hidden) == (fault == "canonical_only")
        assert len(client.truth()) == 1

    def test_a_stranger_says_the_same_just_before(self, client, desk, channel, *, path, key):
        link = "https://news.example.kr/1?utm_content=abcdefgh23"
        words = f"words {link}" if channel == "x" else f"words&link={link}"
        client.fault(channel, "stranger")
        desk.post(channel, words)
        theirs, ours = client.truth()
        assert theirs["planted"] is True
        assert theirs["marker"] is None
        assert ours["marker"] == "abcdefgh23"
        assert len(self.texts(client, path, key)) == 2

    def test_a_strangers_post_can_be_planted_by_hand(self, client, desk, channel, *, path, key):
        account = path.split("/")[3 if channel == "x" else 2]
        self.read(client, path)
        requested = {"channel": channel, "account": account, "text": "theirs", "link": "https://a.kr/1"}
        assert client.call("POST", "/plant", json=requested).status == 201
        assert len(self.texts(client, path, key)) == 1


@pytest.mark.parametrize(("fault", "shown"), [("shim_only", {"url"}), ("unshimmed_only", {"unshimmed_url"})])
def test_facebook_may_show_a_link_in_one_form_only(client, fault, shown):
    client.feed(message="a", link="https://news.example.kr/1?utm_content=abcdefgh23")
    client.fault("facebook", fault)
    path = "1001/published_posts?fields=attachments{url,unshimmed_url}"
    (post,) = client.graph("GET", path).json["data"]
    assert post["attachments"]["data"][0].keys() == shown


class TestOtherOperations:
    def test_edits_and_deletes_can_be_struck(self, client):
        post = client.feed(message="a").json["id"]
        client.fault("facebook", "500_after_commit", operation="edit")
        assert client.graph("POST", post, form={"message": "b"}).status == 500
        assert client.truth()[0]["edited"] == "b"
        client.fault("facebook", "500_before_commit", operation="delete")
        assert client.graph("DELETE", post).status == 500
        assert "deleted" not in client.truth()[0]

    def test_a_token_that_was_rotated_and_lost(self, client):
        client.register("x", "77", access_token="x-token-1", refresh_token="refresh-1", client_id="app")
        refresh = {"grant_type": "refresh_token", "refresh_token": "refresh-1", "client_id": "app"}
        client.fault("x", "reset_after_commit", operation="token")
        with pytest.raises(ConnectionError):
            client.call("POST", "/2/oauth2/token", form=refresh)
        assert client.tweet("a").status == 401
        assert client.call("POST", "/2/oauth2/token", form=refresh).status == 400

    def test_the_picker_can_be_struck_when_it_opens(self, client):
        register(client, ORIGIN)
        client.fault("kakao", "503_before_commit", operation="prepare")
        assert client.call("POST", "/picker/link", form=form(ORIGIN), Origin=ORIGIN).status == 503

    def test_a_queued_fault_waits_for_its_words(self, client):
        client.fault("facebook", "500_before_commit", match="둘째")
        assert client.feed(message="첫째").status == 200
        assert client.feed(message="둘째").status == 500
        assert client.feed(message="둘째 다시").status == 200

    def test_a_client_that_left_is_not_waited_for(self, client, sandbox, desk):
        client.fault("facebook", "time_out/60s")
        with socket.create_connection(("127.0.0.1", client.port)) as sock:
            sock.sendall(desk.octets("facebook", "a"))
            time.sleep(0.1)
        for _ in range(50):
            if len(sandbox._http._live) <= 1:
                return
            time.sleep(0.05)
        pytest.fail("the connection of a client that left is still held")


def test_a_late_act_that_fails_is_counted_and_nobody_elses_fault(client, sandbox):
    sandbox.sandbox.later.add(0, lambda: 1 / 0)
    assert client.feed(message="a").status == 200
    assert client.crashes() == 1
    sandbox.sandbox.later.failed = 0


def test_every_fault_of_the_table_is_struck_somewhere_in_these_tests():
    here = Path(__file__)
    source = "".join(here.with_name(f"test_{each}.py").read_text() for each in ("faults", "kakao", "mail"))
    patterned = {
        f"{status}_{when}_commit" for status in (500, 502, 503, 504, 408) for when in ("before", "after")
    }
    patterned |= {f"{how}_{when}_commit" for how in ("reset", "close") for when in ("before", "after")}
    for fault in FAULTS:
        assert fault.name in patterned or f'"{fault.name}' in source, fault.name


def test_faults_beside_the_work_are_the_only_ones_that_let_the_answer_be():
    assert {each.name for each in FAULTS if each.phase is Phase.BESIDE} == {
        "latency", "slow", "read_lag", "page_size", "stranger", "webhook_lost", "webhook_twice", "webhook_late",
        "shim_only", "unshimmed_only", "canonical_only", "no_links",
    }  # fmt: skip
