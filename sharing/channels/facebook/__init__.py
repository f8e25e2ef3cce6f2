"""Facebook Pages, by the Graph API (developers.facebook.com/docs/pages-api/posts, read 2026-11-24)."""

from __future__ import annotations

import hashlib
import hmac
import secrets as random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sharing.channels.base import Channel
from sharing.channels.declared import Limits
from sharing.channels.facebook import words as wording
from sharing.channels.facebook.cards import Cards
from sharing.channels.facebook.errors import GONE, failure
from sharing.channels.facebook.reading import FIELDS, OWN_HOSTS, links_of, sighting, words_of
from sharing.channels.likeness import carries, is_alike
from sharing.domain.account import Account, plain_number
from sharing.domain.article import Article
from sharing.domain.message import Message, Part, Prepared, Preview, Teaser
from sharing.domain.outcomes import (
    Achieved,
    Ambiguous,
    Found,
    RateLimited,
    Receipt,
    Rejected,
)
from sharing.domain.refusal import Refusal
from sharing.domain.room import Field
from sharing.net import http
from sharing.words.cut import fit

#: Most pages that a look-up reads, with 25 posts each.
_PAGES = 40


class Facebook(Channel):
    """A Facebook Page. A post is text with a link; Facebook makes the card from the article's own og tags."""

    slug = "facebook"
    label = "Facebook"
    limits = Limits(text=wording.LIMIT)
    korean = "페이스북"
    order = 10
    fields = (Field(name="text", english="Facebook text", korean="페이스북 글"),)
    takes_tags = True
    shows_picture = True
    account_page = "https://www.facebook.com/{id}"
    practice_name = "Mulbit Daily (practice)"
    secrets = ("access_token", "app_secret")
    secrets_needed = (frozenset({"access_token"}),)

    def __init__(self) -> None:
        self._cards = Cards()

    def canonical_id(self, remote_id: str) -> str:
        return plain_number(remote_id)

    def fit(self, words: str, *, korean: bool) -> str:
        return fit(words, wording.LIMIT)

    def practice_secrets(self) -> Mapping[str, str]:
        return {name: random.token_hex(20) for name in self.secrets}

    def compose(self, article: Article, teaser: Teaser, account: Account, link: str) -> Message:
        del account
        text = wording.compose(article, teaser)
        if len(text) > wording.LIMIT:
            raise Refusal(
                "facebook.too_long", field="text", over=len(text) - wording.LIMIT, limit=wording.LIMIT
            )
        return Message(
            channel=self.slug,
            text=text,
            link=link,
            image_url=article.image_url,
            length=len(text),
            limit=wording.LIMIT,
            body={"message": text, "link": link},
            card={"title": article.headline},
        )

    def preview(self, message: Message) -> Preview:
        return Preview(
            channel=self.slug,
            parts=(
                Part(name="text", words=message.text),
                Part(name="title", words=message.card.get("title", ""), editable=False),
            ),
            link=message.link,
            image_url=message.image_url,
            length=message.length,
            limit=message.limit,
        )

    def prepare(self, message: Message, account: Account, marker: str) -> Prepared:
        """Ask Facebook to read the article's page now. Without a cached page, the first post would have no card."""
        if not self._cards.has(message):
            with suppress(Rejected, Ambiguous, RateLimited):  # optional: the post itself shows what is wrong
                form = {"id": message.link, "scrape": "true"}
                self._cards.keep(message, self._call(account, "POST", "", form=form))
        return Prepared(message=message, marker=marker)

    def deliver(self, prepared: Prepared, account: Account) -> Receipt:
        body = prepared.message.body
        form = {"message": body["message"], "link": body["link"], "fields": "id,permalink_url"}
        answer = self._call(account, "POST", f"{account.remote_id}/feed", form=form)
        post_id = answer.get("id") or answer.get("post_id")
        if not isinstance(post_id, str) or not post_id:
            raise Ambiguous("facebook.no_id", str(answer))
        permalink = answer.get("permalink_url") or f"https://www.facebook.com/{post_id}"
        return Receipt(achieved=Achieved.POSTED, remote_id=post_id, permalink=permalink)

    def find(self, marker: str, message: Message, account: Account, since: datetime) -> Found:
        """Find the Page's posts since `since` whose link has the marker, and posts that may be ours but show none."""
        ours, alike = [], []
        for post in self._posts(account, since):
            links = links_of(post)
            if carries(links, marker):
                ours.append(sighting(post))
            elif is_alike(words_of(post), links, message, own_hosts=OWN_HOSTS):
                alike.append(sighting(post))
        return Found(sightings=tuple(ours), alike=tuple(alike))

    def _posts(self, account: Account, since: datetime) -> Iterator[dict[str, Any]]:
        params = {
            "fields": FIELDS,
            "limit": "25",
            "since": str(int(since.timestamp())),
        }
        for _ in range(_PAGES):
            answer = self._call(account, "GET", f"{account.remote_id}/published_posts", params=params)
            posts = answer.get("data")
            if not isinstance(posts, list):
                raise Ambiguous("facebook.no_list", str(answer))
            yield from posts
            paging = answer.get("paging") or {}
            after = (paging.get("cursors") or {}).get("after")
            if not posts or not after or "next" not in paging:
                return
            params = {**params, "after": after}
        raise Ambiguous("facebook.too_many_posts")

    def revise(self, receipt: Receipt, message: Message, account: Account) -> Receipt:
        self._call(account, "POST", str(receipt.remote_id), form={"message": message.body["message"]})
        return receipt

    def retract(self, receipt: Receipt, account: Account) -> None:
        try:
            self._call(account, "DELETE", str(receipt.remote_id))
        except Rejected as refused:
            if refused.code not in {f"facebook.{code}" for code in GONE}:
                raise

    def probe(self, account: Account) -> str:
        answer = self._call(account, "GET", account.remote_id, params={"fields": "id,name"})
        return str(answer.get("name") or account.name)

    def _call(
        self, account: Account, method: str, path: str, *, form: Any = None, params: Any = None
    ) -> dict[str, Any]:
        """Make one call. The token goes in a header, never in the address, because logs keep addresses."""
        token = account.secret("access_token")
        proof = _proof(account.secret("app_secret"), token)
        ends = account.endpoints
        answer = http.send(
            http.Call(
                method=method,
                url=f"{ends.facebook}/{ends.facebook_version}/{path}",
                headers={"Authorization": f"Bearer {token}"},
                form={**form, **proof} if form is not None else None,
                params={**(params or {}), **(proof if form is None else {})},
                deadline=account.deadline,
            )
        )
        said = http.read_json(answer)
        if answer.status == 200 and isinstance(said, dict) and "error" not in said:
            if said.get("success") is False:
                raise Ambiguous("facebook.no_success", str(said), 200)
            return said
        raise failure(answer, said, account)


def _proof(app_secret: str, token: str) -> dict[str, str]:
    """Return `appsecret_proof`: HMAC-SHA256 of the token (docs/graph-api/securing-requests)."""
    if not app_secret:
        return {}
    return {"appsecret_proof": hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()}
