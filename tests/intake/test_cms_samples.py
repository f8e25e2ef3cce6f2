"""Every real payload: the right article, or the right word about why it cannot be shared. Read by hand."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sharing.domain.refusal import Refusal
from sharing.intake import source
from tests.shared import SHARED, needs_shared

CMS = SHARED / "data/cms"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")

NO_HEADLINE = "article.no_headline"
OLD = "event.imported"  # real, and years old: not news today
DRUPAL = "https://tests.next-drupal.org/en/recipes/deep-mediterranean-quiche"
LATIMES = "https://www.latimes.com/sports/story/2023-06-26/100-years-los-angeles-coliseum-historical-events"
AP = "https://apnews.com/article/trump-harris-presidential-election-2024-labor-day-151f82b59473d29a448ef1cea9afe471"
GUARDIAN = "https://www.theguardian.com/world/2024/feb/24/death-toll-in-valencia-fire-rises-to-10-as-remains-of-last-missing-person-found"
LEMONDE = "https://www.lemonde.fr/politique/article/2023/08/30/sophie-binet-met-en-garde-emmanuel-macron-sur-la-gravite-de-la-situation-dans-le-pays_6187099_823448.html"
WAPO = "http://www.washingtonpost.com/local/anesthesiologist-trashes-sedated-patient-jury-orders-her-to-pay-500000/2015/06/23/cae05c00-18f3-11e5-ab92-c75ae6ab94b5_story.html"
TINY = "http://www.washingtonpost.com/lifestyle/magazine/tiny-house-big-benefitsfreedom-from-a-mortgage--and-stuff/2015/06/23/f8f706f0-0acc-11e5-9e39-0db921c47b93_story.html"
DELL = (
    "Dell Redefines Workstation Computing Boundaries with Smallest Tower and Most Powerful Rack Workstations"
)
LUNCH = "Lunch Taking a Toll? Let Applebee’s® Industrial Strength Lunch Decoy Stand In"
SHIP = "Captain of wrecked cruise ship on trial in Italy"

#: file -> (what happened, why it cannot be shared, headline, address); no headline: there is no article.
ONE = {
    "arcxp_ans/ifx_event_envelope.json": ("updated", NO_HEADLINE, None, None),
    "arcxp_ans/image-fixture-good.json": ("other", "event.other", None, None),
    "arcxp_ans/story-fixture-bad-embargo.json": ("published", "article.bad_time", None, None),
    "arcxp_ans/story-fixture-good-embargo.json": ("published", "article.no_url", "Embargo", None),
    "arcxp_ans/story-fixture-good-multi-site.json": ("published", "article.no_site", "Lakers Defeat Bulls", None),
    "arcxp_ans/story-fixture-good.json": ("imported", OLD, "The default headline for this story", None),
    "arcxp_ans/story-fixture-references.json": ("imported", OLD, "The basic headline for this story", WAPO),
    "arcxp_ans/story-fixture-tiny-house.json": ("imported", OLD, "Tiny house, big benefits: Freedom from a mortgage and worries — and stuff", TINY),
    "contentful/entry.publish.json": ("published", "article.no_url", "Hello, World!", None),
    "drupal/jsonapi_by_path_raw.json": ("published", None, "Deep mediterranean quiche - edited", DRUPAL),
    "drupal/jsonapi_node_deserialized.json": ("published", None, "Deep mediterranean quiche - edited", DRUPAL),
    "drupal/jsonapi_node_recipe_raw.json": ("published", None, "Deep mediterranean quiche - edited", DRUPAL),
    "drupal/webhook-body-multiple-nodes.json": ("updated", "article.no_url", "Article #10", None),
    "drupal/webhook-insert.json": ("published", "article.no_url", "Article #4", None),
    "ghost/post.added.draft.snapshot.json": ("draft", "article.draft", "testing post.added webhook", None),
    "ghost/post.deleted.snapshot.json": ("deleted", "article.withdrawn", "testing post.deleted webhook", None),
    "ghost/post.published.json": ("republished", None, "Welcome to Ghost", "http://ghost.blog/welcome/"),
    "ghost/post.scheduled.snapshot.json": ("scheduled", "article.no_url", "Testing post.scheduled webhook", None),
    "ghost/post.scheduled.zapier_fixture.json": ("republished", None, "Welcome to Ghost", "http://ghost.blog/welcome/"),
    "jsonld/fr__LeMonde_2023_09_01.jsonld.txt": ("imported", OLD, "Sophie Binet met en garde Emmanuel Macron sur la « gravité de la situation dans le pays »", LEMONDE),
    "jsonld/jp__Nikkei_2025_01_27.jsonld.txt": ("imported", OLD, "イオン銀行社長解任、金融庁処分で 持ち株社長も引責", None),
    "jsonld/kr__HankookIlbo_2026_07_12.jsonld.txt": ("imported", OLD, "민주당 '선호투표제' 도입 또다시 불발··· 친청계 \"당규 개정 왜 밀어붙이나\"", "https://www.hankookilbo.com/news/article/A2026071220290000630"),
    "jsonld/kr__MBN_2025_06_03.jsonld.txt": ("imported", OLD, "‘흙수저’ 소년공이 쏘아올린 정치 신화", None),
    "jsonld/uk__BBC_2024_08_01.jsonld.txt": ("imported", OLD, "Office for Budget Responsibility: What is the OBR and what does it do?", "https://www.bbc.com/news/explainers-63159607"),
    "jsonld/uk__TheGuardian_2024_02_24.jsonld.txt": ("imported", OLD, "Death toll in Valencia fire rises to 10 as remains of last missing person found", GUARDIAN),
    "jsonld/us__APNews_2024_09_03.jsonld.txt": ("imported", OLD, "The presidential campaigns brace for a sprint to Election Day", AP),
    "jsonld/us__LATimes_2023_06_26.jsonld.txt": ("imported", OLD, "100 years at the Los Angeles Coliseum: More than a sports venue", LATIMES),
    "ninjs/1.4_businesswire-newsml-20130515006361.json": ("imported", OLD, DELL, "http://www.businesswire.com/news/home/20130515006361/en"),
    "ninjs/1.4_businesswire-newsml-20130605006126.json": ("imported", OLD, "Cambrios被Gartner評選為「最酷供應商」", "http://www.businesswire.com/news/home/20130605006126/zh"),
    "ninjs/1.4_businesswire-newsml-20130612006110.json": ("imported", OLD, "APP发布“2020 可持续发展路线图”第三次工作进展报告，并将继续落实森林保护政策", "http://www.businesswire.com/news/home/20130612006110/zh"),
    "ninjs/1.4_businesswire-newsml-20130731006140.json": ("imported", OLD, LUNCH, "http://www.businesswire.com/news/home/20130731006140/en"),
    "ninjs/1.4_ninjs-1-4-examples.json": ("imported", OLD, "Test of three new properties", "http://ninjs.example.com/newsitems/ninjs1-4-tests"),
    "ninjs/1.4_ninjsExComplex1.json": ("imported", OLD, SHIP, "http://ninjs.example.com/newsitems/20130709cplx123"),
    "ninjs/1.4_ninjsExComplex2.json": ("imported", OLD, SHIP, "http://ninjs.example.com/newsitems/20130709cplx456"),
    "ninjs/1.4_ninjsExMediumText1.json": ("imported", OLD, SHIP, "http://ninjs.example.com/newsitems/20130709med123"),
    "ninjs/1.4_ninjsExSimplePhoto1.json": ("other", "event.other", None, None),
    "ninjs/1.4_ninjsExSimpleText1.json": ("imported", OLD, SHIP, "http://ninjs.example.com/newsitems/20130709simp123"),
    "ninjs/2.1_SIPA_image_2.json": ("other", "event.other", None, None),
    "ninjs/2.1_ap_audio.json": ("other", "event.other", None, None),
    "ninjs/2.1_ap_image.json": ("other", "event.other", None, None),
    "ninjs/2.1_ap_video.json": ("other", "event.other", None, None),
    "ninjs/2.1_businesswire-newsml-20130605006126.json": ("imported", OLD, "Cambrios被Gartner評選為「最酷供應商」", "http://www.businesswire.com/news/home/20130605006126/zh"),
    "ninjs/2.1_businesswire-newsml-20130731006140.json": ("imported", OLD, LUNCH, "http://www.businesswire.com/news/home/20130731006140/en"),
    "ninjs/2.1_dpa_text.json": ("imported", OLD, "Faktencheck Derby-Elfmeter: Hat Schiedsrichter Zwayer recht?", None),
    "ninjs/2.1_imageEncodedRights.json": ("other", "event.other", None, None),
    "ninjs/2.1_imageLinkedRights.json": ("other", "event.other", None, None),
    "ninjs/2.1_ninjsExSimpleText_2.json": ("imported", OLD, SHIP, "http://ninjs.example.com/newsitems/20130709simp123"),
    "ninjs/2.1_ntb_text.json": ("imported", OLD, "Google har kjøpt giganttomt i Skien", None),
    "ninjs/2.1_tt_text_image_2.json": ("imported", OLD, "Militärövning i jätteformat hålls 2023", "http://tt.se/media/text/210526-militarovning-a0f2d045"),
    "ninjs/FAIL_2.1_001_bad_association.json": ("published", "ninjs.association_unknown", None, None),
    "ninjs/FAIL_2.1_002_good_association_but_no_name.json": ("published", "ninjs.association_incomplete", None, None),
    "ninjs/FAIL_2.1_003_good_association_but_no_uri.json": ("published", "ninjs.association_incomplete", None, None),
    "ninjs/FAIL_2.1_004_bad_rights.json": ("published", "ninjs.rights_twice", None, None),
    "strapi/entry.create.json": ("published", NO_HEADLINE, None, None),
    "strapi/entry.delete.json": ("deleted", "article.withdrawn", None, None),
    "strapi/entry.publish.json": ("published", NO_HEADLINE, None, None),
    "strapi/entry.unpublish.json": ("unpublished", "article.withdrawn", None, None),
    "strapi/entry.update.json": ("updated", NO_HEADLINE, None, None),
    "strapi/media.delete.json": ("other", "event.other", None, None),
    "strapi/releases.publish.json": ("other", "event.other", None, None),
    "wordpress/media-11680.json": ("other", "event.other", None, None),
    "wordpress/post-1-revision.json": ("revision", "event.revision", "Title from revision 11", None),
    "wordpress/post-1.json": ("published", NO_HEADLINE, None, None),
}  # fmt: skip

#: file -> headlines and addresses, in the order of the payload.
SEVERAL = {
    "drupal/jsonapi_collection_raw.json": [
        ("Vegan chocolate and nut brownies", None),
        ("Super easy vegetarian pasta bake", None),
    ],
    "wordpress/posts-from-category-7.json": [
        ("Shinjuku Gyoen National Garden", "https://demo.worona.org/shinjuku-gyoen-national-garden/"),
        ("Antelope Canyon", "https://demo.worona.org/lower-antelope-canyon/"),
        ("Kebumen City", "https://demo.worona.org/kebumen/"),
        ("Banff National Park", "https://demo.worona.org/banff-national-park/"),
        ("The Al Hajar Mountains", "https://demo.worona.org/the-al-hajar-mountains/"),
    ],
    "wordpress/posts-from-category-7-page-2.json": [
        ("Machu Picchu", "https://demo.worona.org/machu-picchu/"),
        ("Discovering Iceland", "https://demo.worona.org/discovering-iceland/"),
        ("Switzerland’s Mountains", "https://demo.worona.org/switzerlands-mountains/"),
        ("Somewhere in Romania", "https://demo.worona.org/somewhere-in-romania/"),
        ("The Land of Fire & Ice", "https://demo.worona.org/iceland/"),
    ],
}


def read(name, now=NOW, **more):
    return source.read((CMS / name).read_bytes(), zone=SEOUL, now=now, **more)


@needs_shared
@pytest.mark.parametrize("name", sorted(ONE))
def test_a_real_payload_becomes_what_a_person_reads_in_it(name):
    (reading,) = read(name)
    event, why_not, headline, url = ONE[name]
    assert reading.event == event
    assert (reading.why_not and reading.why_not.code) == why_not
    if headline is None:
        assert reading.article is None
    else:
        assert (reading.article.headline, reading.article.address) == (headline, url)


@needs_shared
@pytest.mark.parametrize("name", sorted(SEVERAL))
def test_a_payload_of_several_is_a_batch(name):
    readings = read(name)
    assert [(r.article.headline, r.article.url) for r in readings] == SEVERAL[name]
    assert {reading.event for reading in readings} == {"imported"}


@needs_shared
def test_no_sample_is_left_out():
    there = {str(path.relative_to(CMS)) for path in CMS.glob("*/*") if path.parent.name != "feeds"}
    assert there == set(ONE) | set(SEVERAL)


@needs_shared
def test_on_the_day_itself_old_samples_were_news():
    (hankook,) = read(
        "jsonld/kr__HankookIlbo_2026_07_12.jsonld.txt", now=datetime(2026, 7, 12, 14, tzinfo=UTC)
    )
    assert (hankook.event, hankook.why_not) == ("published", None)
    assert hankook.article.authors == ("박준석", "김태연")
    assert hankook.article.tags == ("전당대회", "후보등록", "더불어민주당", "최고위원")


@needs_shared
def test_the_fields_of_a_wordpress_post_are_all_found():
    (iceland,) = (
        r.article for r in read("wordpress/posts-from-category-7-page-2.json") if r.source_id == "1"
    )
    assert iceland.section == "Culture"
    assert iceland.tags == ("Iceland", "Landscape", "Nature")
    assert iceland.authors == ("Luis Herranz",)
    assert iceland.image_alt == "northern-lights-iceland"


@needs_shared
def test_an_arc_path_stands_on_the_site_it_is_given():
    name = "arcxp_ans/story-fixture-good.json"
    path = "/local/anesthesiologist-trashes-sedated-patient-jury-orders-her-to-pay-500000/2015/06/23/cae05c00-18f3-11e5-ab92-c75ae6ab94b5_story.html"
    for more in ({"address": "https://www.washingtonpost.com"}, {"url": "https://www.washingtonpost.com/"}):
        (reading,) = read(name, **more)
        assert reading.article.url == "https://www.washingtonpost.com" + path
        assert reading.article.channel_words == {"x": "Twitter headline!"}
        assert reading.article.label == "The Kicker"


@needs_shared
def test_a_sample_without_address_takes_the_one_it_is_given():
    (reading,) = read("drupal/webhook-insert.json", url="https://news.example/4")
    assert (reading.article.url, reading.why_not) == ("https://news.example/4", None)


@needs_shared
@pytest.mark.parametrize("name", sorted(name for name in ONE if "FAIL" in name))
def test_what_is_meant_to_fail_fails_also_with_an_address(name):
    (reading,) = read(name, url="https://news.example/1")
    assert reading.article is None


@needs_shared
@pytest.mark.parametrize("name", sorted(ONE))
def test_a_broken_end_is_told_by_line_and_column(name):
    data = (CMS / name).read_bytes()[: -len((CMS / name).read_bytes()) // 3]
    with pytest.raises(Refusal) as caught:
        source.read(data, zone=SEOUL, now=NOW)
    assert caught.value.code in {"source.broken_json", "source.not_utf8"}
