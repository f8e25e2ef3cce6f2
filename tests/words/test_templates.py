from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.words import templates
from sharing.words.count import x_weight
from tests.words.ours import check, render

RIVER = Article(
    headline="강변 도시 17곳, 하천 수위 5분마다 공개한다",
    summary="강변 도시 17곳이 다음 달부터 하천 수위를 5분마다 공개한다. 지금까지는 한 시간에 한 번이었다.",
    language="ko",
    section="사회",
    authors=("정하늘", "윤슬"),
    site_name="물빛일보",
    label="속보",
)
BARE = Article(headline="Seoul, Hanoi agree to share typhoon data", language="en")


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{label} {headline}", "[속보] 강변 도시 17곳, 하천 수위 5분마다 공개한다"),
        ("{lead|first_sentence}", "강변 도시 17곳이 다음 달부터 하천 수위를 5분마다 공개한다."),
        ("{headline|fit:14}", "강변 도시 17곳…"),
        ("{headline|fit:14|quoted}", "“강변 도시 17곳…”"),
        ("{section|bracketed} {headline}", "[사회] 강변 도시 17곳, 하천 수위 5분마다 공개한다"),
        ("{quote or summary|first_sentence}", "강변 도시 17곳이 다음 달부터 하천 수위를 5분마다 공개한다."),
        ("{site}{이/가} 전합니다", "물빛일보가 전합니다"),
        ("{author}{이/가} 썼다, {authors}", "정하늘이 썼다, 정하늘, 윤슬"),
        ('{caption or "사진 설명 없음"}', "사진 설명 없음"),
        ("{{그대로}} {section}", "{그대로} 사회"),
        ("{headline}\n\n\n\n{caption}\n{section}", "강변 도시 17곳, 하천 수위 5분마다 공개한다\n\n사회"),
    ],
)
def test_a_template_is_filled(template, words):
    assert check(template, "facebook") == []
    assert render(template, RIVER, "facebook") == words


def test_what_is_empty_leaves_no_gap_and_no_loose_dot():
    assert render("{label} {headline} · {section}", BARE, "facebook") == BARE.headline
    assert render("{section} | {author} | {headline}", BARE, "facebook") == BARE.headline


def test_a_particle_goes_with_the_field_it_stands_behind():
    assert render("기사: {site}{이/가} {headline}", BARE, "facebook") == f"기사: {BARE.headline}"
    assert render("{이/가} {headline}", RIVER, "facebook") == RIVER.headline


def test_a_template_for_one_language_is_asked_about_that_one():
    assert check("{headline|fit:50}", "kakao", "en") == []
    assert [problem.facts["language"] for problem in check("{headline|fit:50}", "kakao", "ko")] == ["ko"]


def test_the_templates_of_the_docs_may_be_saved():
    page = (Path(__file__).parents[2] / "docs" / "style.md").read_text(encoding="utf-8")
    shown = regex.findall(r'template (?:add \w+|preview) (\w+) "([^"]+)"(?:.*--language (\w+))?', page)
    assert len(shown) > 2
    for channel, template, spoken in shown:
        assert check(template, channel, spoken) == [], template


def test_an_articles_braces_mean_nothing():
    tricky = Article(headline="{site} {headline} {{ {0.__class__}", language="en")
    assert render("{headline}", tricky, "facebook") == tricky.headline


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{wrong}", "template.unknown_field"),
        ("{}", "template.unknown_field"),
        ("{headline or wrong}", "template.unknown_field"),
        ("{headline.__class__}", "template.unknown_field"),
        ("{headline!r}", "template.unknown_field"),
        ("{headline[0]}", "template.unknown_field"),
        ("{body}", "template.unknown_field"),
        ("{headline|shout}", "template.unknown_filter"),
        ("{headline|upper:3}", "template.unknown_filter"),
        ("{headline|fit}", "template.number_needed"),
        ("{headline|fit:0}", "template.number_needed"),
        ("{headline|fit:x}", "template.number_needed"),
        ("{headline", "template.broken"),
        ("headline}", "template.broken"),
        ("오늘의 기사", "template.no_field"),
        ('{"오늘의 기사"}', "template.no_field"),
        ('{"오늘의 기사" or headline}', "template.no_field"),
        ("{이/가}", "template.no_field"),
        ("{{headline}}", "template.no_field"),
        ("%(headline)s", "template.no_field"),
        ("{headline or or lead}", "template.unknown_field"),
        ("{headline||upper}", "template.unknown_field"),
        ("{headline|fit:60|}", "template.unknown_field"),
        ("{headline:>300}", "template.unknown_field"),
        ("{__import__('os')}", "template.unknown_field"),
        ("{0}", "template.unknown_field"),
        ("{Headline}", "template.unknown_field"),
        ("{headline}{이랑/랑}", "template.unknown_field"),
        ("{headline|FIT:10}", "template.unknown_filter"),
        ("{headline|fit:１０}", "template.number_needed"),
        ("{headline|fit:999999999999}", "template.number_needed"),
        ("{headline}}", "template.broken"),
        ('{"{headline}"}', "template.broken"),
        ("{headline\n}", "template.broken"),
        ("가" * 2001, "template.too_long"),
    ],
)
def test_a_mistake_is_found_when_the_template_is_saved(template, code):
    assert code in {problem.code for problem in check(template, "x")}


def test_a_mistake_is_told_with_where_it_is_and_what_there_is():
    (problem,) = check("{label} {wrong}", "x")
    assert (problem.at, problem.facts["name"]) == (8, "wrong")
    assert "headline" in problem.facts["known"]


def test_words_that_a_long_headline_makes_too_long_are_found_before_the_first_one_comes():
    assert check("{label} {headline}", "x") == []
    overlong = check("{headline}\n{summary}", "x")
    assert {problem.facts["language"] for problem in overlong} == {"ko", "en"}
    assert {problem.code for problem in overlong} == {"template.overlong"}
    assert [problem.facts["language"] for problem in check("{headline}", "mail")] == ["ko", "en"]
    assert check("{headline|fit:40}", "mail") == []
    assert check("{headline}\n{summary}", "facebook") == []


def test_rendered_words_always_fit_and_a_broken_template_is_refused():
    assert x_weight(render("{headline} {summary} {summary} {summary}", RIVER, "x")) <= 256
    with pytest.raises(Refusal) as refused:
        render("{wrong}", RIVER, "x")
    assert (refused.value.code, refused.value.field) == ("template.unknown_field", "template")


@pytest.mark.parametrize(
    "sentence", ["강물이 불어나 다리가 잠겼다.", "The river rose and the bridge went under."]
)
def test_a_long_mail_ends_with_a_sentence(sentence):
    long = Article(headline="제목", summary=" ".join([sentence] * 60))
    subject, rest = render("{headline}\n{lead}", long, "mail").split("\n")
    assert (subject, rest) == ("제목", " ".join([sentence] * (600 // (len(sentence) + 1))))


@given(
    st.text(alphabet='{}|:or headlinefit0123"“” 이/가\n', max_size=80),
    st.sampled_from(["x", "mail", "kakao", "facebook", "link"]),
)
def test_no_template_ends_in_a_traceback(template, channel):
    if any(problem.code != "template.overlong" for problem in check(template, channel)):
        return
    render(template, RIVER, channel)
    render(template, BARE, channel)


@pytest.mark.parametrize(
    "template", ["{" * 2000, "{headline|" * 200, "{a or " * 300, "}" * 2000, "{headline}" * 150]
)
def test_hostile_templates_are_read_in_a_moment(template):
    assert isinstance(check(template, "x"), list)


def test_every_field_and_filter_works():
    for name in templates.FIELDS:
        render(f"{{{name}}}", RIVER, "link")
    for name in templates.FILTERS:
        assert render(f"{{headline|{name}}}", RIVER, "link")
