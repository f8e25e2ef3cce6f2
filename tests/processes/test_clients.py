"""Clients that are silent, drip, never read or send what no server takes: nobody else waits for them.

The limits of the server are shortened here, or lifted so that nothing is cut, from outside: no setting does that.
"""

import contextlib
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet

from config.children import free_port
from sharing.intake import signatures
from tests.cli.running import data_of, environment, sharedesk
from tests.processes.conftest import wait_for

pytestmark = pytest.mark.processes

SERVE = """
import json, sys
from config.cli.asking import start_django
start_django()
from config.connections import Limits
from config.gthread import Worker
from config.web import serve
Worker.limits = Limits(**json.loads(sys.argv[2]))
serve("127.0.0.1", int(sys.argv[1]), 1)
"""
PATIENT = {"head": 900, "body": 900, "idle": 900, "answer": 900, "unfinished": 900, "others": 900}
#: Far more than a well server needs; only a test that hangs comes so far.
HANG = 300
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY = json.dumps({"article": {"url": "https://news.example/1", "headline": "Night buses"}}).encode()


class Web:
    """One web process, with the limits that a test gives it."""

    def __init__(self, folder, env, secret, **limits):
        self.port, self.secret = free_port(), secret
        self.uploads = folder / "uploads"
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(self.port), json.dumps(limits)],
            env=environment(folder, SHAREDESK_LOG="error", **env),
        )
        assert wait_for(self.answers, HANG)

    def stop(self):
        self.process.terminate()
        assert self.process.wait(HANG) == 0

    def answers(self):
        with contextlib.suppress(OSError):
            return self.ask(HEALTH).startswith(b"HTTP/1.1 200")
        return False

    def connect(self, sent=b"", small=False):
        client = socket.socket()
        if small:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(HANG)
        try:
            client.connect(("127.0.0.1", self.port))
            client.sendall(sent)
        except OSError:
            client.close()
            raise
        return client

    def ask(self, request):
        """The whole answer to one request that is sent at once."""
        with self.connect(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)) as client:
            return read_all(client)

    def hook(self, name="msg_1"):
        signed = signatures.sign(
            "standard-webhooks", self.secret, message_id=name, body=BODY, now=datetime.now(UTC)
        )
        return post("/hooks/cms", *(f"{name}: {value}" for name, value in signed.items()), body=BODY)


def post(path, *headers, body=b"", length=True):
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", *headers]
    if not any(line.lower().startswith("content-type") for line in lines):
        lines.append("Content-Type: application/json")
    if length:
        lines.append(f"Content-Length: {len(body) if length is True else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def read_all(client):
    answer = b""
    while data := client.recv(65536):
        answer += data
    return answer


def status(answer):
    return int(answer.split(b" ", 2)[1]) if answer else 0


def is_open(client):
    """Whether the server has neither answered nor closed."""
    return not select.select([client], [], [], 0)[0]


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Starts web processes on one database, with a source `cms`."""
    folder = tmp_path_factory.mktemp("clients")
    (folder / "uploads").mkdir()
    env = {
        "SECRET_KEY": secrets.token_urlsafe(40),
        "SHAREDESK_KEYS": Fernet.generate_key().decode(),
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        "TMPDIR": str(folder / "uploads"),
    }
    assert sharedesk("migrate", folder=folder, **env).returncode == 0
    made = data_of(sharedesk("source", "add", "cms", "--scheme", "standard-webhooks", folder=folder, **env))
    return lambda **limits: Web(folder, env, made["secret"], **limits)


@pytest.fixture(scope="module")
def server(start):
    """A web process as it is."""
    server = start()
    yield server
    server.stop()


@pytest.fixture
def web(start):
    """Starts a web process with limits of its own; ends it."""
    started = []

    def begin(**limits):
        started.append(start(**limits))
        return started[-1]

    yield begin
    for each in started:
        each.stop()


def silent_and_dripping(server, stack):
    begun = [b"", b"G", b"GET /healthz HTTP/1.1\r\nHost: local"]
    doors = ["/hooks/cms", "/sign-in", "/api/v1/shares", "/nowhere", "/kakao/webhook/1"]
    silent = [stack.enter_context(server.connect(begun[each % 3])) for each in range(200)]
    drips = [
        stack.enter_context(server.connect(post(doors[each % 5], length=900_000) + b"{"))
        for each in range(50)
    ]
    return silent, drips


def test_health_hooks_and_pages_are_answered_while_250_requests_are_unfinished(web):
    server = web(**PATIENT)
    with contextlib.ExitStack() as stack:
        silent, drips = silent_and_dripping(server, stack)
        for each in range(20):
            for drip in drips:
                drip.sendall(b" ")
            assert status(server.ask(HEALTH)) == 200
            assert status(server.ask(server.hook(f"msg_{each}"))) == 202
            assert status(server.ask(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")) == 200
            assert status(server.ask(post("/api/v1/shares", body=b"{}"))) == 401
        assert all(map(is_open, [*silent, *drips])), "and all of them were there the whole time"


def test_beyond_the_cap_the_oldest_unfinished_request_goes_and_a_whole_one_never(web):
    server = web(**{**PATIENT, "unfinished": 64})
    with contextlib.ExitStack() as stack:
        silent, drips = silent_and_dripping(server, stack)
        for each in range(20):
            assert status(server.ask(server.hook(f"msg_{each}"))) == 202
        left = [is_open(each) for each in [*silent, *drips]]
        assert sum(left) in {63, 64}, "a request that is asked takes a seat until it is whole"
        assert all(left[-60:]), "the youngest stay"
        assert not any(left[:180]), "the oldest go"


@pytest.mark.parametrize(
    ("limits", "begun", "drip"),
    [
        ({"head": 1}, b"", b""),
        ({"head": 1}, b"GET /healthz HTTP/1.1\r\n", b"a: b\r\n"),
        ({"body": 1}, post("/hooks/cms", length=900_000), b" "),
        ({"body": 1}, post("/sign-in", "Content-Type: text/plain", length=900_000), b" "),
        ({"body": 1}, post("/nowhere", length=900_000), b" "),
        ({"body": 1}, post("/kakao/webhook/1", length=900_000), b" "),
        ({"idle": 1}, HEALTH, b""),
    ],
    ids=["silent", "head", "hook", "form", "unknown", "kakao", "kept alive"],
)
def test_who_drips_is_cut_however_short_the_pauses_are(web, limits, begun, drip):
    server = web(**{**PATIENT, **limits})
    with server.connect(begun) as client:
        came, ends = b"", False
        for _ in range(HANG * 10):
            with contextlib.suppress(OSError):
                client.sendall(drip)
            if select.select([client], [], [], 0.1)[0]:
                try:
                    data = client.recv(65536)
                except OSError:
                    data = b""
                came += data
                if ends := not data:
                    break
        assert ends, "still open"
    expected = b"HTTP/1.1 200" if begun == HEALTH else b"HTTP/1.1 408" if begun else b""
    assert came.startswith(expected)
    assert bool(came) == bool(begun), "a connection that never said anything is told nothing"
    assert server.answers()


def test_a_slow_but_honest_client_is_served(server):
    request = server.hook()
    with server.connect() as client:
        for start in range(0, len(request), 40):
            client.sendall(request[start : start + 40])
            assert server.answers(), "others are served between its pieces"
        assert client.recv(12) == b"HTTP/1.1 202"


def test_a_body_that_comes_fast_enough_gets_more_time(web):
    server = web(**{**PATIENT, "body": 1, "rate": 20_000})
    body = b"[" + b" " * 199_998 + b"]"
    with server.connect(post("/api/v1/shares", length=len(body))) as client:
        for start in range(0, len(body), 10_000):
            client.sendall(body[start : start + 10_000])
            select.select([client], [], [], 0.1)
        assert client.recv(12) == b"HTTP/1.1 401", "all of it took twice the time without its rate"


@pytest.mark.parametrize(
    "path", ["/sign-in", "/settings/language", "/compose", "/nowhere", "/hooks/cms", "/api/v1/shares"]
)
def test_an_upload_is_refused_by_its_head_and_never_written_down(server, path):
    kind = "Content-Type: multipart/form-data; boundary=b"
    with server.connect(post(path, kind, "Cookie: csrftoken=" + "a" * 32, length=300_000_000)) as client:
        answer = client.recv(65536)
        assert status(answer) == 415, "before one byte of the body was sent"
        part = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
        with contextlib.suppress(OSError):
            client.sendall(part)
            for _ in range(300):
                client.sendall(b"x" * 1_000_000)
                assert not os.listdir(server.uploads)
        answer += b"".join(iter(lambda: _quietly(client), b""))
    assert (b"application/problem+json" in answer) == path.startswith(("/hooks", "/api"))
    assert b"Connection: close" in answer
    assert not os.listdir(server.uploads)
    assert server.answers()


def _quietly(client):
    try:
        return client.recv(65536)
    except OSError:
        return b""


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/sign-in", 1_000_000),
        ("/nowhere", 1_000_000),
        ("/compose", 12_000_000),
        ("/hooks/cms", 1_000_000),
        ("/api/v1/shares", 2_000_000),
        ("/%61pi/v1/shares", 2_000_000),
        ("/kakao/webhook/1", 2_000_000),
    ],
)
def test_a_body_that_is_too_long_or_without_length_is_refused_unread(server, path, most):
    form = "Content-Type: application/x-www-form-urlencoded"
    for length in (most + 1, 10**30):
        with server.connect(post(path, form, length=length)) as client:
            assert status(read_all(client)) == 413
    with server.connect(post(path, form, "Transfer-Encoding: chunked", length=None)) as client:
        assert status(client.recv(65536)) == 411, "before a chunk was sent"
    with server.connect(post(path, form, "Expect: 100-continue", length=most + 1)) as client:
        assert status(client.recv(65536)) == 413, "and nobody says: go on"
    with server.connect(post(path, form, length=most)) as client:
        client.sendall(b"x=" + b"y" * (most - 2))
        assert status(client.recv(12)) in {401, 403, 404, 415}, "what is just short enough is read"


LENGTH, CODING = "Content-Length: ", "Transfer-Encoding: "


@pytest.mark.parametrize(
    "wrong",
    [
        post("/hooks/cms", CODING + "chunked", body=b"0\r\n\r\n"),
        post("/hooks/cms", LENGTH + "4", body=b"abcde"),
        post("/hooks/cms", LENGTH + "5", body=b"abcde"),
        post("/hooks/cms", LENGTH + "-1", length=None),
        post("/hooks/cms", LENGTH + "+5", body=b"abcde", length=None),
        post("/hooks/cms", LENGTH + "5, 5", body=b"abcde", length=None),
        post("/hooks/cms", LENGTH + "5\xb2", body=b"abcde", length=None),
        post("/hooks/cms", CODING + "chunked", CODING + "chunked", length=None),
        post("/hooks/cms", CODING + "gzip", length=None),
        post("/hooks/cms", CODING + "chunked, identity", length=None),
        post("/hooks/cms", "Transfer-Encoding : chunked", length=None),
        post("/hooks/cms", CODING + "chunked", length=None) + b"f" * 100_000,
        post("/hooks/cms", CODING + "\x0bchunked", length=None),
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"a: b\r\n" * 3000 + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\na: " + b"b" * 9_000 + b"\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"a: b\r\n" * 60_000,
        b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"G" * 70_000,
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_what_no_server_takes_is_refused_and_nothing_behind_it_is_read_as_a_request(server, wrong):
    with server.connect() as client:
        with contextlib.suppress(OSError):
            client.sendall(wrong + HEALTH)
        answer = b"".join(iter(lambda: _quietly(client), b""))
    assert status(answer) in {400, 411, 414, 431, 501}
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b'"ok"' not in answer
    assert server.answers()


def test_a_body_that_says_nothing_is_not_read(server):
    request = HEALTH.replace(b"\r\n\r\n", b"\r\nContent-Length: 900000\r\n\r\n")
    with server.connect(request + HEALTH) as client:
        answer = read_all(client)
    assert answer.count(b"HTTP/1.1 200") == 1
    assert b"Connection: close" in answer


def test_requests_in_one_go_and_an_absolute_address_are_answered_in_turn(server):
    absolute = b"GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with server.connect(HEALTH + server.hook() + absolute + HEALTH * 5 + last) as client:
        answer = read_all(client)
    codes = [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert codes == [200, 202, 200, 200, 200, 200, 200, 200, 404]


def test_who_waits_for_a_word_before_the_body_gets_it(server):
    head, _, body = server.hook().partition(b"\r\n\r\n")
    with server.connect(head + b"\r\nExpect: 100-continue\r\n\r\n") as client:
        assert client.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body)
        assert client.recv(12) == b"HTTP/1.1 202"
    with server.connect(head + b"\r\nExpect: 100-continue\r\n\r\n" + body + HEALTH) as client:
        assert client.recv(12) == b"HTTP/1.1 202", "the body is here: no word is needed"


def test_who_does_not_read_holds_no_thread(web):
    server = web(**PATIENT)
    large = b"GET /static/sharedesk.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with contextlib.ExitStack() as stack:
        deaf = [stack.enter_context(server.connect(large * 200, small=True)) for _ in range(12)]
        for _ in range(20):
            assert status(server.ask(HEALTH)) == 200
        reader = deaf[-1]
        come = b""
        while come.count(b"HTTP/1.1 200 OK") < 200:
            data = reader.recv(65536)
            assert data
            come += data


def test_who_does_not_read_is_cut(web):
    server = web(**{**PATIENT, "answer": 1})
    large = b"GET /static/sharedesk.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with server.connect(large * 200, small=True) as deaf:
        poll = select.poll()
        poll.register(deaf, select.POLLERR)
        assert poll.poll(HANG * 1000), "the server has ended the connection, though nothing was read"
    assert server.answers()


def test_a_request_under_way_ends_when_the_server_is_told_to_stop(web):
    server = web(**{**PATIENT, "stopping": 30})
    request = server.hook()
    with contextlib.ExitStack() as stack:
        half = stack.enter_context(server.connect(request[:-10]))
        assert server.answers()
        server.process.send_signal(signal.SIGTERM)
        half.sendall(request[-10:])
        assert status(read_all(half)) == 202
    assert server.process.wait(HANG) == 0


def test_clients_that_go_on_for_ever_do_not_keep_the_server_from_stopping(web):
    server = web(**PATIENT)
    with contextlib.ExitStack() as stack:
        silent_and_dripping(server, stack)
        assert server.answers()
        server.process.terminate()
        assert server.process.wait(HANG) == 0
