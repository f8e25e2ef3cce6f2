"""Reads what browsers and crawlers use of a page: og tags, scripts, policies."""

from __future__ import annotations

from html.parser import HTMLParser

#: The most entries kept of each kind. Pages have at most 3 MB.
MOST = 200


class Page(HTMLParser):
    """The parts of a page that the sandbox uses. Create it with `read`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.og: dict[str, str] = {}
        self.title = ""
        #: (src, integrity, nonce) of each external script.
        self.scripts: list[tuple[str, str, str]] = []
        #: (text, type) of each script that has an id.
        self.named_scripts: dict[str, tuple[str, str]] = {}
        self.policies: list[str] = []
        self.referrer = ""
        #: The hidden form fields, and the error of a picker page.
        self.hidden: dict[str, str] = {}
        self.error = ""
        self._in = ""
        self._kind = ""

    @classmethod
    def read(cls, text: str) -> Page:
        page = cls()
        page.feed(text)
        page.close()
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        match tag:
            case "meta":
                self._meta(has)
            case "title":
                self._in = "<title>"
            case "script" if "src" in has:
                if len(self.scripts) < MOST:
                    self.scripts.append((has["src"], has.get("integrity", ""), has.get("nonce", "")))
            case "script" if "id" in has and len(self.named_scripts) < MOST:
                self._in, self._kind = has["id"], has.get("type", "")
                self.named_scripts.setdefault(self._in, ("", self._kind))
            case "input" if has.get("type") == "hidden" and len(self.hidden) < MOST:
                self.hidden[has.get("name", "")] = has.get("value", "")
            case "main" if "data-error" in has:
                self.error = has["data-error"]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "title"}:
            self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "<title>":
            self.title = (self.title + data)[:1000]
        elif self._in:
            self.named_scripts[self._in] = (self.named_scripts[self._in][0] + data, self._kind)

    def _meta(self, has: dict[str, str]) -> None:
        name = has.get("property") or has.get("name") or ""
        value = has.get("content", "")
        if name.startswith("og:") and len(self.og) < MOST:
            self.og.setdefault(name, value)
        elif name.lower() == "referrer":
            self.referrer = value
        elif has.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(value)
