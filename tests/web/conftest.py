"""People of a desk with practice accounts: Ari reports, Bo edits, Cho publishes, Dan only reads, Eve is nobody here."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from sharing import models
from sharing.services.accounts import practice
from sharing.services.entries import ActingFor
from sharing.services.shares import drafts
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
    return ActingFor(name="Cho", via="web", person=cho.person, role="publisher")


@pytest.fixture
def draft(desk, accounts, cho_asks):
    # A real top-level domain: X counts only links that lead somewhere as links.
    article = given.an_article(
        url="https://news.mulbit.kr/story/1", image_url="https://news.mulbit.kr/bus.jpg"
    )
    return drafts.make(desk, article, cho_asks)


def form_of(share, **changes):
    """What the compose page would send, as it stands: every account of the draft, every field, every version."""
    from sharing.presentation.previews import fields_of, split
    from sharing.services.shares.drafts import mark_of, standings
    from sharing.web.pages.timing import Clock

    share.article.refresh_from_db()
    data = {"account": [], "had": [], "column": [], "when": "now", "page": "0123456789abcdef"}
    data["version"] = share.article.data_hash
    opens = drafts.opens_at(share.article.value, datetime.now(UTC))
    data["opens"] = opens.isoformat() if opens else ""
    time = drafts.timed(share)
    clock = Clock.of(time.timing, ZoneInfo(share.desk.zone))
    data |= {"when": clock.when, "at": clock.at, **({"breaking": "on"} if clock.breaking else {})}
    data |= {"version-when": time.version, "shown-when": mark_of(clock.words)}
    for slug, standing in standings(drafts.rows(share)).items():
        row = standing.rows[0]
        words = drafts.words_of(row)
        data["had"] += [str(pk) for pk in standing.on]
        data["account"] += [str(each.account_id) for each in standing.rows]
        data["column"].append(slug)
        data |= {f"version-{slug}": standing.version, f"shown-{slug}": mark_of(words)}
        parts = split(slug, words)
        for field in fields_of(slug):
            data[f"words-{slug}-{field.name}"] = parts[field.name]
    return {**data, **changes}


def send(share, acting, *, seen=(), **time):
    """Send a draft as somebody who sees it as it stands now, and at what time it shall go."""
    if time:
        drafts.set_time(share, drafts.Timing(**time), "", acting)
    share.article.refresh_from_db()
    facts = {
        "versions": {
            slug: standing.version for slug, standing in drafts.standings(drafts.rows(share)).items()
        }
        | {drafts.WHEN: drafts.timed(share).version},
        "article": share.article.data_hash,
        "opens": drafts.opens_at(share.article.value, datetime.now(UTC)),
    }
    return drafts.send(share, acting, **facts, seen=seen)


def form_on(page):
    """What a browser would send of this page when nobody types."""
    from lxml import html

    found = {}
    for box in html.fromstring(page).get_element_by_id("compose").inputs:
        on = getattr(box, "checkable", False)
        if box.name and box.value is not None and (not on or box.checked):
            # A browser drops the line end after <textarea>; lxml does not.
            value = box.value.removeprefix("\n") if box.tag == "textarea" else box.value
            found.setdefault(box.name, []).append(value)
    return found
