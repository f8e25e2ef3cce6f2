from __future__ import annotations

import re
import smtplib
import socket
from email.message import EmailMessage
from email.policy import SMTP

import pytest

LIST = "subscribers@list.example.kr"
SENDER = "news@example.kr"


def message(**changed: str) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    headers = {
        "From": f"뉴스룸 <{SENDER}>",
        "To": LIST,
        "Subject": "지하철이 멈췄다 — 출근길 “혼란”",
        "Date": "Tue, 24 Nov 2026 15:00:00 +0900",
        "Message-ID": "<abcdefgh23@example.kr>",
        "List-Unsubscribe": "<https://news.example.kr/unsubscribe/x>",
    }
    for name, value in (headers | {key.replace("_", "-"): value for key, value in changed.items()}).items():
        if value:
            letter[name] = value
    letter.set_content(
        "해지: https://news.example.kr/unsubscribe/x\n\n버스로 갈아탔다.\n\nhttps://news.example.kr/1?utm_content=abcdefgh23\n",
        cte="quoted-printable",
    )
    letter.add_alternative("<p>버스로</p>", subtype="html", cte="quoted-printable")
    return letter


@pytest.fixture
def post(sandbox):
    def send(letter=None, recipients=(LIST,), sender=SENDER):
        with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=10) as smtp:
            return smtp.send_message(letter or message(), sender, list(recipients))

    return send


class Raw:
    """SMTP spoken by hand."""

    def __init__(self, port):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.file = self.sock.makefile("rb")
        self.read()

    def read(self):
        while True:
            line = self.file.readline().decode()
            if line[3:4] != "-":
                return line.rstrip("\r\n")

    def say(self, line):
        self.sock.sendall(line + b"\r\n")
        return self.read()

    def data(self, octets, options=b""):
        for line in (b"EHLO here", b"MAIL FROM:<a@example.kr>" + options, b"RCPT TO:<b@example.kr>", b"DATA"):
            reply = self.say(line)
        assert reply.startswith("354"), reply
        self.sock.sendall(octets + b"\r\n.\r\n")
        return self.read()

    def close(self):
        self.file.close()
        self.sock.close()


@pytest.fixture
def raw(sandbox):
    conversation = Raw(sandbox.smtp_port)
    yield conversation
    conversation.close()


HEAD = b"From: a@example.kr\r\nSubject: s\r\nDate: Tue, 24 Nov 2026 15:00:00 +0900\r\nMessage-ID: <m@example.kr>\r\n"


def test_a_mail_arrives_as_subject_blank_line_and_plain_part(client, post):
    post()
    (record,) = client.truth("mail")
    assert record["account"] == LIST
    assert (
        record["text"]
        == "지하철이 멈췄다 — 출근길 “혼란”\n\n해지: https://news.example.kr/unsubscribe/x\n\n버스로 갈아탔다.\n\nhttps://news.example.kr/1?utm_content=abcdefgh23"
    )
    assert record["link"] == "https://news.example.kr/1?utm_content=abcdefgh23"
    assert record["marker"] == "abcdefgh23"
    assert record["remote_id"] == "<abcdefgh23@example.kr>"
    assert record["has_html"] is True
    assert record["undeclared_8bit"] is False


def test_the_same_mail_twice_is_two_mails(client, post):
    post()
    post()
    assert len(client.truth("mail")) == 2


def test_each_recipient_is_a_record(client, post):
    post(recipients=["a@example.kr", "b@example.kr"])
    assert [each["account"] for each in client.truth("mail")] == ["a@example.kr", "b@example.kr"]


def test_it_offers_smtputf8_8bitmime_size_and_auth(sandbox):
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=10) as smtp:
        smtp.ehlo()
        assert {"smtputf8", "8bitmime", "size", "auth"} <= smtp.esmtp_features.keys()


class TestSignIn:
    def test_without_registered_users_anybody_may_send_and_sign_in(self, client, sandbox, post):
        post()
        with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=10) as smtp:
            smtp.login("invented", "secret")
            smtp.send_message(message(), SENDER, [LIST])
        assert len(client.truth()) == 2

    def test_a_registered_user_must_sign_in_and_with_the_right_password(self, client, sandbox, post):
        client.register("mail", LIST, user="desk", password="right")
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            post()
        assert refused.value.smtp_code == 530
        with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=10) as smtp:
            with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
                smtp.login("desk", "wrong")
            assert refused.value.smtp_code == 535
            smtp.login("desk", "right")
            smtp.send_message(message(), SENDER, [LIST])
        assert len(client.truth()) == 1


class TestOctets:
    @pytest.mark.parametrize("body", [b"a\nb", b"a\rb", b"a\n.\nb", b"a\r\r\nb", b"\n", b"a\n\r\nb"])
    def test_a_bare_cr_or_lf_is_refused(self, client, raw, body):
        assert raw.data(HEAD + b"\r\n" + body).startswith("550 5.6.11")
        assert client.truth() == []

    def test_a_bare_lf_in_the_head_is_refused(self, raw):
        assert raw.data(HEAD + b"X-A: b\nBcc: c@example.kr\r\n\r\na").startswith("550 5.6.11")

    def test_a_smuggled_end_does_not_end_the_mail(self, client, raw):
        smuggled = b"a\n.\r\nMAIL FROM:<evil@example.kr>\r\n"
        assert raw.data(HEAD + b"\r\n" + smuggled).startswith("550 5.6.11")
        assert client.truth() == []

    def test_998_octets_of_a_line_are_taken_and_999_are_not(self, client, raw):
        assert raw.data(HEAD + b"\r\n" + b"a" * 998).startswith("250")
        assert raw.data(HEAD + b"\r\n" + b"a" * 999)[:3] in {"500", "550"}
        assert raw.data(HEAD + b"\r\n" + b"a" * 5000)[:3] in {"500", "550"}
        assert len(client.truth()) == 1

    def test_nul_is_refused(self, raw):
        assert raw.data(HEAD + b"\r\na\x00b").startswith("550")

    def test_a_head_beyond_ascii_needs_smtputf8(self, client, raw):
        head = HEAD.replace(b"Subject: s", "Subject: 지하철".encode())
        assert raw.data(head + b"\r\na").startswith("550 5.6.7")
        assert raw.data(head + b"\r\na", b" SMTPUTF8 BODY=8BITMIME").startswith("250")
        assert client.truth()[0]["subject"] == "지하철"

    def test_undeclared_8_bit_bodies_are_taken_and_noted(self, client, raw):
        body = (
            b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + "가".encode()
        )
        assert raw.data(HEAD + body).startswith("250")
        assert raw.data(HEAD + body, b" BODY=8BITMIME").startswith("250")
        assert [each["undeclared_8bit"] for each in client.truth()] == [True, False]

    def test_a_mail_over_the_limit_is_refused_by_its_announced_size(self, raw):
        raw.say(b"EHLO here")
        assert raw.say(b"MAIL FROM:<a@example.kr> SIZE=99999999").startswith("552")

    def test_leading_dots_are_restored(self, client, raw):
        raw.data(HEAD + b"\r\n..dot")
        assert client.truth()[0]["text"] == "s\n\n.dot"


class TestHeaders:
    @pytest.mark.parametrize("name", ["From", "Date", "Message-ID", "Subject"])
    def test_what_every_mail_needs(self, client, raw, name):
        head = re.sub(rf"{name}:[^\r]*\r\n".encode(), b"", HEAD)
        reply = raw.data(head + b"\r\na")
        assert reply.startswith("550")
        assert name.lower() in reply
        assert client.truth() == []

    @pytest.mark.parametrize(
        "line",
        [
            b"From: c@example.kr",
            b"Subject: again",
            b"Message-ID: <n@example.kr>",
            b"Bcc: secret@example.kr",
            b"no colon here",
            b"X-Sneaky: =?utf-8?q?a=0D=0ABcc:_c@example.kr?=",
        ],
    )
    def test_injected_lines_are_refused(self, client, raw, line):
        assert raw.data(HEAD + line + b"\r\n\r\na").startswith("550")
        assert client.truth() == []

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"From: a@example.kr", b"From: nobody"),
            (b"From: a@example.kr", b"From: a@example.kr, b@example.kr"),
            (b"<m@example.kr>", b"m@example.kr"),
            (b"<m@example.kr>", b"<m>"),
            (b"Tue, 24 Nov 2026 15:00:00 +0900", b"yesterday"),
        ],
    )
    def test_malformed_ones_too(self, raw, old, new):
        assert raw.data(HEAD.replace(old, new) + b"\r\na").startswith("550")

    @pytest.mark.parametrize(
        "octets",
        [
            b"",
            b"\xff\xfe",
            HEAD + b"Content-Type: text/plain; charset=nonsense\r\n\r\na",
            HEAD + b"Content-Type: multipart/mixed\r\n\r\na",
            HEAD + b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\n',
            HEAD.replace(b"From: a@example.kr", b"From: =?utf-8?b?//8=?= <a@example.kr") + b"\r\na",
            HEAD.replace(b"From: a@example.kr", b'From: "<') + b"\r\na",
            HEAD.replace(b"From: a@example.kr", b"From: [") + b"\r\na",
            HEAD.replace(b"Tue,", b"=?=?,") + b"\r\na",
        ],
    )
    def test_hostile_mails_get_an_answer(self, raw, octets):
        assert raw.data(octets)[:3] in {"250", "550", "554"}

    def test_addresses_must_be_addresses(self, raw):
        raw.say(b"EHLO here")
        assert raw.say(b"MAIL FROM:<>").startswith("553")
        raw.say(b"MAIL FROM:<a@example.kr>")
        assert raw.say(b"RCPT TO:<nobody>").startswith("553")


#: What the relay says at each stage of one conversation.
WHOLE = {
    "greeting": b"220 sandbox.localhost SANDBOX\r\n",
    "ehlo": b"250-sandbox.localhost\r\n",
    "mail": b"250 2.1.0 OK\r\n",
    "rcpt": b"250 2.1.5 OK\r\n",
    "data": b"354 End data with <CR><LF>.<CR><LF>\r\n",
    "dot": b"250 2.0.0 OK\r\n",
    "quit": b"221 Bye\r\n",
}


def _said_at(port, stage):
    """What the relay says at this stage, to its first line's end or the end of the connection."""
    lines = {
        "greeting": b"",
        "ehlo": b"EHLO here\r\n",
        "mail": b"MAIL FROM:<a@example.kr>\r\n",
        "rcpt": b"RCPT TO:<b@example.kr>\r\n",
        "data": b"DATA\r\n",
        "dot": HEAD + b"\r\na\r\n.\r\n",
        "quit": b"QUIT\r\n",
    }
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock, sock.makefile("rb") as reader:
        for name, line in lines.items():
            sock.sendall(line)
            said = reader.readline()
            if name == stage:
                return said
            while said[3:4] == b"-":
                said = reader.readline()
    return b""


class TestFaults:
    @pytest.mark.parametrize(
        ("fault", "error", "code"),
        [
            ("421", smtplib.SMTPSenderRefused, 421),
            ("535", smtplib.SMTPSenderRefused, 535),
            ("550_policy", smtplib.SMTPDataError, 550),
            ("451_after_dot", smtplib.SMTPDataError, 451),
        ],
    )
    def test_refusals_leave_nothing(self, client, post, fault, error, code):
        client.fault("mail", fault)
        with pytest.raises(error) as refused:
            post()
        assert refused.value.smtp_code == code
        assert client.truth() == []
        post()
        assert len(client.truth()) == 1

    @pytest.mark.parametrize("code", ["450", "451", "452", "550", "552"])
    def test_a_recipient_is_refused(self, client, post, code):
        client.fault("mail", code)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            post()
        assert refused.value.recipients[LIST][0] == int(code)
        assert client.truth() == []

    @pytest.mark.parametrize("fault", ["drop_after_dot", "reset_after_commit", "time_out_after_commit/50ms"])
    def test_a_lost_250_is_a_mail_that_went_out(self, client, post, fault):
        client.fault("mail", fault)
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            post()
        assert len(client.truth()) == 1

    def test_a_drop_before_data_is_not(self, client, post):
        client.fault("mail", "drop_before_data")
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            post()
        assert client.truth() == []

    @pytest.mark.parametrize("byte", [0, 1, 2, 3, 4, 11])
    @pytest.mark.parametrize("stage", ["greeting", "ehlo", "mail", "rcpt", "data", "dot", "quit"])
    def test_a_reply_is_cut_at_a_byte(self, client, sandbox, stage, byte):
        after = stage in {"dot", "quit"}
        fault = f"cut_reply{'_after_commit' if after else ''}/{stage}.{byte}"
        client.fault("mail", fault, operation="prepare" if stage in {"greeting", "ehlo"} else "create")
        said = _said_at(sandbox.smtp_port, stage)
        assert said == WHOLE[stage][:byte]
        assert len(client.truth()) == after
        assert _said_at(sandbox.smtp_port, stage) == WHOLE[stage], "the next one is whole"

    def test_a_reply_to_sign_in_is_cut(self, client, sandbox):
        client.fault("mail", "cut_reply/auth.2", operation="prepare")
        with (
            smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=10) as smtp,
            pytest.raises((smtplib.SMTPAuthenticationError, smtplib.SMTPServerDisconnected)),
        ):
            smtp.login("invented", "secret")

    @pytest.mark.parametrize(
        "fault",
        [
            "cut_reply/dot.2",
            "cut_reply/rcpt",
            "cut_reply/x.2",
            "cut_reply_after_commit/rcpt.2",
            "cut_reply/rcpt.1000",
        ],
    )
    def test_a_cut_names_a_stage_of_its_phase_and_a_byte(self, client, fault):
        requested = {"channel": "mail", "fault": fault}
        assert client.call("POST", "/faults/next", json=requested).status == 400

    def test_a_late_delivery_comes_later(self, client, post, sandbox):
        client.fault("mail", "delayed_commit/300s")
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            post()
        assert client.truth() == []
        sandbox.sandbox.later.run(9e9)
        assert len(client.truth()) == 1

    def test_one_reader_can_be_struck_among_many(self, client, post):
        client.fault("mail", "550", match="gone@")
        refused = post(recipients=["here@example.kr", "gone@example.kr"])
        assert refused.keys() == {"gone@example.kr"}
        assert [each["account"] for each in client.truth()] == ["here@example.kr"]

    def test_a_lost_250_can_be_meant_for_one_reader(self, client, post):
        client.fault("mail", "drop_after_dot", match="second@")
        post(recipients=["first@example.kr"])
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            post(recipients=["second@example.kr"])
        assert len(client.truth()) == 2
