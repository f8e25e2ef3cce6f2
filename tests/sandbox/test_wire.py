from __future__ import annotations

import contextlib
import json
import socket
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sharing.sandbox.wire import http


def ask(method="GET", path="/truth", *lines, body=b"", version="HTTP/1.1"):
    head = "".join(f"{line}\r\n" for line in ("Host: x", "Connection: close", *lines))
    return f"{method} {path} {version}\r\n{head}\r\n".encode() + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1])


def test_a_connection_serves_many_requests(client):
    with socket.create_connection(("127.0.0.1", client.port), timeout=5) as sock:
        for _ in range(3):
            sock.sendall(b"GET /truth HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = sock.recv(65536)
            assert b"Connection: keep-alive" in answer
            assert answer.endswith(b'{"records":[],"count":0,"dropped":0}')


def test_pipelined_requests_are_answered_in_order(client):
    answer = client.raw(b"GET /truth HTTP/1.1\r\nHost: x\r\n\r\n" + ask("GET", "/faults"))
    assert answer.index(b"records") < answer.index(b"struck")


def test_http_1_0_gets_its_answer_and_a_close(client):
    assert status(client.raw(b"GET /truth HTTP/1.0\r\n\r\n")) == 200


def test_head_has_no_body(client):
    answer = client.raw(ask("HEAD", "/"))
    assert answer.endswith(b"\r\n\r\n")
    assert b"Content-Length: " in answer


def test_chunked_bodies_are_read(client):
    body = b"7\r\nmessage\r\n5\r\n=abcd\r\n0\r\n\r\n"
    lines = (
        "Transfer-Encoding: chunked",
        "Content-Type: application/x-www-form-urlencoded",
        "Authorization: Bearer page-token-1",
    )
    assert status(client.raw(ask("POST", "/v25.0/1001/feed", *lines, body=body))) == 200
    assert client.texts() == ["abcd"]


def test_expect_100_continue_is_answered_before_the_body(client):
    with socket.create_connection(("127.0.0.1", client.port), timeout=5) as sock:
        lines = (
            "Expect: 100-continue",
            "Content-Length: 9",
            "Content-Type: application/x-www-form-urlencoded",
            "Authorization: Bearer page-token-1",
        )
        sock.sendall(ask("POST", "/v25.0/1001/feed", *lines))
        assert sock.recv(65536).startswith(b"HTTP/1.1 100 Continue")
        sock.sendall(b"message=a")
        assert sock.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("octets", "wanted"),
    [
        (b"\xff\xfe\xfd\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET /truth\r\n\r\n", 400),
        (b"GET /truth HTTP/2.0\r\nHost: x\r\n\r\n", 400),
        (b"GET  /truth HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"G3T /truth HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET http://evil/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET /가 HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 400),
        (b"GET /truth HTTP/1.1\r\n\r\n", 400),
        (ask("GET", "/truth", "Host: y"), 400),
        (ask("GET", "/truth", "no colon"), 400),
        (ask("GET", "/truth", " folded: x"), 400),
        (ask("GET", "/truth", "bad : x"), 400),
        (ask("POST", "/truth", "Content-Length: 1", "Content-Length: 2"), 400),
        (ask("POST", "/truth", "Content-Length: -1"), 400),
        (ask("POST", "/truth", "Content-Length: 1e3"), 400),
        (ask("POST", "/truth", "Content-Length: ９"), 400),
        (ask("POST", "/truth", "Content-Length: 1", "Transfer-Encoding: chunked"), 400),
        (ask("POST", "/truth", "Transfer-Encoding: gzip"), 501),
        (ask("POST", "/truth", "Transfer-Encoding: chunked", body=b"zz\r\n"), 400),
        (ask("POST", "/truth", "Transfer-Encoding: chunked", body=b"-5\r\n"), 400),
        (ask("POST", "/truth", "Transfer-Encoding: chunked", body=b"FFFFFFFF\r\n"), 413),
        (ask("POST", "/truth", "Content-Length: 99999999999999999999999"), 413),
        (ask("POST", "/truth", "Content-Length: 13000000"), 413),
        (ask("GET", "/" + "a" * 17_000), 431),
        (ask("GET", "/truth", "X: " + "a" * 17_000), 431),
        (ask("GET", "/truth", *[f"X-{n}: a" for n in range(101)]), 431),
    ],
)
def test_what_is_no_request_is_refused_and_closed(client, octets, wanted):
    answer = client.raw(octets)
    assert status(answer) == wanted
    assert b"Connection: close" in answer


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\r\n",
        b"GET /tr",
        b"GET /truth HTTP/1.1\r\nHost: x\r\n",
        ask("POST", "/truth", "Content-Length: 10", body=b"abc"),
    ],
)
def test_a_client_that_leaves_in_the_middle_costs_nothing(client, octets):
    with socket.create_connection(("127.0.0.1", client.port), timeout=5) as sock:
        sock.sendall(octets)
    assert client.call("GET", "/truth").status == 200


def test_a_client_that_drips_its_request_is_cut_off(client, monkeypatch):
    monkeypatch.setattr(http, "READ_WITHIN", 0.4)
    with socket.create_connection(("127.0.0.1", client.port), timeout=5) as sock:
        before = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - before < 4:
                sock.sendall(b"G")
                time.sleep(0.05)
        assert time.monotonic() - before < 3


def test_an_idle_connection_is_closed(client, monkeypatch):
    monkeypatch.setattr(http, "IDLE_FOR", 0.2)
    with socket.create_connection(("127.0.0.1", client.port), timeout=5) as sock:
        sock.sendall(b"GET /truth HTTP/1.1\r\nHost: x\r\n\r\n")
        assert sock.recv(65536)
        assert sock.recv(65536) == b""


def test_many_clients_at_once_are_all_served(client):
    socks = [socket.create_connection(("127.0.0.1", client.port), timeout=10) for _ in range(200)]
    for sock in socks:
        sock.sendall(ask())
    assert all(sock.recv(65536).startswith(b"HTTP/1.1 200") for sock in socks)
    for sock in socks:
        sock.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_octets_get_an_answer_or_a_close(client, octets):
    with socket.create_connection(("127.0.0.1", client.port), timeout=5) as sock:
        sock.sendall(octets)
        sock.shutdown(socket.SHUT_WR)
        answer = sock.recv(65536)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")


PATHS = [
    "/v25.0/1/feed",
    "/v25.0/1_2",
    "/v25.0/me",
    "/2/tweets",
    "/2/users/1/tweets",
    "/2/oauth2/token",
    "/2/media/upload",
    "/2/media/metadata",
    "/picker/link",
    "/picker/send",
    "/oauth/token",
    "/v2/api/talk/memo/default/send",
    "/accounts",
    "/faults",
    "/faults/next",
    "/plant",
    "/reader/kakao",
    "/reader/link",
    "/?id=http://127.0.0.1:1/&scrape=true",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "text",
                    "media",
                    "media_ids",
                    "channel",
                    "id",
                    "spec",
                    "url",
                    "fault",
                    "account",
                    "message",
                    "attached_media",
                    "reply",
                ]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(PATHS),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    body=JSON,
    query=st.text(alphabet="abfields=limit&,{}%0\x7f", max_size=30),
)
@example("/2/media/upload", "POST", {"media": "\x80"}, "")
def test_any_json_to_any_path_is_answered_without_a_failure_of_ours(client, path, method, body, query):
    data = json.dumps(body).encode()
    target = (
        path + ("&" if "?" in path else "?") + "".join(each for each in query if each > " " and each < "\x7f")
    )
    reply = client.send(
        method, target, data, {"Content-Type": "application/json", "Authorization": "Bearer some-token-1"}
    )
    assert 200 <= reply.status < 500
    assert client.crashes() == 0


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(PATHS),
    body=st.binary(max_size=200),
    kind=st.sampled_from(
        [
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=b",
            "multipart/form-data",
            "text/plain",
            "",
        ]
    ),
)
def test_any_octets_as_a_body_are_answered_too(client, path, body, kind):
    reply = client.send("POST", path, body, {"Content-Type": kind, "Authorization": "Bearer some-token-1"})
    assert 200 <= reply.status < 500
    assert client.crashes() == 0
