"""Refusals of the Graph API in its documented JSON envelope.

developers.facebook.com/docs/graph-api/guides/error-handling (read 2026-11-24): message, type, code,
error_subcode, error_user_title, error_user_msg, fbtrace_id; beside them is_transient.
"""

from __future__ import annotations

import secrets

from sharing.sandbox.wire.exchange import Answer, answer_json


class GraphError(Exception):
    """A refusal of the Graph API. `answer()` makes the HTTP answer."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        kind: str = "OAuthException",
        status: int | None = None,
        title: str = "",
        words: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.subcode, self.kind = code, message, subcode, kind
        self.status = status or _STATUS.get(code, 403 if 200 <= code < 300 else 400)
        self.title, self.words, self.headers = title, words, headers or {}

    def answer(self) -> Answer:
        error: dict[str, object] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode:
            error["error_subcode"] = self.subcode
        error["is_transient"] = self.code in {1, 2} or self.subcode in _TRANSIENT
        if self.title:
            error["error_user_title"], error["error_user_msg"] = self.title, self.words or self.message
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        headers = dict(self.headers)
        if self.code in {102, 190}:
            challenge = '"Facebook Platform" "invalid_token"'
            headers["WWW-Authenticate"] = f'OAuth {challenge} "{self.message}"'
        return answer_json({"error": error}, self.status, headers=headers)


#: Codes whose HTTP status is not the usual one (403 for 200-299, else 400).
_STATUS = {1: 500, 2: 500, 3: 403, 4: 403, 10: 403}
_TRANSIENT = frozenset({1363047, 1609010, 99})

#: Documented codes with our own words. A `code` fault may name any other number, too.
MEANINGS = {
    1: "An unknown error occurred",
    2: "An unexpected error has occurred. Please retry your request later.",
    3: "(#3) Application does not have the capability to make this API call.",
    4: "(#4) Application request limit reached",
    10: "(#10) Application does not have permission for this action",
    17: "(#17) User request limit reached",
    32: "(#32) Page request limit reached",
    100: "(#100) Invalid parameter",
    102: "Session key invalid or no longer valid",
    190: "Error validating access token",
    200: "(#200) Permissions error",
    341: "(#341) Application limit reached",
    368: "The action attempted has been deemed abusive or is otherwise disallowed",
    506: "(#506) Duplicate status message",
    613: "(#613) Calls to this api have exceeded the rate limit.",
    1609005: "(#1609005) Link post failed: the address could not be read",
    80001: "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
}

SUBCODES = {
    458: "Error validating access token: The user has not authorized application.",
    459: "Error validating access token: The user is checkpointed.",
    460: "Error validating access token: The session has been invalidated because the password was changed.",
    463: "Error validating access token: Session has expired.",
    464: "Error validating access token: The user is not confirmed.",
    467: "Invalid OAuth access token.",
    492: "Error validating access token: The user is no longer an administrator of the Page.",
}


def by_code(code: int, subcode: int | None = None) -> GraphError:
    """Return the refusal with this code, for faults."""
    message = SUBCODES.get(subcode or 0) or MEANINGS.get(code) or f"(#{code}) Error {code}"
    return GraphError(code, message, subcode=subcode)


def invalid(message: str, subcode: int | None = None) -> GraphError:
    """Return error 100: a parameter is wrong."""
    return GraphError(100, f"(#100) {message}", subcode=subcode)


def missing(what: str, id_: str) -> GraphError:
    """Return error 100/33: there is no such object, or the token may not see it."""
    return GraphError(
        100,
        f"Unsupported {what} request. Object with ID '{id_}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
        subcode=33,
        kind="GraphMethodException",
    )


def bad_token(subcode: int = 467) -> GraphError:
    """Return error 190: the token has expired (463), is invalid (467), or another subcode."""
    return by_code(190, subcode)
