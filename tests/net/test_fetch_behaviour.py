"""What hostile and broken servers do to the fetcher: every row of the behaviours that are listed for it."""

import gzip
import json
import time
import zlib

import pytest

from sharing.domain.refusal import Refusal
from sharing.net import fetch as fetching
from sharing.net.addresses import Allowed
from sharing.net.fetch import fetch, post_form
from tests.net.internet import PUBLIC, hang, open_internet
from tests.net.servers import certified, page, says, server
from tests.shared import SHARED, needs_shared

NOBODY = Allowed()
DRIP = 0.05


@pytest.fixture(autouse=True)
def in_no_hurry(monkeypatch):
    monkeypatch.setattr(fetching, "HOST_GAP", 0)


@pytest.fixture
def internet(monkeypatch):
    found = open_internet(monkeypatch)
    found.default = [PUBLIC]
    return found


def refused(url, code, *, deadline=5.0, **named):
    """Refused with this code; how many seconds that took."""
    begun = time.monotonic()
    with pytest.raises(Refusal) as caught:
        fetch(url, allowed=named.pop("allowed", NOBODY), deadline=deadline, **named)
    assert caught.value.code == code
    return time.monotonic() - begun


# -- redirects --------------------------------------------------------------------------------------------


def leads(to, status="302 Found"):
    return says(page(b"", f"Location: {to}", status=status))


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("http://127.0.0.1/", "fetch.address_refused"),
        ("//127.0.0.1/", "fetch.address_refused"),
        ("http://2130706433/", "fetch.address_refused"),
        ("http://[::ffff:127.0.0.1]/", "fetch.address_refused"),
        ("http://169.254.169.254/latest/", "fetch.address_refused"),
        ("http://news.example:22/", "fetch.address_refused"),
        ("file:///etc/passwd", "url.not_http"),
        ("gopher://news.example/", "url.not_http"),
        ("http://user:pw@news.example/", "url.userinfo"),
        ("http://news.example\\@127.0.0.1/", "url.broken"),
    ],
)
@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_a_redirect_is_looked_at_like_the_first_address(internet, to, code, status):
    with server(leads(to, status)) as (port, _):
        internet.ports = {80: port}
        refused("http://news.example/", code)
    assert internet.connected == [(PUBLIC, 80)], "the first hop alone"


def test_three_redirects_are_followed_and_not_a_fourth(internet):
    def hops(connection, request):
        number = int(request.split()[1].strip(b"/") or 0)
        last = number == goal
        connection.sendall(
            page(b"there") if last else page(b"", f"Location: /{number + 1}", status="302 Found")
        )

    with server(hops) as (port, requests):
        internet.ports = {80: port}
        goal = 3
        found = fetch("http://news.example/0", allowed=NOBODY)
        assert (found.body, found.url) == (b"there", "http://news.example/3")
        goal = 6
        requests.clear()
        refused("http://news.example/0", "fetch.too_many_redirects")
        assert len(requests) == 4


def test_a_circle_ends(internet):
    with server(leads("/again")) as (port, requests):
        internet.ports = {80: port}
        refused("http://news.example/", "fetch.too_many_redirects")
    assert len(requests) == 4


def test_from_https_nobody_is_led_to_http(internet, tmp_path, monkeypatch):
    tls, authority = certified(tmp_path, "news.example")
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", authority)
    with server(leads("http://news.example/"), tls) as (port, _):
        internet.ports = {443: port}
        refused("https://news.example/", "fetch.downgrade")
    assert internet.connected == [(PUBLIC, 443)]


def test_a_redirect_in_utf_8_is_understood(internet):
    def answer(connection, request):
        korean = page(b"", status="302 Found")[:-2] + "Location: /기사\r\n\r\n".encode()
        connection.sendall(page(b"there") if b"%EA" in request else korean)

    with server(answer) as (port, _):
        internet.ports = {80: port}
        assert fetch("http://news.example/", allowed=NOBODY).body == b"there"


# -- names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inner", ["127.0.0.1", "10.0.0.1", "::1", "fd00:ec2::254", "169.254.169.254"])
def test_one_inner_address_among_public_ones_spoils_the_name(internet, inner):
    internet.names["news.example"] = [PUBLIC, inner]
    refused("http://news.example/", "fetch.address_refused")
    assert internet.connected == []


def test_a_name_that_changes_its_mind_is_asked_once(internet):
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    internet.names["news.example"] = lambda: next(answers)
    with server(says(page(b"public"))) as (port, _):
        internet.ports = {80: port}
        assert fetch("http://news.example/", allowed=NOBODY).body == b"public"
    assert internet.connected == [(PUBLIC, 80)]


def test_a_peer_that_is_another_than_was_asked_for_is_not_talked_to(internet, monkeypatch):
    from sharing.net import exchange

    inner = exchange.socket.socket

    def bent(*arguments):
        made = inner(*arguments)
        monkeypatch.setattr(type(made), "getpeername", lambda _self: ("127.0.0.1", 80))
        return made

    monkeypatch.setattr(exchange.socket, "socket", bent)
    with server(says(page(b"secret"))) as (port, requests):
        internet.ports = {80: port}
        refused("http://news.example/", "fetch.address_refused")
    assert requests == []


def test_a_thousand_addresses_are_bounded(internet):
    internet.names["news.example"] = [f"93.184.{n // 250}.{n % 250 + 1}" for n in range(1000)]
    internet.ports = {80: 1}  # nobody listens there
    assert refused("http://news.example/", "fetch.unreachable", deadline=2) < 2.5


def test_a_name_server_that_hangs_costs_the_deadline(internet):
    internet.names["news.example"] = hang
    assert refused("http://news.example/", "fetch.too_slow", deadline=0.5) < 1


# -- answers ----------------------------------------------------------------------------------------------


def drips(*pieces, forever=b""):
    def answer(connection, _request):
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(DRIP)
        while forever:
            connection.sendall(forever)
            time.sleep(DRIP)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        drips(b"HTTP/1.1 200 OK\r\n", forever=b"X-A: b\r\n"),
        drips(b"HTTP/1.1 200 OK\r\nX-A: ", forever=b"a"),
        drips(b"H", b"T", b"T", b"P", forever=b"P"),
        drips(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", forever=b"a"),
        drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", forever=b"1\r\na\r\n"),
        drips(b"HTTP/1.1 200 OK\r\n\r\n", forever=b"a"),
        drips(forever=b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda _connection, _request: time.sleep(5),
    ],
    ids=["headers", "one header", "status line", "body", "chunks", "no length", "100 Continue", "silence"],
)
def test_the_deadline_is_of_the_whole(internet, answer):
    with server(answer) as (port, _):
        internet.ports = {80: port}
        took = refused("http://news.example/", "fetch.too_slow", deadline=0.6)
    assert 0.4 < took < 1.5


def storm(connection, _request):
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


def endless(connection, _request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")


def test_a_storm_of_interim_answers_is_bounded(internet):
    with server(storm) as (port, _):
        internet.ports = {80: port}
        assert refused("http://news.example/", "fetch.too_slow", deadline=1) < 2


def test_a_body_without_end_is_cut_at_the_cap(internet):
    with server(endless) as (port, _):
        internet.ports = {80: port}
        assert refused("http://news.example/", "fetch.too_big", deadline=10, limit=1_000_000) < 5


def test_a_chunk_of_less_than_nothing_is_not_read_to_its_end(internet):
    sent = []

    def flood(connection, _request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
        for _ in range(100):
            connection.sendall(b"a" * 1_000_000)
            sent.append(1)

    with server(flood) as (port, _):
        internet.ports = {80: port}
        refused("http://news.example/", "fetch.unreachable", limit=100_000)
    assert len(sent) < 50


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"a" * 200_000, "fetch.too_big"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "fetch.unreachable"),
        (b"HTTP/1.1 200 OK\r\nX-Large: " + b"a" * 1_000_000 + b"\r\n\r\n", "fetch.unreachable"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 5000 + b"\r\n", "fetch.unreachable"),
        (b"not http at all\r\n\r\n", "fetch.unreachable"),
        (b"", "fetch.unreachable"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "fetch.unreachable"),
    ],
    ids=[
        "length too large",
        "length too small",
        "large header",
        "many headers",
        "no http",
        "nothing",
        "bad chunk",
    ],
)
def test_an_answer_that_lies_is_no_answer(internet, answer, code):
    with server(says(answer)) as (port, _):
        internet.ports = {80: port}
        refused("http://news.example/", code, limit=100_000)


def test_a_length_that_is_too_small_cuts_what_is_read(internet):
    with server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more")) as (port, _):
        internet.ports = {80: port}
        assert fetch("http://news.example/", allowed=NOBODY).body == b"hello"


# -- packed -----------------------------------------------------------------------------------------------


def packed(body, coding="gzip"):
    return says(page(body, f"Content-Encoding: {coding}"))


def test_what_is_packed_is_unpacked(internet):
    with server(packed(gzip.compress(b"<html>" * 1000))) as (port, requests):
        internet.ports = {80: port}
        assert fetch("http://news.example/", allowed=NOBODY).body == b"<html>" * 1000
    assert b"accept-encoding: gzip\r\n" in requests[0].lower(), "nothing else is asked for"


def test_a_bomb_does_not_go_off(internet):
    squeeze = zlib.compressobj(9, wbits=31)
    bomb = b"".join(squeeze.compress(b"\0" * 1_000_000) for _ in range(200)) + squeeze.flush()
    assert len(bomb) < 250_000
    with server(packed(bomb)) as (port, _):
        internet.ports = {80: port}
        assert refused("http://news.example/", "fetch.too_big") < 2


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "zstd", "deflate", "compress", "gzip,br"])
def test_other_packings_are_refused(internet, coding):
    with server(packed(gzip.compress(gzip.compress(b"x")), coding)) as (port, _):
        internet.ports = {80: port}
        refused("http://news.example/", "fetch.encoding")


def test_broken_packing_is_refused(internet):
    with server(packed(b"\x1f\x8bnot gzip at all")) as (port, _):
        internet.ports = {80: port}
        refused("http://news.example/", "fetch.encoding")


# -- TLS, environment, manners ----------------------------------------------------------------------------


def test_a_certificate_of_nobody_or_of_another_name_is_refused(internet, tmp_path, monkeypatch):
    tls, authority = certified(tmp_path, "other.example")
    with server(says(page()), tls) as (port, requests):
        internet.ports = {443: port}
        refused("https://news.example/", "fetch.unreachable")
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", authority)
        refused("https://news.example/", "fetch.unreachable")
        assert fetch("https://other.example/", allowed=NOBODY).status == 200
    assert len(requests) == 1


def test_a_certificate_that_is_over_is_refused(internet, tmp_path, monkeypatch):
    tls, authority = certified(tmp_path, "news.example", days=-1)
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", authority)
    with server(says(page()), tls) as (port, _):
        internet.ports = {443: port}
        refused("https://news.example/", "fetch.unreachable")


def test_the_name_is_asked_for_although_a_number_is_connected_to(internet, tmp_path, monkeypatch):
    tls, authority = certified(tmp_path, "news.example")
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", authority)
    asked = []
    tls.sni_callback = lambda _connection, name, _context: asked.append(name)
    with server(says(page(b"ok")), tls) as (port, requests):
        internet.ports = {443: port}
        assert fetch("https://news.example/", allowed=NOBODY).body == b"ok"
    assert asked == ["news.example"]
    assert b"Host: news.example\r\n" in requests[0]


def test_nothing_of_the_environment_changes_where_it_goes(internet, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine news.example login me password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with server(says(page(b"direct"))) as (port, requests):
        internet.ports = {80: port}
        assert fetch("http://news.example/", allowed=NOBODY).body == b"direct"
    assert b"authorization" not in requests[0].lower()


def test_it_says_who_asks_and_does_not_hurry(internet, monkeypatch):
    monkeypatch.setattr(fetching, "HOST_GAP", 0.2)
    with server(says(page())) as (port, requests):
        internet.ports = {80: port}
        begun = time.monotonic()
        for _ in range(3):
            fetch("http://polite.example/", allowed=NOBODY)
        assert time.monotonic() - begun > 0.35
    assert b"Sharedesk/" in requests[0]


def test_a_form_goes_to_a_public_address_alone_and_follows_nobody(internet):
    with server(leads("http://127.0.0.1/")) as (port, requests):
        internet.ports = {80: port}
        answer = post_form("http://hub.example/", {"hub.mode": "subscribe"}, allowed=NOBODY)
        assert answer.status == 302
        assert requests[0].startswith(b"POST / ")
    internet.names["hub.example"] = ["127.0.0.1"]
    with pytest.raises(Refusal, match=r"fetch\.address_refused"):
        post_form("http://hub.example/", {}, allowed=NOBODY)


#: Each listed behaviour, by the test that shows it.
SHOWN = {
    "redirect 302 -> http://127.0.0.1": test_a_redirect_is_looked_at_like_the_first_address,
    "redirect 307/308 keeps POST": test_a_form_goes_to_a_public_address_alone_and_follows_nobody,
    "redirect https->http downgrade": test_from_https_nobody_is_led_to_http,
    "redirect chain of 6": test_three_redirects_are_followed_and_not_a_fourth,
    "redirect loop": test_a_circle_ends,
    "redirect to file://": test_a_redirect_is_looked_at_like_the_first_address,
    "redirect relative //127.0.0.1": test_a_redirect_is_looked_at_like_the_first_address,
    "DNS rebinding: first A public, second 127.0.0.1": test_a_name_that_changes_its_mind_is_asked_once,
    "DNS multi-A one private": test_one_inner_address_among_public_ones_spoils_the_name,
    "AAAA private, A public": test_one_inner_address_among_public_ones_spoils_the_name,
    "CNAME to internal name": test_one_inner_address_among_public_ones_spoils_the_name,
    "DNS answer >512 addrs": test_a_thousand_addresses_are_bounded,
    "DNS hang": test_a_name_server_that_hangs_costs_the_deadline,
    "header drip": test_the_deadline_is_of_the_whole,
    "body drip": test_the_deadline_is_of_the_whole,
    "no Content-Length, endless chunked": test_a_body_without_end_is_cut_at_the_cap,
    "Content-Length lies small/large": test_an_answer_that_lies_is_no_answer,
    "gzip bomb 10 KB->10 GB": test_a_bomb_does_not_go_off,
    "double gzip": test_other_packings_are_refused,
    "brotli/zstd bomb": test_other_packings_are_refused,
    "PNG 65000x65000": "tests/net/test_pictures.py",
    "SVG with external entity/script": "tests/net/test_pictures.py",
    "polyglot image/html": "tests/net/test_pictures.py",
    "HTTP 200 with 1 MB header": test_an_answer_that_lies_is_no_answer,
    "1xx storm": test_a_storm_of_interim_answers_is_bounded,
    "TLS self-signed / wrong host": test_a_certificate_of_nobody_or_of_another_name_is_refused,
    "TLS SNI uses name, socket uses pinned IP": test_the_name_is_asked_for_although_a_number_is_connected_to,
    "proxy env HTTP_PROXY set / ~/.netrc present": test_nothing_of_the_environment_changes_where_it_goes,
}


@needs_shared
def test_every_listed_behaviour_is_shown():
    listed = json.loads((SHARED / "data/hostile/ssrf_bypass.json").read_text())["behaviour"]
    assert {row["name"] for row in listed} == set(SHOWN)
