"""Reader of pasted text: a whole page copied to the clipboard, or only headline and paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from sharing.domain.article import Article
from sharing.domain.refusal import Refusal
from sharing.intake import times
from sharing.intake.page import korean
from sharing.intake.page.address import absolute, parted
from sharing.intake.page.furniture import bare
from sharing.intake.page.languages import detected, script_of
from sharing.intake.page.names import EMAIL, Byline, byline
from sharing.intake.pasted.layout import headline_and_story
from sharing.intake.pasted.lines import (
    ADDRESS,
    Kind,
    Line,
    caption_of,
    is_change,
    seen,
)
from sharing.intake.time_names import zone_of
from sharing.words import unicode

__all__ = ["read_pasted"]

#: Most paragraphs that are kept.
_PARAGRAPHS = 200
#: Number of lines before the headline, and after the story, that are searched for bylines, dates and signatures.
_BEFORE, _BEHIND = 8, 10
_NAMES = 12


def read_pasted(text: str, *, url: str | None = None, zone: tzinfo | None = None) -> Article:
    """Read the article in pasted text.

    The story is the part where paragraphs stand close together. The headline is the first line before the story that
    shares words with it; the summary is the first paragraph. Buttons, counters, menus, repeated captions, addresses
    and the boxes around the story are left out.

    Example of a short text: a headline, `By Ann Lee`, `2026-11-24 21:30`, and two paragraphs, one per line.

    Args:
        text: the copied lines, with or without blank lines between them.
        url: the article's address, if the person gave it. Otherwise the first line, if it is an address.
        zone: the desk's zone. It applies to times without a zone, if neither the country of the address nor the
            language has a zone. None leaves such times out.

    Raises:
        Refusal: `pasted.empty`, `pasted.no_headline`, `pasted.not_an_article`, and the codes of the Unicode gate.
    """
    lines = seen(unicode.clean(text, "body"))
    if not lines:
        raise Refusal("pasted.empty")
    if ADDRESS.fullmatch(lines[0].text):
        url = url or lines[0].text
    headline, story, end = headline_and_story(lines)
    if not story:
        raise Refusal("pasted.not_an_article")
    if headline is None:
        raise Refusal("pasted.no_headline")
    around = _around(lines, headline.number, end)
    return _article(around, headline, story, absolute(url, None), zone)


def _article(
    around: list[Line], headline: Line, story: list[Line], address: str | None, desk_zone: tzinfo | None
) -> Article:
    paragraphs = [line.text for line in story]
    title = unicode.one_line(bare(headline.text), "headline")
    language = _language([title, *paragraphs[:5]])
    zone = zone_of(parted(address).hostname or "", language) or desk_zone
    published, modified = _dates(around, headline, zone)
    within = [line for line in around if headline.number - 3 <= line.number <= story[-1].number]
    caption, credit = _caption(within, story[0])
    by = _byline(around, paragraphs[0])
    return Article(
        url=address,
        canonical_url=address,
        headline=title,
        summary=paragraphs[0][: unicode.LIMITS["summary"]],
        caption=caption,
        credit=credit,
        authors=by.people,
        author_emails=by.emails,
        language=language,
        published_at=published,
        modified_at=modified,
        body="\n\n".join(paragraphs[:_PARAGRAPHS]),
    )


def _around(lines: Sequence[Line], headline: int, end: int) -> list[Line]:
    """Return the lines of the story and some lines before and after, up to the title of a box after the story."""
    around = list(lines[max(headline - _BEFORE, 0) : end])
    for line in lines[end : end + _BEHIND]:
        if line.kind is Kind.END:
            break
        around.append(line)
    return around


def _dates(
    around: list[Line], headline: Line, zone: tzinfo | None
) -> tuple[datetime | None, datetime | None]:
    """Return the times of publication and of change: in each case the date nearest to the headline."""
    nearest = sorted(around, key=lambda line: abs(line.number - headline.number))
    dated = [(text, found) for line in nearest for text in line.dates if (found := times.find(text, zone))]
    published = (found for text, found in dated if not is_change(text))
    changed = (found for text, found in dated if is_change(text))
    return next(published, None), next(changed, None)


def _caption(lines: Sequence[Line], lead: Line) -> tuple[str | None, str | None]:
    """Return (caption, credit) of the first caption: a marked line, or a credited or repeated line before the lead.

    Korean captions are often not a sentence (`항구에 든 배. 연합뉴스`), and often stand twice in the text.
    """
    for line in lines:
        is_twice = line.repeated and (line.kind is Kind.STORY or None not in caption_of(line))
        before_lead = line.number < lead.number and (line.kind is Kind.CREDITED or is_twice)
        if line.kind is Kind.CAPTION or before_lead:
            return caption_of(line)
    return None, None


def _byline(around: list[Line], lead: str) -> Byline:
    written = [line.written_by for line in around if line.written_by][:3]
    signed = [*(line.signed for line in around), Byline(people=tuple(korean.dateline(lead)))]
    people = byline(EMAIL.split(text)[0] for text in written).people
    people = people or tuple(dict.fromkeys(name for each in signed for name in each.people))
    addresses = [address.lower() for text in written for address in EMAIL.findall(text)]
    addresses += [address for each in signed for address in each.emails]
    return Byline(people=people[:_NAMES], emails=tuple(dict.fromkeys(addresses))[:_NAMES])


def _language(texts: list[str]) -> str | None:
    text = " ".join(texts)
    return script_of(text)[0] or detected(text)
