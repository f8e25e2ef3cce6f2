"""For tests of channels, ours and yours: a channel that answers by script, and the contract that all keep.

    from sharing.channels.testing import ChannelContract

    class TestBand(ChannelContract):
        channel = Band()
        secrets = {"access_token": "band-token-1"}
        accepted = (200, {"result_code": 1, "result_data": {"post_key": "p1"}})

pytest and pytest-httpserver must be installed; nothing else of Sharedesk's test set is needed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from sharing.channels.base import Channel, Limits
from sharing.domain.account import Account
from sharing.domain.article import Article
from sharing.domain.message import Message, Prepared, Teaser
from sharing.domain.outcomes import Achieved, Failure, Found, Receipt, Sighting

Answer = Receipt | Failure | Callable[[], Receipt]


class Scripted(Channel):
    """A channel that answers by script, and remembers what was asked of it.

    `answers` are taken one by one by `deliver`; when none is left it posts. `prepares` likewise. `published` is
    what its platform shows: `find` looks there; `find_fails` makes reading fail.
    """

    slug = "scripted"
    label = "Scripted"
    limits = Limits(text=500)

    def __init__(self) -> None:
        self.answers: deque[Answer] = deque()
        self.prepares: deque[Failure | None] = deque()
        self.published: list[str] = []
        self.find_fails: Failure | None = None
        self.finds = 0

    def compose(self, article: Article, teaser: Teaser, account: Account, link: str) -> Message:
        text = teaser.words or article.headline
        return Message(
            channel=self.slug,
            text=text,
            link=link,
            length=len(text),
            limit=500,
            body={"text": text, "link": link},
        )

    def prepare(self, message: Message, account: Account, marker: str) -> Prepared:
        failure = self.prepares.popleft() if self.prepares else None
        if failure is not None:
            raise failure
        return Prepared(message=message, marker=marker)

    def deliver(self, prepared: Prepared, account: Account) -> Receipt:
        answer = self.answers.popleft() if self.answers else self.post(prepared.marker)
        if isinstance(answer, Failure):
            raise answer
        return answer if isinstance(answer, Receipt) else answer()

    def post(self, marker: str) -> Receipt:
        """Show it on the platform."""
        self.published.append(marker)
        return Receipt(
            achieved=Achieved.POSTED, remote_id=f"post-{marker}", permalink=f"https://p.example/{marker}"
        )

    def find(self, marker: str, message: Message, account: Account, since: datetime) -> Found:
        self.finds += 1
        if self.find_fails is not None:
            raise self.find_fails
        seen = (Sighting(remote_id=f"post-{each}") for each in self.published if each == marker)
        return Found(sightings=tuple(seen))
