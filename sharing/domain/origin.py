"""Where a request for a share came from, and who wrote its words."""

from __future__ import annotations

from enum import StrEnum


class Via(StrEnum):
    """The way in which a request reached us."""

    WEB = "web"
    API = "api"
    CLI = "cli"
    HOOK = "hook"
    FEED = "feed"


class Words(StrEnum):
    """Who wrote the words of a delivery.

    When the article changes, AUTO words are written again; with PERSON words, a person is asked.
    """

    AUTO = "auto"
    PERSON = "person"
