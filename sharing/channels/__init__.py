"""The public API of channels: everything that a channel needs, built-in or from another package.

`__all__` is the public API for plug-ins, documented in docs/adding-a-channel.md. `API` grows by one when a name in
`__all__`, or a method or declaration of `Channel`, is removed or changes its meaning. An addition does not change it.
"""

from sharing.channels.base import Channel
from sharing.channels.declared import Limits
from sharing.channels.likeness import carries, is_alike, links_in
from sharing.domain.account import Account
from sharing.domain.article import Article
from sharing.domain.message import Message, Part, Prepared, Preview, Teaser
from sharing.domain.outcomes import (
    AccountStopped,
    Achieved,
    Ambiguous,
    Failure,
    Found,
    RateLimited,
    Receipt,
    Rejected,
    Sighting,
    Unavailable,
    Unsupported,
)
from sharing.domain.refusal import Refusal
from sharing.domain.room import Field
from sharing.net import http
from sharing.words.cut import fit

API = 1

__all__ = [
    "API",
    "Account",
    "AccountStopped",
    "Achieved",
    "Ambiguous",
    "Article",
    "Channel",
    "Failure",
    "Field",
    "Found",
    "Limits",
    "Message",
    "Part",
    "Prepared",
    "Preview",
    "RateLimited",
    "Receipt",
    "Refusal",
    "Rejected",
    "Sighting",
    "Teaser",
    "Unavailable",
    "Unsupported",
    "carries",
    "fit",
    "http",
    "is_alike",
    "links_in",
]
