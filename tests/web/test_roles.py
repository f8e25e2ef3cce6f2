"""Who may do what: a reporter writes, an editor and a publisher send, an auditor looks, an outsider is outside."""

import pytest
from django.test import Client

from sharing import models
from sharing.domain.delivery import State
from sharing.services.entries import ActingFor
from sharing.services.shares import drafts
from tests import given
from tests.web.conftest import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def of_ari(desk, accounts, person):
    ari = person("Ari", "reporter")
    return ari, drafts.make(
        desk, given.an_article(), ActingFor(name="Ari", via="web", person=ari, role="reporter")
    )


def signed_in(who):
    from sharing.web.sign_in import BACKEND

    client = Client()
    client.force_login(who, backend=BACKEND)
    client.cookies["language"] = "en"
    return client


def test_strangers_are_led_to_sign_in_and_back(db):
    answer = Client().get("/articles?q=bus")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=/articles%3Fq%3Dbus"
    assert Client().get("/shares/s1/live", headers={"HX-Request": "true"}).status_code == 401


def test_a_reporter_writes_but_the_button_says_that_they_may_not_send(of_ari):
    ari, draft = of_ari
    browser = signed_in(ari)
    page = browser.get(f"/compose/s{draft.pk}").text
    assert "You may not send. Nothing was sent." in page
    assert 'id="send" disabled' in page
    assert browser.post(f"/compose/s{draft.pk}/save", form_of(draft)).status_code == 302


def test_a_reporters_send_is_refused_and_loses_nothing(of_ari):
    ari, draft = of_ari
    answer = signed_in(ari).post(
        f"/compose/s{draft.pk}/send", form_of(draft, **{"words-x-text": "Ari's own words"})
    )
    assert answer.status_code == 403
    assert "Nothing was sent" in answer.text
    assert drafts.words_of(draft.deliveries.get(channel="x")) == "Ari's own words"
    assert set(draft.deliveries.values_list("state", flat=True)) == {State.DRAFT}


def test_a_reporters_draft_asks_those_who_may_send(of_ari, enter):
    _ari, draft = of_ari
    assert f"/compose/s{draft.pk}" in enter("Bo", "editor").get("/").text


@pytest.mark.parametrize("role", ["editor", "publisher"])
def test_editors_and_publishers_send(of_ari, enter, role):
    _ari, draft = of_ari
    answer = enter("Bo", role).post(f"/compose/s{draft.pk}/send", form_of(draft))
    assert answer.headers["Location"] == f"/shares/s{draft.pk}"
    assert set(draft.deliveries.values_list("state", flat=True)) == {State.QUEUED}


@pytest.mark.parametrize("roles", [("reporter",), ("auditor",), ("admin",)])
@pytest.mark.parametrize("act", ["resolve", "again", "cancel", "rewrite"])
def test_only_those_who_send_decide(desk, accounts, enter, cho_asks, roles, act):
    row = given.a_share(desk, accounts["x"], acting=cho_asks).deliveries.get()
    answer = enter("Dan", *roles).post(f"/deliveries/d{row.pk}/{act}", {"verdict": "take"})
    assert answer.status_code == 403
    assert given.reread(row).state == State.QUEUED


def test_an_auditor_reads_and_does_not_write(of_ari, enter):
    _ari, draft = of_ari
    dan = enter("Dan", "auditor")
    assert dan.get("/articles").status_code == 200
    assert dan.post(f"/compose/s{draft.pk}/save", form_of(draft)).status_code == 403
    assert (
        dan.post(
            "/compose", {"source": '{"article": {"url": "https://n.example/1", "headline": "h"}}'}
        ).status_code
        == 403
    )
    assert 'name="source"' not in dan.get("/").text


def test_somebody_without_a_role_sees_nothing(of_ari, enter):
    _ari, draft = of_ari
    eve = enter("Eve", language="en")
    for path in ("/", f"/compose/s{draft.pk}", f"/shares/s{draft.pk}", "/accounts"):
        answer = eve.get(path)
        assert answer.status_code == 403
        assert draft.article.headline not in answer.text


def test_another_desks_share_is_not_there(cho, accounts):
    elsewhere = given.a_desk()
    foreign = given.a_share(elsewhere, given.an_account(elsewhere, "link"))
    row = foreign.deliveries.get()
    for path in (
        f"/shares/s{foreign.pk}",
        f"/compose/s{foreign.pk}",
        f"/articles/{foreign.article_id}",
        f"/pictures/{foreign.article_id}",
    ):
        assert cho.get(path).status_code == 404
    assert cho.post(f"/deliveries/d{row.pk}/cancel").status_code == 404


def test_every_act_is_kept_with_who_did_it(cho, desk, accounts, cho_asks):
    row = given.a_share(desk, accounts["x"], acting=cho_asks).deliveries.get()
    cho.post(f"/deliveries/d{row.pk}/cancel")
    entry = models.Entry.objects.latest("pk")
    assert (entry.name, entry.role, entry.verb) == ("Cho", "publisher", "cancelled")


def test_a_switched_off_person_is_out_at_once(cho):
    models.Person.objects.filter(pk=cho.person.pk).update(is_active=False)
    assert cho.get("/").status_code == 302
