"""A process that was frozen writes nothing any more when it wakes after its deadline."""

import socket
import time

import pytest

from sharing.channels.testing import RawPlatform, http_answer
from sharing.domain.outcomes import Ambiguous, Unavailable
from sharing.net import exchange, http, smtp


def frozen_after(monkeypatch, owner, name):
    """The process sleeps past its deadline once this step is done."""
    original = getattr(owner, name)

    def step(self, *args, **kwargs):
        result = original(self, *args, **kwargs)
        current = self if isinstance(self, exchange.Exchange) else exchange._current.get()
        current.ends = time.monotonic() - 1
        return result

    monkeypatch.setattr(owner, name, step)


def test_not_a_byte_leaves_after_the_deadline(monkeypatch):
    frozen_after(monkeypatch, exchange.Exchange, "connect")
    with RawPlatform(http_answer(200, {"id": "1"})) as platform:
        with pytest.raises(Unavailable) as failed:
            http.send(http.Call(method="POST", url=f"{platform.url}/feed", form={"message": "m"}, deadline=5))
        time.sleep(0.1)
        assert failed.value.code == "net.deadline"
    assert not [request for request in platform.requests if request]


def test_half_a_request_is_not_ended_after_the_deadline(monkeypatch):
    frozen_after(monkeypatch, exchange._Plain, "endheaders")
    with RawPlatform(http_answer(200, {"id": "1"})) as platform, pytest.raises((Ambiguous, Unavailable)):
        http.send(
            http.Call(method="POST", url=f"{platform.url}/feed", form={"message": "m" * 100_000}, deadline=5)
        )
    assert not [request for request in platform.requests if request.endswith(b"m")]


def test_the_final_dot_is_not_sent_after_the_deadline(monkeypatch):
    talk = smtp._Conversation(exchange.Exchange(ends=time.monotonic() + 5), smtp.Relay(host="x", port=1))
    sent = []
    here, _there = socket.socketpair()
    monkeypatch.setattr(talk, "sock", here)
    monkeypatch.setattr(talk, "connect", lambda *_: (220, b"hello"))
    monkeypatch.setattr(talk, "ehlo_or_helo_if_needed", lambda: None)
    monkeypatch.setattr(talk, "mail", lambda *_: (250, b"ok"))
    monkeypatch.setattr(talk, "rcpt", lambda *_: (250, b"ok"))
    monkeypatch.setattr(talk, "docmd", lambda *_: (354, b"go on"))

    def send(data):
        sent.append(data)
        talk.exchange.ends = time.monotonic() - 1

    monkeypatch.setattr(talk, "send", send)
    with pytest.raises(TimeoutError):
        talk.hold(b"Subject: x\r\n\r\nwords\r\n", "a@x", "b@x")
    assert b".\r\n" not in sent
    assert not talk.dot_went_out
    here.close()
    _there.close()
