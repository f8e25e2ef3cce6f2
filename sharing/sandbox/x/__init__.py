"""A fake of X: the part of API v2 that a newsroom uses (specification 2.167)."""

from __future__ import annotations

import time
from collections.abc import Callable

from sharing.sandbox.accounts import Account, Accounts
from sharing.sandbox.faults.plan import duration
from sharing.sandbox.faults.stage import Call
from sharing.sandbox.records import Records
from sharing.sandbox.wire.exchange import Answer, Request, UnreadableError, answer_json
from sharing.sandbox.x import errors, media, reading
from sharing.sandbox.x.errors import Problem, invalid
from sharing.sandbox.x.post_request import ID, check_post_request
from sharing.sandbox.x.posts import Posts, api_text, check_media, check_words, edited, shown
from sharing.sandbox.x.sign_in import SignIn

#: WINDOW: seconds. LIMITS: calls per window that the headers name. Only an account with `rate_limit` has a real limit.
WINDOW = 900
LIMITS = {"create": 100, "delete": 50, "read": 900, "prepare": 500}
#: The limit in the headers if none is enforced.
_PLENTY = 100_000


class X:
    """X's users with their posts, media and tokens."""

    channel = "x"

    def __init__(self, accounts: Accounts, records: Records) -> None:
        self.accounts = accounts
        self.posts = Posts(records)
        self.sign_in = SignIn(accounts, self.posts.rename)

    def call(self, request: Request, segments: list[str]) -> Call | None:
        """Return the work for a request under /2; None if the path is not X's."""
        if segments[:1] != ["2"]:
            return None
        found = self._route(request, segments[1:])
        if found is None:
            return None
        operation, act = found
        return Call(operation, lambda: self._answered(request, operation, act), lambda: _words(request))

    def _route(self, request: Request, segments: list[str]) -> tuple[str, Callable[[Request], Answer]] | None:
        match request.method, segments:
            case "POST", ["tweets"]:
                return "create", self._create
            case "DELETE", ["tweets", id_]:
                return "delete", lambda asked: self._delete(asked, id_)
            case "GET", ["tweets", id_]:
                return "read", lambda asked: self._one(asked, id_)
            case "GET", ["users", "me"]:
                return "read", self._me
            case "GET", ["users", id_]:
                return "read", lambda asked: self._user(asked, id_)
            case "GET", ["users", id_, "tweets"]:
                return "read", lambda asked: self._list(asked, id_)
            case "POST", ["oauth2", "token"]:
                return "token", self.sign_in.refresh
            case "POST", ["media", "upload"]:
                return "prepare", lambda asked: media.upload(
                    asked, self._writer(asked, "media.write"), self.posts
                )
            case "POST", ["media", "metadata"]:
                return "prepare", lambda asked: media.describe(
                    asked, self._writer(asked, "media.write"), self.posts
                )
            case _:
                return None

    def _answered(self, request: Request, operation: str, act: Callable[[Request], Answer]) -> Answer:
        try:
            answer = act(request)
        except Problem as refused:
            answer = refused.answer()
        except UnreadableError as why:
            answer = invalid(str(why)).answer()
        if operation in LIMITS and "x-rate-limit-limit" not in answer.headers:
            answer.headers |= rate_headers(_PLENTY, _PLENTY - 1, time.time() + WINDOW)
        return answer

    def _writer(self, request: Request, scope: str) -> Account:
        account = self.sign_in.account_of(request)
        self.sign_in.scope(account, scope)
        return account

    def _create(self, request: Request) -> Answer:
        account = self._writer(request, "tweet.write")
        headers = _spend(account)
        if request.kind != "application/json":
            raise invalid("The Content-Type must be application/json.")
        wish = check_post_request(request.parsed)
        words = wish.get("text", "").strip()
        with self.posts.lock:
            previous = edited(account, wish, self.posts)
            check_words(account, words, self.posts)
            pictures = check_media(account, wish, self.posts)
            if "stranger" in request.beside:
                self.posts.create(account.id, _without_queries(words), planted=True)
            post = self.posts.create(
                account.id,
                words,
                lag=request.lag,
                media=pictures,
                history=previous.history if previous else (),
                reply_to=wish.get("reply", {}).get("in_reply_to_tweet_id", ""),
            )
        data = {"id": post.id, "text": api_text(post)[0], "edit_history_post_ids": list(post.history)}
        return answer_json({"data": data}, 201, headers=headers)

    def _delete(self, request: Request, id_: str) -> Answer:
        account = self._writer(request, "tweet.write")
        post = self.posts.by_id.get(_checked(id_))
        if post is None or post.deleted:
            raise errors.not_found("tweet", id_)
        if post.user != account.id:
            raise errors.forbidden("You are not authorized to delete this Tweet.")
        self.posts.delete(post)
        return answer_json({"data": {"deleted": True}})

    def _one(self, request: Request, id_: str) -> Answer:
        self.sign_in.account_of(request)
        post = self.posts.by_id.get(_checked(id_))
        if post is None or post.deleted or post.shows_at > time.time():
            raise errors.not_found("tweet", id_)
        return answer_json({"data": shown(post, reading.fields_of(request.query))})

    def _list(self, request: Request, id_: str) -> Answer:
        account = self.sign_in.account_of(request, _checked(id_))
        self.sign_in.scope(account, "tweet.read")
        return answer_json(reading.listed(request, self.posts, id_))

    def _me(self, request: Request) -> Answer:
        return _about(self.sign_in.account_of(request))

    def _user(self, request: Request, id_: str) -> Answer:
        self.sign_in.account_of(request, _checked(id_))
        account = self.accounts.get("x", id_)
        if account is None:
            raise errors.not_found("user", id_)
        return _about(account)

    def unknown(self, _request: Request) -> Answer:
        return Problem(404, "Not Found", "Not Found").answer()

    def trouble(self, status: int) -> Answer:
        return errors.internal(status).answer()

    def limited(self, headers: dict[str, str], seconds: float) -> Answer:
        answer = errors.too_many().answer()
        answer.headers = dict(headers)
        if seconds:
            answer.headers |= rate_headers(LIMITS["create"], 0, time.time() + seconds)
        return answer

    def refusal(self, name: str, parameter: str, _request: Request) -> Answer:
        if name == "success_false":
            partial = Problem(
                200, "Internal Server Error", "Something is broken.", errors.PROBLEMS + "internal-error"
            )
            return answer_json({"errors": [{**_body(partial), "status": 500}]})
        if name == "throttled":
            answer = errors.too_many().answer()
            end = time.time() + duration(parameter)
            answer.headers = rate_headers(LIMITS["create"], 40, time.time() + 30)
            answer.headers |= {
                "x-app-limit-24hour-limit": "10000",
                "x-app-limit-24hour-remaining": "0",
                "x-app-limit-24hour-reset": str(int(end)),
            }
            return answer
        problems: dict[str, Callable[[], Problem]] = {
            "token_expired": errors.unauthorized,
            "maintenance": lambda: errors.internal(503),
            "duplicate": errors.duplicate,
            "code": lambda: errors.by_code(parameter),
        }
        return problems[name]().answer()


def _body(problem: Problem) -> dict[str, object]:
    return {"title": problem.title, "detail": problem.detail, "type": problem.kind}


def _without_queries(words: str) -> str:
    return " ".join(word.partition("?")[0] if "://" in word else word for word in words.split(" "))


def _checked(id_: str) -> str:
    if not ID.fullmatch(id_):
        raise invalid(
            f"The `id` query parameter value [{id_[:40]}] does not match ^[0-9]{{1,19}}$", "id", id_
        )
    return id_


def _about(account: Account) -> Answer:
    username = account.get("username") or f"sandbox_{account.id}"[:15]
    return answer_json({"data": {"id": account.id, "name": account.name, "username": username}})


def rate_headers(limit: int, left: int, reset: float) -> dict[str, str]:
    """Return the rate headers of a 15-minute window. `reset` is in seconds since 1970."""
    return {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(left),
        "x-rate-limit-reset": str(int(reset)),
    }


def _spend(account: Account) -> dict[str, str]:
    """Count a create call and return its rate headers. Raises Problem (429) if a registered limit is used up."""
    most = account.secrets.get("rate_limit")
    if not most:
        return {}
    now = time.time()
    account.calls[:] = [at for at in account.calls if at > now - WINDOW]
    reset = (account.calls[0] if account.calls else now) + WINDOW
    if len(account.calls) >= most:
        raise _Spent(reset, most)
    account.calls.append(now)
    return rate_headers(most, most - len(account.calls), reset)


class _Spent(Problem):
    """A 429 with the time from which calls are taken again."""

    def __init__(self, reset: float, most: int) -> None:
        super().__init__(429, "Too Many Requests", "Too Many Requests")
        self.headers = rate_headers(most, 0, reset)

    def answer(self) -> Answer:
        answer = super().answer()
        answer.headers |= self.headers
        return answer


def _words(request: Request) -> str:
    try:
        body = request.parsed
    except UnreadableError:
        return ""
    return str(body.get("text", "")) if isinstance(body, dict) else ""
