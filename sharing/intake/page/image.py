"""The story's picture: absolute, and no logo."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from sharing.intake.page import json_ld
from sharing.intake.page.address import absolute
from sharing.intake.page.document import Page

_NO_STORY = re.compile(
    r"(?:^|[/_.-])(?:logo|logos|favicon|icon|icons|sprite|blank|spacer|pixel|placeholder|default|no-?image|noimg|fallback|avatar|dummy|og[-_]?default|default[-_]?og|share[-_]?(?:image|default|logo)|sns[-_]?(?:logo|default|image)|facebook[-_]?(?:default|logo)|apple-touch)(?:[_.@\d-]|$)",
    re.IGNORECASE,
)
_DECLARED = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src", "image", "itemprop:image", "thumbnail", "parsely-image-url", "sailthru.image.full", "msapplication-tileimage")


def image(page: Page, base: str | None) -> str | None:
    """The address of the story's picture, None where only logos are declared and the story shows none."""
    secure = page.meta("og:image:secure_url")
    declared = page.metas_of("og:image", "og:image:url")
    if secure and declared and urlsplit(secure).path == urlsplit(declared[0]).path:
        declared.insert(0, secure)
    logos = {json_ld.first_text(node.get("logo"), "url", "contentUrl") for node in page.nodes}
    declared += page.metas_of("twitter:image", "twitter:image:src")
    for each in json_ld.listed(page.node.get("image")) + json_ld.listed(page.node.get("thumbnailUrl")):
        declared.append(json_ld.first_text(json_ld.resolved(each, page.nodes), "url", "contentUrl", "@id") or "")
    declared += [*page.metas_of("image", "itemprop:image", "thumbnail"), *page.links("image_src")]
    for each in declared:
        address = absolute(each, base)
        if address and each not in logos and is_story(address):
            return address
    return None


def is_story(address: str) -> bool:
    """Whether the file is named as a picture is, and no logo, icon or placeholder."""
    path = unquote(urlsplit(address).path)
    return not _NO_STORY.search(path.rpartition("/")[2]) and not path.lower().endswith((".svg", ".ico", ".mp4"))
