"""`make bench-words`: how fast the words are, beside the libraries one would pick, and that nothing is super-linear.

Prints four tables: composing the five channels, splitting and counting beside pysbd and twitter-text-parser
(both from requirements/bench.txt; what is not installed is said), right sentences on the gold, hostile texts.
"""

import importlib.util
import itertools
import json
import statistics
import time
from pathlib import Path

from sharing.domain.message import Teaser
from sharing.words import clean_up, lead, overlap, sentences
from sharing.words.count import x_weight
from sharing.words.cut import fit
from tests.words import ours as teaser
from tests.words.page import LINK, articles

GOLD = Path(__file__).resolve().parents[2] / "shared" / "data" / "text" / "sentences_gold.json"
ROUNDS = 40


def five(article):
    automatic = Teaser()
    teaser.facebook(article, automatic)
    teaser.x(article, automatic, LINK)
    teaser.kakao(article, automatic)
    teaser.mail(article, automatic)
    teaser.clipboard(article, automatic, LINK)


def compose(forget):
    """Milliseconds per article, each article as often as there are rounds."""
    taken = []
    for _ in range(ROUNDS):
        for article in articles().values():
            if forget:
                lead.forget()
                overlap.forget()
            started = time.perf_counter()
            five(article)
            taken.append(1000 * (time.perf_counter() - started))
    return taken


def per_thousand(work, text):
    """Milliseconds per 1,000 characters, the best of five."""
    best = min(timed(work, text) for _ in range(5))
    return 1e6 * best / len(text)


def timed(work, text):
    """Seconds of this process alone: what else runs on the machine does not count."""
    started = time.process_time()
    work(text)
    return time.process_time() - started


def story(language):
    """The fixtures' stories of one language as one text."""
    return "\n".join(clean_up.story(a.body) for name, a in articles().items() if name.startswith(language))


def library(name):
    return importlib.util.find_spec(name) is not None


def splitters():
    yield "sharing.words", sentences.split
    if library("pysbd"):
        import pysbd

        yield "pysbd", pysbd.Segmenter(language="en", clean=False).segment
    else:
        print("pysbd is not installed (requirements/bench.txt): its rows are missing")


def counters():
    yield "sharing.words", x_weight
    if not library("twitter_text"):
        print("twitter-text-parser is not installed (requirements/bench.txt): its row is missing")
        return
    try:
        from twitter_text import parse_tweet
    except ImportError as error:
        print(f"twitter-text-parser does not import ({error}): it needs setuptools<81")
        return
    yield "twitter-text-parser", lambda text: parse_tweet(text).weightedLength


def print_compose():
    print("\nComposing the five channels, ms per article (20 articles; the bar is 1.00 at p50)")
    print(f"{'':24}{'p50':>8}{'p95':>8}{'max':>8}")
    for name, forget in (("seen for the first time", True), ("again", False)):
        taken = sorted(compose(forget))
        p95 = taken[int(len(taken) * 0.95)]
        print(f"{name:24}{statistics.median(taken):8.2f}{p95:8.2f}{taken[-1]:8.2f}")


def print_speed():
    print("\nms per 1,000 characters")
    print(f"{'':34}{'English':>10}{'Korean':>10}")
    english, korean = story("en"), story("ko")
    rows = [(f"split: {name}", work) for name, work in splitters()]
    rows += [(f"weigh: {name}", work) for name, work in counters()]
    rows += [("fit to 280 on X", lambda text: fit(text.replace("\n", " "), 257, x_weight))]
    rows += [("clean-up", clean_up.story)]
    for name, work in rows:
        print(f"{name:34}{per_thousand(work, english):10.3f}{per_thousand(work, korean):10.3f}")


def print_gold():
    if not GOLD.exists():
        print("\nThe gold sentences (../shared) are not on this machine: no table of right sentences")
        return
    cases = json.loads(GOLD.read_text(encoding="utf-8"))
    print("\nTexts of the gold split exactly as by hand")
    for name, work in splitters():
        right = {}
        for case in cases:
            cuts = [0, *case["hard"], len(case["text"])]
            wanted = [case["text"][a:b].strip() for a, b in itertools.pairwise(cuts)]
            found = [sentence.strip() for sentence in work(case["text"]) if sentence.strip()]
            right.setdefault(case["lang"], []).append(found == wanted)
        told = "   ".join(f"{language} {sum(hits)}/{len(hits)}" for language, hits in right.items())
        print(f"{name:24}{told}")


#: Texts that grow; each is timed at its length and at half of it. 2.0 is linear; the bar is 3.
HOSTILE = {
    "one sentence of 1 MB": ("정부는 그렇게 말했고 ", 90_000),
    "one word of 1 MB": ("가", 1_000_000),
    "100,000 links": ("https://example.com/a ", 100_000),
    "50,000 emoji": ("👨‍👩‍👧‍👦", 50_000),
    "glued domains": ("a.com가", 100_000),
    "dots": ("a.", 400_000),
    "open quotes": ("“", 400_000),
    "straight quotes": ('"a ', 250_000),
    "apostrophes": ("'a ", 250_000),
    "brackets": ("([“", 250_000),
    "glued sentences": ("했다.", 250_000),
    "hashtags": (" #가", 250_000),
    "broken tags": ("<!--", 200_000),
    "broken entities": ("amp;", 200_000),
    "copyright signs": (" ⓒ.", 200_000),
    "signatures": ("홍길동 기자\n\n", 60_000),
}


def print_hostile():
    print("\nHostile texts: seconds at full length, and how much longer than at half (2.0 is linear)")
    works = {
        "weigh": x_weight,
        "split": sentences.split,
        "fit x": lambda text: fit(text, 257, x_weight),
        "fit fb": lambda text: fit(text, 63_206),
        "clean": clean_up.story,
    }
    print(f"{'':24}" + "".join(f"{name:>14}" for name in works))
    worst = 0.0
    for name, (piece, times) in HOSTILE.items():
        cells = []
        for work in works.values():
            half, full = timed(work, piece * (times // 2)), timed(work, piece * times)
            ratio = full / half if full > 0.05 else 0
            worst = max(worst, ratio)
            cells.append(f"{full:7.2f} {f'x{ratio:.1f}' if ratio else '':>6}")
        print(f"{name:24}" + "".join(cells))
    print(f"worst growth: x{worst:.1f}")


if __name__ == "__main__":
    print_compose()
    print_speed()
    print_gold()
    print_hostile()
