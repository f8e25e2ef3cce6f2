"""All settings, each with its name, default and meaning. `docs/operations.md` is made from this list.

A setting NAME is read from the environment, or from the file that NAME_FILE names (the usual way to give secrets to
containers). Nothing else configures the product.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. A `secret` setting has no default: `web` and `worker` refuse to start without it."""

    name: str
    default: str
    what: str
    secret: bool = False


#: The address of a plug-in's platform, if it is not the channel's default (docs/adding-a-channel.md).
_CHANNEL_URL = re.compile(r"SHAREDESK_CHANNEL_([A-Z][A-Z0-9_]*)_URL")


class BadSetting(Exception):
    """A setting that cannot be used. The message names the setting and says what it must be."""


SETTINGS = {
    each.name: each
    for each in (
        Setting("DATABASE_URL", "", "postgres://… or sqlite:///…; without it, SQLite in SHAREDESK_DATA"),
        Setting(
            "CELERY_BROKER_URL", "", "redis://…, rediss://… or amqp://…; `up` and `demo` bring their own"
        ),
        Setting("SECRET_KEY", "", "signs sessions and one-time links; at least 32 characters", secret=True),
        Setting("SHAREDESK_KEYS", "", "seals tokens at rest: Fernet keys, newest first, commas", secret=True),
        Setting("SHAREDESK_BASE_URL", "http://localhost:8000", "our own address, as readers reach it"),
        Setting("SHAREDESK_DATA", "var", "the folder of the embedded database, broker and keys"),
        Setting("SHAREDESK_ALLOWED_HOSTS", "", "further host names that we answer to, commas"),
        Setting(
            "SHAREDESK_TRUSTED_PROXIES", "", "addresses or ranges whose X-Forwarded-For is believed, commas"
        ),
        Setting("FACEBOOK_GRAPH_URL", "https://graph.facebook.com", "the Graph API"),
        Setting("FACEBOOK_GRAPH_VERSION", "v25.0", "its version; v25.0 is usable until 2028-07-29"),
        Setting("X_API_URL", "https://api.x.com", "the X API"),
        Setting("KAKAO_API_URL", "https://kapi.kakao.com", "the Kakao API"),
        Setting("KAKAO_AUTH_URL", "https://kauth.kakao.com", "Kakao's sign-in"),
        Setting(
            "KAKAO_SDK_URL",
            "https://t1.kakaocdn.net/kakao_js_sdk/2.8.3/kakao.min.js",
            "the Kakao JavaScript SDK, or the server that has it",
        ),
        Setting("EMAIL_URL", "", "smtp://user:password@host:587?tls=1 or smtps://…: the mail relay"),
        Setting(
            "SHAREDESK_SANDBOX_URL",
            "",
            "the sandbox of the practice accounts, with ?smtp_port=N for its mail",
        ),
        Setting(
            "SHAREDESK_FETCH_ALLOW",
            "",
            "host, host:port or CIDR that may be fetched besides the public Internet",
        ),
        Setting("SHAREDESK_SEND_DEADLINE", "30", "seconds for the whole of one send"),
        Setting("SHAREDESK_LEASE", "120", "seconds that a claim lasts"),
        Setting("SHAREDESK_SETTLE", "120", "seconds in which a platform may still show a lost post"),
        Setting("SHAREDESK_LOOKUP_GAP", "60", "seconds between two looks"),
        Setting(
            "SHAREDESK_PAGE_WAIT", "60", "seconds that the article's page is waited for; 0 = not checked"
        ),
        Setting(
            "SHAREDESK_ONLY_DESK",
            "",
            "serve this desk alone (the demo uses it); empty: all that are not by themselves",
        ),
        Setting("SHAREDESK_LOG", "info", "debug, info, warning or error"),
    )
}


def read(name: str) -> str:
    """Return the value of a setting: from the environment, else from the file that NAME_FILE names, else the default.

    Raises:
        BadSetting: the file cannot be read or is empty. The default is not used then, so that a lost secret is noticed.
    """
    return _given(name) or SETTINGS[name].default


def _given(name: str) -> str:
    value = os.environ.get(name)
    if value is not None and value != "":
        return value
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(
                f"{name}_FILE points to {file}, which cannot be read: {error.strerror}"
            ) from error
        if not value:
            raise BadSetting(f"{name}_FILE points to {file}, which is empty")
        return value
    return ""


def read_channel_urls() -> dict[str, str]:
    """Return the addresses of plug-in platforms by slug, from each `SHAREDESK_CHANNEL_{SLUG}_URL`.

    Raises:
        BadSetting: a value is not an http:// or https:// address.
    """
    names = {name.removesuffix("_FILE") for name in os.environ}
    found = {}
    for name in sorted(names):
        if match := _CHANNEL_URL.fullmatch(name):
            url = _given(name)
            if url and not url.startswith(("http://", "https://")):
                raise BadSetting(f"{name} must be an http:// or https:// address")
            if url:
                found[match[1].lower()] = url.rstrip("/")
    return found


def read_list(name: str) -> list[str]:
    """Return the values of a setting that are separated by commas.

    Raises:
        BadSetting: the setting is given but has no value between its commas.
    """
    written = read(name)
    found = [each.strip() for each in written.split(",") if each.strip()]
    if written and not found:
        raise BadSetting(f"{name} is set and names nothing: {written!r}; correct it or leave it out")
    return found


def read_ranges(name: str) -> list[str]:
    """Return the IP addresses and CIDR ranges of a setting, separated by commas.

    Raises:
        BadSetting: the setting is given but has no value, or a value is not an address or range.
    """
    found = read_list(name)
    for each in found:
        try:
            ip_network(each, strict=False)
        except ValueError:
            raise BadSetting(f"{name}: {each!r} is no address or range (10.0.0.0/8)") from None
    return found


def read_seconds(name: str) -> float:
    """Return the value of a setting in seconds.

    Raises:
        BadSetting: the value is not a number from 0 to below 1,000,000.
    """
    try:
        value = float(read(name))
    except ValueError:
        raise BadSetting(f"{name} must be a number of seconds, not {read(name)!r}") from None
    if not 0 <= value < 1_000_000:
        raise BadSetting(f"{name} must be a number of seconds from 0 to 1,000,000")
    return value
