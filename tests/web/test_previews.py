"""The preview is the post: what a reader sees is what is in the message, also in a file that stands alone."""

import re

import pytest
from django.utils import translation

from sharing.channels.registry import channel
from sharing.domain.account import Account, Mode
from sharing.domain.message import Teaser
from sharing.presentation import previews
from tests import given

SLUGS = ["facebook", "x", "kakao", "mail", "link"]


def message(slug, **fields):
    account = Account(id="1", channel=slug, remote_id="1", name="물빛일보", mode=Mode.SANDBOX, language="ko")
    article = given.an_article(
        language="ko",
        headline="야간 버스 여섯 노선 다닌다",
        summary="항구 도시 여섯 곳이 야간 버스를 놓는다.",
        **fields,
    )
    maker = channel(slug)
    return maker.compose(
        article, Teaser(), account, maker.link("https://news.example/story/1", account, "23456789ab")
    )


def items(**more):
    return [
        {
            "channel": slug,
            "account_name": "물빛일보",
            "message": message(slug),
            "sandboxed": True,
            "note": "확인됨",
            **more,
        }
        for slug in SLUGS
    ]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_word_of_the_message_is_in_its_preview(slug):
    made = message(slug)
    shown = re.sub(r"<[^>]+>", " ", previews.render(previews.shown(made, account_name="물빛일보")))
    seen = " ".join(shown.split())
    words = made.text.replace(made.link or "\x00", "") if slug in {"x", "mail"} else made.text
    if slug == "link":
        words = "localhost:8000/s/23456789ab"
    for word in words.split():
        assert word in seen.replace("/ ", "/"), word


def test_only_fields_of_a_draft_can_be_edited():
    for slug in SLUGS:
        made = message(slug)
        assert "<textarea" not in previews.render(previews.shown(made, account_name="a"))
        editable = previews.render(previews.shown(made, account_name="a", editable=True))
        assert editable.count("<textarea") == len(previews.fields_of(slug))


def test_a_page_that_stands_alone_needs_nothing_else():
    with translation.override("en"):
        page = previews.standalone_page("Five results <b>", items())
    assert page.startswith("<!doctype html>")
    assert "Five results &lt;b&gt;" in page
    assert page.count("Practice") == 5
    # what a browser would fetch by itself
    assert not re.search(r'(?:src|href)="(?!data:|#)[^"]*"|url\(|@import', page)
    assert "<script" not in page
    for name in set(re.findall(r'href="#([\w-]+)"', page)):
        assert f'id="{name}"' in page, name


def test_results_stand_in_groups():
    page = previews.standalone_page("Two articles", [*items(group="하나"), *items(group="둘")])
    assert page.index(">하나<") < page.index(">둘<")
    assert page.count('class="col-head"') == 10


def test_a_channel_from_elsewhere_is_shown_plainly(scripted):
    made = scripted.compose(
        given.an_article(),
        Teaser(words="Plain words"),
        Account(id="1", channel=scripted.slug, remote_id="1", name="n"),
        "https://n.example/1",
    )
    assert "Plain words" in previews.render(previews.shown(made, account_name="Elsewhere"))


def test_hostile_words_stay_words():
    made = message("facebook")
    import dataclasses

    evil = dataclasses.replace(made, text="</textarea><script>x</script>", card={"title": "<img onerror=x>"})
    shown = previews.render(previews.shown(evil, account_name="<b>", editable=True))
    assert "<script>" not in shown
    assert "<img onerror" not in shown
    assert "<b>&lt;b&gt;</b>" in shown
