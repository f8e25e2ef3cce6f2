"""The words of a Facebook post. A person's own win and are only checked; then the CMS's; then ours."""

from __future__ import annotations

from sharing.domain.article import Article
from sharing.domain.message import Teaser
from sharing.words.cut import fit
from sharing.words.labels import label, labelled
from sharing.words.lead import told
from sharing.words.teaser import check_length, cms_words, quotation

#: Characters. The platform's own limit (third-party code, no official page), and what we write by ourselves:
#: about what shows before "See more".
LIMIT = 63_206
OWN = 400


def compose(article: Article, teaser: Teaser) -> str:
    """The post's text, without the link: its card shows headline and picture already.

    Raises:
        Refusal: `facebook.too_long`: a person's words over 63,206 characters.
    """
    if teaser.words is not None:
        check_length(len(teaser.words), LIMIT, "facebook.too_long")
        return teaser.words
    if given := cms_words(article, "facebook"):
        return fit(given, LIMIT)
    story = told(article)
    said = quotation(article, teaser, OWN)
    # A label announces the news itself, not what comes after it.
    lead = story.lead if label(article) else story.over()
    return _labelled_fit(article, said or lead or story.headline, OWN)


def _labelled_fit(article: Article, text: str, limit: int) -> str:
    mark = label(article)
    return labelled(mark, fit(text, limit - len(mark) - 1)) if mark else fit(text, limit)
