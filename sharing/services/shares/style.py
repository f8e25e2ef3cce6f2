"""How a desk writes: its templates, its rules about words, and which words those rules block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sharing import models
from sharing.channels.registry import channel as channel_by_slug
from sharing.domain.article import Article
from sharing.domain.message import Message, Teaser
from sharing.domain.refusal import Refusal
from sharing.words import templates
from sharing.words.labels import language
from sharing.words.lint import CODES, Level, Warning_
from sharing.words.style import CORRECTIONS, LEVELS, Style
from sharing.words.unicode import clean, one_line

#: Number of articles on which a template is previewed.
PREVIEWED = 10
#: `Delivery.variant` of words from a template: this prefix and the template's name.
BY_TEMPLATE = "template:"

_LISTS = ("banned", "domains", "hashtags")
_MOST, _LONGEST = 500, 100


def style_of(desk: models.Desk) -> Style:
    """Return the desk's rules about words."""
    kept: dict[str, Any] = dict(desk.style)
    lists = {name: tuple(kept.get(name, ())) for name in _LISTS}
    return Style(**lists, correction=kept.get("correction", CORRECTIONS[0]), levels=kept.get("levels", {}))


def change(desk: models.Desk, name: str, values: Sequence[str]) -> Style:
    """Set one rule: `banned`, `domains`, `hashtags`, `correction`, or the level of a finding by its code.

    Raises:
        Refusal: `style.unknown`, `style.unknown_value`, `style.empty_value`, `text.too_long`.
    """
    given, values = values, [line for value in values if (line := one_line(value, "name"))]
    if given and not values:
        raise Refusal("style.empty_value", field=name, name=name[:40])
    if len(values) > _MOST or any(len(value) > _LONGEST for value in values):
        raise Refusal("text.too_long", field=name, limit=_LONGEST)
    kept: dict[str, Any] = dict(desk.style)
    if name in _LISTS:
        kept[name] = list(dict.fromkeys(values))
    elif name == "correction":
        kept[name] = _one_of(CORRECTIONS, values, name)
    elif name in CODES:
        kept["levels"] = {**kept.get("levels", {}), name: _one_of(LEVELS, values, name)}
    else:
        known = ", ".join([*_LISTS, "correction", *CODES])
        raise Refusal("style.unknown", field="name", name=name[:40], known=known)
    desk.style = kept
    desk.save(update_fields=["style"])
    return style_of(desk)


def _one_of(known: Sequence[str], values: Sequence[str], name: str) -> str:
    if len(values) != 1 or values[0] not in known:
        raise Refusal("style.unknown_value", field="value", name=name, known=", ".join(known))
    return values[0]


# -- templates ----------------------------------------------------------------------------------------------


def add_template(
    desk: models.Desk,
    name: str,
    slug: str,
    text: str,
    *,
    section: str | None = None,
    spoken: str | None = None,
) -> models.Template:
    """Save a template for the articles of `section` in the language `spoken`; it replaces one of the same name.

    Raises:
        Refusal: its first problem (`template.*`), `channel.unknown`, `text.too_long`; `rule.empty_condition` for an
            empty section or language: it would fit every article.
    """
    for field, value in (("section", section), ("language", spoken)):
        if value is not None and not one_line(value, "name"):
            raise Refusal("rule.empty_condition", field=field)
    spoken = (spoken or "").strip()[:2].lower()
    text = _right(slug, text, spoken)
    name, section = one_line(name, "name"), one_line(section or "", "name")
    if not name or len(name) > 60 or len(section) > 200:
        raise Refusal("text.too_long", field="name", limit=60)
    fields = {"channel": slug, "section": section, "language": spoken, "text": text}
    row, _ = models.Template.objects.update_or_create(desk=desk, name=name, defaults=fields)
    return row


def _right(slug: str, text: str, spoken: str = "", *, may_be_long: bool = False) -> str:
    room, text = channel_by_slug(slug).room, clean(text).strip()
    for problem in templates.check(text, room, spoken):
        if not (may_be_long and problem.code == "template.overlong"):
            raise Refusal(problem.code, field="text", **problem.facts)
    return text


def remove_template(desk: models.Desk, name: str) -> None:
    """Remove a template. Messages that were composed by it stay as they are.

    Raises:
        Refusal: `template.unknown`.
    """
    find_template(desk, name).delete()


def find_template(desk: models.Desk, name: str) -> models.Template:
    """Find a template by its name.

    Raises:
        Refusal: `template.unknown`.
    """
    row = desk.templates.filter(name=name.strip()).first()
    if row is None:
        raise Refusal("template.unknown", field="template", status=404, name=name[:60])
    return row


def preview(desk: models.Desk, slug: str, text: str) -> list[tuple[str, str]]:
    """Return (headline, words) of the desk's last articles with this template. Saves nothing.

    A template that may become too long for some article is previewed too; `add_template` refuses it.

    Raises:
        Refusal: its first problem.
    """
    text = _right(slug, text, may_be_long=True)
    room, rows = channel_by_slug(slug).room, desk.articles.order_by("-pk")[:PREVIEWED]
    return [(row.headline, templates.render(text, row.value, room)) for row in rows]


def words_by_template(desk: models.Desk, slug: str, article: Article, teaser: Teaser) -> str:
    """Return the words of the template that was asked for, else of the desk's template for such articles, else "".

    Raises:
        Refusal: `template.unknown`: the template that was asked for is gone; other words do not replace it.
    """
    if teaser.words is not None:
        return ""
    kept = [row for row in _templates(desk) if row.channel == slug]
    if teaser.variant.startswith(BY_TEMPLATE):
        found = [row for row in kept if row.name == teaser.variant.removeprefix(BY_TEMPLATE)]
        if not found:
            name = teaser.variant.removeprefix(BY_TEMPLATE)
            raise Refusal("template.unknown", field="template", status=404, name=name)
    elif teaser.variant == Teaser().variant:
        found = [row for row in kept if _fits(row, article)]
    else:
        found = []
    if not found:
        return ""
    best = max(found, key=lambda row: (bool(row.section) + bool(row.language), row.pk))
    return templates.render(best.text, article, channel_by_slug(slug).room)


def _templates(desk: models.Desk) -> list[models.Template]:
    """Return all templates of a desk. They are read once per desk object."""
    kept: list[models.Template] | None = vars(desk).get("_templates")
    if kept is None:
        kept = vars(desk)["_templates"] = list(desk.templates.all())
    return kept


def _fits(row: models.Template, article: Article) -> bool:
    section_fits = not row.section or row.section.casefold() == (article.section or "").casefold()
    return section_fits and (not row.language or row.language == language(article))


# -- before it goes out ---------------------------------------------------------------------------------------


class LintBlocked(Refusal):
    """The desk's rules block these words: a person must change the words or the rule."""

    def __init__(self, channel: str, found: Warning_) -> None:
        facts: dict[str, Any] = {name: str(value)[:200] for name, value in found.facts.items()}
        super().__init__(f"lint.{found.code}", field=f"text.{channel}", channel=channel, **facts)


def stop_what_is_blocked(desk: models.Desk, article: Article, message: Message, *, own: bool) -> None:
    """Refuse words that the desk's rules block. `own`: a person wrote them.

    Raises:
        LintBlocked: for the first finding that blocks them.
    """
    for found in style_of(desk).findings(article, message, channel_by_slug(message.channel).room, own=own):
        if found.level == Level.BLOCK:
            raise LintBlocked(message.channel, found)
