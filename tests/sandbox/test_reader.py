from __future__ import annotations

import base64
import hashlib

import pytest

from sharing.sandbox.kakao import SDK
from tests.sandbox.kakao_page import KEY, page, payload, register


def share(client, url, **more):
    return client.call("POST", "/reader/kakao", json={"url": url, **more}).json


@pytest.fixture
def sdk(client):
    return f"{client.url}/kakao_js_sdk/2.8.3/kakao.min.js"


class TestKakao:
    @pytest.fixture(autouse=True)
    def _app(self, client, site):
        register(client, site.url, webhook_url=site.page("/hook", ""))

    def test_a_right_page_is_shared_and_confirmed(self, client, site, sdk):
        url = site.page("/k/abcdefgh23", page(sdk, KEY, payload(site.url)))
        found = share(client, url, chat="friend")
        assert (found["ok"], found["error"]) == (True, None)
        assert found["record"] == client.truth("kakao")[0]
        assert found["record"]["chat_type"] == "DirectChat"
        assert found["record"]["webhook"]["status"] == 200
        agent = next(headers["User-Agent"] for _, path, headers, _ in site.asked if path.startswith("/k/"))
        assert agent.startswith("Mozilla/5.0")

    def test_hostile_words_survive_as_they_are(self, client, site, sdk):
        title = "</script><script>alert('가')</script> & \" \u2028"
        url = site.page("/k/abcdefgh23", page(sdk, KEY, payload(site.url, title=title)))
        assert share(client, url)["record"]["title"] == title

    def test_redirects_are_followed_as_a_browser_does(self, client, site, sdk):
        site.page("/k/abcdefgh23", page(sdk, KEY, payload(site.url)))
        url = site.page("/old", "", 302, Location="/k/abcdefgh23")
        assert share(client, url)["ok"]

    @pytest.mark.parametrize(
        ("make", "error"),
        [
            (lambda sdk, me: "<p>no script</p>", "loads the Kakao SDK 0 times"),
            (
                lambda sdk, me: page(sdk, KEY, me) + f'<script src="{sdk}"></script>',
                "loads the Kakao SDK 2 times",
            ),
            (lambda sdk, me: page("/kakao.min.js", KEY, me), "does not serve the SDK"),
            (
                lambda sdk, me: page("https://t1.kakaocdn.net/kakao_js_sdk/2.8.3/kakao.min.js", KEY, me),
                "goes nowhere else",
            ),
            (lambda sdk, me: page(sdk, KEY, me).replace("kakao-share", "other"), "has no <script"),
            (lambda sdk, me: page(sdk, KEY, me).replace('"key"', '"kee"'), "needs a key"),
            (lambda sdk, me: page(sdk, KEY, {}), "needs a key"),
            (lambda sdk, me: page(sdk, "otherkey", me), "-401"),
            (lambda sdk, me: page(sdk, KEY, {**me, "content": {}}), "4002"),
        ],
    )
    def test_a_wrong_page_gets_nowhere_and_says_where(self, client, site, sdk, make, error):
        url = site.page("/k/abcdefgh23", make(sdk, payload(site.url)))
        found = share(client, url)
        assert found["ok"] is False
        assert error in found["error"]
        assert client.truth() == []

    def test_an_unregistered_domain_is_4019(self, client, site, sdk):
        url = site.page("/k/abcdefgh23", page(sdk, KEY, payload("https://news.example.kr")))
        assert share(client, url)["error"].startswith("4019")

    @pytest.mark.parametrize("status", [404, 500, 204])
    def test_a_page_that_is_not_there(self, client, site, status):
        assert str(status) in share(client, site.page("/k/abcdefgh23", "", status))["error"]

    def test_a_page_that_is_no_page(self, client, site):
        assert (
            "not an HTML page"
            in share(client, site.page("/k/abcdefgh23", "{}", Content_Type="application/json"))["error"]
        )

    @pytest.mark.parametrize(
        "url",
        [
            "https://desk.example.kr/k/x",
            "http://10.0.0.1/k/x",
            "http://127.0.0.1.nip.io/",
            "file:///etc/passwd",
            "http://[::1",
            "",
            "http://127.0.0.1:1/k/x",
        ],
    )
    def test_the_reader_never_leaves_this_machine(self, client, url):
        assert share(client, url)["ok"] is False

    @pytest.mark.parametrize(
        ("policy", "fine"),
        [
            ("default-src 'self'", False),
            ("script-src 'self'", False),
            ("script-src 'self' {sdk}", False),
            ("script-src {origin}; form-action {origin}", True),
            ("script-src {origin}; form-action 'self'", False),
            ("script-src {origin}/kakao_js_sdk/; form-action *", True),
            ("script-src http:; form-action http:", True),
            ("script-src 'none'", False),
            ("script-src 'nonce-abc'; form-action {origin}", True),
            ("script-src 'nonce-other'; form-action {origin}", False),
            ("script-src {origin} 'strict-dynamic'", False),
            ("img-src 'self'", True),
        ],
    )
    def test_the_pages_own_security_policy_binds_the_reader(self, client, site, sdk, policy, fine):
        policy = policy.format(origin=client.url, sdk="https://t1.kakaocdn.net")
        body = page(sdk, KEY, payload(site.url), attributes='nonce="abc"')
        url = site.page("/k/abcdefgh23", body, Content_Security_Policy=policy)
        found = share(client, url)
        assert found["ok"] is fine, found
        if not fine:
            assert "Content-Security-Policy" in found["error"]

    @pytest.mark.parametrize(
        ("policy", "fine"),
        [
            ("no-referrer", False),
            ("same-origin", False),
            ("strict-origin-when-cross-origin", True),
            ("", True),
        ],
    )
    def test_a_page_that_hides_its_origin_is_refused_as_kakao_refuses_it(
        self, client, site, sdk, policy, fine
    ):
        url = site.page("/k/abcdefgh23", page(sdk, KEY, payload(site.url)), Referrer_Policy=policy)
        assert share(client, url)["ok"] is fine
        meta = f'<meta name="referrer" content="{policy}">' if policy else ""
        url = site.page("/k/abcdefgh24", page(sdk, KEY, payload(site.url), head=meta))
        assert share(client, url)["ok"] is fine

    def test_an_integrity_attribute_must_be_right(self, client, site, sdk):
        right = "sha384-" + base64.b64encode(hashlib.sha384(SDK).digest()).decode()
        for integrity, fine in ((right, True), (right[:-4] + "AAAA", False)):
            body = page(sdk, KEY, payload(site.url), attributes=f'integrity="{integrity}"')
            assert share(client, site.page("/k/abcdefgh23", body))["ok"] is fine


class TestLink:
    def follow(self, client, text):
        return client.call("POST", "/reader/link", json={"text": text}).json

    def test_a_short_link_leads_to_the_article(self, client, site):
        target = site.page("/a?", "기사").rstrip("?")
        site.pages["/a"] = site.pages.pop("/a?")
        target += "?utm_source=copylink&utm_content=abcdefgh23"
        short = site.page("/s/abcdefgh23", "", 302, Location=target, Cache_Control="no-store")
        found = self.follow(client, f"지하철이 멈췄다\n{short}")
        assert found["ok"], found
        (record,) = client.truth("link")
        assert record["text"] == f"지하철이 멈췄다\n{short}"
        assert record["link"] == target
        assert record["account"] == "127.0.0.1"
        assert record["marker"] == "abcdefgh23"
        assert record["http"] == 200

    def test_an_article_elsewhere_is_not_fetched(self, client, site):
        short = site.page(
            "/s/abcdefgh23", "", 302, Location="https://news.example.kr/1", Cache_Control="no-store"
        )
        assert self.follow(client, short)["record"]["http"] is None

    @pytest.mark.parametrize(
        ("status", "headers", "error"),
        [
            (200, {}, "200, not 302"),
            (301, {"Location": "/a", "Cache_Control": "no-store"}, "301, not 302"),
            (302, {"Location": "https://news.example.kr/1"}, "no-store"),
            (302, {"Location": "/a", "Cache_Control": "no-store"}, "no http(s) address"),
            (302, {"Location": "javascript:alert(1)", "Cache_Control": "no-store"}, "no http(s) address"),
            (302, {"Cache_Control": "no-store"}, "no http(s) address"),
        ],
    )
    def test_redirects_that_are_wrong(self, client, site, status, headers, error):
        short = site.page("/s/abcdefgh23", "", status, **headers)
        found = self.follow(client, short)
        assert found["ok"] is False
        assert error in found["error"]
        assert client.truth() == []

    def test_an_article_that_is_not_there(self, client, site):
        short = site.page("/s/abcdefgh23", "", 302, Location=f"{site.url}/none", Cache_Control="no-store")
        assert "404" in self.follow(client, short)["error"]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "no address",
            "http://127.0.0.1:1/s/abcdefgh23 http://127.0.0.1:1/s/abcdefgh24",
            "http://127.0.0.1:1/article",
            "https://desk.example.kr/s/abcdefgh23",
            "x" * 100_001,
        ],
    )
    def test_what_is_no_pasted_short_link(self, client, text):
        assert self.follow(client, text)["ok"] is False


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/reader/kakao", {}),
        ("/reader/kakao", {"url": 5}),
        ("/reader/kakao", []),
        ("/reader/link", {"url": "x"}),
    ],
)
def test_the_reader_says_what_it_expects(client, path, body):
    reply = client.call("POST", path, json=body)
    assert (reply.status, "expected" in reply.json["error"]) == (400, True)


def test_a_web_page_cannot_use_the_reader(client):
    reply = client.call("POST", "/reader/link", form={"text": "x"})
    assert reply.status == 400
