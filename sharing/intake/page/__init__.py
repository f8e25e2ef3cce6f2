"""A page as a browser gets it becomes an Article: from what it declares, checked against what it shows."""

from __future__ import annotations

from urllib.parse import urlsplit

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.intake.page import json_ld
from sharing.intake.page.address import absolute, canonical
from sharing.intake.page.dates import modified, published, zone_of
from sharing.intake.page.decoding import decode
from sharing.intake.page.document import parse
from sharing.intake.page.headline import headline, site_names
from sharing.intake.page.image import image
from sharing.intake.page.language import language
from sharing.intake.page.people import authors
from sharing.intake.page.plain import line
from sharing.intake.page.story import paragraphs, remove_furniture
from sharing.intake.page.summary import summary

__all__ = ["read_page"]


def read_page(data: bytes, *, url: str | None = None, content_type: str | None = None) -> Article:
    page = parse(decode(data, content_type), absolute(url, None))
    own = canonical(page)
    address = own or page.url
    names = site_names(page, address)
    title = headline(page, names)
    if title is None:
        raise Refusal("page.no_headline")
    remove_furniture(page.root)
    story = paragraphs(page)
    lang = language(page, " ".join([title, *story[:5]]))
    zone = zone_of(urlsplit(address or "").hostname or "", lang)
    by = authors(page, names, story)
    return Article(
        url=page.url,
        canonical_url=own,
        headline=title,
        summary=summary(page),
        image_url=image(page, address),
        authors=by.people or by.organisations,
        author_emails=by.emails,
        language=lang,
        published_at=published(page, address, zone),
        modified_at=modified(page, zone),
        body="\n\n".join(story) or None,
    )
