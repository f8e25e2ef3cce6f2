"""Rules: which of a source's articles go where, and whether a person is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.article import Article
from sharing.models import Health

#: How many articles a dry run looks back on.
LOOK_BACK = 50


@dataclass(frozen=True, slots=True)
class Way:
    """Where an article would go: these accounts, at once or as drafts that ask a person."""

    accounts: tuple[models.Account, ...]
    ask: bool


def add(
    source: models.Source,
    *,
    section: str = "",
    tag: str = "",
    language: str = "",
    accounts: Sequence[models.Account] = (),
    auto: bool = False,
) -> models.Rule:
    """Add a rule after the source's others."""
    rule = models.Rule.objects.create(
        source=source, section=section.strip(), tag=tag.strip(), language=language.strip(), auto=auto
    )
    rule.accounts.set(accounts)
    return rule


def ways(source: models.Source, article: Article) -> list[Way]:
    """Where this article goes. Sandboxed and live accounts are two ways: they never mix.

    Without a rule that fits: at once to sandboxed accounts, and as drafts to live ones.
    """
    rule = next((each for each in source.rules.all() if fits(each, article)), None)
    accounts = _accounts(source, rule)
    found = []
    for mode in (Mode.SANDBOX, Mode.LIVE):
        of_mode = tuple(account for account in accounts if account.mode == mode)
        if of_mode:
            ask = not rule.auto if rule else mode is Mode.LIVE
            found.append(Way(of_mode, ask))
    return found


def _accounts(source: models.Source, rule: models.Rule | None) -> list[models.Account]:
    """The rule's accounts, else the source's, else all of its desk."""
    for rows in (rule.accounts if rule else None, source.accounts, source.desk.accounts):
        if rows is not None:
            found = list(rows.exclude(health=Health.REMOVED).select_related("desk").order_by("pk"))
            if found:
                return found
    return []


def fits(rule: models.Rule, article: Article) -> bool:
    """Whether a rule is about this article; case does not matter."""
    wanted = (
        (rule.section, [article.section or ""]),
        (rule.tag, list(article.tags)),
        (rule.language, [article.language or "", (article.language or "")[:2]]),
    )
    return all(not want or want.casefold() in {each.casefold() for each in has} for want, has in wanted)


def dry_run(source: models.Source) -> list[tuple[models.Article, list[Way]]]:
    """What the rules would do with the last articles of the desk; nothing is written or sent."""
    rows = source.desk.articles.order_by("-pk")[:LOOK_BACK]
    return [(row, ways(source, row.value)) for row in rows]
