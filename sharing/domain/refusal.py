"""The Refusal: bad input, said in one clear sentence, by whatever door it came."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """What was asked cannot be done, and nothing was done.

    `code` names the sentence in `sharing.wording`, which has it in Korean and English; `facts` fill it
    in. `field` is the part of the input it is about. `status` is the HTTP answer; on the command line every
    refusal is exit 2.
    """

    def __init__(self, code: str, /, *, field: str | None = None, status: int = 422, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.status = status
        self.facts = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code} ({facts})" if facts else self.code
