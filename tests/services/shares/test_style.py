"""A desk's style: its templates, its rules about words, and what they stop."""

import pytest

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.message import Teaser
from sharing.domain.refusal import Refusal
from sharing.services.incoming import rules
from sharing.services.incoming.rules import NewRule
from sharing.services.shares import drafts, style
from sharing.services.shares.style import LintBlocked
from tests.firing import CLI, a_source, told
from tests.given import CHO, a_share, an_account, an_article, reread, the_article_changes
from tests.web.conftest import send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def x(desk):
    return an_account(desk, "x", mode=Mode.SANDBOX, secrets={"access_token": "practice"})


def story(**fields):
    return an_article(
        **{"headline": "River at its highest", "section": "Local", "tags": ("river", "weather"), **fields}
    )


def words(share):
    return share.deliveries.get().message["text"].rpartition("\n")[0]


# -- templates ---------------------------------------------------------------------------------------------


def test_a_template_writes_the_words_of_its_channel(desk, x):
    style.add_template(desk, "short", "x", "Now: {headline}")
    assert words(a_share(desk, x, article=story())) == "Now: River at its highest"


def test_words_by_a_template_are_automatic_and_follow_the_article(desk, x):
    style.add_template(desk, "short", "x", "Now: {headline}")
    share = a_share(desk, x, article=story(url="https://news.example/river"))
    assert share.deliveries.get().words == "auto"
    the_article_changes(share.deliveries.get(), headline="River falls")
    assert words(share) == "Now: River falls"


def test_a_persons_own_words_win_over_a_template(desk, x):
    style.add_template(desk, "short", "x", "Now: {headline}")
    share = a_share(desk, x, article=story(), teasers={"x": Teaser(words="My own words.")})
    assert words(share) == "My own words."


def test_another_wording_that_somebody_chose_wins_over_a_template(desk, x):
    style.add_template(desk, "short", "x", "Now: {headline}")
    share = a_share(desk, x, article=story(), teasers={"x": Teaser(variant="headline")})
    assert words(share) == "River at its highest"
    assert share.deliveries.get().variant == "headline"


def test_the_template_that_says_more_fits_better(desk, x):
    style.add_template(desk, "section", "x", "Local: {headline}", section="local")
    style.add_template(desk, "any", "x", "Any: {headline}")
    style.add_template(desk, "korean", "x", "Korean: {headline}", section="local", spoken="ko")
    assert words(a_share(desk, x, article=story())).startswith("Local: ")
    assert words(a_share(desk, x, article=story(section="Sports"))).startswith("Any: ")


def test_templates_of_other_desks_and_channels_are_not_asked(desk, x):
    other = models.Desk.objects.create(name="other-desk")
    style.add_template(other, "short", "x", "Theirs: {headline}")
    style.add_template(desk, "short", "facebook", "Facebook: {headline}")
    assert ":" not in words(a_share(desk, x, article=story()))


def test_a_template_that_is_wrong_is_not_saved(desk):
    with pytest.raises(Refusal, match=r"template\.unknown_field"):
        style.add_template(desk, "short", "x", "{headlin}")
    assert not desk.templates.exists()


def test_a_preview_shows_the_last_ten_articles_and_saves_nothing(desk, x):
    for number in range(12):
        a_share(desk, x, article=story(headline=f"River day {number}"))
    shown = style.preview(desk, "x", "Now: {headline}")
    assert [headline for headline, _ in shown] == [f"River day {number}" for number in range(11, 1, -1)]
    assert shown[0][1] == "Now: River day 11"
    assert not desk.templates.exists()


def test_a_rule_names_the_template_of_its_articles(desk, x):
    source = a_source(desk)[0]
    style.add_template(desk, "short", "x", "By rule: {headline}", section="nothing")
    rules.add(source, NewRule(section="Local", template="short", accounts=[x], does="auto"), CLI)
    told(source, {"article": {"url": "https://news.example/9", "headline": "River", "section": "Local"}})
    row = models.Delivery.objects.get()
    assert row.message["text"].startswith("By rule: River")
    assert row.variant == "template:short"


def test_a_rule_cannot_name_a_template_that_is_not_there(desk):
    with pytest.raises(Refusal, match=r"template\.unknown"):
        rules.add(a_source(desk)[0], NewRule(template="nowhere"), CLI)


def test_a_template_that_is_gone_leaves_the_usual_words(desk, x):
    source = a_source(desk)[0]
    style.add_template(desk, "short", "x", "By rule: {headline}")
    rules.add(source, NewRule(template="short", accounts=[x], does="auto"), CLI)
    style.remove_template(desk, "short")
    told(source, {"article": {"url": "https://news.example/9", "headline": "River"}})
    assert models.Delivery.objects.get().message["text"].startswith("River")


# -- rules about words -------------------------------------------------------------------------------------


def test_tags_that_the_desk_allows_stand_under_the_words(desk, x):
    style.change(desk, "hashtags", ["river"])
    share = a_share(desk, x, article=story())
    assert share.deliveries.get().message["text"].splitlines()[-2] == "#river"


def test_without_an_allowed_tag_there_is_none(desk, x):
    assert "#" not in a_share(desk, x, article=story()).deliveries.get().message["text"]


def test_a_word_that_the_desk_does_not_use_stops_a_share(desk, x):
    style.change(desk, "banned", ["highest"])
    with pytest.raises(LintBlocked, match=r"lint\.banned_word"):
        a_share(desk, x, article=story())
    assert not models.Delivery.objects.exists()


def test_a_hook_with_such_a_word_asks_a_person(desk, x):
    source = a_source(desk)[0]
    rules.add(source, NewRule(accounts=[x], does="auto"), CLI)
    style.change(desk, "banned", ["highest"])
    result = told(source, {"article": {"url": "https://news.example/9", "headline": "River at its highest"}})
    assert result["result"] == "drafted"
    assert models.Delivery.objects.get().state == "draft"


def test_a_draft_with_such_a_word_is_not_sent(desk, x):
    share = drafts.make(desk, story(), CHO)
    style.change(desk, "banned", ["highest"])
    share.refresh_from_db()
    with pytest.raises(LintBlocked):
        send(share, CHO)
    assert share.deliveries.get().state == "draft"


def test_a_change_that_brings_such_a_word_is_held_for_a_person(desk, x):
    style.change(desk, "banned", ["disaster"])
    row = a_share(desk, x, article=story(url="https://news.example/river")).deliveries.get()
    the_article_changes(row, headline="River is a disaster")
    assert reread(row).state == "held"
    assert "disaster" not in reread(row).message["text"]


def test_a_finding_may_be_let_go(desk, x):
    style.change(desk, "banned", ["highest"])
    style.change(desk, "banned_word", ["off"])
    assert a_share(desk, x, article=story()).deliveries.get().state == "queued"


def test_a_warning_may_be_made_a_stop(desk, x):
    style.change(desk, "all_caps", ["block"])
    with pytest.raises(LintBlocked, match=r"lint\.all_caps"):
        a_share(desk, x, article=story(), teasers={"x": Teaser(words="EVERYTHING IS VERY LOUD")})


@pytest.mark.parametrize(
    ("name", "values", "code"),
    [
        ("colour", ["red"], "style.unknown"),
        ("all_caps", ["loud"], "style.unknown_value"),
        ("all_caps", [], "style.unknown_value"),
        ("correction", ["wrong"], "style.unknown_value"),
        ("banned", ["x" * 101], "text.too_long"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(desk, name, values, code):
    with pytest.raises(Refusal) as refused:
        style.change(desk, name, values)
    assert refused.value.code == code
    assert models.Desk.objects.get(pk=desk.pk).style == {}
