"""Words are composed once per account and share, by whichever door they come."""

import pytest

from sharing import models
from sharing.domain.account import Mode
from sharing.services.incoming import rules
from sharing.services.incoming.rules import NewRule
from sharing.services.shares import drafts, style
from tests.firing import CLI, a_source, told
from tests.given import CHO, a_share, an_account, an_article
from tests.web.conftest import send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def composed(scripted, monkeypatch):
    """The accounts for which the scripted channel composed, in order."""
    accounts, compose = [], scripted.compose

    def counting(article, teaser, account, link):
        accounts.append(account.id)
        return compose(article, teaser, account, link)

    monkeypatch.setattr(scripted, "compose", counting)
    return accounts


@pytest.fixture
def accounts(desk, scripted):
    return [an_account(desk, mode=Mode.SANDBOX) for _ in range(3)]


def once_each(composed, accounts):
    return sorted(composed) == sorted(str(each.pk) for each in accounts)


@pytest.mark.parametrize("acting", [CHO, CLI], ids=lambda each: each.via)
def test_a_share_composes_once_for_each_account(desk, accounts, composed, acting):
    a_share(desk, *accounts, acting=acting)
    assert once_each(composed, accounts)


@pytest.mark.parametrize("banned", [[], ["highest"]], ids=["let out", "blocked, so a person is asked"])
def test_a_hook_composes_once_for_each_account(desk, accounts, composed, banned):
    source = a_source(desk)[0]
    rules.add(source, NewRule(accounts=accounts, does="auto"), CLI)
    style.change(desk, "banned", banned)
    answer = told(source, {"article": {"url": "https://news.example/9", "headline": "River at its highest"}})
    assert answer["result"] == ("drafted" if banned else "shared")
    assert {each.state for each in models.Delivery.objects.all()} == {"draft" if banned else "queued"}
    assert once_each(composed, accounts)


def test_a_draft_composes_once_for_each_account_and_sends_what_it_composed(desk, accounts, composed):
    share = a_share(desk, *accounts, as_draft=True, unfinished=True)
    assert once_each(composed, accounts)
    send(share, CHO)
    assert {each.state for each in share.deliveries.all()} == {"queued"}
    assert once_each(composed, accounts), "a draft is sent as it stands"


def test_opening_a_draft_again_composes_nothing(desk, accounts, composed):
    draft = a_share(desk, *accounts, article=an_article(), as_draft=True, unfinished=True)
    composed.clear()
    assert drafts.make(desk, draft.article.value, CHO) == draft
    assert composed == []
