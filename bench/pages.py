"""`make bench-pages`: how often the fields of a news page are right, beside the libraries one would pick.

Prints one table per half of the pages (tuned on, unseen), one of all and one of the Korean pages.
`--misses tuned|unseen|korean` lists our own wrong fields instead, one a line.
"""

import argparse
import importlib.util
import logging
import statistics
import sys
import time
import warnings
from pathlib import Path

from bench.page_labels import FIELDS, TOGETHER, Reading, load, score

PAGES = Path(__file__).resolve().parents[2] / "shared" / "data" / "pages"


def ours(data):
    from sharing.domain.refusal import Refusal
    from sharing.intake.page import read_page

    try:
        article = read_page(data)
    except Refusal as refusal:
        return Reading(headline=f"refused: {refusal}")
    return Reading(
        headline=article.headline,
        summary=article.summary,
        image=article.image_url,
        canonical=article.canonical_url,
        authors=list(article.authors),
        date=article.published_at.isoformat() if article.published_at else None,
        language=article.language,
    )


def trafilatura(data):
    import trafilatura as library

    found = library.extract_metadata(library.load_html(data))
    return Reading(
        headline=found.title,
        summary=found.description,
        image=found.image,
        canonical=found.url,
        authors=(found.author or "").split("; "),
        date=found.date,
        language=found.language,
    )


def extruct(data):
    import extruct as library
    from lxml.html import document_fromstring

    found = library.extract(data, syntaxes=["json-ld", "opengraph"], uniform=True, errors="ignore")
    graph = [
        node for each in found["json-ld"] for node in each.get("@graph", [each]) if isinstance(node, dict)
    ]
    node = next(
        (
            node
            for node in graph
            if "Article" in str(node.get("@type")) or "Posting" in str(node.get("@type"))
        ),
        {},
    )
    tags = next(iter(found["opengraph"]), {})
    root = document_fromstring(data)

    def first(value):
        return first(value[0]) if isinstance(value, list) and value else value

    def text(value, key):
        value = first(value)
        return value.get(key) if isinstance(value, dict) else value

    authors = node.get("author") or []
    return Reading(
        headline=node.get("headline") or text(tags.get("og:title"), "content"),
        summary=node.get("description") or text(tags.get("og:description"), "content"),
        image=text(tags.get("og:image"), "content") or text(node.get("image"), "url"),
        canonical=next(iter(root.xpath("//link[@rel='canonical']/@href")), None)
        or text(tags.get("og:url"), "content"),
        authors=[text(author, "name") for author in (authors if isinstance(authors, list) else [authors])],
        date=first(node.get("datePublished")) or text(tags.get("article:published_time"), "content"),
        language=first(node.get("inLanguage")) or root.get("lang"),
    )


def newspaper4k(data):
    import newspaper

    article = newspaper.Article("https://news.example/", fetch_images=False)
    article.download(input_html=data.decode("utf-8", "replace"))
    article.parse()
    return Reading(
        headline=article.title,
        summary=article.meta_description,
        image=article.top_image,
        canonical=article.canonical_link,
        authors=article.authors,
        date=article.publish_date.isoformat() if article.publish_date else None,
        language=article.meta_lang,
    )


#: name -> (reader, the package that it needs)
READERS = {
    "sharedesk": (ours, "sharing"),
    "trafilatura": (trafilatura, "trafilatura"),
    "extruct": (extruct, "extruct"),
    "newspaper4k": (newspaper4k, "newspaper"),
}


def read(reader, pages):
    """{page id: (marks, milliseconds, reading)}; a library that raises is wrong in all, ours may not."""
    results = {}
    for page in pages:
        data = page.data
        started = time.process_time()
        try:
            reading = reader(data)
        except Exception:
            if reader is ours:
                raise
            reading = Reading(headline="raised")
        spent = (time.process_time() - started) * 1000
        results[page.id] = score(page, reading), spent, reading
    return results


def share(marks):
    return f"{100 * sum(marks) / len(marks):.1f}" if marks else "-"


def table(title, pages, results):
    """One half of the report: a reader a line, a field a column."""
    counts = [sum(name in results["sharedesk"][page.id][0] for page in pages) for name in FIELDS]
    columns = [*FIELDS, "all right", "news all right", "ms p50", "p95"]
    print(f"\n{title}: {len(pages)} pages")
    print("| reader | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    print(
        "| labels | "
        + " | ".join(map(str, counts))
        + f" | {len(pages)} | {sum(page.news for page in pages)} | | |"
    )
    for name, found in results.items():
        rows = [found[page.id] for page in pages]
        cells = [share([marks[each] for marks, _, _ in rows if each in marks]) for each in FIELDS]
        cells.append(share([_together(marks) for marks, _, _ in rows]))
        cells.append(share([_together(found[page.id][0]) for page in pages if page.news]))
        times = sorted(spent for _, spent, _ in rows)
        cells += [f"{statistics.median(times):.1f}", f"{times[int(len(times) * 0.95)]:.1f}"]
        print(f"| {name} | " + " | ".join(cells) + " |")


def _together(marks):
    return all(marks.get(name, True) for name in TOGETHER)


def misses(pages, found):
    for page in pages:
        marks, _, reading = found[page.id]
        for name, right in marks.items():
            if not right and not (name == "headline exact" and not marks["headline ok"]):
                print(f"{page.id} | {name} | {_shown(name, reading)} | {_wanted(name, page)}")


def _shown(name, reading):
    part = {"author": "authors", "description": "summary"}.get(name, name.split()[0])
    return repr(getattr(reading, part))


def _wanted(name, page):
    names = {
        "headline ok": ["title"],
        "headline exact": ["title"],
        "image": ["image", "cover_images"],
        "canonical": ["canonical", "url"],
        "author": ["authors", "author_raw", "author", "byline"],
        "date": ["date", "publishedTime"],
        "language": ["lang"],
        "description": ["dek", "excerpt", "description"],
    }[name]
    return repr(page.label(*names) or page.row["lang"])[:400]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", choices=["tuned", "unseen", "korean"])
    parser.add_argument("--only", action="append", choices=sorted(READERS))
    chosen = parser.parse_args()
    if not PAGES.exists():
        print("bench-pages skipped: the labelled pages (../shared/data/pages) are not on this machine.")
        return 0
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    pages = load(PAGES)
    parts = {
        "tuned": [page for page in pages if page.half == "tuned"],
        "unseen": [page for page in pages if page.half == "unseen"],
        "korean": [page for page in pages if page.korean],
    }
    if chosen.misses:
        misses(parts[chosen.misses], read(ours, parts[chosen.misses]))
        return 0
    results = {}
    for name, (reader, package) in READERS.items():
        if chosen.only and name not in {*chosen.only, "sharedesk"}:
            continue
        if importlib.util.find_spec(package) is None:
            print(f"absent, so not measured: {name} (`make setup-bench` installs it)")
            continue
        results[name] = read(reader, pages)
    table("Half tuned on", parts["tuned"], results)
    table("Unseen half", parts["unseen"], results)
    table("All", pages, results)
    table("Korean", parts["korean"], results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
