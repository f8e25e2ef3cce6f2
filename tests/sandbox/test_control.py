from __future__ import annotations

import json

import pytest

from sharing.sandbox import records as truths
from sharing.sandbox.accounts import Accounts
from sharing.sandbox.records import Records, iso, marker_in
from sharing.sandbox.wire.log import MOST


class TestTruth:
    def test_it_can_be_asked_by_channel_and_account(self, client):
        client.feed(message="a")
        client.feed(page="2002", token="page-token-2", message="b")
        client.tweet("c")
        assert client.texts() == ["a", "b", "c"]
        assert [
            each["text"]
            for each in client.call("GET", "/truth?channel=facebook&account=2002").json["records"]
        ] == ["b"]
        assert client.call("GET", "/truth?account=none").json["records"] == []

    def test_forgetting_it_forgets_the_posts_and_keeps_the_accounts(self, client):
        client.register("facebook", "1001", access_token="page-token-1")
        client.feed(message="a")
        client.call("DELETE", "/truth")
        assert client.truth() == []
        assert client.feed(message="a").status == 200
        assert client.feed(token="other-token", message="b").status == 400

    def test_the_oldest_give_way_and_are_counted(self, monkeypatch):
        monkeypatch.setattr(truths, "MOST_RECORDS", 3)
        truth = Records()
        for number in range(5):
            truth.add("x", "1", text=str(number), link=None, remote_id=str(number), at=0)
        assert [each["text"] for each in truth.records()] == ["2", "3", "4"]
        assert truth.dropped == 2

    def test_texts_are_bounded_together_too(self, monkeypatch):
        monkeypatch.setattr(truths, "MOST_CHARACTERS", 100)
        truth = Records()
        for _ in range(5):
            truth.add("x", "1", text="a" * 40, link=None, remote_id="1", at=0)
        assert (len(truth.records()), truth.dropped, truth.count) == (2, 3, 5)

    def test_only_what_came_after_a_count_can_be_asked_for(self, client, monkeypatch):
        client.feed(message="a")
        count = client.call("GET", "/truth").json["count"]
        client.feed(message="b")
        found = client.call("GET", f"/truth?after={count}").json
        assert ([each["text"] for each in found["records"]], found["count"]) == (["b"], 2)
        assert client.call("GET", "/truth?after=-1").status == 400

    @pytest.mark.parametrize(
        ("link", "marker"),
        [
            ("https://a.kr/?utm_content=abcdefgh23", "abcdefgh23"),
            ("https://a.kr/?utm_content=old&utm_content=new", "new"),
            ("https://desk.kr/s/abcdefgh23", "abcdefgh23"),
            ("https://desk.kr/k/abcdefgh23?x=1", "abcdefgh23"),
            ("https://a.kr/news/1", None),
            ("https://desk.kr/s/", None),
            ("http://[::1", None),
            (None, None),
        ],
    )
    def test_the_marker_is_read_from_the_link(self, link, marker):
        assert marker_in(link) == marker

    def test_times_are_utc(self):
        assert iso(0) == "1970-01-01T00:00:00.000Z"


class TestAccounts:
    @pytest.mark.parametrize(
        "requested",
        [
            "x",
            {},
            {"channel": "myspace", "id": "1"},
            {"channel": "facebook", "id": "page"},
            {"channel": "facebook", "id": 1001},
            {"channel": "facebook", "id": "1001", "name": 5},
            {"channel": "facebook", "id": "1001", "password": "x"},
            {"channel": "facebook", "id": "1001", "access_token": "a b"},
            {"channel": "facebook", "id": "1001", "access_tokens": "abcdef"},
            {"channel": "facebook", "id": "1001", "scopes": [5]},
            {"channel": "facebook", "id": "1001", "expires_at": "soon"},
            {"channel": "facebook", "id": "1001", "rate_limit": 0},
            {"channel": "x", "id": "77", "premium": "yes"},
            {"channel": "mail", "id": "no address"},
            {"channel": "link", "id": "desk.example.kr", "secret": "x"},
        ],
    )
    def test_what_is_no_account_is_refused_in_a_sentence(self, client, requested):
        reply = client.call("PUT", "/accounts", json=requested)
        assert reply.status == 400
        assert reply.json["error"]
        assert client.call("GET", "/accounts").json["accounts"] == []

    def test_the_list_shows_no_secret(self, client):
        client.register("facebook", "1001", access_token="canary-token", app_secret="canary-secret")
        listed = client.call("GET", "/accounts")
        assert "canary" not in listed.text
        assert listed.json["accounts"][0]["has"] == ["access_token", "app_secret"]

    def test_several_at_once_and_one_anew(self, client):
        wishes = [
            {"channel": "link", "id": "desk.example.kr"},
            {"channel": "mail", "id": "list@example.kr", "name": "구독자"},
        ]
        assert len(client.call("PUT", "/accounts", json=wishes).json["accounts"]) == 2
        client.register("facebook", "1001", access_token="first-token")
        client.register("facebook", "1001", access_token="second-token")
        assert client.feed(token="first-token", message="a").status == 400
        assert client.feed(token="second-token", message="a").status == 200

    def test_a_removed_account_is_a_stranger_again(self, client):
        client.register("facebook", "1001", access_token="first-token")
        assert client.call("DELETE", "/accounts?channel=facebook&id=1001").status == 200
        assert client.call("DELETE", "/accounts?channel=facebook&id=1001").status == 404
        assert client.feed(token="other-token", message="a").status == 200

    def test_strangers_are_not_taken_without_end(self, monkeypatch):
        monkeypatch.setattr("sharing.sandbox.accounts.MOST_ENROLLED", 2)
        accounts = Accounts()
        taken = [
            accounts.enrol("facebook", str(number), f"token-{number}") is not None for number in range(3)
        ]
        assert taken == [True, True, False]


class TestFaults:
    def test_rules_are_set_told_and_counted(self, client):
        reply = client.call("PUT", "/faults", json={"spec": "facebook:500_before_commit=100%", "seed": 3})
        assert reply.json["seed"] == 3
        client.feed(message="a")
        assert client.call("GET", "/faults").json["struck"] == {"facebook:500_before_commit": 1}
        client.call("PUT", "/faults", json={"spec": ""})
        assert client.feed(message="a").status == 200

    @pytest.mark.parametrize(
        "requested", [{"spec": 5}, {"seed": "x"}, {"rules": ""}, [], {"spec": "nonsense"}]
    )
    def test_rules_that_are_none_change_nothing(self, client, requested):
        client.call("PUT", "/faults", json={"spec": "facebook:500_before_commit=100%"})
        assert client.call("PUT", "/faults", json=requested).status == 400
        assert client.feed(message="a").status == 500


class TestRequests:
    def test_secrets_are_masked_wherever_they_stand(self, client):
        client.register(
            "x",
            "77",
            access_token="canary-access",
            refresh_token="canary-refresh",
            client_id="app",
            client_secret="canary-client",
        )
        client.register("facebook", "1001", access_token="canary-page")
        client.tweet("a canary-access in the words", token="canary-access")
        client.call(
            "POST", "/2/oauth2/token", form={"grant_type": "refresh_token", "refresh_token": "canary-refresh"}
        )
        client.call(
            "POST",
            "/v25.0/1001/feed?access_token=canary-page",
            json={"message": "a", "access_token": "canary-other"},
        )
        shown = client.call("GET", "/requests")
        assert len(shown.json["requests"]) == 3
        assert "canary" not in shown.text

    def test_they_are_bounded_and_say_what_struck(self, client):
        client.fault("facebook", "html")
        client.feed(message="a" * 60_000)
        (entry,) = client.call("GET", "/requests").json["requests"]
        assert entry["fault"] == "html"
        assert (entry["channel"], entry["operation"], entry["status"]) == ("facebook", "create", 200)
        assert len(entry["body"]) <= 4096
        assert MOST <= 1000


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("POST", "/truth", "DELETE, GET"), ("GET", "/plant", "POST"), ("GET", "/reader/kakao", "POST")],
)
def test_wrong_methods_are_told_the_right_ones(client, method, path, allowed):
    reply = client.call(method, path)
    assert (reply.status, reply.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    "path", ["/nothing", "/see/myspace", "/truth/1", "/%00", "/%ff%fe", "//", "/see/x/1/2/3"]
)
def test_there_is_nothing_anywhere_else(client, path):
    reply = client.call("GET", path)
    assert reply.status in {200, 404}
    assert client.crashes() == 0


@pytest.mark.parametrize("query", ["a=%ff", "&".join(f"a{n}=1" for n in range(300))])
def test_queries_that_are_none_are_refused(client, query):
    assert client.call("GET", f"/truth?{query}").status == 400
    assert json.loads(client.x("GET", f"users/77/tweets?{query}").body)["status"] == 400


@pytest.mark.parametrize(
    "requested",
    [
        {},
        {"channel": "kakao", "account": "1", "text": "a"},
        {"channel": "x", "account": 5, "text": "a"},
        [],
        {"channel": "x", "account": "1", "text": "a", "more": 1},
    ],
)
def test_only_posts_can_be_planted(client, requested):
    assert client.call("POST", "/plant", json=requested).status == 400
