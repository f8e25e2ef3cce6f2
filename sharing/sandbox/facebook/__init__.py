"""A fake of Facebook Pages: the part of the Graph API that a newsroom uses."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from sharing.sandbox.accounts import Account, Accounts
from sharing.sandbox.facebook import posts as posting
from sharing.sandbox.facebook import reading
from sharing.sandbox.facebook.errors import GraphError, by_code, invalid, missing
from sharing.sandbox.facebook.params import (
    VERSION,
    Params,
    account_of,
    check_rate,
    check_scope,
    check_token,
    check_version,
)
from sharing.sandbox.facebook.posts import Photo, Post, Posts
from sharing.sandbox.faults.plan import duration
from sharing.sandbox.faults.stage import Call
from sharing.sandbox.later import Later
from sharing.sandbox.readers.markup import Page
from sharing.sandbox.records import Records
from sharing.sandbox.wire.exchange import Answer, Request, answer_json
from sharing.sandbox.wire.loopback import NotReached, fetch, is_loopback

DEFAULT_VERSION = "v25.0"
LISTS = frozenset({"feed", "posts", "published_posts", "scheduled_posts"})
PAGE_FIELDS = frozenset({"id", "name", "access_token", "tasks", "link", "category"})
MOST_SCRAPED = 1_000


class Facebook:
    """Pages, their posts, and the pages that Facebook's crawler has read."""

    channel = "facebook"

    def __init__(self, accounts: Accounts, records: Records, later: Later) -> None:
        self.accounts, self.later = accounts, later
        self.posts = Posts(records)
        #: The og tags that the crawler read, by address.
        self.scraped: dict[str, dict[str, str]] = {}

    def call(self, request: Request, segments: list[str]) -> Call | None:
        """Return the work for a Graph request; None if the path is not Graph's."""
        version = DEFAULT_VERSION
        if segments and VERSION.fullmatch(segments[0]):
            version, segments = segments[0], segments[1:]
        elif segments or request.method != "POST":
            return None
        found = self._route(request, segments)
        if found is None:
            return None
        operation, act = found
        return Call(operation, lambda: self._answered(request, version, act), lambda: _words(request))

    def _route(self, request: Request, segments: list[str]) -> tuple[str, Callable[[Params], Answer]] | None:
        method = request.method
        match segments:
            case [] if method == "POST":
                return "prepare", self._scrape
            case ["me"] if method == "GET":
                return "read", self._me
            case ["me", "accounts"] if method == "GET":
                return "read", self._my_pages
            case [page, "feed"] if method == "POST":
                return "create", lambda params: self._create(params, page)
            case [page, "photos"] if method == "POST":
                return "prepare", lambda params: self._photo(params, page)
            case [page, kind] if method == "GET" and kind in LISTS:
                return "read", lambda params: self._list(params, page, kind)
            case [node] if method == "GET":
                return "read", lambda params: self._node(params, node)
            case [node] if method == "POST":
                return "edit", lambda params: self._edit(params, node)
            case [node] if method == "DELETE":
                return "delete", lambda params: self._delete(params, node)
        return None

    def _answered(self, request: Request, version: str, act: Callable[[Params], Answer]) -> Answer:
        try:
            check_version(version)
            answer = act(Params(request))
        except GraphError as refused:
            answer = refused.answer()
        answer.headers.setdefault("facebook-api-version", version)
        return answer

    def _create(self, params: Params, page: str) -> Answer:
        account = self._writer(params, page)
        with self.posts.lock:
            wish = posting.wanted_post(params, self.posts, account)
            shape = reading.wanted(params, "id")
            if "stranger" in params.request.beside:
                self.posts.create(account.id, wish["message"], wish["link"].partition("?")[0], planted=True)
            post = self.posts.create(account.id, lag=params.request.lag, **wish)
        if post.scheduled is not None:
            self.later.add(post.scheduled, lambda: self.posts.publish(post))
        return answer_json(reading.shown(post, shape, _base(params)), headers=usage(account))

    def _writer(self, params: Params, page: str) -> Account:
        account = account_of(params, self.accounts, None if page == "me" else page)
        check_scope(account, "pages_manage_posts")
        check_rate(account, usage(account, wait=1))
        return account

    def _photo(self, params: Params, page: str) -> Answer:
        account = self._writer(params, page)
        params.only(*posting.PHOTO_PARAMS)
        posting.check_photo(params)
        message = params.text("caption") or posting.checked_message(params)
        photo = Photo(
            str(178_000_000_000_000 + len(self.posts.photos)), account.id, params.text("alt_text_custom")
        )
        self.posts.photos[photo.id] = photo
        if not params.flag("published", default=True):
            return answer_json({"id": photo.id}, headers=usage(account))
        post = self.posts.create(account.id, message, "", photos=(photo.id,))
        return answer_json({"id": photo.id, "post_id": post.id}, headers=usage(account))

    def _found(self, params: Params, node: str, what: str) -> tuple[Account, Post]:
        post = self.posts.by_id.get(node)
        # A post's id begins with the id of its Page, and it needs that Page's token.
        account = account_of(params, self.accounts, node.partition("_")[0] if "_" in node else None)
        if post is None or post.deleted or post.page != account.id:
            raise missing(what, node[:60])
        return account, post

    def _node(self, params: Params, node: str) -> Answer:
        if "_" not in node:
            return self._page(params, account_of(params, self.accounts, node))
        account, post = self._found(params, node, "get")
        shape = reading.wanted(params, "id,message,created_time")
        return answer_json(reading.shown(post, shape, _base(params)), headers=usage(account))

    def _edit(self, params: Params, node: str) -> Answer:
        account, post = self._found(params, node, "post")
        check_scope(account, "pages_manage_posts")
        params.only(*posting.EDIT_PARAMS)
        if "message" in params.values:
            self.posts.edit(post, posting.checked_message(params))
        if params.flag("is_published", default=False):
            self.posts.publish(post)
        post.hidden = params.flag("is_hidden", default=post.hidden)
        return answer_json({"success": True}, headers=usage(account))

    def _delete(self, params: Params, node: str) -> Answer:
        account, post = self._found(params, node, "delete")
        check_scope(account, "pages_manage_posts")
        self.posts.delete(post)
        return answer_json({"success": True}, headers=usage(account))

    def _list(self, params: Params, page: str, kind: str) -> Answer:
        account = account_of(params, self.accounts, None if page == "me" else page)
        check_scope(account, "pages_read_engagement")
        params.only(
            "limit", "after", "before", "since", "until", "include_hidden", "show_expired", "with", "q"
        )
        found = reading.listed(params, self.posts, account.id, kind, _base(params))
        return answer_json(found, headers=usage(account))

    def _page(self, params: Params, account: Account) -> Answer:
        shape = reading.wanted(params, "id,name", PAGE_FIELDS)
        about = {"id": account.id, "name": account.name, "category": "News & media website"}
        about["link"] = f"{_base(params)}/see/facebook/{account.id}"
        return answer_json(
            {key: about[key] for key in ("id", *shape) if key in about}, headers=usage(account)
        )

    def _me(self, params: Params) -> Answer:
        return self._page(params, account_of(params, self.accounts))

    def _my_pages(self, params: Params) -> Answer:
        token = params.token
        owned = [
            page for page in self.accounts.all("facebook") if token in page.secrets.get("user_tokens", ())
        ]
        if not owned:
            account_of(params, self.accounts)
            raise invalid("Tried accessing nonexisting field (accounts) on node type (Page)")
        tasks = ["CREATE_CONTENT", "MANAGE", "MODERATE"]
        data = [
            {"id": page.id, "name": page.name, "access_token": page.get("access_token"), "tasks": tasks}
            for page in owned
        ]
        return answer_json({"data": data})

    def _scrape(self, params: Params) -> Answer:
        check_token(params, self.accounts)
        params.only("id", "scrape")
        url = params.text("id")
        if not params.flag("scrape", default=False) or not url.startswith(("http://", "https://")):
            raise invalid("The parameter id must be a URL, and scrape must be true")
        tags = self._read(url) if is_loopback(url) else {}
        if len(self.scraped) >= MOST_SCRAPED:
            self.scraped.pop(next(iter(self.scraped)))
        self.scraped[url] = tags
        about: dict[str, Any] = {"url": tags.get("og:url", url), "type": tags.get("og:type", "website")}
        about |= {
            name: tags[f"og:{name}"] for name in ("title", "description", "site_name") if f"og:{name}" in tags
        }
        if "og:image" in tags:
            about["image"] = [{"url": tags["og:image"]}]
        return answer_json({**about, "updated_time": reading.stamp(time.time()), "id": str(abs(hash(url)))})

    def _read(self, url: str) -> dict[str, str]:
        try:
            page = fetch(url, headers={"User-Agent": "facebookexternalhit/1.1", "Accept": "text/html"})
        except NotReached:
            page = None
        if page is None or page.status != 200:
            raise GraphError(
                1609005, "(#1609005) Error parsing input URL, no data was cached, or no data was scraped."
            )
        found = Page.read(page.text)
        return {"og:title": found.title.strip(), **found.og} if found.title else dict(found.og)

    def unknown(self, request: Request) -> Answer:
        return GraphError(2500, f"Unknown path components: {request.path[:80]}").answer()

    def trouble(self, status: int) -> Answer:
        error = by_code(2 if status == 503 else 1, None if status == 503 else 99)
        error.status = status
        return error.answer()

    def limited(self, headers: dict[str, str], seconds: float) -> Answer:
        error = by_code(4)
        error.status, error.headers = 429, dict(headers)
        if seconds:
            error.headers["X-App-Usage"] = json.dumps(
                {"call_count": 100, "total_cputime": 25, "total_time": 25}
            )
        return error.answer()

    def refusal(self, name: str, parameter: str, request: Request) -> Answer:
        if name == "success_false":
            return answer_json({"success": False})
        if name == "code":
            code, _, sub = parameter.partition(".")
            return by_code(int(code), int(sub) if sub else None).answer()
        errors = {
            "throttled": lambda: by_code(32),
            "token_expired": lambda: by_code(190, 463),
            "maintenance": lambda: by_code(2),
            "duplicate": posting.duplicate,
        }
        error = errors[name]()
        if name == "throttled":
            minutes = max(1, round(duration(parameter) / 60))
            error.headers = usage(None, page=_page_in(request), wait=minutes)
        if name == "maintenance":
            error.status = 503
        return error.answer()


def _page_in(request: Request) -> str:
    return next((part for part in request.segments if part.isdigit()), "0")


def usage(account: Account | None, *, page: str = "", wait: int = 0) -> dict[str, str]:
    """Return the usage headers. `wait` is the number of minutes until calls are taken again."""
    used = 100 if wait else 1
    entry = {
        "type": "pages",
        "call_count": used,
        "total_cputime": 1,
        "total_time": 1,
        "estimated_time_to_regain_access": wait,
    }
    return {"X-Business-Use-Case-Usage": json.dumps({account.id if account else page: [entry]})}


def _base(params: Params) -> str:
    return f"http://{params.request.host}"


def _words(request: Request) -> str:
    try:
        return Params(request).text("message") + " " + Params(request).text("link")
    except GraphError:
        return ""
