"""People come in by name or address, the first time by a one-time link; nobody signs up."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from sharing import models
from sharing.services.staff import people

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
GOOD = "강물이 흐르는 다리 밑"


@pytest.fixture(autouse=True)
def _no_tries_before():
    cache.clear()


@pytest.fixture
def browser():
    client = Client()
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def ari(person):
    made = person("Ari", "publisher")
    made.set_password(GOOD)
    made.save()
    return made


@pytest.mark.parametrize("name", ["Ari", "ari", "ari@news.example", " Ari "])
def test_by_name_or_address(browser, ari, name):
    answer = browser.post("/sign-in", {"login": name, "password": GOOD})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_where_somebody_wanted_to_go_is_kept_but_only_here(browser, ari):
    there = browser.post("/sign-in", {"login": "Ari", "password": GOOD, "next": "/queue"})
    assert there.headers["Location"] == "/queue"
    evil = Client().post("/sign-in", {"login": "Ari", "password": GOOD, "next": "https://evil.example/"})
    assert evil.headers["Location"] == "/"


@pytest.mark.parametrize("name", ["Ari", "nobody", "nobody@news.example", "x" * 5000])
def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(browser, ari, name):
    answer = browser.post("/sign-in", {"login": name, "password": "wrong"})
    assert answer.status_code == 200
    assert "Nobody was signed in" in answer.text


def test_their_language_comes_with_them(browser, ari):
    models.Person.objects.filter(pk=ari.pk).update(language="ko")
    browser.post("/sign-in", {"login": "Ari", "password": GOOD})
    assert browser.cookies["language"].value == "ko"


def test_there_is_no_door_to_sign_up(browser):
    for path in ("/sign-up", "/signup", "/accounts/signup/", "/register"):
        assert browser.get(path).status_code == 404


def test_a_one_time_link_asks_for_a_password_and_works_once(browser, person):
    bo = person("Bo", "editor")
    link = people.sign_in_link(bo).partition("/invite/")[2]
    assert browser.get(f"/invite/{link}").status_code == 200
    assert browser.get(f"/invite/{link}").status_code == 200
    assert browser.post(f"/invite/{link}", {"password": GOOD}).headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    again = Client().get(f"/invite/{link}")
    assert again.status_code == 404
    bo.refresh_from_db()
    assert bo.check_password(GOOD)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "required"),
        ("short", "Too short"),
        ("1234567890123", "Digits alone"),
        ("password1234", "Too common"),
        ("bo@news.example", "Too close"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays(browser, person, password, said):
    link = people.sign_in_link(person("Bo", "editor")).partition("/invite/")[2]
    answer = browser.post(f"/invite/{link}", {"password": password})
    assert answer.status_code == 422
    assert said in answer.text
    assert browser.get(f"/invite/{link}").status_code == 200


@pytest.mark.parametrize("token", ["x", "\x00", "%2e%2e", "a" * 3000, "한글"])
def test_a_wrong_link_is_a_page(browser, token):
    answer = browser.get(f"/invite/{token}")
    assert answer.status_code in {404, 400}


def test_the_link_of_the_page_tells_nobody_else_where_it_is(browser, person):
    link = people.sign_in_link(person("Bo", "editor")).partition("/invite/")[2]
    assert browser.get(f"/invite/{link}").headers["Referrer-Policy"] == "same-origin"


def test_without_a_mail_server_an_admin_makes_a_new_link(browser, ari):
    answer = browser.get("/sign-in/forgotten")
    assert "An admin makes a new one-time link" in answer.text
    assert "<form" not in answer.text.partition("<main")[2].partition("</main>")[0]
    assert browser.post("/sign-in/forgotten", {"who": "Ari"}).status_code == 200
    assert not models.SignInLink.objects.exists()


def test_with_one_the_answer_never_tells_who_is_known(browser, ari, house, settings, monkeypatch):
    import dataclasses

    from sharing.services.staff import password_mail

    sent = []
    monkeypatch.setattr(password_mail, "_submit", lambda letter, to: sent.append((to, letter.get_content())))
    house(live=dataclasses.replace(settings.SHAREDESK.live, smtp="smtp://127.0.0.1:1"))
    known = browser.post("/sign-in/forgotten", {"who": "ari@news.example"})
    unknown = browser.post("/sign-in/forgotten", {"who": "nobody"})
    assert _TOKEN.sub("", known.text) == _TOKEN.sub("", unknown.text)
    browser.post("/sign-in/forgotten", {"who": "Ari"})
    ((to, words),) = sent
    assert to == "ari@news.example"
    assert "/invite/" in words


def test_signing_out_is_a_post(cho):
    assert cho.get("/sign-out").status_code == 200
    assert cho.get("/").status_code == 200
    assert cho.post("/sign-out").status_code == 302
    assert cho.get("/").status_code == 302


def test_the_language_is_a_setting_of_the_person(cho):
    answer = cho.post("/settings/language", {"language": "en", "next": "/queue"})
    assert answer.headers["Location"] == "/queue"
    cho.person.refresh_from_db()
    assert cho.person.language == "en"
    assert "Queue" in cho.get("/queue").text
    assert (
        cho.post("/settings/language", {"language": "xx", "next": "//evil.example"}).headers["Location"]
        == "/"
    )


def test_the_theme_is_a_setting_of_the_person(cho):
    cho.post("/settings/theme", {"theme": "dark"})
    assert 'data-theme="dark"' in cho.get("/").text
    cho.post("/settings/theme", {"theme": '"><script>'})
    assert 'data-theme="dark"' in cho.get("/").text
