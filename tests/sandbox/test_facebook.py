from __future__ import annotations

import hashlib
import hmac
import json
import time
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from sharing.sandbox.facebook import posts
from sharing.sandbox.facebook.posts import EDIT_PARAMS, FEED_PARAMS, PHOTO_PARAMS
from tests.sandbox.client import Reply
from tests.shared import SHARED, needs_shared

LINK = "https://news.example.kr/a/1?utm_source=facebook&utm_content=abcdefgh23"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


def error(reply: Reply) -> tuple[int, int, int | None]:
    found = reply.json["error"]
    assert {"message", "type", "code", "fbtrace_id", "is_transient"} <= found.keys()
    return reply.status, found["code"], found.get("error_subcode")


def test_a_post_is_published_and_is_the_truth(client):
    reply = client.feed(message="지하철이 멈췄다", link=LINK)
    assert reply.status == 200
    page, _, post = reply.json["id"].partition("_")
    assert page == "1001"
    assert post.isdigit()
    (record,) = client.truth()
    assert record["channel"] == "facebook"
    assert record["account"] == "1001"
    assert record["text"] == "지하철이 멈췄다"
    assert record["link"] == LINK
    assert record["remote_id"] == reply.json["id"]
    assert record["marker"] == "abcdefgh23"


def test_json_and_multipart_bodies_are_read_like_forms(client):
    as_json = client.graph("POST", "1001/feed", json={"message": "하나", "published": True})
    assert as_json.status == 200
    body = b'--b\r\nContent-Disposition: form-data; name="message"\r\n\r\n\xeb\x91\x98\r\n--b--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Authorization": "Bearer page-token-1"}
    assert client.send("POST", "/v25.0/1001/feed", body, headers).status == 200
    assert client.texts() == ["하나", "둘"]


def test_the_platform_is_also_at_its_alias_and_without_a_version_for_scraping_alone(client):
    reply = client.call(
        "POST", "/facebook/v26.0/1001/feed", form={"message": "a"}, Authorization="Bearer page-token-1"
    )
    assert reply.status == 200
    assert client.call("POST", "/1001/feed", form={"message": "a"}).status == 404


@pytest.mark.parametrize(("version", "code"), [("v20.0", 2635), ("v99.0", 2500), ("v25.1", None)])
def test_versions_that_ended_or_never_were_are_refused(client, version, code):
    reply = client.call(
        "POST", f"/{version}/1001/feed", form={"message": "a"}, Authorization="Bearer page-token-1"
    )
    assert reply.json["error"]["code"] == (code or 2500)
    assert client.truth() == []


def test_me_is_the_page_of_the_token(client):
    client.register("facebook", "1001", access_token="page-token-1")
    assert client.feed(page="me", message="a").status == 200
    assert client.truth()[0]["account"] == "1001"
    assert len(client.graph("GET", "me/published_posts").json["data"]) == 1


@pytest.mark.parametrize("limit", ["MOST_POSTS", "MOST_CHARACTERS"])
def test_the_oldest_posts_give_way(client, monkeypatch, limit):
    monkeypatch.setattr(posts, limit, 3)
    for number in range(5):
        client.feed(message=str(number))
    found = client.graph("GET", "1001/feed").json["data"]
    assert [each["message"] for each in found] == ["4", "3", "2"]


def test_a_token_may_come_in_header_form_or_query_and_the_query_is_noted(client):
    assert (
        client.call("POST", "/v25.0/1001/feed", form={"message": "a", "access_token": "page-token-1"}).status
        == 200
    )
    assert (
        client.call("POST", "/v25.0/1001/feed?access_token=page-token-1", form={"message": "b"}).status == 200
    )
    first, second = client.call("GET", "/requests").json["requests"]
    assert first["flags"] == []
    assert second["flags"] == ["token_in_query"]
    assert "page-token-1" not in json.dumps([first, second])


class TestTokens:
    def test_no_token_is_refused(self, client):
        assert error(client.call("POST", "/v25.0/1001/feed", form={"message": "a"})) == (400, 2500, None)

    @pytest.mark.parametrize("token", ["", "abc", "with space", "한글토큰"])
    def test_a_malformed_token_is_refused(self, client, token):
        reply = client.call("POST", "/v25.0/1001/feed", form={"message": "a", "access_token": token})
        assert reply.json["error"]["code"] in {190, 2500}
        assert client.truth() == []

    def test_a_token_that_begins_with_expired_is_over(self, client):
        reply = client.feed(token="expired-token", message="a")
        assert error(reply) == (400, 190, 463)
        assert "invalid_token" in reply.headers["www-authenticate"]

    def test_the_first_pair_of_token_and_page_is_bound_for_good(self, client):
        assert client.feed(message="a").status == 200
        assert error(client.feed(page="2002", message="b")) == (403, 200, None)
        assert error(client.feed(token="another-token", message="c")) == (400, 190, 467)
        assert client.texts() == ["a"]

    def test_a_registered_page_takes_its_own_tokens_alone_and_closes_the_channel(self, client):
        client.register("facebook", "1001", access_token="right-token", expired_tokens=["old-token"])
        assert client.feed(token="right-token", message="a").status == 200
        assert error(client.feed(token="wrong-token", message="b")) == (400, 190, 467)
        assert error(client.feed(token="old-token", message="c")) == (400, 190, 463)
        assert error(client.feed(page="2002", token="new-token", message="d")) == (400, 190, 467)
        assert client.texts() == ["a"]

    def test_a_token_past_its_time_is_over(self, client):
        client.register("facebook", "1001", access_token="short-token", expires_at=time.time() - 1)
        assert error(client.feed(token="short-token", message="a")) == (400, 190, 463)

    def test_a_missing_permission_is_named(self, client):
        client.register("facebook", "1001", access_token="page-token-1", scopes=["pages_read_engagement"])
        reply = client.feed(message="a")
        assert error(reply) == (403, 200, None)
        assert "pages_manage_posts" in reply.json["error"]["message"]

    def test_appsecret_proof_must_be_there_and_right_once_there_is_a_secret(self, client):
        client.register("facebook", "1001", access_token="page-token-1", app_secret="app-secret")
        right = hmac.new(b"app-secret", b"page-token-1", hashlib.sha256).hexdigest()
        assert error(client.feed(message="a"))[1] == 100
        assert error(client.feed(message="a", appsecret_proof="0" * 64))[1] == 100
        assert client.feed(message="a", appsecret_proof=right).status == 200

    def test_a_registered_rate_limit_answers_32_with_the_usage_header(self, client):
        client.register("facebook", "1001", access_token="page-token-1", rate_limit=2)
        assert [client.feed(message=str(n)).status for n in range(3)] == [200, 200, 400]
        reply = client.feed(message="x")
        assert error(reply)[1] == 32
        (entry,) = json.loads(reply.headers["x-business-use-case-usage"])["1001"]
        assert entry["estimated_time_to_regain_access"] > 0


class TestWhatIsRefused:
    def test_a_message_of_63206_characters_is_taken_and_one_more_is_not(self, client):
        assert client.feed(message="가" * 63_206).status == 200
        assert error(client.feed(message="나" * 63_207)) == (400, 100, None)

    @pytest.mark.parametrize("name", ["picture", "name", "description", "caption", "thumbnail"])
    def test_only_owners_of_the_url_may_set_its_card(self, client, name):
        reply = client.feed(message="a", link=LINK, **{name: "x"})
        assert error(reply)[1] == 100
        assert "Only owners of the URL" in reply.json["error"]["message"]

    def test_unknown_parameters_are_refused(self, client):
        assert error(client.feed(message="a", client_reference="x"))[1] == 100

    def test_an_empty_post_is_refused(self, client):
        assert error(client.feed()) == (400, 100, None)
        assert error(client.feed(message=""))[1] == 100

    @pytest.mark.parametrize(
        ("link", "subcode"),
        [
            ("news.example.kr/1", 2061006),
            ("ftp://news.example.kr/", 2061006),
            ("javascript:alert(1)", 2061006),
            ("https:///nohost", 2061006),
            ("https://a b.kr/", 2061006),
            ("http://[::1", 2061006),
            ("https://www.facebook.com/news", 1609008),
        ],
    )
    def test_links_that_are_none_are_refused(self, client, link, subcode):
        assert error(client.feed(message="a", link=link)) == (400, 100, subcode)

    def test_the_same_post_twice_in_a_row_is_506_and_with_another_between_it_is_not(self, client):
        assert client.feed(message="a", link=LINK).status == 200
        refused = client.feed(message="a", link=LINK)
        assert error(refused) == (400, 506, None)
        assert "error_user_title" in refused.json["error"]
        assert client.feed(message="b").status == 200
        assert client.feed(message="a", link=LINK).status == 200
        assert client.texts() == ["a", "b", "a"]

    def test_what_was_deleted_is_no_duplicate(self, client):
        post = client.feed(message="a").json["id"]
        client.graph("DELETE", post)
        assert client.feed(message="a").status == 200

    def test_attached_media_must_be_a_json_string(self, client):
        reply = client.graph(
            "POST", "1001/feed", json={"message": "a", "attached_media": [{"media_fbid": "1"}]}
        )
        assert "attached_media must be an array" in reply.json["error"]["message"]
        assert error(client.feed(message="a", attached_media='{"media_fbid":"1"}'))[1] == 100
        assert error(client.feed(message="a", attached_media='[{"media_fbid":"1"}]'))[1] == 100

    @pytest.mark.parametrize(
        "body", [b"{", b"[1]", b'{"message":"\\ud800"}', b'{"message":NaN}', b'{"a":1,"a":2}', b"\xff"]
    )
    def test_a_body_that_cannot_be_read_is_refused(self, client, body):
        headers = {"Content-Type": "application/json", "Authorization": "Bearer page-token-1"}
        assert error(client.send("POST", "/v25.0/1001/feed", body, headers)) == (400, 100, None)

    def test_deeply_nested_json_is_refused(self, client):
        headers = {"Content-Type": "application/json", "Authorization": "Bearer page-token-1"}
        reply = client.send("POST", "/v25.0/1001/feed", b'{"a":' * 100_000, headers)
        assert error(reply) == (400, 100, None)

    def test_native_scheduling_takes_ten_minutes_to_thirty_days(self, client):
        def plan(seconds):
            return client.feed(
                message=f"in {seconds}",
                published="false",
                scheduled_publish_time=str(int(time.time() + seconds)),
            )

        assert [plan(n).status for n in (60, 3600, 40 * 24 * 3600)] == [400, 200, 400]
        assert client.truth() == []
        (post,) = client.graph(
            "GET", "1001/scheduled_posts?fields=id,is_published,scheduled_publish_time"
        ).json["data"]
        assert post["is_published"] is False


class TestUnpublished:
    def test_it_is_no_truth_until_it_is_published_by_its_id_and_then_once(self, client):
        post = client.feed(message="몰래", published="false").json["id"]
        assert client.truth() == []
        assert client.graph("GET", "1001/published_posts").json["data"] == []
        for _ in range(2):
            assert client.graph("POST", post, form={"is_published": "true"}).json == {"success": True}
        assert client.texts() == ["몰래"]

    def test_a_scheduled_post_comes_out_at_its_time(self, client, sandbox, monkeypatch):
        at = time.time() + 3600
        client.feed(message="나중", published="false", scheduled_publish_time=str(int(at)))
        sandbox.sandbox.later.run(at + 1)
        assert client.texts() == ["나중"]


class TestReading:
    FIELDS = "id,message,created_time,permalink_url,attachments{unshimmed_url,url}"

    def test_a_post_is_read_back_with_its_wrapped_and_its_own_link(self, client):
        post = client.feed(message="a", link=LINK).json["id"]
        (found,) = client.graph("GET", f"1001/published_posts?fields={self.FIELDS}&limit=25").json["data"]
        assert found["id"] == post
        assert found["created_time"].endswith("+0000")
        (attachment,) = found["attachments"]["data"]
        assert attachment["unshimmed_url"] == LINK
        shim = urlsplit(attachment["url"])
        assert shim.hostname == "l.facebook.com"
        assert parse_qs(shim.query)["u"] == [LINK]

    def test_permalinks_lead_to_a_page_that_shows_the_post(self, client):
        post = client.feed(message="제목 <script>", link=LINK).json["id"]
        url = client.graph("GET", f"{post}?fields=permalink_url").json["permalink_url"]
        page = client.call("GET", urlsplit(url).path)
        assert page.status == 200
        assert "제목 &lt;script&gt;" in page.text
        assert client.call("GET", f"/facebook/posts/{post}").status == 200

    @pytest.mark.parametrize("kind", ["feed", "posts", "published_posts"])
    def test_pages_of_a_list_hold_every_post_once_newest_first(self, client, kind):
        for number in range(7):
            client.feed(message=str(number))
        seen, path = [], f"/v25.0/1001/{kind}?limit=3&fields=message"
        while path:
            reply = client.call("GET", path, Authorization="Bearer page-token-1").json
            seen += [each["message"] for each in reply["data"]]
            following = reply["paging"].get("next", "")
            assert "token" not in following
            path = following.removeprefix(client.url)
        assert seen == ["6", "5", "4", "3", "2", "1", "0"]

    def test_the_cursor_alone_pages_too(self, client):
        for number in range(4):
            client.feed(message=str(number))
        first = client.graph("GET", "1001/feed?limit=3").json
        second = client.graph("GET", f"1001/feed?limit=3&after={first['paging']['cursors']['after']}").json
        assert [each["message"] for each in second["data"]] == ["0"]
        assert "next" not in second["paging"]

    def test_since_and_until_bound_the_list(self, client):
        client.feed(message="a")
        now = int(time.time())
        assert len(client.graph("GET", f"1001/feed?since={now - 60}&until={now + 60}").json["data"]) == 1
        assert client.graph("GET", f"1001/feed?since={now + 60}").json["data"] == []
        assert client.graph("GET", f"1001/feed?until={now - 60}").json["data"] == []
        assert len(client.graph("GET", "1001/feed?since=2026-01-01T00:00:00%2B00:00").json["data"]) == 1

    @pytest.mark.parametrize(
        "query",
        [
            "fields=nonsense",
            "fields=id,",
            "fields=attachments{secret}",
            "fields=attachments{",
            "fields=id{x}",
            "limit=0",
            "limit=101",
            "limit=x",
            "after=nonsense",
            "since=yesterday",
            "order=asc",
        ],
    )
    def test_queries_that_make_no_sense_are_refused(self, client, query):
        client.feed(message="a")
        assert error(client.graph("GET", f"1001/feed?{query}")) == (400, 100, None)

    def test_reading_needs_the_pages_own_token(self, client):
        client.register("facebook", "1001", access_token="page-token-1")
        client.register("facebook", "2002", access_token="page-token-2")
        post = client.feed(message="a").json["id"]
        assert error(client.graph("GET", "1001/feed", token="page-token-2")) == (403, 200, None)
        assert client.graph("GET", post, token="page-token-2").status == 403

    def test_read_after_write_answers_the_fields_asked_for(self, client):
        reply = client.feed(message="a", link=LINK, fields="id,permalink_url,message")
        assert reply.json["message"] == "a"
        assert reply.json["permalink_url"].startswith(client.url)


class TestEditAndDelete:
    def test_an_edit_changes_what_readers_see_and_marks_the_record(self, client):
        post = client.feed(message="틀림").json["id"]
        assert client.graph("POST", post, form={"message": "맞음"}).json == {"success": True}
        assert client.graph("GET", post).json["message"] == "맞음"
        (record,) = client.truth()
        assert (record["text"], record["edited"]) == ("틀림", "맞음")

    def test_a_link_cannot_be_edited(self, client):
        post = client.feed(message="a", link=LINK).json["id"]
        assert error(client.graph("POST", post, form={"link": "https://other.example.kr/"}))[1] == 100

    def test_a_deleted_post_is_gone_and_its_record_says_so(self, client):
        post = client.feed(message="a").json["id"]
        assert client.graph("DELETE", post).json == {"success": True}
        assert error(client.graph("DELETE", post)) == (400, 100, 33)
        assert error(client.graph("GET", post)) == (400, 100, 33)
        assert client.graph("GET", "1001/feed").json["data"] == []
        assert client.truth()[0]["deleted"] is True


class TestPhotos:
    def upload(self, client, data=PNG, name="p.png"):
        head = f'--b\r\nContent-Disposition: form-data; name="source"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
        tail = b'\r\n--b\r\nContent-Disposition: form-data; name="published"\r\n\r\nfalse\r\n--b--\r\n'
        headers = {"Content-Type": "multipart/form-data; boundary=b", "Authorization": "Bearer page-token-1"}
        return client.send("POST", "/v25.0/1001/photos", head.encode() + data + tail, headers)

    def test_an_unpublished_photo_can_be_attached_to_a_post(self, client):
        photo = self.upload(client).json["id"]
        assert client.truth() == []
        media = json.dumps([{"media_fbid": photo}])
        assert client.feed(message="사진", attached_media=media).status == 200
        assert client.texts() == ["사진"]

    def test_a_photo_by_its_address_is_really_fetched_from_loopback(self, client, site):
        good, bad = site.page("/p.png", PNG), site.page("/p.txt", "no picture")
        assert client.graph("POST", "1001/photos", form={"url": good, "published": "false"}).status == 200
        assert error(client.graph("POST", "1001/photos", form={"url": bad, "published": "false"})) == (
            400,
            100,
            1366046,
        )

    def test_a_published_photo_is_a_post(self, client, site):
        reply = client.graph(
            "POST", "1001/photos", form={"url": site.page("/p.png", PNG), "caption": "사진 글"}
        )
        assert reply.json.keys() == {"id", "post_id"}
        assert client.texts() == ["사진 글"]

    @pytest.mark.parametrize("data", [b"not a picture", PNG + b"0" * (4 * 1024 * 1024)])
    def test_bad_photos_are_refused(self, client, data):
        assert error(self.upload(client, data)) == (400, 100, 1366046)

    def test_nothing_to_upload_is_refused(self, client):
        assert error(client.graph("POST", "1001/photos", form={"published": "false"}))[1] == 324


class TestScrape:
    def scrape(self, client, url):
        client.feed(message="first")
        return client.call(
            "POST", f"/?id={quote(url, safe='')}&scrape=true", Authorization="Bearer page-token-1"
        )

    def test_og_tags_of_a_loopback_page_are_really_read(self, client, site):
        url = site.page(
            "/a",
            '<title>t</title><meta property="og:title" content="제목"><meta property="og:image" content="https://a.kr/p.jpg">',
        )
        found = self.scrape(client, url).json
        assert found["title"] == "제목"
        assert found["image"] == [{"url": "https://a.kr/p.jpg"}]
        assert site.asked[0][2]["User-Agent"].startswith("facebookexternalhit")

    def test_a_page_that_is_not_there_is_1609005(self, client, site):
        assert self.scrape(client, site.url + "/none").json["error"]["code"] == 1609005

    def test_nothing_outside_this_machine_is_fetched(self, client):
        assert self.scrape(client, "https://news.example.kr/a").json["url"] == "https://news.example.kr/a"

    def test_a_token_is_needed(self, client):
        assert client.call("POST", "/?id=https://a.kr&scrape=true").json["error"]["code"] == 2500


class TestPages:
    def test_a_page_tells_its_name_and_nothing_it_was_not_asked(self, client):
        client.register("facebook", "1001", access_token="page-token-1")
        assert client.graph("GET", "1001?fields=id,name").json == {"id": "1001", "name": "시험 계정"}
        assert client.graph("GET", "me?fields=id,name").json == {"id": "1001", "name": "시험 계정"}
        assert error(client.graph("GET", "1001?fields=members"))[1] == 100

    def test_a_user_token_lists_its_pages(self, client):
        client.register("facebook", "1001", access_token="page-token-1", user_tokens=["user-token-1"])
        (page,) = client.graph("GET", "me/accounts", token="user-token-1").json["data"]
        assert (page["id"], page["access_token"]) == ("1001", "page-token-1")
        assert error(client.graph("GET", "me/accounts"))[1] == 100

    def test_unknown_paths_are_refused_in_graphs_words(self, client):
        assert error(client.graph("POST", "1001/live_videos", form={"message": "a"})) == (400, 2500, None)


@needs_shared
def test_every_parameter_taken_here_is_one_of_metas_own_specification():
    specs = SHARED / "data" / "platforms" / "facebook-specs"
    page = json.loads((specs / "Page.json").read_text())["apis"]
    post = json.loads((specs / "PagePost.json").read_text())["apis"]

    def names(apis, method, endpoint):
        return {
            p["name"]
            for api in apis
            if (api["method"], api.get("endpoint")) == (method, endpoint)
            for p in api["params"]
        }

    assert set(FEED_PARAMS) <= names(page, "POST", "feed")
    # The file itself travels as `source`, which the generated specification leaves out.
    assert set(PHOTO_PARAMS) - {"source"} <= names(page, "POST", "photos")
    assert set(EDIT_PARAMS) <= names(post, "POST", None)
