"""The words of a Facebook post: a person's words (only checked), else the CMS's, else automatic words."""

from __future__ import annotations

from sharing.domain.article import Article
from sharing.domain.message import Teaser
from sharing.words.cut import fit
from sharing.words.labels import label, labelled
from sharing.words.lead import told
from sharing.words.teaser import check_length, cms_words, quotation

#: Characters. LIMIT is the platform's limit (known from third-party code, no official page). OWN is the length of
#: automatic words: about what Facebook shows before "See more".
LIMIT = 63_206
OWN = 400


def compose(article: Article, teaser: Teaser) -> str:
    """Return the post's text, without the link: the link's card already shows headline and picture.

    Raises:
        Refusal: `facebook.too_long`: a person's words have more than 63,206 characters.
    """
    if teaser.words is not None:
        check_length(len(teaser.words), LIMIT, "facebook.too_long")
        return teaser.words
    if given := cms_words(article, "facebook"):
        return fit(given, LIMIT)
    story = told(article)
    said = quotation(article, teaser, OWN)
    # A label such as 속보 announces the news itself, so the post starts with the lead, not with what comes after it.
    lead = story.lead if label(article) else story.over()
    return _labelled_fit(article, said or lead or story.headline, OWN)


def _labelled_fit(article: Article, text: str, limit: int) -> str:
    mark = label(article)
    return labelled(mark, fit(text, limit - len(mark) - 1)) if mark else fit(text, limit)
