"""Articles that were shared before 0025, when IDNA 2003 wrote the hosts in their names."""

import pytest

from sharing import models
from sharing.domain.account import Mode
from sharing.services.articles import keep
from sharing.services.articles.identity import names_of
from sharing.services.incoming import feeds
from tests.firing import a_source, told
from tests.given import an_account

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source(desk, scripted):
    an_account(desk, mode=Mode.SANDBOX)
    return a_source(desk)[0]


def hook(url, event="published", **fields):
    return {"article": {"headline": "Harbor ferries", "url": url, **fields}, "event": event}


def shared_before(source, url, former, **fields):
    """Share it, and write its name as it was written then."""
    told(source, hook(url, **fields))
    article = models.Article.objects.get()
    article.names.filter(name__startswith="at:").delete()
    models.ArticleName.objects.create(desk=source.desk, article=article, name=f"at:{former}")
    return article


def shares():
    return models.Share.objects.count()


@pytest.mark.parametrize(
    ("url", "former", "other"),
    [
        ("https://straße.de/a", "strasse.de/a", "https://xn--strae-oqa.de/a"),
        ("https://www.straße.de/a", "strasse.de/a", "https://straße.de/a?utm_source=feed"),
        ("https://τανέας.gr/a", "xn--hxadm8afa6b.gr/a", "https://τανέας.gr/a"),
        ("https://[2001:db8::1]/a", "2001:db8::1/a", "https://[2001:DB8:0::1]/a"),
        ("https://2130706433/a", "2130706433/a", "https://127.0.0.1/a"),
    ],
)
def test_what_was_shared_under_its_former_name_is_not_posted_twice(source, url, former, other):
    former = former.replace("xn--hxadm8afa6b.gr", "τανέας.gr".encode("idna").decode())
    shared_before(source, url, former)
    assert told(source, hook(url))["result"] == "already_shared"
    assert told(source, hook(other))["result"] == "already_shared"
    assert shares() == 1
    assert models.Article.objects.count() == 1


def test_a_moved_article_is_found_by_the_former_name_of_its_former_address(source):
    article = shared_before(source, "https://straße.de/ferries", "strasse.de/ferries", source_id="7")
    told(source, hook("https://straße.de/harbor-ferries", "updated", source_id="7"))
    assert told(source, hook("https://straße.de/ferries"))["result"] == "already_shared"
    assert models.Article.objects.get() == article


def test_the_former_name_of_one_host_is_not_the_article_of_another(source):
    shared_before(source, "https://strasse.de/a", "strasse.de/a")
    assert told(source, hook("https://straße.de/a"))["result"] == "shared"
    assert shares() == 2


def test_a_former_name_makes_way_for_the_article_whose_address_it_is(source):
    before = shared_before(source, "https://straße.de/a", "strasse.de/a")
    assert told(source, hook("https://strasse.de/a"))["result"] == "shared"
    for url in ("https://straße.de/a", "https://strasse.de/a"):
        assert told(source, hook(url))["result"] == "already_shared"
    assert shares() == 2
    assert set(before.names.values_list("name", flat=True)) == {"at:xn--strae-oqa.de/a"}


def test_a_former_name_makes_way_also_where_todays_name_is_there(source):
    before = shared_before(source, "https://straße.de/a", "strasse.de/a")
    told(source, hook("https://straße.de/a", "updated", summary="More boats."))
    assert told(source, hook("https://strasse.de/a"))["result"] == "shared"
    assert set(before.names.values_list("name", flat=True)) == {"at:xn--strae-oqa.de/a"}


def test_a_former_name_is_never_written_again(source):
    told(source, hook("https://straße.de/a"))
    told(source, hook("https://straße.de/b", "unpublished"))
    names = set(models.ArticleName.objects.values_list("name", flat=True))
    assert names == {"at:xn--strae-oqa.de/a", "at:xn--strae-oqa.de/b"}


def test_looking_for_an_article_writes_nothing_and_finds_the_same(source):
    before = shared_before(source, "https://straße.de/a", "strasse.de/a")
    asked = before.value
    assert keep.find(source.desk, asked) == before
    other = type(asked)(url="https://strasse.de/a", headline="Another")
    assert keep.find(source.desk, other) is None
    assert names_of(asked) == ["at:xn--strae-oqa.de/a", "was:strasse.de/a"]
    assert [each.name for each in before.names.all()] == ["at:strasse.de/a"]


def test_what_stood_in_a_feed_before_is_known_by_its_former_name(source):
    from sharing.intake.reading import Event, Reading
    from tests.given import an_article

    reading = Reading(
        event=Event.PUBLISHED, article=an_article(url="https://straße.de/a", canonical_url=None)
    )
    now, then = feeds._names(reading)
    models.FeedEntry.objects.create(source=source, name=then)
    assert now != then
    assert feeds._take_new(source, [reading], feeds.moves.now(), feed=None) == ([], False)
