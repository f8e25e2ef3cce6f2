"""What every teaser keeps, whatever the article: in both languages, on every channel, by variant and by template."""

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.article import Article
from sharing.domain.message import Teaser
from sharing.words import clean_up, quotes, sentences
from sharing.words.count import two_lines, x_weight
from sharing.words.cut import ELLIPSIS, fit
from sharing.words.labels import label
from tests.words import ours as teaser
from tests.words import page

ARTICLES = page.articles()
LABELS = {"ko": ["속보", "단독", None], "en": ["breaking", "opinion", None]}
VARIANTS = [Teaser(variant=name) for name in ("lead", "headline", "quote")]
CLOSERS = "\"'”’)」』》"
TEMPLATES = [
    "{label} {headline}",
    "{lead|first_sentence}",
    "{headline|fit:40}\n{lead}",
    "{quote or summary or headline}",
    "{site}{이/가} 전합니다: {headline|quoted}",
    "{summary}\n{headline}\n{section}",
    "{headline}\n{lead} {summary} {lead} {summary} {lead} {headline} {lead}",
]


def told(language):
    """The sentences and headlines of the fixtures of one language."""
    mine = [article for name, article in ARTICLES.items() if name.startswith(language)]
    bodies = [sentences.split(clean_up.story(article.body).replace("\n", " ")) for article in mine]
    return [sentence for body in bodies for sentence in body], [article.headline for article in mine]


TOLD = {language: told(language) for language in ("ko", "en")}


@st.composite
def articles(draw):
    """An article of true sentences in an order that nobody wrote, glued where Korean feeds glue them."""
    language = draw(st.sampled_from(["ko", "en"]))
    pool, headlines = TOLD[language]
    gap = draw(st.sampled_from([" ", ""])) if language == "ko" else " "
    paragraph = st.lists(st.sampled_from(pool), min_size=1, max_size=4).map(gap.join)
    story = draw(st.lists(paragraph, max_size=5))
    summary = draw(st.none() | paragraph | st.sampled_from(pool).map(lambda text: text[: len(text) // 2]))
    headline = draw(st.sampled_from(headlines) | st.sampled_from(pool) | st.just(" ".join(headlines[:3])))
    return Article(
        headline=headline,
        summary=summary,
        body="\n\n".join(story),
        language=language,
        label=draw(st.sampled_from(LABELS[language])),
        section="사회",
        site_name="물빛일보",
    )


def written(article, variant):
    """The pieces of each channel, each with the place it stands in."""
    kakao, mail = teaser.kakao(article, variant), teaser.mail(article, variant)
    korean = article.language == "ko"
    post = teaser.x(article, variant, page.LINK)
    return {
        "facebook": (teaser.facebook(article, variant), len, teaser.FACEBOOK_OWN),
        "x": (post.removesuffix(page.LINK).removesuffix("\n"), x_weight, 280 - 24),
        "kakao title": (kakao.title, lambda text: two_lines(text, teaser.KAKAO_TITLE_LINE), 320),
        "kakao text": (kakao.description, lambda text: two_lines(text, teaser.KAKAO_TEXT_LINE), 344),
        "subject": (mail.subject, len, 40 if korean else 78),
        "preheader": (mail.preheader, len, 60 if korean else 100),
        "lead": (mail.lead, len, teaser.MAIL_LIMIT),
    }


def is_balanced(article):
    return all(quotes.balanced(line) for line in source(article).split("\n"))


def source(article):
    plain = [article.headline, article.summary or "", article.body or ""]
    return unicodedata.normalize("NFC", "\n".join(plain))


def words_in(text):
    return regex.findall(r"[\p{L}\p{N}]+", text)


def squeezed(text):
    """Without spaces, and without the commas that stand inside a closing mark in English."""
    return regex.sub(r"\s|,(?=[”\"’'])", "", text)


@given(articles(), st.sampled_from(VARIANTS))
def test_every_piece_fits_its_place(article, variant):
    for place, (words, measure, limit) in written(article, variant).items():
        assert measure(words) <= limit, place
    post = teaser.x(article, variant, page.LINK)
    assert post.endswith(f"\n{page.LINK}")
    assert x_weight(post) <= 280


@given(articles(), st.sampled_from(VARIANTS))
def test_fitting_a_piece_again_changes_nothing(article, variant):
    for place, (words, measure, limit) in written(article, variant).items():
        assert fit(words, limit, measure) == words, place


@given(articles(), st.sampled_from(VARIANTS))
def test_every_piece_is_valid_unicode_in_whole_characters(article, variant):
    for place, (words, _, _) in written(article, variant).items():
        assert words.encode("utf-8").decode("utf-8") == words, place
        assert unicodedata.is_normalized("NFC", words), place
        assert not regex.search(r"[\p{Cc}--[\n]]|^\p{M}", words, flags=regex.VERSION1), place


@given(articles(), st.sampled_from(VARIANTS))
def test_no_piece_opens_a_quotation_that_it_does_not_close(article, variant):
    if is_balanced(article):
        for place, (words, _, _) in written(article, variant).items():
            assert all(quotes.balanced(line) for line in words.split("\n")), (place, words)


@given(articles(), st.sampled_from(VARIANTS))
def test_every_piece_is_taken_from_the_article(article, variant):
    stands = squeezed(source(article))
    for place, (words, _, _) in written(article, variant).items():
        for line in regex.split(r"\n| · ", words.removeprefix(label(article))):
            assert squeezed(line).strip(ELLIPSIS).rstrip(CLOSERS + ELLIPSIS) in stands, (place, line)


@given(articles(), st.sampled_from(VARIANTS))
def test_every_piece_begins_and_ends_with_a_word_of_the_article(article, variant):
    for place, (words, _, _) in written(article, variant).items():
        last = words_in(words)[-1:]
        assert {*words_in(words.removeprefix(label(article)))[:1], *last} <= set(words_in(source(article))), (
            place
        )
        if words.endswith(ELLIPSIS) and " " in words.strip():
            assert last[0][-1] not in "은는을를의" or last[0] in {"회의", "정의"}, (place, words)
            assert last[0].lower() not in {"the", "of", "to", "a", "an", "and"}, (place, words)


@given(articles(), st.sampled_from(TEMPLATES), st.sampled_from(["x", "kakao", "mail", "facebook"]))
def test_words_by_a_template_fit_too(article, template, channel):
    words = teaser.render(template, article, channel)
    title, _, rest = words.partition("\n")
    places = {
        "x": [(words, x_weight, 256)],
        "kakao": [(title, lambda t: two_lines(t, 160), 320), (rest, lambda t: two_lines(t, 172), 344)],
        "mail": [(title, len, 40 if article.language == "ko" else 78), (rest, len, 600)],
        "facebook": [(words, len, 63_206)],
    }
    for piece, measure, limit in places[channel]:
        assert measure(piece) <= limit
        assert fit(piece, limit, measure) == piece
        assert unicodedata.is_normalized("NFC", piece)
        if is_balanced(article):
            assert all(quotes.balanced(line) for line in piece.split("\n")), piece
        assert set(words_in(piece)[-1:]) <= {*words_in(source(article)), "사회", "전합니다"}


@pytest.mark.parametrize("weight", range(200, 300))
@pytest.mark.parametrize("piece", ["가 ", "a "])
def test_words_of_any_weight_leave_room_for_the_link(piece, weight):
    words = (piece * 300)[: weight if piece == "a " else weight * 2 // 3].strip()
    for article in (
        Article(headline="제목", channel_words={"x": words}),
        Article(headline=words),
        Article(headline="제목", body=f"{words}."),
    ):
        assert x_weight(teaser.x(article, Teaser(), page.LINK)) <= 280
    rendered = teaser.render("{headline}", Article(headline=words), "x")
    assert x_weight(f"{rendered}\n{page.LINK}") <= 280


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_sentences_to_draw_from_are_many(language):
    pool, headlines = TOLD[language]
    assert len(pool) > 25
    assert len(headlines) == 10
