"""Names that were written before 0025, when IDNA 2003 wrote the hosts in them.

In a row of that time `at:strasse.de/a` is what `straße.de/a` was known by, or `strasse.de/a`, or both. The addresses of
the article that the row leads to tell which. Such a row is found by the former name (`was:strasse.de/a`), which is
never written, and makes way when the other host's article comes.
"""

from __future__ import annotations

from collections.abc import Sequence

from sharing import models
from sharing.domain.addresses import address_key, former_key, host_in
from sharing.domain.article import Article
from sharing.services.articles.identity import AT, WAS


def current(names: Sequence[str]) -> list[str]:
    """These names without the former ones: those that are written."""
    return [name for name in names if not name.startswith(f"{WAS}:")]


def as_written(name: str) -> str:
    """A name as its row has it."""
    return f"{AT}:{name.removeprefix(f'{WAS}:')}" if name.startswith(f"{WAS}:") else name


def leads(name: str, names: Sequence[str], article: Article) -> bool:
    """Whether the row of `name`, one of `names`, leads to this article, and not to its namesake on another host."""
    kind, _, key = name.partition(":")
    hosts = _hosts(article)
    if kind == WAS:
        asked = {host_in(each.removeprefix(f"{AT}:")) for each in names if each.startswith(f"{AT}:")}
        return not asked.isdisjoint(hosts.values())
    return kind != AT or host_in(key) in hosts.values() or host_in(key) not in hosts


def make_way(row: models.ArticleName, article: Article) -> None:
    """Write a name that does not lead to its article as it is written today."""
    key = row.name.removeprefix(f"{AT}:")
    host = host_in(key)
    name = f"{AT}:{_hosts(article)[host]}{key[len(host) :]}"
    if models.ArticleName.objects.filter(desk_id=row.desk_id, name=name).exists():
        row.delete()
    else:
        row.name = name
        row.save(update_fields=["name"])


def _hosts(article: Article) -> dict[str, str]:
    """The hosts of the article's addresses: as they were written -> as they are written."""
    keys = {(former_key(each), address_key(each)) for each in (article.address, article.url) if each}
    return {host_in(former or key): host_in(key) for former, key in keys}
