"""The Refusal: the error for bad input, on the web, in the API and on the command line."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A request that cannot be done. Nothing was done.

    `code` names the sentence in `sharing.wording`, in Korean and English; `facts` fill its gaps. `field` is the part
    of the input that is wrong. `status` is the HTTP status; on the command line the exit code is always 2.
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
