"""Ids as people and machines see them: `s12` is a share, `d57` a delivery; the letter keeps them apart."""

from __future__ import annotations

from sharing import models
from sharing.domain.refusal import Refusal

SHARE, DELIVERY = "s", "d"


def share_id(pk: int) -> str:
    """Return the id of a share, such as `s12`."""
    return f"{SHARE}{pk}"


def delivery_id(pk: int) -> str:
    """Return the id of a delivery, such as `d57`."""
    return f"{DELIVERY}{pk}"


def number(text: str, letter: str = "") -> int | None:
    """Return the number in an id, with or without its letter; None if the text is not an id."""
    digits = text.removeprefix(letter)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 18 else None


def find_share(text: str, desk: models.Desk | None = None) -> models.Share:
    """Find a share by its id.

    Raises:
        Refusal: `share.unknown`.
    """
    rows = models.Share.objects.select_related("article", "desk").filter(pk=number(text, SHARE) or 0)
    row = (rows.filter(desk=desk) if desk else rows).first()
    if row is None:
        raise Refusal("share.unknown", field="share", status=404, id=text[:60])
    return row


def find_delivery(text: str, desk: models.Desk | None = None) -> models.Delivery:
    """Find a delivery by its id.

    Raises:
        Refusal: `delivery.unknown`.
    """
    rows = models.Delivery.objects.select_related("account__desk").filter(pk=number(text, DELIVERY) or 0)
    row = (rows.filter(desk=desk) if desk else rows).first()
    if row is None:
        raise Refusal("delivery.unknown", field="delivery", status=404, id=text[:60])
    return row
