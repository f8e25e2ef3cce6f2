import email
import socket
import threading
import time
from email import policy

import pytest

from sharing.channels.mail import Mail
from sharing.channels.testing import ChannelContract
from sharing.domain.message import Teaser
from sharing.domain.outcomes import AccountStopped, Achieved, Ambiguous, Failure, Rejected, Unavailable

GOOD = ("220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 2.0.0 queued", "221 bye")


def _text(part):
    return part.get_content().replace("\r\n", "\n").strip()


class Relay:
    """An SMTP server that says its lines one after the other; `None` hangs up, `...` says nothing more."""

    def __init__(self, *lines):
        self.lines = lines
        self.got = b""
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port = self._server.getsockname()[1]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join(5)
        self._server.close()

    def _serve(self):
        connection, _ = self._server.accept()
        with connection, connection.makefile("rb") as reader:
            connection.settimeout(5)
            for number, line in enumerate(self.lines):
                if number:
                    self._read_turn(reader, after=str(self.lines[number - 1]))
                if line is None:
                    return
                if line is not ...:
                    connection.sendall(line.encode() + b"\r\n")
            reader.read()  # until they hang up: closing on unread bytes would reset the connection

    def _read_turn(self, reader, after):
        """One command, or the whole letter after a 354."""
        while True:
            got = reader.readline()
            self.got += got
            if got == b"" or not after.startswith("354") or got == b".\r\n":
                return


class TestMail(ChannelContract):
    channel = Mail()
    secrets = {"from": "물빛일보 <news@mulbit.example>"}
    remote_id = "letters@list.example"

    def answer_to(self, *lines):
        with Relay(*lines) as relay:
            account = self.account(f"http://127.0.0.1:{relay.port}")
            try:
                return self.channel.deliver(self.prepared(), account), relay.got
            except Failure as failure:
                return failure, relay.got

    def test_a_letter_is_handed_over_whole(self):
        receipt, got = self.answer_to(*GOOD)
        assert receipt.achieved is Achieved.SENT
        assert b"rcpt TO:<letters@list.example>" in got
        raw = got.split(b"DATA\r\n", 1)[1].removesuffix(b".\r\n")
        letter = email.message_from_bytes(raw, policy=policy.default)
        assert letter["Subject"] == self.message().body["subject"]
        assert letter["From"] == "물빛일보 <news@mulbit.example>"
        assert letter["Message-ID"] == receipt.remote_id
        assert _text(letter.get_body(("plain",))) == self.message().body["text"]
        assert self.message().link in _text(letter.get_body(("html",))).replace("&amp;", "&")

    def test_every_line_ends_in_crlf_and_none_is_too_long(self):
        _, got = self.answer_to(*GOOD)
        assert b"\n" not in got.replace(b"\r\n", b"")
        assert b"\r" not in got.replace(b"\r\n", b"")
        assert max(map(len, got.split(b"\r\n"))) <= 998

    @pytest.mark.parametrize(
        ("lines", "outcome"),
        [
            ((None,), Unavailable),
            (("421 busy",), Unavailable),
            (("220 hi", None), Unavailable),
            (("220 hi", "250 hi", "451 grey"), Unavailable),
            (("220 hi", "250 hi", "250 ok", "450 later"), Unavailable),
            (("220 hi", "250 hi", "250 ok", "550 no such list"), Rejected),
            (("220 hi", "250 hi", "550 5.7.1 spf"), AccountStopped),
            (("220 hi", "250 hi", "530 auth first"), AccountStopped),
            (("220 hi", "250 hi", "250 ok", "250 ok", None), Unavailable),
            (("220 hi", "250 hi", "250 ok", "250 ok", "354 go", None), Ambiguous),
            (("220 hi", "250 hi", "250 ok", "250 ok", "354 go", "451 disk full"), Unavailable),
            (("220 hi", "250 hi", "250 ok", "250 ok", "354 go", "554 spam"), Rejected),
            (("220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 ok", None), None),
        ],
    )
    def test_how_far_it_came_decides(self, lines, outcome):
        found, _ = self.answer_to(*lines)
        if outcome is None:
            assert found.achieved is Achieved.SENT
        else:
            assert type(found) is outcome, found

    def test_a_relay_that_never_answers_the_final_dot_is_ambiguous_within_the_deadline(self):
        began = time.monotonic()
        found, _ = self.answer_to("220 hi", "250 hi", "250 ok", "250 ok", "354 go", ...)
        assert isinstance(found, Ambiguous)
        assert time.monotonic() - began < 4

    def test_a_header_cannot_be_smuggled_in(self):
        message = self.message(Teaser(words="Subject\r\nBcc: victim@example.com\n\nbody"))
        assert "\n" not in message.body["subject"]

    def test_the_same_letter_keeps_its_id(self):
        first, _ = self.answer_to(*GOOD)
        second, _ = self.answer_to(*GOOD)
        assert first.remote_id == second.remote_id
