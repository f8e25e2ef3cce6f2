"""`sharedesk up`: ready, watched over, gone without a trace, and back after the worst."""

import json
import os
import signal
import time

import pytest

from tests.cli.running import data_of, one_clear_line
from tests.processes.conftest import wait_for

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not os.path.exists("/proc/self/environ"), reason="looks at processes through /proc"),
]

ARTICLE = {
    "article": {
        "url": "https://news.example/story/9",
        "headline": "Harbor towns run night buses",
        "summary": "Six harbor towns will run night buses every 15 minutes from December.",
        "language": "en",
    }
}


@pytest.fixture
def article(tmp_path):
    file = tmp_path / "article.json"
    file.write_text(json.dumps(ARTICLE))
    return file


ALL = [part for slug in ("facebook", "x", "kakao", "mail", "link") for part in ("-c", slug)]


def test_one_article_goes_to_five_channels_and_everything_ends_with_ctrl_c(up, article):
    desk = up()
    assert desk.facts["link"].startswith(f"http://localhost:{desk.port}/invite/")
    accounts = data_of(desk.run("account", "list"))["accounts"]
    assert [(a["channel"], a["mode"]) for a in accounts] == [
        (slug, "sandbox") for slug in ("facebook", "x", "kakao", "mail", "link")
    ]
    share = data_of(desk.run("share", article, *ALL, "--wait", "200"))["share"]
    assert {d["channel"]: d["receipt"] for d in share["deliveries"]} == {
        "facebook": "posted", "x": "posted", "kakao": "prepared", "mail": "sent", "link": "prepared",
    }  # fmt: skip
    assert sorted(record["channel"] for record in desk.truth()) == ["facebook", "mail", "x"]
    names = {command.split("sharedesk ")[-1].split()[0] for _, command in desk.tree()}
    assert {"web", "worker", "sandbox", "up"} <= names

    one_clear_line(desk.run("up", "--port", "1", "--data", desk.folder), "already", str(desk.port))

    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(120) == 0
    assert desk.tree() == []
    assert not [name for name in os.listdir("/tmp") if name.startswith("sharedesk-") and desk_socket(name)]


def desk_socket(name):
    path = f"/tmp/{name}/valkey.sock"
    return os.path.exists(path) and time.time() - os.path.getmtime(path) < 60 and not _listening(path)


def _listening(path):
    import socket

    with socket.socket(socket.AF_UNIX) as sock:
        try:
            sock.connect(path)
        except OSError:
            return False
    return True


@pytest.mark.parametrize("part", ["web", "worker", "sandbox"])
def test_what_dies_is_back_within_three_seconds(up, part):
    desk = up()
    (before, *_) = desk.pids(part)
    for pid in desk.pids(part):
        os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: desk.pids(part) and before not in desk.pids(part))


def test_after_the_worst_it_starts_again_and_nothing_is_lost(up, article):
    desk = up()
    share = data_of(desk.run("share", article, "-c", "facebook", "--wait", "200"))["share"]
    for pid, _ in desk.tree():
        os.kill(pid, signal.SIGKILL)
    desk.process.wait()
    desk.process.stdout.close()
    desk.process.stderr.close()
    assert wait_for(lambda: not desk.tree())
    again = up(folder=desk.folder)
    status = data_of(again.run("status", share["id"]))["share"]
    assert status["state"] == "delivered"


def test_a_worker_killed_in_mid_send_posts_nothing_twice(up, tmp_path):
    """kill -9 while the platform thinks; when it is back every delivery ends, and none is there twice."""
    desk = up()
    _slow(desk, "*:latency=900ms")
    shares = []
    for number in range(4):
        file = tmp_path / f"{number}.json"
        article = {
            **ARTICLE["article"],
            "url": f"https://news.example/story/{number}",
            "headline": f"Night bus {number}",
        }
        article["summary"] = f"Night bus number {number} runs from the fish market to the pier."
        file.write_text(json.dumps({"article": article}))
        shares.append(data_of(desk.run("share", file, "-c", "facebook", "-c", "x"))["share"]["id"])
        for pid in desk.pids("worker"):
            os.kill(pid, signal.SIGKILL)
    _slow(desk, "")

    def all_ended():
        rows = [data_of(desk.run("status", share))["share"]["deliveries"] for share in shares]
        return all(d["state"] in {"delivered", "review"} for deliveries in rows for d in deliveries)

    assert wait_for(all_ended)
    seen = [(record["channel"], record["text"]) for record in desk.truth()]
    assert len(seen) == len(set(seen)) == 8


def _slow(desk, spec):
    import urllib.request

    request = urllib.request.Request(
        f"{desk.facts['sandbox']}faults",
        data=json.dumps({"spec": spec, "seed": 1}).encode(),
        headers={"Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(request, timeout=5).close()


def test_the_pages_answer_and_the_rows_go_out_when_the_broker_is_gone(up, article):
    desk = up()
    for pid, command in desk.tree():
        if "valkey-server" in command:
            os.kill(pid, signal.SIGSTOP)  # frozen: worse than gone
    began = time.monotonic()
    assert desk.get("/readyz")[0] == 200
    assert time.monotonic() - began < 1
    share = data_of(desk.run("share", article, "-c", "facebook", "--wait", "200"))["share"]
    assert share["state"] == "delivered"
    for pid, command in desk.tree():
        if "valkey-server" in command:
            os.kill(pid, signal.SIGCONT)
