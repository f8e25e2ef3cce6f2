"""The Account: a Page, a handle, a Kakao app, a mailing list or the link domain, as a channel sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from sharing.domain.secret import Secret


class Mode(StrEnum):
    """Whether an account is sandboxed or live. The two never mix in one share."""

    SANDBOX = "sandbox"
    LIVE = "live"


class _AtSandbox(Mapping[str, str]):
    """The addresses of all plug-in platforms at the sandbox, so that a practice account never reaches a real one."""

    def __init__(self, root: str) -> None:
        self._root = root

    def __getitem__(self, slug: str) -> str:
        return f"{self._root}/{slug}"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """The base addresses of the platforms: from the settings for live accounts, at the sandbox for sandboxed ones."""

    facebook: str = "https://graph.facebook.com"
    facebook_version: str = "v25.0"
    x: str = "https://api.x.com"
    x_site: str = "https://x.com"
    kakao: str = "https://kapi.kakao.com"
    kakao_auth: str = "https://kauth.kakao.com"
    kakao_sdk: str = "https://t1.kakaocdn.net/kakao_js_sdk/2.8.3/kakao.min.js"
    smtp: str = ""
    desk: str = "http://localhost:8000"
    #: For plug-in channels: addresses by slug, if they differ from the channel's default (`Channel.url`).
    other: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_sandbox(cls, url: str, desk: str) -> Endpoints:
        """Return the addresses of all platforms at one sandbox; `?smtp_port=N` in `url` is its mail port."""
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        smtp_port = parse_qs(parts.query).get("smtp_port", ["25"])[0]
        return cls(
            facebook=root,
            x=root,
            x_site=root,
            kakao=root,
            kakao_auth=root,
            kakao_sdk=f"{root}/kakao_js_sdk/2.8.3/kakao.min.js",
            smtp=f"smtp://{parts.hostname}:{smtp_port}",
            desk=desk,
            other=_AtSandbox(root),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account with the secrets and addresses to use it. `remote_id` is the platform's own id of the account."""

    id: str
    channel: str
    remote_id: str
    name: str
    mode: Mode = Mode.LIVE
    language: str = "ko"
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    endpoints: Endpoints = Endpoints()
    #: Time-out of one whole call to the platform, in seconds.
    deadline: float = 30

    def secret(self, name: str) -> str:
        """Return the named secret in clear text; empty if the account has none."""
        found = self.secrets.get(name)
        return found.reveal() if found else ""

    def known_secrets(self) -> tuple[str, ...]:
        """Return every value to mask in what is stored or logged of an answer."""
        return tuple(each.reveal() for each in self.secrets.values())


def plain_number(remote_id: str) -> str:
    """Return a numeric id without leading zeros: `01001` becomes `1001`. Any other id stays as it is."""
    return str(int(remote_id)) if remote_id.isdecimal() else remote_id


def host_name(host: str) -> str:
    """Return a host name in lower case, without a dot at its end."""
    return host.rstrip(".").lower()


def ascii_host(host: str) -> str:
    """Return a host name as DNS spells it: `뉴스.한국` becomes `xn--hy1bp3b.xn--3e0b707e`."""
    try:
        return host_name(host).encode("idna").decode()
    except UnicodeError:
        return host_name(host)


def mail_address(address: str) -> str:
    """Return a mail address with its domain in lower case. The part before the @ may be case-sensitive and stays."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{host_name(domain)}"


def same_mailbox(address: str) -> str:
    """Return one form for all spellings of a list's address. No list server distinguishes upper and lower case."""
    local, at, domain = address.rpartition("@")
    return f"{local.casefold()}{at}{ascii_host(domain)}"
