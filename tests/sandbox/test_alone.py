"""The sandbox as a process of its own: starts light, says where it is, ends cleanly."""

from __future__ import annotations

import ast
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import sharing.sandbox
from tests.sandbox.client import Client

HOME = Path(sharing.sandbox.__file__).parent
ROOT = HOME.parents[1]
#: Everything of others that the sandbox may use.
OTHERS = {"aiosmtpd", "oauthlib"}


def start(*options, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "sharing.sandbox", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


@pytest.fixture
def process():
    running = start()
    line = json.loads(running.stdout.readline())
    yield running, line
    if running.poll() is None:
        running.kill()
    running.communicate()


def test_it_says_where_it_is_in_one_line_once_it_is_ready(process):
    running, line = process
    assert line.keys() == {"url", "smtp_port"}
    client = Client(line["url"])
    assert client.feed(message="a").status == 200
    running.send_signal(signal.SIGTERM)
    rest, told = running.communicate(timeout=10)
    assert (running.returncode, rest, told) == (0, "", "")


def test_a_hostile_body_does_not_bring_it_down(process):
    running, line = process
    client = Client(line["url"])
    headers = {"Content-Type": "application/json", "Authorization": "Bearer page-token-1"}
    for body in (b"[" * 1_000_000, b'{"a":' * 200_000, b"[" * 900 + b"]" * 900):
        assert client.send("POST", "/v25.0/1001/feed", body, headers).status == 400
    assert running.poll() is None


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_in_the_middle_of_a_stall(process, end):
    running, line = process
    client = Client(line["url"])
    client.fault("facebook", "time_out_after_commit/60s")
    body = b"message=a"
    head = f"POST /v25.0/1001/feed HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer page-token-1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", client.port)) as sock:
        sock.sendall(head.encode() + body)
        with socket.create_connection(("127.0.0.1", line["smtp_port"])) as mail:
            assert mail.recv(100).startswith(b"220")
            running.send_signal(end)
            assert running.communicate(timeout=10) == ("", "")
    assert running.returncode == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--faults", "nonsense"], "--faults"),
        (["--port", "99999"], "cannot listen"),
        (["--host", "203.0.113.1"], "cannot listen"),
    ],
)
def test_what_it_cannot_do_is_told_in_one_line(options, words):
    done = start(*options)
    out, told = done.communicate(timeout=10)
    assert (done.returncode, out) == (2, "")
    assert words in told
    assert told.count("\n") == 1


def test_a_port_that_is_taken_is_told_in_one_line(process):
    _, line = process
    for option, port in (("--port", line["url"].rpartition(":")[2]), ("--smtp-port", str(line["smtp_port"]))):
        done = start(option, port)
        _, told = done.communicate(timeout=10)
        assert done.returncode == 2
        assert "cannot listen" in told


def test_it_tells_each_request_only_if_asked(process):
    loud = start("--loud")
    client = Client(json.loads(loud.stdout.readline())["url"])
    client.feed(message="a", token="canary-token")
    loud.send_signal(signal.SIGTERM)
    _, told = loud.communicate(timeout=10)
    assert "facebook create POST /v25.0/1001/feed 200" in told
    assert "canary" not in told


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="no smaps_rollup on this system")
def test_it_is_light(process):
    running, line = process
    client = Client(line["url"])
    client.feed(message="a")
    client.tweet("a")
    rollup = Path(f"/proc/{running.pid}/smaps_rollup").read_text()
    pss = next(int(each.split()[1]) for each in rollup.splitlines() if each.startswith("Pss:"))
    assert pss / 1024 <= 35, f"{pss / 1024:.1f} MB"


def test_importing_the_package_costs_nothing():
    script = "import sys; before = set(sys.modules); import sharing.sandbox; print(sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = ast.literal_eval(done.stdout)
    assert not {"asyncio", "aiosmtpd", "http.server", "oauthlib", "requests"} & set(loaded)


@pytest.mark.parametrize("path", sorted(HOME.rglob("*.py")), ids=lambda path: str(path.relative_to(HOME)))
def test_no_module_knows_the_product_or_more_than_it_needs(path):
    for node in ast.walk(ast.parse(path.read_text())):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            top = name.partition(".")[0]
            assert name.startswith("sharing.sandbox") or top in sys.stdlib_module_names | OTHERS, name
    assert len(path.read_text().splitlines()) <= 350
