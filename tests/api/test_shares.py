"""The JSON API as a client meets it."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.delivery import State
from sharing.services.staff import people
from tests.given import a_delivery, an_account, is_out

pytestmark = pytest.mark.django_db(transaction=True)

ARTICLE = {
    "url": "https://news.example/story/7",
    "headline": "Harbor towns run night buses",
    "summary": "Six harbor towns will run night buses every 15 minutes.",
    "language": "en",
}


@pytest.fixture
def main_desk(db):
    return models.Desk.objects.get_or_create(name="main")[0]


@pytest.fixture
def client(main_desk):
    token = people.add_token(main_desk, "cms", ["share", "read"])
    return Client(headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def account(main_desk, scripted):
    return an_account(main_desk)


def post(client, path, body, **headers):
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(f"/api/v1{path}", data, content_type="application/json", headers=headers)


def a_problem(answer, status, field=None):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) >= {"type", "title", "status", "detail", "errors"}
    assert body["status"] == status
    if field:
        assert field in [each["field"] for each in body["errors"]]
    return body


def test_a_share_is_accepted_and_can_be_looked_at(client, account):
    answer = post(client, "/shares", {"article": ARTICLE, "accounts": [str(account.pk)]})
    assert answer.status_code == 202
    share = answer.json()["share"]
    assert answer["Location"] == f"/api/v1/shares/{share['id']}"
    assert [d["state"] for d in share["deliveries"]] == ["queued"]
    assert answer.json()["skipped"] == []
    again = client.get(answer["Location"]).json()["share"]
    assert again["article"]["headline"] == ARTICLE["headline"]
    assert set(again["deliveries"][0]) >= {
        "id", "channel", "account", "state", "receipt", "text", "link", "marker", "permalink", "remote_id",
        "due_at", "attempts", "detail", "next",
    }  # fmt: skip


def test_a_persons_words_are_used_and_a_time_without_zone_is_the_desks(client, account):
    body = {
        "article": ARTICLE,
        "channels": ["scripted"],
        "text": {"scripted": "Our own words"},
        "at": "2099-01-01T09:00",
    }
    delivery = post(client, "/shares", body).json()["share"]["deliveries"][0]
    assert delivery["text"] == "Our own words"
    assert delivery["due_at"] == "2099-01-01T00:00:00+00:00"


def test_what_an_account_has_is_left_out_and_named(client, main_desk, account):
    post(client, "/shares", {"article": ARTICLE, "accounts": [str(account.pk)]})
    other = an_account(main_desk)
    answer = post(client, "/shares", {"article": ARTICLE, "channels": ["scripted"]}).json()
    assert [d["account"] for d in answer["share"]["deliveries"]] == [str(other.pk)]
    assert answer["skipped"][0]["account"] == str(account.pk)


def test_a_second_share_is_refused_with_the_first_and_a_repeat_names_it(client, account):
    first = post(client, "/shares", {"article": ARTICLE, "accounts": [str(account.pk)]}).json()["share"]
    again = {"article": ARTICLE, "accounts": [str(account.pk)]}
    body = a_problem(post(client, "/shares", again), 409)
    assert body["share"]["id"] == first["id"]
    assert body["skipped"][0]["delivery"] == first["deliveries"][0]["id"]
    a_problem(post(client, "/shares", {**again, "repeat": "d999999"}), 404)
    named = first["deliveries"][0]["id"]
    body = a_problem(post(client, "/shares", {**again, "repeat": [named]}), 409, "repeat")
    assert (body["newest"]["id"], body["newest"]["state"]) == (named, "queued"), "it may still go out"
    is_out(models.Delivery.objects.get())
    assert post(client, "/shares", {**again, "repeat": named}).status_code == 202


def test_ten_at_once_that_repeat_one_delivery_are_one_post_and_nine_learn_the_newest(client, account):
    body = {"article": ARTICLE, "accounts": [str(account.pk)]}
    first = post(client, "/shares", body).json()["share"]["deliveries"][0]["id"]
    is_out(models.Delivery.objects.get())

    def send(_):
        try:
            return post(client, "/shares", {**body, "repeat": [first]})
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(10)))
    (taken,) = [answer.json() for answer in answers if answer.status_code == 202]
    newest = taken["share"]["deliveries"][0]["id"]
    for answer in answers:
        if answer.status_code != 202:
            said = a_problem(answer, 409, "repeat")
            assert (said["newest"]["id"], said["newest"]["account"]) == (newest, str(account.pk))
            assert newest in said["detail"]
    assert models.Delivery.objects.count() == 2


def test_a_repeat_with_a_key_gives_the_same_answer(client, account):
    body = {"article": ARTICLE, "accounts": [str(account.pk)]}
    first = post(client, "/shares", body).json()["share"]["deliveries"][0]["id"]
    is_out(models.Delivery.objects.get())
    answers = [
        post(client, "/shares", {**body, "repeat": [first]}, **{"Idempotency-Key": "k-9"}) for _ in "12"
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    a_problem(post(client, "/shares", {**body, "repeat": first}, **{"Idempotency-Key": "k-9"}), 409)


@pytest.mark.parametrize("repeat", [7, {"id": "d1"}, [["d1"]], [None], "d" * 21, ["d1"] * 501, True])
def test_what_is_no_list_of_ids_is_a_bad_field(client, account, repeat):
    body = {"article": ARTICLE, "accounts": [str(account.pk)], "repeat": repeat}
    a_problem(post(client, "/shares", body), 422)


def test_the_same_key_gives_the_same_answer(client, account):
    body = {"article": ARTICLE, "accounts": [str(account.pk)]}
    first = post(client, "/shares", body, **{"Idempotency-Key": "k-1"})
    second = post(client, "/shares", body, **{"Idempotency-Key": "k-1"})
    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    assert second["Location"] == first["Location"]
    a_problem(post(client, "/shares", {**body, "breaking": True}, **{"Idempotency-Key": "k-1"}), 409)
    a_problem(post(client, "/shares", body, **{"Idempotency-Key": "x" * 256}), 422)


def test_the_same_key_at_once_is_one_share(client, account):
    body = {"article": ARTICLE, "accounts": [str(account.pk)]}

    def send(_):
        try:
            return post(client, "/shares", body, **{"Idempotency-Key": "k-2"})
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["share"]["id"] for answer in answers}) == 1
    assert models.Delivery.objects.count() == 1


def test_a_refused_request_does_not_use_its_key_up(client, account):
    key = {"Idempotency-Key": "k-3"}
    a_problem(post(client, "/shares", {"article": {}, "accounts": [str(account.pk)]}, **key), 422)
    good = {"article": ARTICLE, "accounts": [str(account.pk)]}
    assert post(client, "/shares", good, **key).status_code == 202


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"article": {**ARTICLE, "headline": ""}}, 422, None),
        ({"article": {**ARTICLE, "url": None}}, 422, "url"),
        ({"article": {**ARTICLE, "url": "javascript:alert(1)"}}, 422, None),
        ({"article": {**ARTICLE, "headline": "half \ud83d"}}, 422, None),
        ({"article": {**ARTICLE, "status": "draft"}}, 422, None),
        ({"article": {**ARTICLE, "status": "withdrawn"}}, 422, None),
        ({"article": {**ARTICLE, "status": "scheduled"}}, 422, None),
        ({"article": {**ARTICLE, "status": "embargoed"}}, 422, None),
        ({"article": None, "source": None}, 422, None),
        ({"source": "https://news.example/x"}, 422, None),
        ({"accounts": []}, 422, "accounts"),
        ({"accounts": ["99999"]}, 404, None),
        ({"accounts": ["x"]}, 404, None),
        ({"accounts": [], "channels": ["myspace"]}, 422, "channel"),
        ({"at": "yesterday"}, 422, "at"),
        ({"at": "2001-01-01T00:00"}, 422, "at"),
        ({"chans": ["x"]}, 422, "chans"),
        ({"breaking": "perhaps"}, 422, "breaking"),
        ({"text": {"x": "words"}}, 422, "text.x"),
        ({"text": {"scripted": " "}}, 422, "text.scripted"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(client, account, change, status, field):
    body = {"article": ARTICLE, "accounts": [str(account.pk)], **change}
    body = {name: value for name, value in body.items() if value is not None}
    a_problem(post(client, "/shares", body), status, field)
    assert not models.Share.objects.exists()
    assert not models.Article.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"a":1,"a":2}', b'{"breaking":NaN}', b"[" * 9000]
)
def test_broken_json_is_a_problem(client, account, body):
    a_problem(post(client, "/shares", body), 422)


def test_only_json_is_taken(client, account):
    a_problem(client.post("/api/v1/shares", "a=1", content_type="application/x-www-form-urlencoded"), 415)
    big = json.dumps({"article": {**ARTICLE, "body": "x" * 2_100_000}, "accounts": [str(account.pk)]})
    a_problem(post(client, "/shares", big), 413)


def test_without_a_token_nothing_is_shown(client, main_desk, account):
    for bad in (
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic x"},
        {"Authorization": "Bearer "},
    ):
        a_problem(Client(headers=bad).get("/api/v1/shares/s1"), 401)
    people.revoke_token(main_desk, "cms")
    a_problem(client.get("/api/v1/shares/s1"), 401)


def test_a_token_may_do_only_what_it_is_for(main_desk, account):
    reader = Client(headers={"Authorization": f"Bearer {people.add_token(main_desk, 'r', ['read'])}"})
    a_problem(post(reader, "/shares", {"article": ARTICLE, "accounts": [str(account.pk)]}), 403)


def test_another_desks_shares_do_not_exist(client, scripted):
    other = models.Desk.objects.create(name="other")
    row = a_delivery(other, an_account(other))
    a_problem(client.get(f"/api/v1/shares/s{row.share_id}"), 404)
    a_problem(post(client, f"/deliveries/d{row.pk}/cancel", {}), 404)
    a_problem(post(client, "/shares", {"article": ARTICLE, "accounts": [str(row.account_id)]}), 404)


@pytest.mark.parametrize("bad", ["0", "-1", "s", "d1", "1e9", "９", "9" * 40, "s1;drop", "%00"])
def test_nonsense_ids_are_not_found(client, bad):
    a_problem(client.get(f"/api/v1/shares/{bad}"), 404)


def test_a_share_is_cancelled(client, account):
    share = post(
        client, "/shares", {"article": ARTICLE, "accounts": [str(account.pk)], "at": "2099-01-01T09:00"}
    ).json()["share"]
    answer = client.post(f"/api/v1/shares/{share['id']}/cancel")
    assert answer.json()["share"]["state"] == "cancelled"
    a_problem(client.post(f"/api/v1/shares/{share['id']}/cancel"), 409)


def test_a_person_says_what_is_there(client, main_desk, account):
    row = a_delivery(main_desk, account, State.REVIEW)
    path = f"/deliveries/d{row.pk}/resolve"
    a_problem(post(client, path, {}), 422)
    a_problem(post(client, path, {"there": "nonsense"}), 422)
    a_problem(post(client, path, {"not_there": True, "drop": True, "reason": "x"}), 422)
    answer = post(client, path, {"there": "https://www.facebook.com/1_2"})
    assert answer.json()["delivery"]["state"] == "delivered"
    a_problem(post(client, path, {"drop": True, "reason": "x"}), 409)


def test_composing_writes_nothing(client, main_desk):
    answer = post(
        client, "/compose", {"article": ARTICLE, "channels": ["x", "kakao"], "link": "https://l.example/a"}
    )
    messages = answer.json()["messages"]
    assert [m["channel"] for m in messages] == ["x", "kakao"]
    assert messages[0]["text"].endswith("https://l.example/a")
    assert set(messages[0]) == {"channel", "text", "link", "image_url", "length", "limit", "body"}
    assert not models.Article.objects.exists()


def test_what_is_not_built_yet_is_not_there(client, account):
    for path in ("/shares/s1/retract", "/shares/s1/correct", "/nothing"):
        assert client.post(f"/api/v1{path}").status_code == 404


def test_the_answer_speaks_the_language_that_is_asked_for(client):
    ko = client.get("/api/v1/shares/s999", headers={"Accept-Language": "ko-KR,ko;q=0.9"}).json()
    en = client.get("/api/v1/shares/s999", headers={"Accept-Language": "en"}).json()
    assert "그런 보내기가 없다" in ko["detail"]
    assert "There is no share" in en["detail"]


def test_the_description_names_every_error_as_a_problem(client):
    schema = client.get("/api/v1/openapi.json").json()
    operation = schema["paths"]["/api/v1/shares"]["post"]
    for status in ("401", "403", "404", "409", "413", "415", "422"):
        assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


def test_an_empty_list_of_channels_is_not_all_of_them(client):
    a_problem(post(client, "/compose", {"article": ARTICLE, "channels": []}), 422, "channels")
    for channels in ({}, {"channels": None}):
        assert len(post(client, "/compose", {"article": ARTICLE, **channels}).json()["messages"]) > 1


def test_accounts_that_are_named_and_gone_are_not_replaced_by_others(client, main_desk, account):
    other = an_account(main_desk)
    an_account(main_desk, mode=Mode.SANDBOX)
    models.Account.objects.filter(pk=account.pk).update(health="removed")
    a_problem(post(client, "/shares", {"article": ARTICLE, "accounts": [str(account.pk)]}), 404, "account")
    a_problem(post(client, "/shares", {"article": ARTICLE, "accounts": [], "channels": []}), 422, "accounts")
    models.Account.objects.filter(pk=other.pk).update(health="removed")
    a_problem(post(client, "/shares", {"article": ARTICLE, "channels": ["scripted"]}), 422, "channels")
    assert not models.Share.objects.exists()


@pytest.mark.parametrize("field", ["at", "embargo_until"])
@pytest.mark.parametrize(
    "written", ["2030-12-24", "24 Dec 2030 21:30 IST", "03/04/2030 10:00", "2030-12-24x21:30"]
)
def test_a_time_that_is_not_wholly_understood_is_refused(client, account, field, written):
    asked = {"article": ARTICLE, "accounts": [str(account.pk)], field: written}
    a_problem(post(client, "/shares", asked), 422, field)
    assert not models.Share.objects.exists()


def test_a_scope_that_nobody_knows_opens_nothing(client, account):
    models.Token.objects.update(scopes=["everything"])
    a_problem(post(client, "/compose", {"article": ARTICLE}), 403)
    a_problem(post(client, "/shares", {"article": ARTICLE, "accounts": [str(account.pk)]}), 403)
