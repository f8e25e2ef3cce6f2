"""Names that were stored before migration 0025, when IDNA 2003 spelled the hosts in them.

A row `at:strasse.de/a` of that time stands for `straße.de/a`, for `strasse.de/a`, or for both. The addresses of its
article tell which. A look-up finds such a row by a former name (`was:strasse.de/a`), which is never stored. When the
article of the other host comes, the row gets today's spelling.
"""

from __future__ import annotations

from collections.abc import Sequence

from sharing import models
from sharing.domain.addresses import address_key, former_key, host_in
from sharing.domain.article import Article
from sharing.services.articles.identity import AT, WAS


def current(names: Sequence[str]) -> list[str]:
    """Return these names without the former ones: only these are stored."""
    return [name for name in names if not name.startswith(f"{WAS}:")]


def as_written(name: str) -> str:
    """Return a name as its row stores it."""
    return f"{AT}:{name.removeprefix(f'{WAS}:')}" if name.startswith(f"{WAS}:") else name


def leads(name: str, names: Sequence[str], article: Article) -> bool:
    """Whether the row of `name`, one of `names`, leads to this article and not to its namesake on another host."""
    kind, _, key = name.partition(":")
    hosts = _hosts(article)
    if kind == WAS:
        asked = {host_in(each.removeprefix(f"{AT}:")) for each in names if each.startswith(f"{AT}:")}
        return not asked.isdisjoint(hosts.values())
    return kind != AT or host_in(key) in hosts.values() or host_in(key) not in hosts


def make_way(row: models.ArticleName, article: Article) -> None:
    """Store a name with today's spelling of its article's host; delete the row if that name is stored already."""
    key = row.name.removeprefix(f"{AT}:")
    host = host_in(key)
    name = f"{AT}:{_hosts(article)[host]}{key[len(host) :]}"
    if models.ArticleName.objects.filter(desk_id=row.desk_id, name=name).exists():
        row.delete()
    else:
        row.name = name
        row.save(update_fields=["name"])


def _hosts(article: Article) -> dict[str, str]:
    """Map the hosts of the article's addresses: former spelling -> today's spelling."""
    keys = {(former_key(each), address_key(each)) for each in (article.address, article.url) if each}
    return {host_in(former or key): host_in(key) for former, key in keys}
