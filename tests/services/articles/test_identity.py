"""One article by its address and by its source's id, through whichever door it comes."""

import pytest

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.services.articles import keep
from sharing.services.deliveries.sweeps import TICK
from sharing.services.shares import follow
from sharing.services.shares.share import AlreadyShared
from sharing.wording import refused
from tests.firing import a_source, told
from tests.given import CHO, a_share, an_account, is_out, reread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sandboxed(desk, scripted):
    return an_account(desk, mode=Mode.SANDBOX)


@pytest.fixture
def source(desk, sandboxed):
    return a_source(desk)[0]


def hook(event="published", **fields):
    return {"article": {"headline": "Harbor ferries", **fields}, "event": event}


def shares():
    return models.Share.objects.count()


@pytest.mark.parametrize(
    "other",
    [
        "http://www.news.example/story/7/?utm_source=feed",
        "https://m.news.example/story/7",
        "https://news.example/story/7/amp",
        "https://news.example/story/7?outputType=amp&fbclid=1",
    ],
)
def test_the_same_article_at_another_address_is_not_shared_twice(source, other):
    told(source, hook(url="https://news.example/story/7"))
    assert told(source, hook(url=other))["result"] == "already_shared"
    assert shares() == 1


def test_a_slug_that_changes_keeps_the_article(source):
    told(source, hook(url="https://news.example/ferries", source_id="7"))
    answer = told(source, hook("updated", url="https://news.example/harbor-ferries", source_id="7"))
    assert answer["result"] == "updated"
    assert "harbor-ferries" in models.Delivery.objects.get().target
    for address in ("https://news.example/ferries", "https://news.example/harbor-ferries"):
        assert told(source, hook(url=address))["result"] == "already_shared"
    assert models.Article.objects.count() == 1


def test_two_articles_on_one_page_of_ids_stay_two(source):
    told(source, hook(url="https://news.example/view?idxno=1"))
    assert told(source, hook(url="https://news.example/view?idxno=2"))["result"] == "shared"
    assert shares() == 2


def test_the_same_number_of_two_sources_is_two_articles(desk, source):
    other = a_source(desk, "other")[0]
    told(source, hook(url="https://news.example/1", source_id="7"))
    assert told(other, hook(url="https://news.example/2", source_id="7"))["result"] == "shared"
    assert models.Article.objects.count() == 2


def test_what_staff_pasted_and_what_the_cms_sends_is_one_article(desk, source, sandboxed):
    first = a_share(desk, sandboxed, article=Article(url="https://news.example/story/7", headline="By hand"))
    answer = told(
        source, hook(url="https://news.example/story/7?ref=cms", canonical_url="https://news.example/story/7")
    )
    assert (answer["result"], answer["share"]) == ("already_shared", f"s{first.pk}")


def test_an_article_known_by_id_and_one_known_by_address_turn_out_to_be_one(desk, source, sandboxed):
    told(source, hook("updated", url="https://news.example/old-slug", source_id="7"))
    a_share(desk, sandboxed, article=Article(url="https://news.example/story/7", headline="By hand"))
    assert models.Article.objects.count() == 2
    answer = told(source, hook(url="https://news.example/story/7", source_id="7"))
    assert answer["result"] == "already_shared"
    assert models.Article.objects.count() == 1
    assert models.Article.objects.get().shares.count() == 1


def test_a_second_share_needs_a_person_who_sees_the_first(desk, sandboxed):
    article = Article(url="https://news.example/story/7", headline="Harbor ferries")
    first = a_share(desk, sandboxed, article=article)
    with pytest.raises(AlreadyShared) as caught:
        a_share(desk, sandboxed, article=article)
    english, korean = str(refused(caught.value, "en")), str(refused(caught.value, "ko"))
    assert f"shared 0 s ago by Cho (s{first.pk}): Harbor ferries" in english
    assert "Cho가 0초 전에 보낸 기사다" in korean
    out = is_out(first.deliveries.get())
    again = a_share(desk, sandboxed, article=article, repeat=[out.pk])
    assert again.deliveries.get().repeat_no == 1


def test_a_person_who_shares_what_was_withdrawn_has_it_before_them(desk, source, sandboxed):
    told(source, hook(url="https://news.example/story/7"))
    told(source, hook("unpublished", url="https://news.example/story/7"))
    row = a_share(desk, sandboxed, article=Article(url="https://news.example/story/7", headline="It is back"))
    assert row.article.withdrawn_at is None
    assert row.article.status == "published"


def test_what_a_page_does_not_say_stays_as_the_cms_said_it(desk, source, sandboxed):
    told(
        source,
        hook(url="https://news.example/story/7", summary="From the CMS.", channel_words={"x": "For X"}),
    )
    share = a_share(
        desk,
        an_account(desk, mode=Mode.SANDBOX),
        article=Article(url="https://news.example/story/7", headline="Harbor ferries run"),
    )
    value = share.article.value
    assert (value.headline, value.summary, value.channel_words) == (
        "Harbor ferries run",
        "From the CMS.",
        {"x": "For X"},
    )


def test_an_article_without_address_is_refused(desk):
    with pytest.raises(Refusal, match=r"article\.no_url"):
        keep.keep(desk, Article(headline="Nowhere"))


def test_a_change_that_a_crash_cut_off_is_followed_later(desk, source, sandboxed, monkeypatch):
    told(source, hook(url="https://news.example/story/7", modified_at="2026-11-24T09:00:00Z"))

    def killed(*_):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(follow, "follow", killed)
        with pytest.raises(SystemExit):
            told(source, hook("unpublished", url="https://news.example/story/7"))
    (row,) = models.Delivery.objects.all()
    assert row.state == "queued"
    follow.follow_all(TICK)
    assert reread(row).state == "cancelled"


def test_rows_and_names_of_many_at_once(desk, sandboxed):
    for number in range(3):
        a_share(
            desk, sandboxed, article=Article(url=f"https://news.example/{number}", headline="x"), acting=CHO
        )
    assert models.ArticleName.objects.count() == 3
