"""A Facebook that publishes, answers 500 and shows the post in its own way: how many copies are there in the end?"""

import dataclasses
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.db.models import F

from sharing import models
from sharing.domain.account import Mode
from sharing.presentation.represent import explain
from sharing.services.accounts import connect
from sharing.services.deliveries import deliver, look_up, sweeps
from tests.given import WORKER, a_desk, a_share, reread

pytestmark = pytest.mark.django_db(transaction=True)


def _shim(link):
    return f"https://l.facebook.com/l.php?u={quote(link, safe='')}&h=AT0x"


#: How the list shows a link: attachments of one post.
SHOWN = {
    "shim only": lambda link: [{"url": _shim(link)}],
    "canonical only": lambda link: [{"url": link.partition("?")[0]}],
    "no attachments": lambda link: [],
    "unshimmed": lambda link: [{"url": _shim(link), "unshimmed_url": link}],
    "not at all": None,
}


class Graph(BaseHTTPRequestHandler):
    """Publishes whatever comes, loses each answer, and lists what it has."""

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if not urlsplit(self.path).path.endswith("/feed"):
            return self.answer(200, {"id": "1"})
        self.server.posts.append((form["message"][0], form["link"][0]))
        return self.answer(500, {"error": {"message": "An error", "type": "OAuthException", "code": 2}})

    def do_GET(self):
        shown = SHOWN[self.server.mode]
        listed = enumerate(self.server.posts if shown else [])
        self.answer(200, {"data": [self.post(number, *post, shown) for number, post in listed]})

    @staticmethod
    def post(number, message, link, shown):
        post = {
            "id": f"1001_{number}",
            "message": message,
            "created_time": "2026-11-24T15:58:00+0000",
            "permalink_url": f"https://www.facebook.com/1001/posts/{number}",
        }
        return {**post, "attachments": {"data": shown(link)}} if shown(link) else post

    def answer(self, status, said):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def graph():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Graph)
    server.posts, server.mode = [], ""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("mode", "copies", "state", "why"),
    [
        ("shim only", 1, "delivered", "found"),
        ("canonical only", 1, "review", "may_be_ours"),
        ("no attachments", 1, "review", "may_be_ours"),
        ("unshimmed", 1, "delivered", "found"),
        ("not at all", 2, "review", "absent_again"),
    ],
)
def test_a_post_whose_answer_is_lost(graph, settings, house, mode, copies, state, why):
    graph.mode = mode
    live = dataclasses.replace(
        settings.SHAREDESK.live, facebook=f"http://127.0.0.1:{graph.server_address[1]}"
    )
    house(live=live, page_wait=0)
    account = connect.add(
        a_desk(), "facebook", remote_id="1001", name="Page", secrets={"access_token": "t1"}, mode=Mode.LIVE
    )
    row = a_share(account.desk, account).deliveries.get()
    for _ in range(40):  # many hours
        deliver.drain(account.pk, owner=WORKER.name)
        _time_passes(row)
        sweeps.end_leases()
        for each in look_up.due():
            look_up.look_up(each, owner=WORKER.name)
    row = reread(row)
    assert (len(graph.posts), row.state, row.why) == (copies, state, why)
    if why == "may_be_ours":
        assert "https://www.facebook.com/1001/posts/0" in explain(row, "ko").what


def _time_passes(row):
    long = timedelta(seconds=130)
    rows = models.Delivery.objects.filter(pk=row.pk, state__in=["unknown", "waiting"])
    rows.filter(state="unknown").update(sending_at=F("sending_at") - long, check_at=F("check_at") - long)
    rows.filter(state="waiting").update(due_at=F("due_at") - long)
    models.AccountGate.objects.update(next_at=None, open_until=None)
