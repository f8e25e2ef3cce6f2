"""A reply of a mail relay counts only when it is whole: every reply of the conversation, cut at every byte."""

import socket
import struct
import threading

import pytest

from sharing.domain.outcomes import AccountStopped, Ambiguous, Failure, Rejected, Unavailable
from sharing.net.smtp import LONGEST_LINE, MOST_LINES, Relay, submit

LETTER = b"Subject: x\r\n\r\n.hi\r\n"
EHLO = b"250-relay.example greets you\r\n250-SIZE 1000000\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n"
#: What the relay says, in the order of the conversation.
REPLIES = {
    "greeting": b"220-relay.example\r\n220 ESMTP\r\n",
    "ehlo": EHLO,
    "auth": b"235 2.7.0 Welcome\r\n",
    "mail": b"250 2.1.0 OK\r\n",
    "rcpt": b"250-2.1.5 Known\r\n250 2.1.5 OK\r\n",
    "data": b"354 Go on\r\n",
    "dot": b"250-2.0.0 Queued\r\n250 2.0.0 as 17\r\n",
    "quit": b"221 2.0.0 Bye\r\n",
}
BEFORE_THE_DOT = ("greeting", "ehlo", "auth", "mail", "rcpt", "data")
HANG_UP, RESET = b"hang up", b"reset"


class Server:
    """A relay on loopback that says exactly these bytes at each stage; after `last` it ends the connection."""

    def __init__(self, replies, last=None, ends=HANG_UP):
        self.replies, self.last, self.ends = replies, last, ends
        self.heard = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join(5)
        self._server.close()

    def _serve(self):
        connection, _ = self._server.accept()
        connection.settimeout(5)
        try:
            with connection, connection.makefile("rb") as reader:
                self._talk(connection, reader)
        except OSError:
            return

    def _talk(self, connection, reader):
        stage = "greeting"
        while self._say(connection, reader, stage):
            stage = self._next(reader, stage)

    def _say(self, connection, reader, stage):
        """Say what belongs to this stage. Whether the conversation goes on."""
        if not stage:
            return False
        connection.sendall(self.replies[stage])
        if stage != self.last:
            return True
        if self.ends == RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.shutdown(socket.SHUT_WR)
            reader.read()  # closing on unread bytes would reset the connection
        return False

    def _next(self, reader, stage):
        if self.replies[stage].startswith(b"354") and stage == "data":
            for line in reader:
                if line == b".\r\n":
                    self.heard.append("dot")
                    return "dot"
            return ""
        line = reader.readline()
        command = line[:4].decode().strip().lower()
        self.heard.append(command)
        return {"star": "starttls"}.get(command, command) if line else ""


def handed_over(replies, last=None, ends=HANG_UP, *, user="desk", tls=False, deadline=5.0):
    """What `submit` makes of it: the relay's words, or the failure; and the commands that the relay heard."""
    with Server({**REPLIES, **replies}, last, ends) as server:
        relay = Relay(host="127.0.0.1", port=server.port, user=user, password="secret", start_tls=tls)
        try:
            found = submit(relay, LETTER, sender="a@example.kr", recipient="b@example.kr", deadline=deadline)
        except Failure as failure:
            found = failure
    return found, server.heard


def _cuts(stages):
    return [(stage, byte) for stage in stages for byte in range(len(REPLIES[stage]))]


def test_the_whole_conversation_hands_the_letter_over():
    found, heard = handed_over({})
    assert found == "2.0.0 Queued\n2.0.0 as 17"
    assert heard == ["ehlo", "auth", "mail", "rcpt", "data", "dot", "quit", ""]


@pytest.mark.parametrize(("stage", "byte"), _cuts(BEFORE_THE_DOT))
def test_a_reply_cut_before_the_dot_is_never_a_refusal_and_the_dot_never_goes(stage, byte):
    found, heard = handed_over({stage: REPLIES[stage][:byte]}, last=stage)
    assert type(found) is Unavailable, found
    assert "dot" not in heard


@pytest.mark.parametrize("byte", range(len(b"220 Ready\r\n")))
def test_a_cut_reply_to_starttls_is_never_a_refusal(byte):
    found, heard = handed_over({"starttls": b"220 Ready\r\n"[:byte]}, last="starttls", tls=True)
    assert type(found) is Unavailable, found
    assert heard == ["ehlo", "star"]


@pytest.mark.parametrize("refusal", [b"454 4.7.0 Later\r\n", b"550 5.1.1 Nobody\r\n", b"535 5.7.8 Wrong\r\n"])
@pytest.mark.parametrize("stage", BEFORE_THE_DOT)
def test_a_cut_refusal_before_the_dot_is_no_refusal(stage, refusal):
    for byte in range(len(refusal)):
        found, _ = handed_over({stage: refusal[:byte]}, last=stage)
        assert type(found) is Unavailable, (byte, found)


@pytest.mark.parametrize("byte", range(len(REPLIES["dot"])))
def test_a_cut_acceptance_of_the_dot_may_be_out(byte):
    found, _ = handed_over({"dot": REPLIES["dot"][:byte]}, last="dot")
    assert type(found) is Ambiguous, found


@pytest.mark.parametrize(
    "refusal",
    [b"451 4.3.0 Local error\r\n", b"554-5.7.1 Spam\r\n554 5.7.1 it is\r\n", b"421 4.3.2 Closing\r\n"],
)
def test_a_cut_refusal_of_the_dot_may_be_out(refusal):
    for byte in range(len(refusal)):
        found, _ = handed_over({"dot": refusal[:byte]}, last="dot")
        assert type(found) is Ambiguous, (byte, found)


@pytest.mark.parametrize("byte", range(len(REPLIES["quit"])))
def test_what_is_taken_stays_taken_however_the_farewell_is_cut(byte):
    found, _ = handed_over({"quit": REPLIES["quit"][:byte]}, last="quit")
    assert found == "2.0.0 Queued\n2.0.0 as 17"


@pytest.mark.parametrize("ends", [HANG_UP, RESET])
def test_a_connection_that_ends_at_quit_changes_nothing(ends):
    found, heard = handed_over({"quit": b""}, last="quit", ends=ends)
    assert found == "2.0.0 Queued\n2.0.0 as 17"
    assert "quit" in heard


#: No whole reply that says what became of the letter.
UNREADABLE = [
    b"2\r\n", b"25\r\n", b"2500 x\r\n", b"250x\r\n", b"250\tx\r\n", b" 250 x\r\n", b"-250 x\r\n", b"+25 x\r\n",
    b"250 x\n", b"250 x\r", b"250 x\0\r\n", b"250\n", b"\r\n", b"OK\r\n", b"x250 ok\r\n", b"2 50 ok\r\n",
    b"199 x\r\n", b"099 x\r\n", b"600 x\r\n", b"999 x\r\n", b"250-queued\r\n25", b"250-queued\r\n251 x\r\n",
    b"250-queued\r\n550 x\r\n", b"550-no\r\n250 x\r\n", b"250-queued\r\n\r\n", b"250-queued\r\nfree text\r\n",
    b"<html>\r\n", b"\xff\xfb\x01\r\n", "２５０ ok\r\n".encode(),
    b"250 " + b"x" * 2 * LONGEST_LINE + b"\r\n",
    b"x" * 2 * LONGEST_LINE,
    b"250-x\r\n" * (MOST_LINES + 1) + b"250 x\r\n",
]  # fmt: skip


def _short(reply):
    return repr(reply[:24])


@pytest.mark.parametrize(
    "reply",
    [*UNREADABLE, b"354 x\r\n", b"331 x\r\n", b"", b"451 later\r\n250 queued\r\n", b"550 no\r\n2"],
    ids=_short,
)
def test_an_odd_answer_to_the_dot_may_be_out(reply):
    found, _ = handed_over({"dot": reply}, last="dot")
    assert type(found) is Ambiguous, found


@pytest.mark.parametrize("reply", UNREADABLE, ids=_short)
def test_an_odd_answer_before_the_dot_is_never_a_refusal(reply):
    for stage in BEFORE_THE_DOT:
        found, heard = handed_over({stage: reply}, last=stage)
        assert type(found) is Unavailable, (stage, found)
        assert "dot" not in heard


@pytest.mark.parametrize(
    ("stage", "reply"),
    [
        ("greeting", b"250 hi\r\n"),
        ("greeting", b"354 hi\r\n"),
        ("auth", b"250 ok\r\n"),
        ("auth", b"354 ok\r\n"),
        ("auth", b"334 no base64!\r\n"),
        ("auth", b"454 4.7.0 Temporary authentication failure\r\n"),
        ("mail", b"354 go\r\n"),
        ("rcpt", b"354 go\r\n"),
        ("data", b"250 ok\r\n"),
        ("data", b"221 bye\r\n"),
    ],
)
def test_an_unexpected_reply_before_the_dot_is_never_a_refusal(stage, reply):
    found, heard = handed_over({stage: reply}, last=stage)
    assert type(found) is Unavailable, found
    assert "dot" not in heard


@pytest.mark.parametrize("reply", [b"250\r\n", b"250 \r\n", b"252 x\r\n", b"299 x\r\n", b"250-\r\n250\r\n"])
def test_any_whole_2yz_after_the_dot_is_taken(reply):
    found, _ = handed_over({"dot": reply})
    assert isinstance(found, str), found


@pytest.mark.parametrize("ends", [HANG_UP, RESET])
def test_a_relay_without_esmtp_is_greeted_the_old_way(ends):
    replies = {"ehlo": b"502 5.5.1 What?\r\n", "helo": b"250 hello\r\n"}
    found, heard = handed_over(replies, user="")
    assert isinstance(found, str), found
    assert heard[:2] == ["ehlo", "helo"]
    for byte in range(len(replies["helo"])):
        found, _ = handed_over({**replies, "helo": replies["helo"][:byte]}, last="helo", ends=ends, user="")
        assert type(found) is Unavailable, (byte, found)


@pytest.mark.parametrize(
    ("stage", "reply", "outcome"),
    [
        ("mail", b"451 4.7.1 Later\r\n", Unavailable),
        ("rcpt", b"550 5.1.1 Nobody\r\n", Rejected),
        ("data", b"554 5.6.0 No\r\n", Rejected),
        ("auth", b"535 5.7.8 Wrong\r\n", AccountStopped),
        ("dot", b"451 4.3.0 Local error\r\n", Unavailable),
        ("dot", b"421 4.3.2 Closing\r\n", Unavailable),
        ("dot", b"554-5.6.0 No\r\n554 5.6.0 never\r\n", Rejected),
        ("dot", b"550 5.7.26 Not authenticated\r\n", AccountStopped),
    ],
)
def test_a_whole_refusal_is_believed(stage, reply, outcome):
    found, _ = handed_over({stage: reply})
    assert type(found) is outcome, found


@pytest.mark.parametrize("stage", ["ehlo", "mail", "rcpt", "data"])
def test_a_relay_that_answers_before_it_is_asked_never_gets_the_dot(stage):
    """Else its early 250 would be taken for the answer to the letter."""
    found, heard = handed_over({stage: REPLIES[stage] + b"250 2.0.0 OK\r\n"})
    assert type(found) is Unavailable, found
    assert "dot" not in heard
