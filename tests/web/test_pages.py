"""Every page answers, in both languages, to everybody who may look and to nobody else; garbage gets a sentence."""

import html

import pytest
from django.test import Client

from sharing.domain.delivery import State
from sharing.services.shares import drafts
from tests import given

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script> \u202egnp.exe\u202c “따옴표” & 'x' {{ 7|add:7 }} {이/가} %s"


def pages_of(draft, share):
    return [
        "/", "/compose", f"/compose/s{draft.pk}", f"/shares/s{share.pk}", "/queue", "/articles",
        f"/articles/{draft.article_id}", "/accounts", "/settings/me", "/articles?q=버스", "/articles?q=%00%ff",
    ]  # fmt: skip


@pytest.fixture
def share(desk, accounts, cho_asks):
    return given.a_share(desk, *accounts.values(), acting=cho_asks)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_answers_in_both_languages(cho, draft, share, language):
    cho.cookies["language"] = language
    for page in pages_of(draft, share):
        answer = cho.get(page)
        assert answer.status_code == 200, page
        assert f'<html lang="{language}"' in answer.text, page
        assert answer.headers["Content-Language"] == language
        assert ("건너뛰기" in answer.text) == (language == "ko"), page
        assert "no-store" in answer.headers["Cache-Control"], page


def test_everything_of_a_practice_account_says_so(cho, draft, share):
    for page in (f"/compose/s{draft.pk}", f"/shares/s{share.pk}", "/queue", "/accounts"):
        assert "연습용" in cho.get(page).text, page


@pytest.mark.parametrize(
    "path",
    [
        "/shares/s0", "/shares/x", "/shares/s99999999999999999999", "/shares/%00", "/compose/s7777777", "/compose/,",
        "/articles/0", "/articles/99999999999999999999999", "/articles/x", "/pictures/1e9", "/nowhere", "/shares/s1/live",
        "/compose/s1/facts", "/shares/\u202e", "/articles/%F0%28%8C%28",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_page_that_says_so(cho, path):
    answer = cho.get(path)
    assert answer.status_code in {404, 405}
    if answer.status_code == 404:
        assert "<h1>" in answer.text
        assert 'class="nav"' in answer.text


@pytest.mark.parametrize(
    "form",
    [
        {}, {"account": ["x", "-1", "9" * 30, "1.5"]}, {"column": ["x"] * 500}, {"words-x-text": "a"},
        {"column": "x", "words-x-text": "가" * 5000, "when": "nonsense", "at": "yesterday"},
        {"column": "nobody", "words-nobody-text": "x"}, {"when": "schedule", "at": ""}, {"seen": ["", "0", "ㅎ"]},
    ],
)  # fmt: skip
@pytest.mark.parametrize("act", ["facts", "save", "wording", "send"])
def test_garbage_in_the_compose_form_breaks_nothing(cho, draft, act, form):
    answer = cho.post(f"/compose/s{draft.pk}/{act}", form)
    assert answer.status_code in {200, 302, 404, 409, 422}


@pytest.mark.parametrize("act", ["resolve", "again", "cancel", "rewrite", "copied"])
@pytest.mark.parametrize(
    "form", [{}, {"verdict": "there", "url": "javascript:alert(1)"}, {"verdict": "no such"}]
)
def test_garbage_in_an_act_breaks_nothing(cho, share, act, form):
    row = share.deliveries.first()
    assert cho.post(f"/deliveries/d{row.pk}/{act}", form).status_code in {204, 302, 409, 422}
    assert cho.post("/deliveries/d0/" + act, form).status_code == 404


def test_a_hostile_article_is_shown_and_does_nothing(cho, desk, accounts, cho_asks):
    article = given.an_article(
        headline=HOSTILE,
        summary=HOSTILE * 3,
        section='"><img src=x onerror=alert(1)>',
        authors=("</textarea><script>",),
        url="https://news.example/story/%22%3E%3Cscript%3E?a=</script>",
        image_url="javascript:alert(1)",
        image_alt='" onload="x',
        body=HOSTILE,
    )
    draft = drafts.make(desk, article, cho_asks)
    drafts.write(draft, {"x": "</textarea><script>alert(2)</script>", "facebook": "\n\n</p><b onclick=x>"})
    for page in (
        f"/compose/s{draft.pk}",
        f"/shares/s{draft.pk}",
        "/",
        "/articles",
        f"/articles/{draft.article_id}",
    ):
        text = cho.get(page).text
        assert "<script>alert" not in text, page
        assert "<img src=x" not in text, page
        assert "<b onclick" not in text, page
        assert "{이/가}" not in text or html.escape("{이/가}") in text


def test_a_title_that_is_no_pattern_for_anything(cho, desk, accounts, cho_asks):
    """Braces in a headline mean nothing to the sentences that it is filled into."""
    draft = drafts.make(desk, given.an_article(headline="{0} {name} {이/가} %(x)s"), cho_asks)
    assert "{0} {name} {이/가} %(x)s" in cho.get(f"/compose/s{draft.pk}").text


def test_a_javascript_address_is_never_a_link(cho, share):
    row = share.deliveries.get(channel="facebook")
    type(row).objects.filter(pk=row.pk).update(
        state=State.DELIVERED, receipt="posted", permalink="javascript:alert(1)"
    )
    assert "javascript:" not in cho.get(f"/shares/s{share.pk}").text


def test_a_mistake_of_ours_has_a_number_and_says_what_is_live(cho, share, monkeypatch):
    from sharing.web.pages import lists

    monkeypatch.setattr(lists.times, "zone_name", lambda zone, language: 1 / 0)
    cho.raise_request_exception = False
    answer = cho.get("/queue")
    assert answer.status_code == 500
    assert "번호" in answer.text
    assert "나간 것 없음" in answer.text
    row = share.deliveries.first()
    type(row).objects.filter(pk=row.pk).update(
        state=State.DELIVERED, receipt="posted", permalink="https://x.example/1"
    )
    assert "1건이 나갔거나" in cho.get("/queue").text


def test_the_policy_allows_no_script_but_our_own(cho, draft):
    answer = cho.get(f"/compose/s{draft.pk}")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_an_old_form_says_that_nothing_was_sent(cho, draft):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cho.cookies
    answer = strict.post(f"/compose/s{draft.pk}/send", {})
    assert answer.status_code == 403
    assert "보낸 것 없음" in answer.text


def test_the_pages_open_with_few_queries(cho, draft, share, django_assert_max_num_queries):
    for page in pages_of(draft, share):
        with django_assert_max_num_queries(40):
            cho.get(page)


def test_a_wrong_host_is_one_sentence_and_no_server_error():
    answer = Client().get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "Traceback" not in answer.text
