"""What the page says about itself in a sentence or two."""

from __future__ import annotations

import re

from sharing.intake.page import json_ld
from sharing.intake.page.document import Page
from sharing.intake.page.plain import line


def summary(page: Page) -> str | None:
    texts = [
        *page.metas_of("og:description")[:1],
        line(json_ld.first_text(page.node.get("description")), "summary"),
        *page.metas_of("description", "twitter:description", "dc.description")[:3],
    ]
    for text in texts:
        text = (text or "").strip(" |")
        if text:
            return text
    return None
