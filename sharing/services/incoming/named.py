"""Accounts that a source or a rule names, and which of them are still there.

Naming narrows: a source or a rule that names accounts never sends to others. Each use reads the account's row, so an
account that is connected again works again without any change to the source or the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from sharing import models
from sharing.domain.refusal import Refusal
from sharing.models import Health
from sharing.services import notices

#: The kind of notice that tells of a source or a rule whose accounts or template are gone.
KIND = "named_gone"


@dataclass(frozen=True, slots=True)
class Named:
    """The accounts that a source or a rule sends to (`left`), and those that it names but that are gone (`gone`)."""

    left: tuple[models.Account, ...]
    gone: tuple[models.Account, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A source or a rule that names an account or a template that is gone.

    `nothing`: none of its accounts is left, so it shares nothing until it is repaired.
    """

    owner: models.Source | models.Rule
    gone: tuple[models.Account, ...]
    nothing: bool
    template: str = ""

    @property
    def subject(self) -> str:
        """The subject of its notice: `source:cms` or `rule:3`."""
        return subject_of(self.owner)

    @property
    def code(self) -> str:
        """The code of the sentence that tells of it."""
        if not self.gone:
            return "rule.template_gone"
        kind = self.subject.partition(":")[0]
        return f"{kind}.accounts_gone" if self.nothing else f"{kind}.some_gone"

    @property
    def facts(self) -> dict[str, str]:
        """The facts that fill that sentence."""
        return facts_of(self.owner, self.gone) | ({"template": self.template} if self.template else {})

    def refusal(self) -> Refusal:
        """Return the refusal of an article that should have gone there."""
        facts: dict[str, Any] = self.facts
        return Refusal(self.code, **facts)


def accounts_of_source(source: models.Source) -> Named:
    """Return the accounts that a source names, or all accounts of its desk if it names none."""
    through = models.Source.accounts.through.objects.filter(source=source, account=OuterRef("pk"))
    rows = models.Account.objects.annotate(named=Exists(through)).filter(
        Q(desk=source.desk_id) | Q(named=True)
    )
    found = list(rows.order_by("pk"))
    named = [each for each in found if each.named]
    if named:
        return _split(named, source.desk_id)
    return Named(tuple(each for each in found if _is_left(each, source.desk_id)))


def accounts_of_rule(rule: models.Rule, source: models.Source) -> Named | None:
    """Return the accounts that a rule names, or None if it names none."""
    named = list(rule.accounts.order_by("pk"))
    return _split(named, source.desk_id) if named else None


def _split(named: Iterable[models.Account], desk_id: int) -> Named:
    rows = tuple(named)
    left = tuple(each for each in rows if _is_left(each, desk_id))
    return Named(left, tuple(each for each in rows if each not in left))


def _is_left(account: models.Account, desk_id: int) -> bool:
    return account.health != Health.REMOVED and account.desk_id == desk_id


def template_gone(rule: models.Rule) -> bool:
    """Whether the template that a rule names is gone."""
    return bool(rule.template) and not rule.source.desk.templates.filter(name=rule.template).exists()


# -- telling ----------------------------------------------------------------------------------------------


def subject_of(owner: models.Source | models.Rule) -> str:
    """Return `source:cms` or `rule:3`, as notices and entries name it."""
    return f"source:{owner.name}" if isinstance(owner, models.Source) else f"rule:{owner.pk}"


def facts_of(owner: models.Source | models.Rule, gone: Sequence[models.Account]) -> dict[str, str]:
    """Return the facts that fill the sentences about the source or rule."""
    facts = {"source": _source_of(owner).name, "accounts": ", ".join(f"{each.pk} {each}" for each in gone)}
    return facts if isinstance(owner, models.Source) else {"rule": str(owner.pk), **facts}


def _source_of(owner: models.Source | models.Rule) -> models.Source:
    return owner if isinstance(owner, models.Source) else owner.source


def tell(broken: Broken) -> None:
    """Open a notice about a broken source or rule. A notice that a person closed is told again if more is gone."""
    gone = [each.pk for each in broken.gone] + ([broken.template] if broken.template else [])
    notices.tell(KIND, broken.subject, {"sentence": broken.code, "gone": gone, **broken.facts})


def insist(owner: models.Source | models.Rule) -> None:
    """Tell people if a source or a rule names something that is gone.

    Raises:
        Refusal: `rule.accounts_gone`, `source.accounts_gone`: none of its accounts is left, so nobody gets the article.
    """
    broken = look(owner)
    if broken is None:
        return
    tell(broken)
    if broken.nothing:
        raise broken.refusal()


def find_broken(desk: models.Desk | None = None, *, by: models.Account | None = None) -> list[Broken]:
    """Return the sources and rules, of one desk or of all, that name something that is gone.

    `by`: only those that name this account.
    """
    sources = models.Source.objects.order_by("pk")
    rules = models.Rule.objects.exclude(does=models.Does.NEVER).select_related("source__desk").order_by("pk")
    if desk is not None:
        sources, rules = sources.filter(desk=desk), rules.filter(source__desk=desk)
    if by is not None:
        sources, rules = sources.filter(accounts=by), rules.filter(accounts=by)
    owners: list[models.Source | models.Rule] = [*sources, *rules]
    return [found for owner in owners if (found := look(owner))]


def look(owner: models.Source | models.Rule) -> Broken | None:
    """Return what a source or a rule names that is gone, or None if nothing is."""
    found = _split(owner.accounts.order_by("pk"), _source_of(owner).desk_id)
    template = owner.template if isinstance(owner, models.Rule) and template_gone(owner) else ""
    if not (found.gone or template):
        return None
    return Broken(owner, found.gone, nothing=bool(found.gone) and not found.left, template=template)


def watch() -> None:
    """Tell people about broken sources and rules, and end the notices of those that are repaired."""
    now_broken = find_broken()
    for each in now_broken:
        tell(each)
    notices.over(KIND, still=[each.subject for each in now_broken])
