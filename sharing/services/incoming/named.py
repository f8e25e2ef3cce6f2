"""Accounts that a source or a rule names, and which of them are left.

Naming narrows: a source or a rule that names accounts never sends to others. Whether a named account is left is read
from its row each time, so one that is connected again works again without a word.
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
    """The accounts that a source or a rule sends to (`left`), and those it names in vain (`gone`)."""

    left: tuple[models.Account, ...]
    gone: tuple[models.Account, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A source or a rule that names something that is gone. `nothing`: it shares nothing until it is mended."""

    owner: models.Source | models.Rule
    gone: tuple[models.Account, ...]
    nothing: bool
    template: str = ""

    @property
    def subject(self) -> str:
        """`source:cms` or `rule:3`."""
        return subject_of(self.owner)

    @property
    def code(self) -> str:
        """The code of the sentence that says so."""
        if not self.gone:
            return "rule.template_gone"
        kind = self.subject.partition(":")[0]
        return f"{kind}.accounts_gone" if self.nothing else f"{kind}.some_gone"

    @property
    def facts(self) -> dict[str, str]:
        """What fills that sentence."""
        return facts_of(self.owner, self.gone) | ({"template": self.template} if self.template else {})

    def refusal(self) -> Refusal:
        """As the answer to what should have gone there."""
        facts: dict[str, Any] = self.facts
        return Refusal(self.code, **facts)


def accounts_of_source(source: models.Source) -> Named:
    """The accounts that a source names; where it names none at all, all of its desk."""
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
    """The accounts that a rule names; None where it names none at all."""
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
    """`source:cms` or `rule:3`, as notices and entries name it."""
    return f"source:{owner.name}" if isinstance(owner, models.Source) else f"rule:{owner.pk}"


def facts_of(owner: models.Source | models.Rule, gone: Sequence[models.Account]) -> dict[str, str]:
    """What fills the sentences about it."""
    facts = {"source": _source_of(owner).name, "accounts": ", ".join(f"{each.pk} {each}" for each in gone)}
    return facts if isinstance(owner, models.Source) else {"rule": str(owner.pk), **facts}


def _source_of(owner: models.Source | models.Rule) -> models.Source:
    return owner if isinstance(owner, models.Source) else owner.source


def tell(broken: Broken) -> None:
    """Tell people, once for as long as it holds; anew where more is gone."""
    gone = [each.pk for each in broken.gone] + ([broken.template] if broken.template else [])
    notices.tell(KIND, broken.subject, {"sentence": broken.code, "gone": gone, **broken.facts})


def insist(owner: models.Source | models.Rule) -> None:
    """Tell of what it names in vain.

    Raises:
        Refusal: `rule.accounts_gone`, `source.accounts_gone`: none of the accounts is left, so nobody gets it.
    """
    broken = look(owner)
    if broken is None:
        return
    tell(broken)
    if broken.nothing:
        raise broken.refusal()


def find_broken(desk: models.Desk | None = None, *, by: models.Account | None = None) -> list[Broken]:
    """Every source and rule, of one desk or of all, that names something that is gone; `by`: this account."""
    sources = models.Source.objects.order_by("pk")
    rules = models.Rule.objects.exclude(does=models.Does.NEVER).select_related("source__desk").order_by("pk")
    if desk is not None:
        sources, rules = sources.filter(desk=desk), rules.filter(source__desk=desk)
    if by is not None:
        sources, rules = sources.filter(accounts=by), rules.filter(accounts=by)
    owners: list[models.Source | models.Rule] = [*sources, *rules]
    return [found for owner in owners if (found := look(owner))]


def look(owner: models.Source | models.Rule) -> Broken | None:
    """What a source or a rule names in vain; None where nothing is gone."""
    found = _split(owner.accounts.order_by("pk"), _source_of(owner).desk_id)
    template = owner.template if isinstance(owner, models.Rule) and template_gone(owner) else ""
    if not (found.gone or template):
        return None
    return Broken(owner, found.gone, nothing=bool(found.gone) and not found.left, template=template)


def watch() -> None:
    """Tell of what is broken, and take back what is mended."""
    now_broken = find_broken()
    for each in now_broken:
        tell(each)
    notices.over(KIND, still=[each.subject for each in now_broken])
