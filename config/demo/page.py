"""The page of the demo's results: one self-contained file, each as its reader would see it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any


def render(told: Sequence[Any]) -> str:
    """The page, as HTML that needs nothing else."""
    parts = []
    for each in told:
        parts.append(
            f"<section><h2>{escape(each.delivery['channel'])}</h2><pre>{escape(each.delivery['text'])}</pre></section>"
        )
    return f"<!doctype html><meta charset=utf-8><title>Sharedesk demo</title>{''.join(parts)}"
