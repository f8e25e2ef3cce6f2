"""Public addresses of accounts and posts. For practice accounts: the pages of the sandbox."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from sharing import models
from sharing.channels.registry import channels
from sharing.domain.account import Mode
from sharing.services.runtime import runtime


def page_of(account: models.Account) -> str:
    """Return the address of the account's public page; empty if there is none."""
    if account.mode == Mode.SANDBOX:
        return _practice(account)
    found = channels().get(account.channel)
    return found.page_of(account.remote_id) if found else ""


def post_of(row: models.Delivery) -> str:
    """Return the address of the post as readers see it; empty if nobody can look at it."""
    found = channels().get(row.channel)
    if row.account.mode == Mode.SANDBOX and found and found.account_page and row.remote_id:
        page = _practice(row.account)
        return f"{page}/{quote(row.remote_id, safe='')}" if page else ""
    link = row.permalink or ""
    return link if link.startswith(("http://", "https://")) else ""


def _practice(account: models.Account) -> str:
    place = urlsplit(runtime().sandbox_url)
    if not place.netloc:
        return ""
    return f"{place.scheme}://{place.netloc}/see/{account.channel}/{quote(account.remote_id, safe='')}"
