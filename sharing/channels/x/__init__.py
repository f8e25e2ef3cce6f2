"""X, through its API v2 (docs.x.com, OpenAPI 2.167, read 2026-11-24)."""

from __future__ import annotations

import secrets as random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from requests_oauthlib import OAuth1

from sharing.channels.base import Channel
from sharing.channels.declared import Limits
from sharing.channels.likeness import carries, is_alike
from sharing.channels.x import words as wording
from sharing.channels.x.errors import failure
from sharing.channels.x.reading import OWN_HOSTS, links_of, permalink, sighting, words_of
from sharing.domain.account import Account, plain_number
from sharing.domain.article import Article
from sharing.domain.message import Message, Prepared, Teaser
from sharing.domain.outcomes import (
    AccountStopped,
    Achieved,
    Ambiguous,
    Found,
    Receipt,
    Rejected,
)
from sharing.domain.refusal import Refusal
from sharing.domain.room import Field
from sharing.net import http
from sharing.words.count import X_LIMIT, X_LINK, x_weight
from sharing.words.cut import fit

LIMIT = X_LIMIT
#: The four OAuth 1.0a keys of a user. They do not expire, so they need no refresh.
OAUTH1 = frozenset({"consumer_key", "consumer_secret", "access_token", "access_token_secret"})
_PAGES = 32  # of 100 posts each: the API shows the latest 3,200 posts of a timeline


class X(Channel):
    """An account on X. Words and link of a post together have at most 280 weighted characters (X's own weights)."""

    slug = "x"
    label = "X"
    limits = Limits(text=LIMIT, unit="weighted")
    costs = True
    order = 20
    fields = (Field(name="text", english="X text", korean="X 글"),)
    takes_tags = True
    shows_picture = True
    links_bare_domains = True
    link_in_text = True
    always_counts = True
    account_page = "https://x.com/i/user/{id}"
    practice_name = "@mulbit_practice"
    secrets = (
        "access_token", "refresh_token", "client_id", "client_secret",
        "consumer_key", "consumer_secret", "access_token_secret",
    )  # fmt: skip
    secrets_needed = (frozenset({"access_token"}),)

    def canonical_id(self, remote_id: str) -> str:
        return plain_number(remote_id)

    def fit(self, words: str, *, korean: bool) -> str:
        return fit(words, LIMIT - X_LINK - 1, x_weight)

    def practice_secrets(self) -> Mapping[str, str]:
        return {name: random.token_hex(20) for name in OAUTH1}

    def compose(self, article: Article, teaser: Teaser, account: Account, link: str) -> Message:
        del account
        text = wording.compose(article, teaser, link)
        weight = x_weight(text)
        if weight > LIMIT:
            raise Refusal("x.too_long", field="text", over=weight - LIMIT, limit=LIMIT)
        return Message(
            channel=self.slug,
            text=text,
            link=link,
            image_url=article.image_url,
            length=weight,
            limit=LIMIT,
            body={"text": text},
        )

    def deliver(self, prepared: Prepared, account: Account) -> Receipt:
        answer = self._call(account, "POST", "/2/tweets", json={"text": prepared.message.body["text"]})
        post_id = (answer.get("data") or {}).get("id")
        if not isinstance(post_id, str) or not post_id.isdecimal():
            raise Ambiguous("x.no_id", str(answer))
        return Receipt(achieved=Achieved.POSTED, remote_id=post_id, permalink=permalink(account, post_id))

    def find(self, marker: str, message: Message, account: Account, since: datetime) -> Found:
        """Find our posts since `since` whose link has the marker, and posts that may be ours without a marker."""
        ours, alike = [], []
        for post in self._posts(account, since):
            links = links_of(post)
            if carries(links, marker):
                ours.append(sighting(account, post))
            elif is_alike(words_of(post), links, message, own_hosts=OWN_HOSTS):
                alike.append(sighting(account, post))
        return Found(sightings=tuple(ours), alike=tuple(alike))

    def _posts(self, account: Account, since: datetime) -> Iterator[dict[str, Any]]:
        params = {
            "max_results": "100",
            "start_time": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "tweet.fields": "created_at,entities",
        }
        for _ in range(_PAGES):
            answer = self._call(account, "GET", f"/2/users/{account.remote_id}/tweets", params=params)
            meta = answer.get("meta")
            if not isinstance(meta, dict):
                raise Ambiguous("x.no_list", str(answer))
            yield from answer.get("data") or []
            token = meta.get("next_token")
            if not token:
                return
            params = {**params, "pagination_token": token}
        raise Ambiguous("x.too_many_posts")

    def retract(self, receipt: Receipt, account: Account) -> None:
        try:
            self._call(account, "DELETE", f"/2/tweets/{receipt.remote_id}")
        except Rejected as refused:
            if refused.http_status != 404:
                raise

    def probe(self, account: Account) -> str:
        user = self._call(account, "GET", "/2/users/me").get("data") or {}
        if user.get("id") != account.remote_id:
            raise AccountStopped("x.other_account", f"these keys belong to {user.get('username', '?')}")
        return str(user.get("name") or account.name)

    def refresh(self, account: Account) -> Mapping[str, str] | None:
        """Exchange the refresh token for a new pair of tokens. The old pair stops working (docs.x.com, OAuth 2.0)."""
        if not account.secret("refresh_token") or not account.secret("client_id"):
            return None
        form = {
            "grant_type": "refresh_token",
            "refresh_token": account.secret("refresh_token"),
            "client_id": account.secret("client_id"),
        }
        secret = account.secret("client_secret")
        answer = http.send(
            http.Call(
                method="POST",
                url=f"{account.endpoints.x}/2/oauth2/token",
                form=form,
                auth=(account.secret("client_id"), secret) if secret else None,
                deadline=60,  # seconds; long on purpose: if the answer is lost, all tokens of this sign-in are lost
            )
        )
        said = http.read_json(answer)
        if answer.status != 200 or not isinstance(said, dict) or "access_token" not in said:
            raise failure(answer, said, account)
        return {
            "access_token": str(said["access_token"]),
            "refresh_token": str(said.get("refresh_token") or account.secret("refresh_token")),
            "expires_in": str(said.get("expires_in") or 7200),
        }

    def _call(self, account: Account, method: str, path: str, **call: Any) -> dict[str, Any]:
        answer = http.send(
            http.Call(
                method=method,
                url=f"{account.endpoints.x}{path}",
                auth=_auth(account),
                deadline=account.deadline,
                **call,
            )
        )
        said = http.read_json(answer)
        if answer.status in {200, 201} and isinstance(said, dict):
            return said
        raise failure(answer, said, account)


def _auth(account: Account) -> Any:
    if all(account.secret(name) for name in OAUTH1):
        return OAuth1(
            account.secret("consumer_key"),
            account.secret("consumer_secret"),
            account.secret("access_token"),
            account.secret("access_token_secret"),
        )
    token = account.secret("access_token")

    def bearer(request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return bearer
