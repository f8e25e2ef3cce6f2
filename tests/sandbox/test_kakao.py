from __future__ import annotations

import json
import time
from urllib.parse import parse_qs, urlencode

import pytest

from sharing.sandbox.readers.markup import Page
from tests.sandbox.kakao_page import KEY, form, payload, register

ORIGIN = "https://desk.example.kr"


def link(client, fields, origin=ORIGIN, **headers):
    return client.call("POST", "/picker/link", form=fields, Origin=origin, **headers)


def send(client, fields, chat="desk", origin=ORIGIN):
    """The picker's page, then a press on a chat: the record of what was sent."""
    page = Page.read(link(client, fields, origin).text)
    assert page.error == ""
    return client.call("POST", "/picker/send", form={**page.hidden, "chat": chat}, Accept="application/json")


def refused(reply):
    error = Page.read(reply.text).error
    assert error, reply.text
    return reply.status, int(error.partition(":")[0])


def test_a_share_is_sent_once_a_chat_is_chosen(client):
    register(client, ORIGIN)
    reply = link(client, form(ORIGIN))
    assert reply.status == 200
    assert "지하철이 멈췄다" in reply.text
    assert client.truth() == []
    fields = {**Page.read(reply.text).hidden, "chat": "desk"}
    page = client.call("POST", "/picker/send", form=fields)
    assert "보냈습니다" in page.text
    (record,) = client.truth("kakao")
    assert record["account"] == "777000"
    assert record["text"] == "지하철이 멈췄다\n출근길 시민들이 버스로 갈아탔다"
    assert record["link"] == f"{ORIGIN}/s/abcdefgh23"
    assert record["marker"] == "abcdefgh23"
    assert record["chat_type"] == "MultiChat"
    again = client.call("POST", "/picker/send", form=fields)
    assert refused(again) == (400, 4002)
    assert len(client.truth()) == 1


def test_without_description_the_title_alone_is_the_text(client):
    register(client, ORIGIN)
    send(client, form(ORIGIN, payload(ORIGIN, description=None)))
    assert client.texts() == ["지하철이 멈췄다"]


def test_text_and_list_templates_are_known(client):
    register(client, ORIGIN)
    to = {"webUrl": f"{ORIGIN}/a"}
    send(client, form(ORIGIN, {"objectType": "text", "text": "가" * 200, "link": to}))
    entry = {"title": "하나", "link": to}
    send(
        client,
        form(
            ORIGIN,
            {"objectType": "list", "headerTitle": "오늘", "headerLink": to, "contents": [entry, entry]},
        ),
    )
    assert client.texts() == ["가" * 200, "오늘\n하나\n하나"]


class TestDomains:
    def test_an_unknown_app_key_is_refused(self, client):
        register(client, ORIGIN)
        assert refused(link(client, form(ORIGIN, key="otherkey"))) == (401, -401)

    @pytest.mark.parametrize(
        "caller",
        [
            "https://evil.example.kr",
            "http://desk.example.kr",
            "https://desk.example.kr:8443",
            "https://www.desk.example.kr",
            "null",
            "",
        ],
    )
    def test_the_caller_must_be_registered_with_scheme_host_and_port(self, client, caller):
        register(client, ORIGIN)
        reply = link(client, form(ORIGIN), origin=caller)
        assert refused(reply) == (401, -401)
        assert "domain mismatched! caller=" in Page.read(reply.text).error

    def test_the_referer_counts_where_there_is_no_origin(self, client):
        register(client, ORIGIN)
        headers = {"Referer": f"{ORIGIN}/k/abcdefgh23", "Content-Type": "application/x-www-form-urlencoded"}
        assert client.send("POST", "/picker/link", urlencode(form(ORIGIN)).encode(), headers).status == 200

    @pytest.mark.parametrize("where", ["webUrl", "mobileWebUrl"])
    @pytest.mark.parametrize(
        "domain", ["https://news.example.kr", "http://desk.example.kr", "https://desk.example.kr:444"]
    )
    def test_every_link_must_lead_to_a_registered_product_domain(self, client, where, domain):
        register(client, ORIGIN)
        message = payload(ORIGIN)
        message["content"]["link"][where] = f"{domain}/a"
        assert refused(link(client, form(ORIGIN, message))) == (400, 4019)

    def test_buttons_count_too(self, client):
        register(client, ORIGIN)
        message = payload(ORIGIN)
        message["buttons"][0]["link"]["webUrl"] = "https://news.example.kr/a"
        assert refused(link(client, form(ORIGIN, message))) == (400, 4019)

    def test_the_usual_port_need_not_be_said(self, client):
        register(client, "https://desk.example.kr:443")
        assert refused(link(client, form(ORIGIN))) == (401, -401)
        register(client, ORIGIN, product_domains=[ORIGIN])
        message = payload("https://desk.example.kr:443")
        assert link(client, form(ORIGIN, message)).status == 200

    def test_an_unknown_key_is_taken_with_its_first_domain_where_nobody_registered_any(self, client):
        assert send(client, form(ORIGIN, key="inventedkey1")).status == 200
        assert client.truth()[0]["account"] == "inventedkey1"
        assert refused(link(client, form(ORIGIN, key="inventedkey1"), origin="https://other.example.kr")) == (
            401,
            -401,
        )


class TestTemplates:
    @pytest.mark.parametrize(
        "changed",
        [
            {"title": None},
            {"title": ""},
            {"title": "  "},
            {"description": ""},
            {"description": 5},
            {"imageUrl": "/p.jpg"},
            {"imageUrl": "data:image/png;base64,AA=="},
            {"imageWidth": "800"},
            {"link": None},
            {"link": {}},
            {"link": {"webUrl": "javascript:alert(1)"}},
            {"link": {"webUrl": "/s/abcdefgh23"}},
            {"link": {"url": f"{ORIGIN}/a"}},
            {"author": "김서연"},
            {"title": "가" * 4000},
        ],
    )
    def test_contents_that_kakao_would_not_show(self, client, changed):
        register(client, ORIGIN)
        assert refused(link(client, form(ORIGIN, payload(ORIGIN, **changed)))) == (400, 4002)

    @pytest.mark.parametrize(
        "message",
        [
            {"objectType": "text", "text": "가" * 201, "link": {"webUrl": f"{ORIGIN}/a"}},
            {"objectType": "text", "text": "", "link": {"webUrl": f"{ORIGIN}/a"}},
            {"objectType": "text", "text": "a"},
            {"objectType": "poem", "text": "a"},
            {
                "objectType": "list",
                "headerTitle": "a",
                "headerLink": {"webUrl": f"{ORIGIN}/a"},
                "contents": [{"title": "a", "link": {"webUrl": f"{ORIGIN}/a"}}],
            },
            {**payload(ORIGIN), "buttons": [{"title": "a", "link": {"webUrl": f"{ORIGIN}/a"}}] * 3},
            {**payload(ORIGIN), "buttons": [{"link": {"webUrl": f"{ORIGIN}/a"}}]},
            {**payload(ORIGIN), "social": {"likes": 5}},
            {**payload(ORIGIN), "extra": 1},
        ],
    )
    def test_templates_that_are_none(self, client, message):
        register(client, ORIGIN)
        assert refused(link(client, form(ORIGIN, message))) == (400, 4002)

    @pytest.mark.parametrize(
        "changed",
        [
            {"validation_action": "custom"},
            {"validation_params": "{"},
            {"validation_params": "[]"},
            {"validation_params": '{"link_ver":"3.5"}'},
            {"lcba": "not json"},
            {"lcba": "[]"},
            {"lcba": '{"CHAT_TYPE":"x"}'},
            {"surprise": "1"},
        ],
    )
    def test_forms_that_the_sdk_would_not_post(self, client, changed):
        register(client, ORIGIN)
        assert refused(link(client, form(ORIGIN, **changed))) == (400, 4002)

    def test_json_is_no_form(self, client):
        register(client, ORIGIN)
        assert refused(client.call("POST", "/picker/link", json=form(ORIGIN), Origin=ORIGIN)) == (400, 4002)

    @pytest.mark.parametrize(
        "fields", [{}, {"ticket": "x", "chat": "desk"}, {"ticket": "x", "chat": "nobody"}]
    )
    def test_sending_needs_a_ticket_and_a_chat(self, client, fields):
        assert refused(client.call("POST", "/picker/send", form=fields)) == (400, 4002)


class TestWebhook:
    def test_it_is_posted_as_documented(self, client, site):
        hook = site.page("/kakao/webhook/3", "")
        register(client, ORIGIN, webhook_url=hook)
        record = send(client, form(ORIGIN), chat="me").json
        ((method, path, headers, body),) = site.asked
        assert (method, path) == ("POST", "/kakao/webhook/3")
        assert headers["Authorization"] == "KakaoAK adminkey1"
        assert headers["User-Agent"] == "KakaoOpenAPI/1.0"
        assert headers["X-Kakao-Resource-ID"] == record["webhook"]["resource_id"]
        found = json.loads(body)
        assert found["CHAT_TYPE"] == "MemoChat"
        assert found["marker"] == "abcdefgh23"
        assert found["HASH_CHAT_ID"]
        assert "TEMPLATE_ID" not in found
        assert record["webhook"]["status"] == 200

    def test_get_and_form_are_possible_too(self, client, site):
        hook = site.page("/hook", "")
        register(client, ORIGIN, webhook_url=hook, webhook_method="GET")
        send(client, form(ORIGIN))
        register(client, ORIGIN, webhook_url=hook, webhook_encoding="form")
        send(client, form(ORIGIN))
        by_get, by_form = site.asked
        assert by_get[0] == "GET"
        assert parse_qs(by_get[1].partition("?")[2])["marker"] == ["abcdefgh23"]
        assert parse_qs(by_form[3].decode())["CHAT_TYPE"] == ["MultiChat"]

    def test_without_callback_arguments_it_is_never_called(self, client, site):
        register(client, ORIGIN, webhook_url=site.page("/hook", ""))
        message = payload(ORIGIN)
        del message["serverCallbackArgs"]
        assert send(client, form(ORIGIN, message)).json["webhook"] is None
        assert site.asked == []

    def test_arguments_may_come_as_a_string(self, client, site):
        register(client, ORIGIN, webhook_url=site.page("/hook", ""))
        send(client, form(ORIGIN, {**payload(ORIGIN), "serverCallbackArgs": '{"marker":"m"}'}))
        assert json.loads(site.asked[0][3])["marker"] == "m"

    @pytest.mark.parametrize("status", [302, 404, 500])
    def test_anything_but_2xx_is_written_down_and_nothing_is_followed(self, client, site, status):
        register(client, ORIGIN, webhook_url=site.page("/hook", "", status, Location="/other"))
        record = send(client, form(ORIGIN)).json
        assert record["webhook"]["status"] == status
        assert "error" in record["webhook"]
        assert len(site.asked) == 1

    def test_a_slow_answer_is_too_late_after_three_seconds(self, client, site, monkeypatch):
        monkeypatch.setattr("sharing.sandbox.kakao.webhook.WITHIN", 0.2)
        site.before = lambda _path: time.sleep(0.6)
        register(client, ORIGIN, webhook_url=site.page("/hook", ""))
        assert "error" in send(client, form(ORIGIN)).json["webhook"]

    def test_it_never_leaves_this_machine(self, client):
        register(client, ORIGIN, webhook_url="https://desk.example.kr/hook")
        assert "goes nowhere else" in send(client, form(ORIGIN)).json["webhook"]["error"]

    def test_faults_lose_it_double_it_and_delay_it(self, client, site, sandbox):
        register(client, ORIGIN, webhook_url=site.page("/hook", ""))
        client.fault("kakao", "webhook_lost")
        send(client, form(ORIGIN))
        assert site.asked == []
        client.fault("kakao", "webhook_twice")
        send(client, form(ORIGIN))
        first, second = site.asked
        assert first[2]["X-Kakao-Resource-ID"] == second[2]["X-Kakao-Resource-ID"]
        client.fault("kakao", "webhook_late/2s")
        send(client, form(ORIGIN))
        assert len(site.asked) == 2
        sandbox.sandbox.later.run(time.time() + 3)
        assert len(site.asked) == 3


class TestMemo:
    TEMPLATE = json.dumps({"object_type": "text", "text": "나에게", "link": {"web_url": f"{ORIGIN}/a"}})

    def memo(self, client, token="kakao-token-1", **form):
        fields = {"template_object": self.TEMPLATE, **form}
        return client.call(
            "POST", "/v2/api/talk/memo/default/send", form=fields, Authorization=f"Bearer {token}"
        )

    def test_it_answers_result_code_0_and_no_id(self, client):
        assert self.memo(client).json == {"result_code": 0}
        assert client.texts("kakao") == ["나에게"]

    @pytest.mark.parametrize(
        ("token", "fields", "status", "code"),
        [
            ("expired-1", {}, 401, -401),
            ("", {}, 401, -401),
            ("kakao-token-1", {"template_object": "{"}, 400, -2),
            ("kakao-token-1", {"template_object": '{"object_type":"text"}'}, 400, -2),
            ("kakao-token-1", {"surprise": "1"}, 400, -2),
        ],
    )
    def test_refusals_carry_msg_and_code(self, client, token, fields, status, code):
        reply = self.memo(client, token, **fields)
        assert (reply.status, reply.json["code"]) == (status, code)
        assert reply.json["msg"]
        assert client.truth() == []

    def test_a_missing_scope_is_named(self, client):
        register(client, ORIGIN, access_token="kakao-token-1", scopes=["profile"])
        reply = self.memo(client)
        assert reply.status == 403
        assert reply.json["required_scopes"] == ["talk_message"]

    def test_registered_accounts_close_the_channel(self, client):
        register(client, ORIGIN, access_token="kakao-token-1")
        assert self.memo(client, "kakao-token-2").json["code"] == -401
        assert self.memo(client).status == 200


class TestToken:
    def refresh(self, client, token, client_id="restkey1", **more):
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client_id, **more}
        return client.call("POST", "/oauth/token", form=form)

    def test_a_refresh_token_stays_while_it_is_young(self, client):
        register(client, ORIGIN, refresh_token="young-refresh")
        found = self.refresh(client, "young-refresh").json
        assert found["expires_in"] == 21_599
        assert "refresh_token" not in found
        assert TestMemo().memo(client, found["access_token"]).status == 200
        assert self.refresh(client, "young-refresh").status == 200

    def test_near_its_end_a_new_one_comes_and_the_old_one_dies(self, client):
        register(client, ORIGIN, refresh_token="ending-refresh")
        found = self.refresh(client, "ending-refresh").json
        assert found["refresh_token"]
        dead = self.refresh(client, "ending-refresh")
        assert (dead.status, dead.json["error_code"]) == (400, "KOE322")
        assert self.refresh(client, found["refresh_token"]).status == 200

    def test_wrong_clients_and_grants_are_refused(self, client):
        register(client, ORIGIN, refresh_token="young-refresh", client_secret="s")
        assert self.refresh(client, "young-refresh", client_id="other").status == 401
        assert self.refresh(client, "young-refresh").status == 401
        assert self.refresh(client, "young-refresh", client_secret="s").status == 200
        assert client.call("POST", "/oauth/token", form={"grant_type": "password"}).status == 400
        assert client.call("POST", "/oauth/token", json={}).status == 400


def test_unknown_paths_are_refused_in_kakaos_words(client):
    assert client.call("POST", "/kakao/v1/api/talk/friends/message/default/send", form={}).json["code"] == -2
    assert client.call("GET", f"/kakao/kakao_js_sdk/2.8.3/kakao.min.js?{KEY}").status == 200
