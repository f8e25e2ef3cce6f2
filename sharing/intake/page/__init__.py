"""Reader of web pages. It reads the values that a page declares and checks them against the text that it shows."""

from __future__ import annotations

from datetime import UTC, tzinfo

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.intake.page import images
from sharing.intake.page.address import absolute, canonical, parted
from sharing.intake.page.dates import modified, published
from sharing.intake.page.decoding import decode
from sharing.intake.page.document import Page, parse
from sharing.intake.page.filing import section, site_name, tags
from sharing.intake.page.headlines import headline
from sharing.intake.page.languages import language
from sharing.intake.page.people import authors, signed, unsigned
from sharing.intake.page.sites import site_names
from sharing.intake.page.sniff import is_html, refuse_files
from sharing.intake.page.story import PARAGRAPHS, paragraphs, size
from sharing.intake.page.summaries import summary
from sharing.intake.page.verdict import Evidence, declares_article, refuse_other_pages
from sharing.intake.time_names import zone_of

__all__ = ["is_html", "read_page"]


def read_page(
    data: bytes, *, url: str | None = None, content_type: str | None = None, zone: tzinfo | None = None
) -> Article:
    """Read the article on a page.

    Args:
        data: the bytes of the page, as they were fetched.
        url: the address of the page. A canonical address on another site is then ignored.
        content_type: the media type in the HTTP answer, with its charset.
        zone: the desk's zone. It applies to times without a zone, if neither the country of the page nor its language
            has a zone.

    Raises:
        Refusal: `page.*`, which names what the page is instead of an article; `page.no_headline`.
    """
    refuse_files(data, content_type)
    return _article(parse(decode(data, content_type), absolute(url, None)), zone)


def _article(page: Page, desk_zone: tzinfo | None) -> Article:
    own = canonical(page)
    address = own or page.url
    sites = site_names(page, address)
    title = headline(page, sites) or ""
    story = paragraphs(page)
    lang = language(page, " ".join([title, *story[:5]]))
    zone = zone_of(parted(address).hostname or "", lang) or desk_zone or UTC
    out_at = published(page, address, zone, title)
    refuse_other_pages(page, _evidence(page, own, title, story, dated=out_at is not None))
    if not title:
        raise Refusal("page.no_headline")
    by = authors(page, sites, title)
    by = by if by.people else signed(story) or by
    picture = images.image(page, address)
    alternative, caption, credit = images.said(page, picture)
    return Article(
        url=page.url,
        canonical_url=own,
        headline=title,
        summary=summary(page, title, story),
        image_url=picture,
        image_alt=alternative,
        caption=caption,
        credit=credit,
        authors=by.people or by.organisations,
        author_emails=by.emails,
        section=section(page),
        tags=tags(page),
        language=lang,
        published_at=out_at,
        modified_at=modified(page, zone),
        site_name=site_name(page),
        body="\n\n".join(unsigned(story[: PARAGRAPHS + 1])[:PARAGRAPHS]) or None,
    )


def _evidence(page: Page, own: str | None, title: str, story: list[str], *, dated: bool) -> Evidence:
    titles = tuple(text for text in (title, page.title, *page.h1[:2]) if text)
    return Evidence(
        declared=declares_article(page), dated=dated, story=size(story), titles=titles, address=own
    )
