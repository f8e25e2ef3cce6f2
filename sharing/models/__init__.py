"""The database models. A row is the truth; Celery only tells a worker to look at the rows."""

from sharing.models.accounts import Account, AccountGate, Health, Switch
from sharing.models.delivery import Attempt, Delivery, Event
from sharing.models.editorial import Article, ArticleName, Entry, Share
from sharing.models.housekeeping import Chore, Notice, Worker
from sharing.models.inbound import Feed, FeedEntry, Inbound, Source
from sharing.models.inserts import insert
from sharing.models.people import SENDERS, Desk, IdempotencyKey, Membership, Person, Role, SignInLink, Token
from sharing.models.rules import Does, Rule
from sharing.models.style import Template

__all__ = [
    "SENDERS", "Account", "AccountGate", "Article", "ArticleName", "Attempt", "Chore", "Delivery", "Desk",
    "Does", "Entry", "Event", "Feed", "FeedEntry", "Health", "IdempotencyKey", "Inbound", "Membership", "Notice",
    "Person", "Role", "Rule", "Share", "SignInLink", "Source", "Switch", "Template", "Token", "Worker",
    "insert",
]  # fmt: skip
