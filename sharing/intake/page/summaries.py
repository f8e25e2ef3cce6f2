"""The summary of a page."""

from __future__ import annotations

import re

from sharing.intake.page import json_ld, markup
from sharing.intake.page.document import Page
from sharing.intake.page.plain import fold, line, within

_DEK = frozenset("dek deck standfirst subhead subtitle subheadline".split())
_CUT = re.compile(r"(?:\.\.\.|…)$")
_END = re.compile(r"[.!?…。！？][\"'”’」』)]*$")
# Two sentences without a space between them: the opening of the story, joined by a machine.
_GLUED = re.compile(r"[가-힣][.?!](?=[가-힣‘“\"'])")


def summary(page: Page, headline: str, paragraphs: list[str]) -> str | None:
    """Return the declared description without the headline, else the line under the headline, else the lead.

    Args:
        page: the page.
        headline: the headline, which is removed from the start of the description.
        paragraphs: the paragraphs of the story.
    """
    first = page.meta("og:description") or line(json_ld.first_text(page.node.get("description")), "summary")
    others = page.metas_of("description", "twitter:description", "itemprop:description", "dc.description")[:4]
    said = [_behind(first or "", headline)]
    said += [text for text in others if not fold(text).startswith(fold(headline))]
    declared = next((tidy for text in said if within(tidy := _tidied(text), "summary")), None)
    if declared is None or _CUT.search(declared):
        return (
            _dek(page, headline)
            or declared
            or next((text for text in paragraphs if within(text, "summary")), None)
        )
    return declared


def _behind(text: str, headline: str) -> str:
    """Remove the headline from the start of `text`, where a machine wrote both into one line."""
    wanted = fold(headline)
    if not wanted or not fold(text).startswith(wanted):
        return text
    place = length = 0
    while length < len(wanted):
        length += len(fold(text[place]))
        place += 1
    runs_on = text[place : place + 1].isalnum()
    return text if runs_on else text[place:].lstrip(" .:|-–—\"'’”")


def _tidied(text: str | None) -> str:
    text = (text or "").strip(" |·-ㅣ")
    glued = _GLUED.search(text)
    if glued and not _END.search(text):
        ends = [found.end() for found in re.finditer(r"[가-힣][.?!][\"'”’]?(?=[\s가-힣‘“\"']|$)", text)]
        return text[: ends[-1]]
    return text


def _dek(page: Page, headline: str) -> str | None:
    for element in markup.called(page, _DEK, limit=3):
        text = " ".join(markup.texts(element))
        is_sentence = _END.search(text) or len(text.split()) >= 8
        if 20 <= len(text) <= 400 and is_sentence and fold(text) != fold(headline):
            return line(text, "summary")
    return None
