"""The API is what its OpenAPI says, whatever is sent to it: no 5xx, no answer outside the schema."""

from collections import Counter

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as of_openapi

from config.wsgi import application
from sharing import models
from sharing.services.staff import people
from tests.firing import a_source, told
from tests.given import a_share, an_account, an_article
from tests.net.internet import open_internet

pytestmark = pytest.mark.django_db(transaction=True)

PROMISES = [
    checks.not_a_server_error,
    of_openapi.status_code_conformance,
    of_openapi.content_type_conformance,
    of_openapi.response_headers_conformance,
    of_openapi.response_schema_conformance,
    of_openapi.ignored_auth,
    of_openapi.unsupported_method,
    of_openapi.missing_required_header,
]


described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def desk_of_ours(db):
    return models.Desk.objects.get_or_create(name="main")[0]


@pytest.fixture
def account(desk_of_ours, scripted):
    return an_account(desk_of_ours)


@pytest.fixture
def token(desk_of_ours, account, monkeypatch):
    """A token of a desk that has an account and shares; there is no Internet."""
    open_internet(monkeypatch)
    for _ in range(3):
        a_share(desk_of_ours, account, article=an_article())
    return people.add_token(desk_of_ours, "fuzz", ["share", "read"])


@described.parametrize()
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_keeps_its_word(case, token):
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=PROMISES)


def test_the_description_itself_is_well_formed():
    described.validate()
    assert {operation.ok().label for operation in described.get_all_operations()} >= {
        "POST /api/v1/shares",
        "GET /api/v1/shares/{share_id}",
        "POST /api/v1/compose",
        "GET /api/v1/inbound/{inbound_id}",
    }


#: What is really there, for the parts of a path that name it.
THERE = {"share_id": "s{share}", "delivery_id": "d{delivery}", "inbound_id": "{inbound}"}


@pytest.fixture
def there(desk_of_ours):
    row = models.Share.objects.order_by("pk").first()
    inbound = told(a_source(desk_of_ours)[0], {"article": {"headline": "x", "url": "https://a.example/9"}})
    return {"share": row.pk, "delivery": row.deliveries.get().pk, "inbound": inbound["inbound"]}


@described.parametrize()
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_operation_on_what_is_there(case, token, there, account):
    """Whatever stands in the rest of the request: ids are right, the article has an address and somewhere to go."""
    for name in set(case.path_parameters or {}) & set(THERE):
        case.path_parameters[name] = THERE[name].format(**there)
    if isinstance(case.body, dict) and isinstance(case.body.get("article"), dict):
        SEEN["n"] += 1
        case.body["article"] |= {"url": f"https://news.example/{SEEN['n']}", "status": "published"}
        case.body.pop("source", None)
        if case.operation.path == "/api/v1/shares":
            case.body |= {"accounts": [str(account.pk)], "channels": [], "text": {}, "repeat": None}
            case.body |= {"at": None, "embargo_until": None}
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=PROMISES)


SEEN: Counter[str] = Counter()


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/api/v1/nothing", 404),
        ("get", "/api/v1/shares", 405),
        ("delete", "/api/v1/compose", 405),
        ("get", "/api/v2/shares", 404),
        ("post", "/hooks/not a name", 404),
        ("post", "/hooks/", 404),
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_no_operation_answers_is_a_problem_too(db, method, address, status, language):
    answer = getattr(Client(), method)(address, headers={"Accept-Language": language})
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail", "errors"}
    assert ("없" in answer.json()["detail"]) == (language == "ko")
    if status == 405:
        assert answer["Allow"]


def test_an_unknown_host_is_a_problem_too(db):
    answer = Client().get("/api/v1/openapi.json", headers={"Host": "evil.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
