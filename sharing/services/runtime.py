"""The operator's settings, for services."""

from __future__ import annotations

from django.conf import settings

from sharing.domain.runtime import Runtime
from sharing.net.addresses import Allowed


def runtime() -> Runtime:
    """Return the settings that `config.settings` read from the environment."""
    return settings.SHAREDESK


def fetch_allowed() -> Allowed:
    """Return the addresses that may be fetched besides the public Internet."""
    return Allowed.read(runtime().fetch_allow)
