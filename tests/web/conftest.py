"""People of a desk with practice accounts: Ari reports, Bo edits, Cho publishes, Dan only reads, Eve is nobody here."""

import pytest
from django.test import Client

from sharing import models
from sharing.services import drafts, practice
from sharing.services.entries import Asker
from sharing.web.sign_in import BACKEND
from tests import given


@pytest.fixture
def desk(db):
    return given.a_desk("main-of-tests", zone="Asia/Seoul")


@pytest.fixture
def accounts(desk):
    return {account.channel: account for account in practice.accounts_of(desk)}


@pytest.fixture
def person(desk):
    """Makes a person with roles at the desk."""

    def make(name, *roles):
        made = models.Person.objects.create(name=name, email=f"{name.lower()}@news.example")
        for role in roles:
            models.Membership.objects.create(person=made, desk=desk, role=role)
        return made

    return make


@pytest.fixture
def enter(person):
    """A signed-in browser: `enter("Cho", "publisher", language="en")`."""

    def sign_in(name, *roles, language="ko"):
        client = Client()
        client.person = person(name, *roles)
        client.force_login(client.person, backend=BACKEND)
        client.cookies["language"] = language
        return client

    return sign_in


@pytest.fixture
def cho(enter, accounts):
    return enter("Cho", "publisher")


@pytest.fixture
def cho_asks(cho):
    return Asker(name="Cho", via="web", person=cho.person, role="publisher")


@pytest.fixture
def draft(desk, accounts, cho_asks):
    # A real top-level domain: X counts only links that lead somewhere as links.
    article = given.an_article(
        url="https://news.mulbit.kr/story/1", image_url="https://news.mulbit.kr/bus.jpg"
    )
    return drafts.make(desk, article, cho_asks)


def form_of(share, **changes):
    """What the compose page would send, as it stands: every account of the draft, every field."""
    from sharing.web.previews import fields_of, split

    data = {"account": [], "column": [], "when": "now"}
    for row in drafts.rows(share):
        data["account"].append(str(row.account_id))
        data["column"].append(row.channel)
        parts = split(row.channel, drafts.words_of(row))
        for name, _label, _one_line in fields_of(row.channel):
            data[f"words-{row.channel}-{name}"] = parts[name]
    return {**data, **changes}
