"""The door on the wire: what only a real server sees of a request."""

import json
import socket
import time
from datetime import UTC, datetime

import pytest

from sharing.intake import signatures
from tests.cli.running import data_of

pytestmark = pytest.mark.processes

BODY = json.dumps({"article": {"url": "https://news.example/1", "headline": "Night buses"}}).encode()


def lines(secret, body=BODY, scheme="standard-webhooks", message_id="msg_1"):
    """The header lines of a signed hook, as they stand on the wire."""
    headers = signatures.sign(scheme, secret, message_id=message_id, body=body, now=datetime.now(UTC))
    return [f"{name}: {value}" for name, value in headers.items()]


@pytest.fixture
def wire(up):
    desk = up()
    made = data_of(desk.run("source", "add", "cms", "--scheme", "standard-webhooks"))

    def send(*headers, body=BODY, length=True, then_close=False, path="/hooks/cms", method="POST"):
        head = [
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            "Content-Type: application/json",
        ]
        head += [f"Content-Length: {len(body)}"] if length is True else [length] if length else []
        with socket.create_connection(("127.0.0.1", desk.port), 10) as connection:
            connection.sendall("\r\n".join([*head, *headers]).encode("latin-1") + b"\r\n\r\n" + body)
            if then_close:
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while data := connection.recv(65536):
                answer += data
        status = int(answer.split(b" ", 2)[1]) if answer else 0
        return status, answer.partition(b"\r\n\r\n")[2]

    send.secret = made["secret"]
    return send


def test_what_comes_over_the_wire(wire):
    assert wire(*lines(wire.secret))[0] == 202
    shouted = [line.partition(":")[0].upper() + ":" + line.partition(":")[2] for line in lines(wire.secret)]
    assert wire(*shouted)[0] == 202, "the case of a header's name says nothing"


def test_a_signing_header_that_stands_twice_is_refused(wire):
    good = lines(wire.secret, message_id="msg_2")
    for each in good:
        assert wire(*good, each)[0] == 401, each
    wrong = [line if "signature" not in line else "webhook-signature: v1,AAAA" for line in good]
    assert wire(*wrong, *[line for line in good if "signature" in line])[0] == 401


def test_a_body_without_length_in_pieces_or_cut_is_refused(wire):
    good = lines(wire.secret, message_id="msg_3")
    assert wire(*good, length=None)[0] == 411
    pieces = f"{len(BODY):x}\r\n".encode() + BODY + b"\r\n0\r\n\r\n"
    assert wire(*good, body=pieces, length="Transfer-Encoding: chunked")[0] == 411
    assert wire(*good, length="Content-Length: 9999", then_close=True)[0] in {0, 400}
    assert wire(*good, length="Content-Length: 5000000")[0] == 413
    for nonsense in (
        "Content-Length: -1",
        "Content-Length: many",
        "Content-Length: 10\r\nContent-Length: 11",
    ):
        assert wire(*good, length=nonsense)[0] in {400, 411}
    assert wire(*good)[0] == 202, "and the server is well"


def test_methods_and_paths(wire):
    assert wire(method="GET", body=b"")[0] == 405
    assert wire(*lines(wire.secret), path="/hooks/nobody")[0] == 404
    status, body = wire(*lines(wire.secret), path="/hooks/%00")
    assert status == 404
    assert json.loads(body)["status"] == 404


def test_a_client_that_does_not_hang_up_holds_nobody_up(up):
    """What is open on the other side is closed by the thread that served it, not by the one that lets in."""
    port = up().port
    idle = []
    try:
        for _ in range(5):
            idle.append(socket.create_connection(("127.0.0.1", port), 10))
            idle[-1].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert idle[-1].recv(12) == b"HTTP/1.1 200"
        began = time.monotonic()
        with socket.create_connection(("127.0.0.1", port), 10) as other:
            other.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert other.recv(12) == b"HTTP/1.1 200"
        assert time.monotonic() - began < 1.9
    finally:
        for each in idle:
            each.close()
