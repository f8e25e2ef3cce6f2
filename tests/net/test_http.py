"""Calls to a platform: which failure is which. What may be out is never called a failure that is certain."""

import json
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.outcomes import AccountStopped, Ambiguous, RateLimited, Rejected, Unavailable
from sharing.net.exchange import Answer
from sharing.net.http import Call, failure, pause_until, read_json, said, send
from sharing.net.redact import MASK, redact
from tests.net.servers import page, says, server

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def call(port, deadline=2.0, **more):
    return send(
        Call(method="POST", url=f"http://127.0.0.1:{port}/post", json={"a": 1}, deadline=deadline, **more)
    )


# -- before and after the first byte ----------------------------------------------------------------------


def test_where_nobody_listens_nothing_is_out():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unavailable, match=r"net\.connect"):
        call(port)


def test_a_name_that_nobody_knows_is_certain():
    with pytest.raises(Unavailable):
        send(Call(method="POST", url="http://nobody.invalid/", deadline=2))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
        b"rubbish",
    ],
    ids=["nothing", "half a body", "half a chunk", "rubbish"],
)
def test_half_an_answer_may_be_out(answer):
    with server(says(answer)) as (port, requests), pytest.raises(Ambiguous, match=r"net\.cut"):
        call(port)
    assert len(requests) == 1, "sent once, never again"


ERROR = b'{"error": {"message": "No", "type": "OAuthException", "code": 190}, "title": "Unauthorized"}'


def _chunked(status):
    head = f"HTTP/1.1 {status} X\r\nTransfer-Encoding: chunked\r\nRetry-After: 9\r\n\r\n".encode()
    return (
        head
        + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (ERROR[:30], ERROR[30:]))
        + b"0\r\n\r\n"
    )


def _measured(status):
    return page(ERROR, "Retry-After: 9", status=f"{status} X")


def _until_closed(status):
    return f"HTTP/1.1 {status} X\r\nRetry-After: 9\r\n\r\n".encode() + ERROR


@pytest.mark.parametrize("status", [200, 201, 400, 401, 403, 429, 500])
@pytest.mark.parametrize("form", [_measured, _chunked, _until_closed])
def test_an_answer_cut_at_any_byte_may_be_out(form, status):
    whole = form(status)
    # After the last chunk, and after the last brace, nothing is missing but the farewell.
    end = len(whole) - len(b"\r\n0\r\n\r\n") if form is _chunked else len(whole)
    empty = len(whole) - len(ERROR) if form is _until_closed else None
    answers = iter(range(end))
    with server(lambda connection, _: connection.sendall(whole[: next(answers)])) as (port, requests):
        for byte in range(end):
            if byte == empty:  # a whole answer without a body
                call(port)
                continue
            try:
                found = failure(call(port))
            except Ambiguous as ambiguous:
                found = ambiguous
            assert type(found) is Ambiguous, (byte, whole[:byte], found)
    assert len(requests) == end


def test_silence_may_be_out_and_ends_at_the_deadline():
    begun = time.monotonic()
    with (
        server(lambda *_: time.sleep(5)) as (port, requests),
        pytest.raises(Ambiguous, match=r"net\.(deadline|cut: ReadTimeout)"),
    ):
        call(port, deadline=0.4)
    assert time.monotonic() - begun < 3
    assert len(requests) == 1


def test_too_much_of_an_answer_may_be_out():
    with server(says(page(b"a" * 5_000_000))) as (port, _), pytest.raises(Ambiguous, match=r"net\.too_long"):
        call(port, deadline=10)


def test_a_redirect_is_an_answer_and_nobody_follows_it():
    with server(says(page(b"", "Location: http://127.0.0.1/", status="302 Found"))) as (port, requests):
        assert call(port).status == 302
    assert len(requests) == 1


def test_each_call_has_a_connection_of_its_own():
    with server(says(page(b"{}"))) as (port, requests):
        call(port)
        call(port)
    assert all(b"Connection: close\r\n" in request for request in requests)
    assert len(requests) == 2


# -- what a status means ----------------------------------------------------------------------------------

OWN_WORDS = b'{"error": {"code": 100}}'


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, OWN_WORDS, Rejected),
        (403, OWN_WORDS, Rejected),
        (404, OWN_WORDS, Rejected),
        (422, b"[]", Rejected),
        (401, b"", AccountStopped),
        (401, OWN_WORDS, AccountStopped),
        (429, b"", RateLimited),
        (400, b"<html>Bad gateway of a proxy</html>", Ambiguous),
        (403, b"", Ambiguous),
        (408, OWN_WORDS, Ambiguous),
        (302, b"", Ambiguous),
        (200, b"", Ambiguous),
        (500, OWN_WORDS, Ambiguous),
        (502, b"", Ambiguous),
        (503, OWN_WORDS, Ambiguous),
        (103, b"", Ambiguous),
        (999, OWN_WORDS, Ambiguous),
    ],
)
def test_which_failure_a_status_is(status, body, expected):
    assert type(failure(Answer(status=status, body=body))) is expected


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "-5"}, 1),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "Tue, 24 Nov 2026 09:05:00 GMT"}, 300),
        ({"retry-after": "Tue, 24 Nov 2026 08:00:00 GMT"}, 1),
        ({"retry-after": "31536000"}, 86400),
        ({"retry-after": "1e400"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"x-rate-limit-reset": str(int(NOW.timestamp()) + 60)}, 60),
        ({"x-rate-limit-reset": "9" * 40}, None),
        ({"x-rate-limit-reset": "later"}, None),
        ({}, None),
    ],
)
def test_until_when_a_platform_asks_to_wait(headers, pause):
    until = pause_until(headers, NOW)
    assert until == (None if pause is None else NOW + timedelta(seconds=pause))


@given(st.text(max_size=40))
def test_no_header_breaks_the_pause(value):
    until = pause_until({"retry-after": value, "x-rate-limit-reset": value}, NOW)
    assert until is None or NOW < until <= NOW + timedelta(hours=24)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_none(body):
    assert read_json(Answer(status=200, body=body)) is None


# -- nothing secret leaves --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "https://graph.example/me?access_token=CANARY&fields=id",
        '{"access_token": "CANARY", "id": 1}',
        "{'client_secret': 'CANARY'}",
        "Authorization: Bearer CANARYCANARY",
        "authorization=KakaoAK CANARYCANARY",
        'oauth_signature="CANARY"',
        "password=CANARY;",
        "smtp://user:CANARY@mail.example",
        "Basic CANARYCANARY==",
        "refresh_token : CANARY",
        "appsecret_proof=CANARY",
        "code_verifier=CANARY",
    ],
)
def test_what_looks_like_a_token_is_masked(text):
    masked = redact(text)
    assert "CANARY" not in masked
    assert MASK in masked


def test_what_is_known_is_masked_wherever_it_stands():
    assert redact("the page said s3cr3t-token to me", "s3cr3t-token") == f"the page said {MASK} to me"
    assert redact("abc", "abc") == "abc", "too short to be told from words"


@pytest.mark.parametrize(
    "text", ["Harbor ferries", "a=b", "https://news.example/?idxno=1", "기사 code: 12", ""]
)
def test_what_is_none_stays(text):
    assert redact(text) == text


@given(st.text(max_size=300))
def test_no_text_breaks_the_masking(text):
    redact(text, "known-secret")


def test_masking_is_fast_on_hostile_text():
    begun = time.monotonic()
    redact("access_token=" * 50_000 + "://" * 50_000 + "a:" * 100_000)
    assert time.monotonic() - begun < 2


def test_an_error_never_holds_the_address():
    with pytest.raises(Unavailable) as caught:
        send(Call(method="GET", url="http://127.0.0.1:1/?access_token=CANARY", deadline=1))
    assert "CANARY" not in str(caught.value) + caught.value.detail


def test_what_a_platform_said_is_short_and_masked():
    answer = Answer(status=400, body=json.dumps({"error": "x" * 9000, "access_token": "CANARY"}).encode())
    assert len(said(answer)) <= 2048
    assert "CANARY" not in said(Answer(status=400, body=b'{"access_token":"CANARY"}'))
    assert "s3cr3t-token" not in said(Answer(status=400, body=b"you sent s3cr3t-token"), "s3cr3t-token")
