import pytest
import regex

from sharing.domain.message import Teaser
from sharing.words import quotes
from sharing.words.count import x_weight
from sharing.words.cut import ELLIPSIS
from sharing.words.labels import language
from sharing.words.lint import Level
from tests.words import ours as teaser
from tests.words import page
from tests.words.ours import lint

ARTICLES = page.articles()
AUTOMATIC = Teaser()


def five(article):
    kakao, mail = teaser.kakao(article, AUTOMATIC), teaser.mail(article, AUTOMATIC)
    return {
        "facebook": teaser.facebook(article, AUTOMATIC),
        "x": teaser.x(article, AUTOMATIC, page.LINK),
        "kakao": f"{kakao.title}\n{kakao.description}",
        "mail": f"{mail.subject}\n\n{mail.preheader}\n\n{mail.lead}",
        "link": teaser.clipboard(article, AUTOMATIC, page.LINK),
    }


def test_the_page_is_current():
    assert page.PAGE.read_text(encoding="utf-8") == page.written(), "run: python -m tests.words.page"


def test_there_are_ten_articles_of_each_language():
    assert sorted(language(article) for article in ARTICLES.values()) == ["en"] * 10 + ["ko"] * 10


@pytest.mark.parametrize("name", ARTICLES)
def test_an_editor_finds_nothing_foreign_in_the_teasers(name):
    article = ARTICLES[name]
    for channel, words in five(article).items():
        assert quotes.balanced(words)
        assert not regex.search(
            r"기자\b|특파원|ⓒ|©|무단|@|\(AP\)|Reuters|--|<|&\w+;|사진=|앵커|Read more|appeared first", words
        )
        assert not regex.search(rf"[은는이가을를의]{ELLIPSIS}|\b(?:the|of|to|a){ELLIPSIS}", words)
        assert [w for w in lint(article, channel, words, words_are_own=True) if w.level == Level.BLOCK] == []
        invented = {"number_not_in_article", "name_not_in_article", "unbalanced_quotes", "all_caps"}
        assert not invented & {w.code for w in lint(article, channel, words, words_are_own=True)}


@pytest.mark.parametrize("name", ARTICLES)
def test_every_teaser_stands_in_the_article(name):
    article = ARTICLES[name]
    source = regex.sub(r"<[^>]+>|\s", "", f"{article.headline}{article.summary}{article.body}")
    source = source.replace("&ldquo;", "“").replace("&rdquo;", "”").replace(",”", "”")
    for channel, words in five(article).items():
        for line in regex.split(r"\n| · ", words.replace(page.LINK, "")):
            bare = regex.sub(r"^(?:\[\p{Hangul}+\]|[A-Z]+:) ", "", line).strip(ELLIPSIS)
            assert regex.sub(r"\s", "", bare).replace(",”", "”") in source, (channel, line)


@pytest.mark.parametrize("name", ARTICLES)
def test_no_teaser_outgrows_its_place(name):
    words = five(ARTICLES[name])
    assert x_weight(words["x"]) <= 280
    assert len(words["facebook"]) <= 400
    assert words["link"] == page.LINK
    assert words["facebook"] != ARTICLES[name].headline
