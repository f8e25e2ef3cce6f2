"""What we override in other libraries is still what they call (docs/decisions/0026-what-we-lean-on.md)."""

import inspect
import io
import re
import smtplib
import socket
import time
from contextlib import closing
from http.client import IncompleteRead
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import ThreadWorker
from oauthlib.oauth1 import Client

from config import gthread
from sharing.net import exchange, smtp
from sharing.net.exchange import Exchange, PeerRefused
from tests.net.servers import page, says, server

ROOT = Path(__file__).resolve().parent.parent


def ask(port, held, **request):
    return exchange.run(requests.Request("GET", f"http://127.0.0.1:{port}/", **request), held, limit=10_000)


def test_urllib3_opens_its_connections_where_we_check_them():
    held = Exchange(ends=time.monotonic() + 10, may_connect=lambda *_: False)
    with server(says(page(b"inside"))) as (port, asked), pytest.raises(PeerRefused):
        ask(port, held)
    assert asked == []
    assert not held.wrote


def test_urllib3_sends_every_byte_where_we_can_refuse_it(monkeypatch):
    held = Exchange(ends=time.monotonic() + 10)

    def too_late():
        raise TimeoutError

    monkeypatch.setattr(held.__class__, "still_in_time", lambda self: too_late())
    with server(says(page(b"never"))) as (port, asked), pytest.raises((requests.RequestException, OSError)):
        ask(port, held)
    assert not held.wrote
    assert not any(asked)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_requests_takes_our_connections_for_both_schemes(scheme):
    with closing(exchange._OneShot()) as adapter:
        pool = adapter.poolmanager.connection_from_url(f"{scheme}://news.example/")
    assert issubclass(pool.ConnectionCls, exchange._Watched)


def test_the_standard_library_reads_chunks_where_we_measure_them(monkeypatch):
    measured = []
    safe_read = exchange._Measured._safe_read
    monkeypatch.setattr(
        exchange._Measured,
        "_safe_read",
        lambda self, amount: measured.append(amount) or safe_read(self, amount),
    )
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = exchange._Measured(
        SimpleNamespace(makefile=lambda _: io.BytesIO(head + b"3\r\nabc\r\n0\r\n\r\n"))
    )
    answer.begin()
    assert answer.read() == b"abc"
    assert 3 in measured
    with pytest.raises(IncompleteRead):
        answer._safe_read(-1)


def test_smtplib_opens_its_connection_where_we_do(monkeypatch):
    class Opened(Exception):
        pass

    def connect(self, host, port):
        raise Opened(host, port)

    monkeypatch.setattr(Exchange, "connect", connect)
    relay = smtp.Relay(host="relay.example", port=587)
    talk = smtp._Conversation(Exchange(ends=time.monotonic() + 10), relay)
    with pytest.raises(Opened, match="relay.example"):
        talk.connect(relay.host, relay.port)


def test_smtplib_names_the_host_that_we_set_in_its_handshake():
    asked = {}

    class Context:
        def wrap_socket(self, sock, server_hostname):
            asked["host"] = server_hostname
            return sock

    talk = smtplib.SMTP()
    talk._host = "relay.example"
    talk.sock, other = socket.socketpair()
    talk.esmtp_features, talk.helo_resp, talk.does_esmtp = {"starttls": ""}, b"", True
    talk.ehlo_resp = b"hello"
    other.sendall(b"220 go on\r\n")
    talk.starttls(context=Context())
    assert asked["host"] == "relay.example"
    talk.close()
    other.close()


@pytest.mark.parametrize("name", ["accept", "handle", "finish_request", "wait_for_and_dispatch_events"])
def test_gunicorn_has_what_our_worker_overrides_with_as_many_arguments(name):
    theirs, ours = getattr(ThreadWorker, name), getattr(gthread.Worker, name)
    assert ours is not theirs
    assert len(inspect.signature(ours).parameters) == len(inspect.signature(theirs).parameters)


def test_gunicorn_notes_where_we_take_it_back_that_a_client_waits_to_send_its_body():
    head = b"POST /hooks/cms HTTP/1.1\r\nHost: desk\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    request = next(RequestParser(Config(), [head], ("127.0.0.1", 1)))
    assert request._expected_100_continue is True


def test_the_pool_asks_whether_a_connection_stands_by_an_empty_query():
    from psycopg_pool import ConnectionPool

    asked = []
    ConnectionPool.check_connection(SimpleNamespace(autocommit=True, execute=asked.append))
    assert asked == [""]


def test_celery_survives_what_stands_in_its_connection_errors():
    """Its consumer starts anew after an error of that list, and by the hook that we override."""
    from celery import Celery

    from workers.consumer import SteadyConsumer

    met = []

    class Ended(BaseException):
        pass

    class Blueprint:
        state = 1

        def start(self, consumer):
            if met:
                raise Ended
            raise ZeroDivisionError

        def restart(self, consumer):
            pass

    consumer = SteadyConsumer(
        lambda _: None, app=Celery(broker="memory://"), controller=SimpleNamespace(use_eventloop=False)
    )
    assert consumer.connection_errors == (Exception,)
    consumer.blueprint, consumer.connection = Blueprint(), "there"
    consumer.on_connection_error_after_connected = met.append
    consumer.on_close = lambda: None
    with pytest.raises(Ended):
        consumer.start()
    assert [type(each) for each in met] == [ZeroDivisionError]


def test_oauthlib_verifies_what_its_own_client_signed():
    from urllib.parse import parse_qsl

    from oauthlib.oauth1.rfc5849 import signature

    client = Client("ck", client_secret="cs", resource_owner_key="t", resource_owner_secret="ts")
    _, headers, _ = client.sign("http://x.example/2/tweets", "POST")
    given = dict(re.findall(r'(\w+)="([^"]*)"', headers["Authorization"]))
    given = {name: dict(parse_qsl(f"a={value}"))["a"] for name, value in given.items()}
    call = SimpleNamespace(
        http_method="POST",
        uri="http://x.example/2/tweets",
        params=[(name, value) for name, value in given.items() if name != "oauth_signature"],
        signature=given["oauth_signature"],
    )
    assert signature.verify_hmac_sha1(call, "cs", "ts")
    assert not signature.verify_hmac_sha1(call, "cs", "another")


def test_lxml_calls_its_elements_by_the_name_that_our_types_use():
    from lxml import etree

    from sharing.intake import safe_xml

    assert isinstance(etree.fromstring(b"<a/>"), safe_xml.Element)


def test_a_policy_for_one_answer_reaches_its_header(rf):
    from csp.decorators import csp_update
    from csp.middleware import CSPMiddleware
    from django.http import HttpResponse

    view = csp_update({"img-src": ["https://news.example"]})(lambda _: HttpResponse())
    answer = CSPMiddleware(view)(rf.get("/"))
    (pictures,) = re.findall(r"img-src ([^;]+)", answer.headers["Content-Security-Policy"])
    assert "https://news.example" in pictures.split()


def test_the_page_names_every_private_part_that_the_code_uses():
    """A name with an underscore of another library's, overridden or called, stands in the table."""
    told = (ROOT / "docs/decisions/0026-what-we-lean-on.md").read_text(encoding="utf-8")
    for name in ("_new_conn", "_safe_read", "_get_socket", "_host", "connection_errors", "_Element"):
        assert f"{name}`" in told
    for path in (
        each for folder in ("config", "sharing", "workers") for each in (ROOT / folder).rglob("*.py")
    ):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "noqa: SLF001" in line and "sandbox" not in path.parts:
                (name,) = re.findall(r"\w(?<!self)\.(_\w+)", line)
                assert f"{name}`" in told, (path, name)
