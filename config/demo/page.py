"""The page of the demo's results: one self-contained HTML file that shows each post as its reader sees it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from config.cli.asking import language

if TYPE_CHECKING:
    from config.demo.result import DemoResult


def render(told: Sequence[DemoResult]) -> str:
    """Return the page as HTML that loads no other file."""
    from django.utils import translation

    from sharing.presentation.previews import standalone_page

    with translation.override(language()):
        return standalone_page("Sharedesk demo", [_item(each) for each in told])


def _item(told: DemoResult) -> dict[str, Any]:
    article, delivery = told.piece.article, told.delivery
    took = f"{told.seconds:.2f} s" if told.seconds is not None else ""
    note = "; ".join(told.wrong) or " · ".join(part for part in (delivery["receipt"], took) if part)
    return {
        "channel": delivery["channel"],
        "account_name": delivery["account_name"],
        "message": told.message,
        "sandboxed": True,
        "note": note,
        "headline": article.headline,
        "image": _picture(article.image_url or ""),
        "language": article.language or "ko",
        "group": article.headline,
    }


def _picture(address: str) -> str:
    """Return a bundled picture as a `data:` address. Other pictures are not fetched, because the page loads nothing."""
    from sharing.presentation.previews import STATIC

    _, ours, name = address.partition("/static/demo/")
    file = STATIC / "demo" / name
    if not ours or "/" in name or not file.is_file():
        return ""
    return "data:image/png;base64," + base64.b64encode(file.read_bytes()).decode()
