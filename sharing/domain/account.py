"""The Account: a Page, a handle, a Kakao app, a mailing list or the link domain, as a channel sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from sharing.domain.secret import Secret


class Mode(StrEnum):
    """Sandboxed and live accounts never mix in one share."""

    SANDBOX = "sandbox"
    LIVE = "live"


class _AtSandbox(Mapping[str, str]):
    """Every plug-in's platform at the sandbox: a practice account never reaches a real one."""

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
    """Where the platforms are: from the settings for live accounts, the sandbox for sandboxed ones."""

    facebook: str = "https://graph.facebook.com"
    facebook_version: str = "v25.0"
    x: str = "https://api.x.com"
    x_site: str = "https://x.com"
    kakao: str = "https://kapi.kakao.com"
    kakao_auth: str = "https://kauth.kakao.com"
    kakao_sdk: str = "https://t1.kakaocdn.net/kakao_js_sdk/2.8.3/kakao.min.js"
    smtp: str = ""
    desk: str = "http://localhost:8000"
    #: Of channels that others bring: by slug, where theirs are not the usual ones (`Channel.url`).
    other: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_sandbox(cls, url: str, desk: str) -> Endpoints:
        """All platforms at one sandbox; `?smtp_port=N` of its address says where it takes mail."""
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
    """One account with what it takes to use it. `remote_id` is the platform's own name for it."""

    id: str
    channel: str
    remote_id: str
    name: str
    mode: Mode = Mode.LIVE
    language: str = "ko"
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    endpoints: Endpoints = Endpoints()
    #: Seconds for the whole of one call to its platform.
    deadline: float = 30

    def secret(self, name: str) -> str:
        """The named secret in clear; empty when the account has none."""
        found = self.secrets.get(name)
        return found.reveal() if found else ""

    def known_secrets(self) -> tuple[str, ...]:
        """Every value that must not be seen in what is stored or logged of an answer."""
        return tuple(each.reveal() for each in self.secrets.values())


def plain_number(remote_id: str) -> str:
    """An id that is a number, in plain digits: `01001` is `1001`. Any other id stays as it is."""
    return str(int(remote_id)) if remote_id.isdecimal() else remote_id


def host_name(host: str) -> str:
    """A host name in small letters and without the root's dot."""
    return host.rstrip(".").lower()


def ascii_host(host: str) -> str:
    """A host name as DNS spells it: `뉴스.한국` and `xn--hy1bp3b.xn--3e0b707e` are one."""
    try:
        return host_name(host).encode("idna").decode()
    except UnicodeError:
        return host_name(host)


def mail_address(address: str) -> str:
    """A mail address with its domain in small letters; the part before the @ belongs to the domain's own server."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{host_name(domain)}"


def same_mailbox(address: str) -> str:
    """What two spellings of one list have in common: no list server tells large letters from small ones."""
    local, at, domain = address.rpartition("@")
    return f"{local.casefold()}{at}{ascii_host(domain)}"
