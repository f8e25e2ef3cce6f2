"""The words of a post on X: a person's words (only checked), else the CMS's, else automatic words."""

from __future__ import annotations

from sharing.domain.article import Article
from sharing.domain.message import Teaser
from sharing.words import sentences
from sharing.words.count import X_LIMIT, x_weight
from sharing.words.cut import fit
from sharing.words.labels import label, labelled
from sharing.words.lead import Place, told
from sharing.words.overlap import overlap
from sharing.words.teaser import check_length, cms_words, quotation, with_link

#: Overlap from which the lead says all that the headline says; the headline is then left out.
_SAME = 0.6


def compose(article: Article, teaser: Teaser, link: str, limit: int = X_LIMIT) -> str:
    """Return the whole post: words, a line break, the link. A line break weighs as much as a space.

    Raises:
        Refusal: `x.too_long`: a person's words and the link weigh more than `limit` (weighted characters).
    """
    if teaser.words is not None:
        post = with_link(teaser.words, link)
        check_length(x_weight(post), limit, "x.too_long")
        return post
    room = limit - x_weight("\n" + link)
    if given := cms_words(article, "x"):
        return with_link(fit(given, room, x_weight), link)
    return with_link(_x_words(article, teaser, room), link)


def _x_words(article: Article, teaser: Teaser, room: int) -> str:
    story, mark = told(article), label(article)
    headline = fit(labelled(mark, story.headline), room, x_weight)
    if teaser.variant == "headline":
        return headline
    said = quotation(article, teaser, room, x_weight)
    if said:
        return labelled(mark, said)
    lead = fit(labelled(mark, story.lead), room, x_weight)
    whole = bool(story.lead) and x_weight(labelled(mark, sentences.first(story.lead))) <= room
    if whole and overlap(story.headline, lead) >= _SAME:
        return lead
    # A lead that must be cut says less than a complete headline.
    left = room - x_weight(headline + "\n")
    under = story.under(Place(left, x_weight))
    if under and x_weight(sentences.first(under)) <= left:
        return f"{headline}\n{fit(under, left, x_weight)}"
    return max(headline, lead, key=x_weight) if whole else headline
