"""What makes two things one article, and one delivery."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import urlsplit

from sharing.domain.article import Article
from sharing.domain.lanes import Purpose
from sharing.domain.links import untagged
from sharing.domain.refusal import Refusal


def article_key(article: Article) -> str:
    """One article by its canonical address: without scheme, utm parameters, fragment and closing slash.

    Raises:
        Refusal: `article.no_url`.
    """
    address = article.address
    if not address:
        raise Refusal("article.no_url", field="url")
    parts = urlsplit(untagged(address))
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port and parts.port not in {80, 443} else ""
    key = f"{host}{port}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")
    # Longer than a column holds: its hash tells it apart as well.
    return key if len(key) <= 400 else f"{key[:300]}#{hashlib.sha256(key.encode()).hexdigest()}"


def article_hash(article: Article) -> str:
    """Changes when anything about the article changes."""
    data = json.dumps(article.stored(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()


def dedupe_key(account_id: int, article_id: int, purpose: Purpose, repeat_no: int) -> str:
    """One article, one account, one purpose: one delivery. A deliberate repeat raises `repeat_no`."""
    return hashlib.sha256(f"{account_id}:{article_id}:{purpose}:{repeat_no}".encode()).hexdigest()
