"""The door for hooks: what comes in, what is refused and how that is said."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from sharing import models
from sharing.domain.account import Mode
from sharing.intake.signatures import SCHEMES, WEAK
from sharing.services import notices
from sharing.services.incoming import admission, sources
from tests.firing import CLI, a_source, as_bytes, fire, post, signed, told
from tests.given import an_account
from tests.shared import SHARED, needs_shared

pytestmark = pytest.mark.django_db(transaction=True)

ARTICLE = {
    "article": {
        "url": "https://news.example/story/7",
        "headline": "Harbor towns run night buses",
        "summary": "Six harbor towns will run night buses every 15 minutes.",
        "language": "en",
    }
}


@pytest.fixture
def sandboxed(desk, scripted):
    return an_account(desk, mode=Mode.SANDBOX)


@pytest.fixture
def source(desk, sandboxed):
    return a_source(desk)[0]


def refused(answer, status, code):
    """A problem in JSON, with the code, one clear sentence, and nothing kept."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"] == f"urn:sharedesk:{code}"
    assert body["title"]
    assert "Nothing" in body["detail"]
    return body


# -- what comes in ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_hook_of_every_scheme_becomes_a_share(desk, sandboxed, scheme):
    source = a_source(desk, scheme=scheme)[0]
    answer = told(source, ARTICLE)
    assert answer["result"] == "shared"
    row = models.Inbound.objects.get()
    assert answer["inbound"] == str(row.pk)
    assert bytes(row.body) == as_bytes(ARTICLE)
    assert models.Delivery.objects.get().state == "queued"


def test_live_accounts_are_asked_about_until_a_rule_says_otherwise(desk, source, sandboxed, scripted):
    live = an_account(desk)
    told(source, ARTICLE)
    states = {d.account_id: d.state for d in models.Delivery.objects.all()}
    assert states == {sandboxed.pk: "queued", live.pk: "draft"}


def test_a_repeat_is_202_with_the_same_id_and_result(source):
    first = told(source, ARTICLE, message_id="msg_1")
    again = told(source, ARTICLE, message_id="msg_1")
    assert again == {**first, "repeat": True}
    assert models.Inbound.objects.count() == 1


def test_the_same_article_by_another_hook_is_one_share(source):
    first = told(source, ARTICLE)
    again = told(source, ARTICLE)
    assert (again["result"], again["share"]) == ("already_shared", first["share"])
    assert models.Share.objects.count() == 1


def test_what_is_signed_and_cannot_be_read_is_kept_and_said(source):
    answer = fire(source, b'{"article": ')
    body = refused(answer, 422, "source.broken_json")
    row = models.Inbound.objects.get()
    assert body["inbound"] == str(row.pk)
    assert row.result["code"] == "source.broken_json"


def test_what_is_signed_and_no_article_to_share_is_202_with_the_reason(source):
    draft = {"article": {**ARTICLE["article"], "status": "draft"}}
    answer = told(source, draft)
    assert (answer["result"], answer["code"]) == ("not_shareable", "article.draft")


def test_any_kind_of_json_is_json(source):
    answer = fire(
        source, ARTICLE, content_type="application/vnd.contentful.management.v1+json; charset=utf-8"
    )
    assert answer.status_code == 202


def test_the_answer_is_in_the_language_that_is_asked_for(source):
    answer = post(source.name, ARTICLE, {"Accept-Language": "ko"})
    assert "나간 것 없음" in answer.json()["detail"]


def test_nothing_that_proves_the_sender_is_kept(desk, sandboxed):
    source, secret = a_source(desk, scheme="bearer")
    fire(source, ARTICLE, headers={"X-Strapi-Event": "entry.publish", "Cookie": "a=b", "X-Api-Key": "k"})
    row = models.Inbound.objects.get()
    assert row.headers["x-strapi-event"] == "entry.publish"
    assert secret not in json.dumps(row.headers)
    assert not {"authorization", "cookie", "x-api-key"} & set(row.headers)


# -- what does not ----------------------------------------------------------------------------------------


def test_an_unknown_source_is_404(db):
    refused(post("nobody", ARTICLE), 404, "source.unknown")


def test_a_source_that_is_switched_off_is_403(source):
    sources.switch(source, CLI, on=False)
    refused(fire(source, ARTICLE), 403, "source.switched_off")
    sources.switch(source, CLI, on=True)
    assert fire(source, ARTICLE).status_code == 202


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_other_methods_are_405_and_never_410(source, method):
    answer = getattr(Client(), method)(f"/hooks/{source.name}")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


def test_over_a_megabyte_is_413_before_anything_is_read(source):
    refused(fire(source, b" " * (admission.LIMIT + 1)), 413, "hook.too_big")
    assert fire(source, b" " * admission.LIMIT).status_code == 422, "a megabyte of nothing is read"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/html", ""])
def test_what_is_no_json_is_415(source, kind):
    refused(fire(source, ARTICLE, content_type=kind), 415, "hook.not_json")


def test_a_compressed_body_is_415(source):
    packed = gzip.compress(as_bytes(ARTICLE))
    refused(fire(source, packed, headers={"Content-Encoding": "gzip"}), 415, "hook.encoded")
    refused(fire(source, packed), 422, "source.binary")


def test_without_a_length_nothing_is_read(source):
    headers = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in signed(source, ARTICLE).items()}
    answer = Client().generic(
        "POST", f"/hooks/{source.name}", as_bytes(ARTICLE), "application/json", **headers
    )
    assert answer.status_code == 202
    for length in ("", "-1", "many"):
        answer = Client().generic(
            "POST",
            f"/hooks/{source.name}",
            as_bytes(ARTICLE),
            "application/json",
            **headers,
            CONTENT_LENGTH=length,
        )
        refused(answer, 411, "hook.no_length")
    answer = Client().generic(
        "POST",
        f"/hooks/{source.name}",
        as_bytes(ARTICLE),
        "application/json",
        **headers,
        HTTP_TRANSFER_ENCODING="chunked",
    )
    refused(answer, 411, "hook.no_length")


def test_wrong_missing_and_stale_signatures_are_401_and_not_stored(source):
    refused(post(source.name, ARTICLE), 401, "signature.missing")
    refused(fire(source, ARTICLE, secret="whsec_bm90IHRoaXMgb25l"), 401, "signature.wrong")
    old = datetime.now(UTC) - timedelta(seconds=301)
    refused(fire(source, ARTICLE, now=old), 401, "signature.stale")
    headers = signed(source, ARTICLE)
    refused(post(source.name, {**ARTICLE, "x": 1}, headers), 401, "signature.wrong")
    assert not models.Inbound.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xef\xbb\xbf{}", "source.bom"),
        ('{"article": {}}'.encode("utf-16"), "source.not_utf8"),
        (b'{"article": {"headline": "a", "headline": "b"}}', "source.double_key"),
        (b'{"article": {"headline": NaN}}', "source.not_a_number"),
        (b"[" * 10_000 + b"]" * 10_000, "source.too_deep"),
        (b'"\\ud800"', "source.not_recognised"),
        (b"null", "source.not_recognised"),
        (b" ", "source.empty"),
    ],
    ids=["bom", "utf-16", "double key", "NaN", "deep", "surrogate", "null", "empty"],
)
def test_hostile_json_that_is_signed_is_422_and_kept(source, body, code):
    refused(fire(source, body), 422, code)
    assert models.Inbound.objects.count() == 1


# -- wrong ones, again and again --------------------------------------------------------------------------


def test_after_twenty_wrong_ones_in_a_minute_wrong_ones_wait_and_right_ones_come_in(source):
    for _ in range(admission.MOST_WRONG):
        assert post(source.name, ARTICLE).status_code == 401
    answer = post(source.name, ARTICLE)
    refused(answer, 429, "hook.too_many_wrong")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert [notice.kind for notice in notices.open_notices()] == ["wrong_signatures"]
    assert fire(source, ARTICLE).status_code == 202, "nobody can lock a CMS out by guessing"
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61)):
        assert post(source.name, ARTICLE).status_code == 401
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=30)):
        admission.calm_again()
    assert notices.open_notices() == []


def test_wrong_ones_of_one_source_cost_the_others_nothing(desk, source):
    other = a_source(desk, "other")[0]
    for _ in range(admission.MOST_WRONG + 1):
        post(source.name, ARTICLE)
    assert post(other.name, ARTICLE).status_code == 401


# -- secrets ----------------------------------------------------------------------------------------------


def test_no_hook_is_lost_while_a_secret_is_changed(source):
    former = sources.secrets_of(source)[0]
    new = sources.rotate(source, CLI)
    source.refresh_from_db()
    assert sources.secrets_of(source) == [new, former]
    assert fire(source, ARTICLE, secret=former).status_code == 202
    assert fire(source, ARTICLE, secret=new).status_code == 202
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        refused(fire(source, ARTICLE, secret=former), 401, "signature.wrong")
        assert fire(source, ARTICLE, secret=new).status_code == 202


def test_without_overlap_the_former_secret_ends_at_once(source):
    former = sources.secrets_of(source)[0]
    sources.rotate(source, CLI, overlap=timedelta(0))
    source.refresh_from_db()
    refused(fire(source, ARTICLE, secret=former), 401, "signature.wrong")


def test_a_secret_that_the_cms_made_is_live_beside_ours(source):
    sources.add_secret(source, CLI, "the-cms-made-this-one")
    source.refresh_from_db()
    assert fire(source, ARTICLE, secret="the-cms-made-this-one").status_code == 202
    sources.drop_secret(source, CLI, "1")
    source.refresh_from_db()
    assert sources.secrets_of(source) == ["the-cms-made-this-one"]


# -- our own trouble --------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["read", "apply"])
def test_our_own_mistake_keeps_the_hook_and_tells(source, monkeypatch, place):
    from sharing.services.incoming import hooks as ingest

    def broken(*_, **__):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(ingest, place, broken)
        answer = fire(source, ARTICLE, message_id="msg_1")
        again = fire(source, ARTICLE, message_id="msg_1")
    assert (answer.status_code, again.status_code) == (202, 202)
    assert answer.json()["result"] == again.json()["result"] == "failed"
    assert answer.json()["inbound"] == again.json()["inbound"]
    assert [notice.kind for notice in notices.open_notices()] == ["hook_failed"]
    row = ingest.replay(models.Inbound.objects.get(), CLI)
    assert row.result["result"] == "shared", row.result


def test_where_the_database_is_away_the_cms_is_asked_to_come_again(source, monkeypatch):
    from django.db import OperationalError

    from sharing.services.incoming import hooks as ingest

    def away(*_):
        raise OperationalError("the database is away")

    headers = signed(source, ARTICLE)
    monkeypatch.setattr(ingest.admission, "admit", away)
    answer = post(source.name, ARTICLE, headers)
    refused(answer, 503, "hook.not_kept")
    assert answer["Retry-After"]


# -- published vectors ------------------------------------------------------------------------------------


@needs_shared
class TestVectors:
    @pytest.fixture
    def vectors(self):
        return json.loads((SHARED / "data/hostile/webhook_vectors.json").read_text())

    def test_standard_webhooks(self, desk, vectors):
        vector = vectors["standard_webhooks"]
        source = a_source(desk, secret=vector["secret"])[0]
        headers = {
            "Webhook-Id": vector["id"],
            "WEBHOOK-TIMESTAMP": vector["timestamp"],
            "webhook-signature": f"v1,AAAA {vector['signature']}",
        }
        with time_machine.travel(int(vector["timestamp"]), tick=False):
            answer = post(source.name, vector["body"].encode(), headers)
        assert answer.status_code == 422, "well signed, and no article"
        assert models.Inbound.objects.get().message_id == vector["id"]
        refused(post(source.name, vector["body"].encode(), headers), 401, "signature.stale")
        for wrong in (vector["body"] + "\n", json.dumps(json.loads(vector["body"]), indent=1)):
            with time_machine.travel(int(vector["timestamp"]), tick=False):
                refused(post(source.name, wrong.encode(), headers), 401, "signature.wrong")

    @pytest.mark.parametrize(
        ("name", "scheme", "header"),
        [
            ("github", "github", "X-Hub-Signature-256"),
            ("ghost", "ghost", "X-Ghost-Signature"),
            ("body_only_base64", "hmac-base64", "X-WC-Webhook-Signature"),
        ],
    )
    def test_others(self, desk, vectors, name, scheme, header):
        vector, at = vectors[name], {"ghost": 1_700_000_000}.get(name)
        source = a_source(desk, scheme=scheme, secret=vector["secret"])[0]
        moment = at or datetime.now(UTC).timestamp()
        with time_machine.travel(moment, tick=False):
            answer = post(source.name, vector["body"].encode(), {header: vector["header"]})
            assert answer.status_code in {202, 422}
            refused(
                post(source.name, vector["body"].encode() + b" ", {header: vector["header"]}),
                401,
                "signature.wrong",
            )
        assert models.Inbound.objects.count() == 1


def test_the_list_of_sources_says_which_schemes_are_weak(desk):
    from sharing.presentation import represent

    for scheme in SCHEMES:
        source = a_source(desk, scheme, scheme=scheme)[0]
        assert represent.source(source)["weak"] == (scheme in WEAK)
