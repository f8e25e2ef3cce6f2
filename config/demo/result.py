"""The result of one delivery of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from config.demo.articles import Piece
from sharing.domain.message import Message


@dataclass(slots=True)
class DemoResult:
    """A delivery as the desk shows it, the seconds until its end, and what the sandbox's record shows to be wrong."""

    piece: Piece
    message: Message
    delivery: dict[str, Any]
    seconds: float | None
    wrong: list[str]
