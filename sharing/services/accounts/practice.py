"""Practice accounts: one per channel; their platform is the sandbox. `up` and `demo` make them."""

from __future__ import annotations

import secrets as random
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sharing import models
from sharing.channels.registry import channel, with_practice
from sharing.domain.account import Mode
from sharing.domain.refusal import Refusal
from sharing.models import Health
from sharing.net import http
from sharing.services.accounts import connect
from sharing.services.accounts.sealing import unseal
from sharing.services.runtime import runtime

#: Lets links of every site through the sandbox, for people who practise with articles from anywhere.
ANY_ORIGIN = ["*"]


def accounts_of(desk: models.Desk) -> list[models.Account]:
    """Return the desk's practice accounts, in the order of the buttons. Missing ones are made."""
    rows = desk.accounts.filter(mode=Mode.SANDBOX).exclude(health=Health.REMOVED).select_related("desk")
    known = {row.channel: row for row in rows}
    practised = with_practice()
    for slug, made in practised.items():
        if slug not in known:
            known[slug] = connect.add(
                desk,
                slug,
                remote_id=_new_id(slug),
                name=made.practice_name,
                secrets=_new_secrets(slug),
                mode=Mode.SANDBOX,
            )
    return [known[slug] for slug in practised]


def _new_id(slug: str) -> str:
    number = str(10**14 + random.randbelow(9 * 10**14))
    return channel(slug).practice_id(number, urlsplit(runtime().base_url).hostname or "localhost")


def _new_secrets(slug: str) -> Mapping[str, str]:
    return channel(slug).practice_secrets()


def register(rows: list[models.Account], *, article_origins: list[str]) -> None:
    """Register the accounts with the sandbox, as a person would in the platforms' consoles.

    `article_origins`: the sites whose links Kakao lets through, such as `https://news.example`.

    Raises:
        Refusal: `sandbox.refused`.
        Unavailable: the sandbox cannot be reached.
        Ambiguous: the sandbox gave no whole answer.
    """
    for row in rows:
        body = {
            "channel": row.channel,
            "id": row.remote_id,
            "name": row.name,
            **_registration(row, article_origins),
        }
        place = urlsplit(runtime().sandbox_url)
        answer = http.send(
            http.Call(method="PUT", url=f"{place.scheme}://{place.netloc}/accounts", json=body, deadline=5)
        )
        if answer.status >= 300:
            raise Refusal("sandbox.refused", status=500, channel=row.channel, reason=http.said(answer))


def _registration(row: models.Account, article_origins: list[str]) -> Mapping[str, Any]:
    clear = {name: value.reveal() for name, value in unseal(f"account:{row.pk}", row.sealed).items()}
    return channel(row.channel).registration(
        clear, desk=runtime().base_url, account=row.pk, origins=article_origins
    )
