"""Writes docs/words.md: `python -m tests.words.page`. A test says when it is no longer current."""

import json
from pathlib import Path

from sharing.domain.article import Article
from sharing.domain.message import Teaser
from sharing.words.count import x_weight
from sharing.words.labels import language
from tests.words import ours as teaser

FIXTURES = Path(__file__).parent / "fixtures"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "words.md"
LINK = "https://example.com/s/7kq2mx23ab"

INTRODUCTION = """\
# Words

What `sharing/words` writes for twenty articles, ten in Korean and ten in English: the five automatic teasers of
each, as they would go out if nobody touched them. The articles are invented; their shapes are real (datelines,
bylines, captions, copyright lines, deks that break off). Read them as the editor of the day. One that you would
change is a mistake in the rules: mend the rule, then run `python -m tests.words.page`.

How they are made:

- **A person's own words always win.** They are checked, never changed. Then come the words that the CMS holds for
  the channel, then ours, which are taken from the article and from nothing else.
- **Lead or dek.** The summary, unless it is cut off, a row of keywords, the headline again or the beginning of the
  story: then the first paragraph that states something.
- **Facebook** shows headline and picture on its card, so the text is the lead; where its first sentence only says
  the headline again, what follows it and stands by itself.
- **X** (280, a link weighs 23) gets the lead alone where it names what the headline names, else the headline, with
  whole sentences under it that have none of its facts again. A lead that would have to be cut gives way.
- **KakaoTalk** shows two lines of title and two of text, **mail** a subject (78 characters, 40 in Korean), a preheader
  and the lead. Below a title stands what did not fit into it ("…after losing the vote"), then the lead; one that
  has the headline's fact again or would lose most of its first sentence gives way to the next sentence near the
  top that is whole, new and understood after the headline alone.
- **Cuts** are made at the end of a sentence, else of a clause, a phrase, a word, with `…`; never inside a
  quotation, a number, a name or a link, never after a Korean particle or an article.
- **Labels** ([속보], BREAKING:) are shown where the CMS says so. Hashtags are off until the desk allows some;
  templates, banned words and what stops a text are the desk's own [style](style.md).
"""


def articles():
    """The fixtures by name, Korean ones first."""
    names = sorted(FIXTURES.glob("*.json"), key=lambda path: (not path.name.startswith("ko"), path.name))
    return {path.stem: Article.load(json.loads(path.read_text(encoding="utf-8"))) for path in names}


def written():
    """The whole page."""
    parts = [INTRODUCTION]
    spoken = ""
    for name, article in articles().items():
        if language(article) != spoken:
            spoken = language(article)
            parts.append("## Korean\n" if spoken == "ko" else "## English\n")
        parts.append(section(name, article))
    return "\n".join(parts)


def section(name, article):
    automatic = Teaser()
    post = teaser.x(article, automatic, LINK)
    kakao = teaser.kakao(article, automatic)
    mail = teaser.mail(article, automatic)
    rows = [
        ("Facebook", teaser.facebook(article, automatic)),
        (f"X, {x_weight(post)}", post),
        ("KakaoTalk", f"**{kakao.title}**\n{kakao.description}"),
        ("Mail", f"**{mail.subject}**\n_{mail.preheader}_\n{mail.lead}"),
        ("Link", teaser.clipboard(article, automatic, LINK)),
    ]
    told = " · ".join(filter(None, (f"label: {article.label}" if article.label else "", article.section)))
    table = "\n".join(f"| {place} | {cell(words)} |" for place, words in rows)
    return f"### {article.headline}\n\n`{name}` · {told}\n\n| | |\n|---|---|\n{table}\n"


def cell(words):
    """Words as a table cell shows them."""
    escaped = words.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return "<br>".join(escaped.split("\n"))


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(written(), encoding="utf-8")
