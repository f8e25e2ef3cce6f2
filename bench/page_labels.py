"""The labelled pages of ../shared/data/pages: which half a page is in, and what counts as right.

Rules of scoring (facts/inputs.md section 4): *exact* is equality with the label after NFKC and the folding of
quotes, dashes and spaces; *headline ok* is any headline that the page itself declares, without a site's name
behind it; an image is right when it shows the same asset, a canonical address when host and path are the
article's, authors as a set, a date by its day. `accepted` in a label lists what else is right.
"""

import contextlib
import gzip
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from urllib.parse import unquote, urlsplit

import lxml.html

FIELDS = ("headline ok", "headline exact", "image", "canonical", "author", "date", "language", "description")
#: What a page needs to be right in everything; a description is a matter of taste, the rest is not.
TOGETHER = ("headline ok", "image", "canonical", "author", "date", "language")

_ALIKE = str.maketrans(
    dict.fromkeys("“”„«»″〝〞＂", '"') | dict.fromkeys("‘’‚′`´", "'") | dict.fromkeys("‐‑‒–—―−", "-")
)


def fold(text):
    """`text` as it is compared: NFKC, one kind of quote, dash and space."""
    text = unicodedata.normalize("NFKC", (text or "").translate(_ALIKE)).translate(_ALIKE)
    return " ".join(re.sub(r"[\u200b\u00ad\ufeff]", "", text).split())


@dataclass
class Reading:
    """What a reader of pages made of one page."""

    headline: str | None = None
    summary: str | None = None
    image: str | None = None
    canonical: str | None = None
    authors: list = field(default_factory=list)
    date: str | None = None
    language: str | None = None


@dataclass
class Labelled:
    """One page with its label."""

    row: dict
    folder: object

    @property
    def id(self):
        return self.row["id"]

    @property
    def korean(self):
        return self.row["lang"] == "ko"

    @property
    def news(self):
        return self.row["source"] in {"fundus", "korean", "goose3", "newspaper4k"}

    @property
    def half(self):
        """`tuned` or `unseen`, by the first byte of the id's SHA-256: fixed before the first rule."""
        return "unseen" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "tuned"

    @cached_property
    def data(self):
        return gzip.decompress((self.folder / self.row["file"]).read_bytes())

    def label(self, *names):
        """The first of the label's fields that says anything."""
        expected = self.row["expected"]
        for name in names:
            value = expected.get(name)
            if value and value != "__unset__":
                return value
        return None

    def accepted(self, name, *values):
        return [
            *(value for value in values if value),
            *self.row["expected"].get("accepted", {}).get(name, []),
        ]

    @cached_property
    def declared(self):
        """Every headline that the page declares, folded."""
        try:
            text = self.data.decode()
        except UnicodeDecodeError:
            text = self.data.decode("cp949" if self.korean else "latin-1", "replace")
        parser = lxml.html.HTMLParser(encoding="utf-8")
        root = lxml.html.document_fromstring(text.replace("\0", "").encode(), parser=parser)
        found = [h1.text_content() for h1 in root.iter("h1")]
        named = {"og:title", "twitter:title", "title"}
        found += [
            meta.get("content")
            for meta in root.iter("meta")
            if (meta.get("property") or meta.get("name") or "").lower() in named
        ]
        for script in root.iter("script"):
            if "ld+json" in (script.get("type") or ""):
                found += _headlines(script.text or "")
        found = [fold(text) for text in [*found, self.label("title")] if fold(text)]
        # What stands before a bar is a headline without its site's name.
        return set(found) | {re.split(r" (?:\||::) ", text)[0] for text in found}

    @cached_property
    def says_where(self):
        """Whether the page declares an address of its own at all."""
        return bool(re.search(rb"""rel=["']?canonical|og:url|mainEntityOfPage""", self.data))


def _headlines(block):
    """The headlines in a block of JSON-LD, as written."""
    for quoted in re.findall(r'"headline"\s*:\s*("(?:[^"\\]|\\.)*")', block):
        with contextlib.suppress(ValueError):
            yield json.loads(quoted, strict=False)


def load(folder):
    """The pages of `folder` with their labels; made-up ones are left out."""
    rows = json.loads((folder / "expected.json").read_text())
    return [Labelled(row, folder) for row in rows if row["genre"] != "synthetic"]


def score(page, reading):
    """{field: right or wrong} for every field that the page has a label for."""
    marks = {}
    title = page.label("title")
    if title:
        ours = fold(reading.headline)
        marks["headline exact"] = ours == fold(title)
        marks["headline ok"] = ours == fold(title) or (
            ours in page.declared and not _suffixed(ours, page.declared)
        )
    images = page.accepted("image", page.label("image"), *(page.label("cover_images") or []))
    if images:
        marks["image"] = any(same_asset(reading.image, image) for image in images)
    canonical = page.accepted("canonical", page.label("canonical"), page.label("url"))
    if canonical and page.says_where:
        marks["canonical"] = any(same_place(reading.canonical, each) for each in canonical)
    authors = page.label("authors", "author_raw", "author", "byline")
    if authors:
        sets = [_people(names) for names in page.accepted("authors", authors)]
        sets += [set()] if [] in page.accepted("authors") else []
        marks["author"] = _people(reading.authors or []) in sets
    date = page.label("date", "publishedTime")
    if date and _moment(date):
        marks["date"] = _same_day(reading.date, date)
    if page.row["lang"]:
        marks["language"] = (reading.language or "").lower()[:2] == page.row["lang"][:2]
    description = page.label("dek", "excerpt") or (
        page.label("description") if page.row["source"] == "korean" else None
    )
    if description:
        ours = fold(reading.summary)
        others = [fold(each) for each in page.accepted("description")]
        begins_so = any(len(each) >= 20 and ours.startswith(each.rstrip(". ")) for each in others)
        marks["description"] = (
            ours == fold(description) or begins_so or (not ours and None in page.accepted("description"))
        )
    return marks


def _suffixed(headline, declared):
    return any(
        headline != other
        and headline.startswith(other)
        and re.match(r"\s*[-|:<»·_~ㅣᅵ/@]", headline[len(other) :])
        for other in declared
        if len(other) > 12
    ) or headline.endswith(("...", "…"))


def same_place(ours, theirs):
    """The same host (but for www.) and path."""
    return bool(ours) and _place(ours) == _place(theirs)


def _place(address):
    parts = urlsplit(address.strip())
    host = (parts.hostname or "").removeprefix("www.")
    keyed = (
        parts.query if re.search(r"(?:^|&)(?:idxno|ncd|news_id|id|no|page|oid|key|aid)=", parts.query) else ""
    )
    return host, unquote(parts.path).rstrip("/"), keyed


def same_asset(ours, theirs):
    """One picture, whatever the crop: the same file name but for its size, or the same long id."""
    if not ours or not theirs:
        return False
    if ours.split("?")[0] == theirs.split("?")[0]:
        return True
    mine, other = _stems(ours), _stems(theirs)
    return bool(mine & other)


def _stems(address):
    path = unquote(unquote(address)).lower()
    stems = set(
        re.findall(r"[0-9a-z]*\d[0-9a-z]*[a-z][0-9a-z]{9,}|[0-9]{6,}|[0-9a-f]{8}-[0-9a-f-]{27}", path)
    )
    for name in re.findall(r"([^/=?&]+)\.(?:jpe?g|png|webp|gif|avif)", path):
        stem = re.sub(
            r"(?:[-_.@]?(?:\d{2,4}x\d{2,4}|[wh]?\d{2,4}w?)|[-_.@](?:scaled|[a-z]|large|small|thumb|crop|[0-9a-f]{8,16}))+$",
            "",
            name,
        )
        if len(stem) >= 6:
            stems.add(stem)
    stems |= {part for part in re.findall(r"[^/?&=]+", path) if len(part) >= 40}
    return {stem for stem in stems if not re.fullmatch(r"20\d{4}(?:\d\d)?", stem)}


_ROLE = re.compile(r"^(?:by|par|von|por|de|di|written by|\W)\s*[: ]\s*", re.IGNORECASE)


def _people(names):
    if isinstance(names, str):
        names = re.split(
            r"\s*(?:,| and | und | et | & |/|;|、|·)\s*", " ".join(names.split()), flags=re.IGNORECASE
        )
    folded = (_ROLE.sub("", fold(name)).strip(" .").casefold() for name in names)
    return {name for name in folded if name}


def _moment(text):
    text = str(text).strip()
    found = re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    if not found:
        return None
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{3})\d*", r"\1", text).replace(" +", "+"))
    except ValueError:
        with contextlib.suppress(ValueError):
            return datetime(*map(int, found.groups()))  # noqa: DTZ001 - a label without a zone
    return None


def _same_day(ours, theirs):
    mine, other = _moment(ours or ""), _moment(theirs)
    if not mine:
        return False
    if mine.date() == other.date():
        return True
    if mine.tzinfo and other.tzinfo:
        return any(
            mine.astimezone(zone).date() == other.astimezone(zone).date() for zone in (UTC, mine.tzinfo)
        )
    return False
