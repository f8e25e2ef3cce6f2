"""Who asked for a share, and who wrote its words."""

from __future__ import annotations

from enum import StrEnum


class Via(StrEnum):
    """The door by which somebody or something asks."""

    WEB = "web"
    API = "api"
    CLI = "cli"
    HOOK = "hook"
    FEED = "feed"


class Words(StrEnum):
    """Who wrote the words of a delivery.

    AUTO are written again when the article changes; of PERSON a person is asked.
    """

    AUTO = "auto"
    PERSON = "person"
