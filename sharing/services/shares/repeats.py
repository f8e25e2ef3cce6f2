"""Who has an article already, and deliberate repeats: a compare-and-set on the newest delivery.

A repeat names the newest delivery that its asker has seen. If it names an older one, the asker has not seen what went
out since: the repeat is refused, and the refusal names the newest. Two repeats of the same delivery want the same key:
the unique index lets only one of them pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sharing import models
from sharing.domain.article import Article
from sharing.domain.delivery import REPEATABLE, State
from sharing.domain.lanes import Purpose
from sharing.domain.refusal import Refusal
from sharing.models import moves
from sharing.services.articles import keep
from sharing.services.ids import delivery_id, share_id


@dataclass(frozen=True, slots=True)
class Skipped:
    """An account that has the article already, and the delivery that brought it."""

    account: models.Account
    delivery: models.Delivery


class AlreadyShared(Refusal):
    """Every account has the article already. `first` is the share that brought it there."""

    def __init__(
        self,
        first: models.Share,
        skipped: tuple[Skipped, ...],
        code: str = "share.already",
        field: str = "accounts",
        **facts: Any,
    ) -> None:
        super().__init__(
            code,
            field=field,
            status=409,
            headline=first.article.headline,
            by=first.by,
            at=first.created_at,
            ago=moves.now() - first.created_at,
            share=share_id(first.pk),
            **facts,
        )
        self.first = first
        self.skipped = skipped


class NotRepeated(AlreadyShared):
    """A repeat that is refused: it does not name the newest delivery, or the newest is not known to be over."""

    def __init__(self, code: str, newest: models.Delivery, *, named: str = "") -> None:
        super().__init__(
            newest.share,
            (Skipped(newest.account, newest),),
            code,
            "repeat",
            newest=delivery_id(newest.pk),
            state=newest.state,
            account=newest.account.name,
            named=named,
        )
        self.newest = newest


def newest(article_id: int, *, but: models.Share | None = None) -> dict[int, models.Delivery]:
    """Return, by account id, the newest delivery of an article that is not cancelled. Unfinished drafts do not count.

    Args:
        article_id: the article.
        but: a share whose own deliveries do not count.
    """
    rows = models.Delivery.objects.filter(
        article_id=article_id, purpose=Purpose.FIRST, dedupe_key__isnull=False
    ).exclude(state=State.CANCELLED)
    if but is not None:
        rows = rows.exclude(share=but)
    rows = rows.select_related("account", "share__article").order_by("repeat_no", "pk")
    return {each.account_id: each for each in rows}


def named_by(
    article: models.Article, accounts: Iterable[models.Account], named: Collection[int]
) -> dict[int, models.Delivery]:
    """Return, by account id, the newest delivery of each account that is to be repeated and that the asker has named.

    Raises:
        Refusal: `share.repeat_of_nothing`: not a first delivery of this article; `share.repeat_elsewhere`: not one of
            these accounts.
        NotRepeated: another delivery is the newest, or the newest may still go out or be out.
    """
    if not named:
        return {}
    known, wanted = newest(article.pk), {each.pk for each in accounts}
    found: dict[int, models.Delivery] = {}
    for row in models.Delivery.objects.filter(pk__in=named).select_related("account").order_by("-pk"):
        last = known.get(row.account_id)
        number = delivery_id(row.pk)
        if row.article_id != article.pk or row.purpose != Purpose.FIRST or last is None:
            raise Refusal("share.repeat_of_nothing", field="repeat", delivery=number)
        if row.account_id not in wanted:
            raise Refusal("share.repeat_elsewhere", field="repeat", delivery=number, account=row.account.name)
        if last.pk != row.pk:
            raise NotRepeated("share.repeat_not_newest", last, named=number)
        check(last)
        found[row.account_id] = last
    return found


def repeatable(
    desk: models.Desk, article: Article, accounts: Iterable[models.Account]
) -> list[models.Delivery]:
    """Return what a repeat of this article could name: the newest delivery of each of these accounts, if it is over."""
    row, wanted = keep.find(desk, article), {each.pk for each in accounts}
    found = newest(row.pk).values() if row else ()
    return [each for each in found if each.account_id in wanted and each.state in REPEATABLE]


def check(last: models.Delivery) -> None:
    """Check that an account's newest delivery can be repeated: it is out, or it was out and was taken down.

    Raises:
        NotRepeated: it may still go out, by itself or through a person, or nobody knows whether it is out.
    """
    if last.state not in REPEATABLE:
        raise NotRepeated("share.repeat_not_over", last)


def overtaken(named: models.Delivery) -> NotRepeated:
    """Return the refusal for a repeat of a delivery that somebody else has just repeated."""
    last = newest(named.article_id).get(named.account_id, named)
    return NotRepeated("share.repeat_not_newest", last, named=delivery_id(named.pk))


def skipped_by(keys: Sequence[str | None]) -> tuple[Skipped, ...]:
    """Return the accounts that have the article already: their deliveries hold these keys."""
    others = models.Delivery.objects.filter(dedupe_key__in=keys).exclude(state=State.CANCELLED)
    return tuple(
        Skipped(other.account, other)
        for other in others.select_related("account", "share__article").order_by("pk")
    )
