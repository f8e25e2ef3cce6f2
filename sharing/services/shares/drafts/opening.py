"""Make drafts, find them again, and tell which accounts have the article already."""

from __future__ import annotations

from django.db import transaction

from sharing import models
from sharing.channels.registry import channels
from sharing.domain.account import Mode
from sharing.domain.article import Article
from sharing.domain.delivery import State
from sharing.domain.refusal import Refusal
from sharing.models import Health
from sharing.services.articles import keep
from sharing.services.entries import ActingFor
from sharing.services.ids import find_share
from sharing.services.shares import follow, repeats
from sharing.services.shares.share import ShareRequest, after_writing, write_share


def make(desk: models.Desk, article: Article, acting: ActingFor) -> models.Share:
    """Make a draft of this article for one account per channel, or return the person's own open draft.

    Accounts that have the article already are not chosen.

    Raises:
        Refusal: the article may not be shared, or the desk has no account.
    """
    known = keep.find(desk, article)
    mine = _open_one(known, acting) if known else None
    if mine is not None and known is not None:
        with transaction.atomic():
            row, changed = keep.keep(desk, article)
        if changed:
            follow.follow(row, acting.actor)
        return mine
    requested = ShareRequest(article=article, accounts=first_accounts(desk), as_draft=True, unfinished=True)
    with transaction.atomic():
        shared, changed = write_share(desk, requested, acting)
    after_writing(shared, acting, article_changed=changed)
    has_it = firsts(shared.share)
    shared.share.deliveries.filter(account_id__in=has_it).update(chosen=False)
    return shared.share


def first_accounts(desk: models.Desk) -> list[models.Account]:
    """Return one account of every channel that has one: live accounts if there are any, else practice accounts.

    Raises:
        Refusal: `share.no_account_at_all`.
    """
    rows = list(desk.accounts.exclude(health=Health.REMOVED).select_related("desk").order_by("pk"))
    for mode in (Mode.LIVE, Mode.SANDBOX):
        found: dict[str, models.Account] = {}
        for row in rows:
            if row.mode == mode and row.channel in channels():
                found.setdefault(row.channel, row)
        if found:
            return list(found.values())
    raise Refusal("share.no_account_at_all", field="accounts", status=409)


def _open_one(article: models.Article, acting: ActingFor) -> models.Share | None:
    shares = models.Share.objects.filter(article=article, person=acting.person, via=acting.via)
    for share in shares.select_related("article", "desk").order_by("-pk")[:5]:
        if rows(share) and not share.deliveries.exclude(state=State.DRAFT).exists():
            return share
    return None


def find_draft(text: str, desk: models.Desk) -> models.Share:
    """Find a share of which something is still a draft.

    Raises:
        Refusal: `share.unknown`; `draft.sent`: it was sent or dropped meanwhile.
    """
    share = find_share(text, desk)
    if not share.deliveries.filter(state=State.DRAFT).exists():
        raise Refusal("draft.sent", field="share", status=409)
    return share


def rows(share: models.Share) -> list[models.Delivery]:
    """Return the deliveries of a share that are still drafts, with the rows that composing needs."""
    found = share.deliveries.filter(state=State.DRAFT).select_related("account__desk", "article")
    return list(found.order_by("pk"))


def locked(share: models.Share) -> list[models.Delivery]:
    """Return `rows`, locked until the transaction ends: two who save or send the same draft wait for each other.

    Raises:
        Refusal: `draft.sent`.
    """
    models.Share.objects.select_for_update().get(pk=share.pk)
    share.refresh_from_db(fields=("at", "embargo_until", "breaking"))
    drafts = share.deliveries.filter(state=State.DRAFT).order_by("pk")
    if not list(drafts.select_for_update().values_list("pk", flat=True)):
        raise Refusal("draft.sent", field="share", status=409)
    return rows(share)


def firsts(share: models.Share) -> dict[int, models.Delivery]:
    """Return, by account id, the newest delivery of the same article by another share, drafts left out."""
    found = repeats.newest(share.article_id, but=share)
    return {pk: each for pk, each in found.items() if each.state != State.DRAFT}
