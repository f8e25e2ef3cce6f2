"""Real payloads of real CMSs through the real door: the right article, or the right reason; nothing breaks."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from sharing import models
from sharing.domain.account import Mode
from sharing.wording import codes
from tests.firing import a_source, fire
from tests.given import an_account
from tests.shared import SHARED, needs_shared

pytestmark = [needs_shared, pytest.mark.django_db(transaction=True)]

CMS = SHARED / "data/cms"
FILES = sorted(path for path in CMS.rglob("*") if path.is_file()) if CMS.exists() else []
RESULTS = {
    "shared",
    "drafted",
    "already_shared",
    "updated",
    "withdrawn",
    "not_shareable",
    "nothing_new",
    None,
}
#: No hook at all: pages' own data, which `extract` reads.
JSON_LD = "jsonld"


@pytest.fixture
def door(desk, scripted):
    """A source for each kind of body, and the account that it goes to."""
    an_account(desk, mode=Mode.SANDBOX)
    json_door = a_source(desk, "cms", address="https://news.example")[0]
    xml_door = a_source(desk, "wire", format="feed")[0]

    def send(path):
        body = path.read_bytes()
        xml = body.lstrip()[:1] == b"<"
        return fire(
            xml_door if xml else json_door,
            body,
            content_type="application/xml" if xml else "application/json",
        )

    return send


def results_in(answer):
    return answer.get("articles") or [answer]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_real_payload(door, path):
    answer = door(path)
    if path.parent.name == JSON_LD and answer.status_code == 422:
        return  # several blocks in one file are no JSON
    assert answer.status_code in {202, 422}, answer.content
    body = answer.json()
    if answer.status_code == 422:
        code = body["type"].removeprefix("urn:sharedesk:")
        assert code in codes()
        assert "Nothing is out" in body["detail"]
        assert models.Inbound.objects.get().result["code"] == code
        return
    for each in results_in(body):
        assert each["result"] in RESULTS
        if each["result"] == "not_shareable":
            assert each["code"] in codes()
    for share in models.Share.objects.all():
        assert share.article.value.address.startswith("http")


@pytest.mark.parametrize(
    "path", [p for p in FILES if "FAIL" in p.name or "bad" in p.name], ids=lambda p: p.name
)
def test_what_is_meant_to_fail_shares_nothing_and_says_why(door, path):
    answer = door(path)
    body = answer.json()
    assert not models.Share.objects.exists()
    told = (
        [body.get("type")] if answer.status_code == 422 else [each.get("code") for each in results_in(body)]
    )
    assert all(told)


#: One of each CMS, the time it was fired, and what comes of it for a practice account.
KNOWN = {
    "ghost/post.published.json": "shared",
    "ghost/post.scheduled.snapshot.json": "not_shareable",
    "ghost/post.added.draft.snapshot.json": "not_shareable",
    "ghost/post.deleted.snapshot.json": "not_shareable",
    "strapi/entry.unpublish.json": "not_shareable",
    "strapi/entry.delete.json": "not_shareable",
    "strapi/media.delete.json": "not_shareable",
    "arcxp_ans/image-fixture-good.json": "not_shareable",
}


@pytest.mark.parametrize("name", [name for name in KNOWN if (CMS / name).exists()])
def test_what_comes_of_it(door, name):
    answer = door(CMS / name).json()
    assert [each["result"] for each in results_in(answer)] == [KNOWN[name]], answer


def test_a_real_payload_with_other_values_is_read_alike(door):
    """The shape of a sample with other words in it, as another newsroom would send it."""
    path = CMS / "ghost/post.published.json"
    payload = json.loads(path.read_text())
    current = payload["post"]["current"]
    now = datetime.now(UTC).isoformat()
    current |= {
        "id": "other",
        "title": "항만 야간 버스",
        "url": "https://other.example/bus/",
        "published_at": now,
        "updated_at": now,
    }
    source = models.Source.objects.get(name="cms")
    answer = fire(source, payload).json()
    assert answer["result"] == "shared"
    assert models.Share.objects.get().article.headline == "항만 야간 버스"


def test_the_kept_hook_can_be_looked_at_through_the_api(door, desk):
    from sharing.services.staff import people

    token = people.add_token(desk, "reader", ["read"])
    answer = door(CMS / "ghost/post.published.json").json()
    client = Client(headers={"Authorization": f"Bearer {token}"})
    seen = client.get(f"/api/v1/inbound/{answer['inbound']}").json()
    assert seen["result"] == answer["result"]
    assert seen["share"] == answer["share"]
