import json

import pytest

from sharing.channels.testing import HttpChannelContract, http_answer
from sharing.channels.x import X
from sharing.domain.message import Teaser
from sharing.domain.outcomes import AccountStopped, Ambiguous, Duplicate, RateLimited, Rejected
from sharing.domain.refusal import Refusal
from tests.shared import SHARED, needs_shared

DUPLICATE = {
    "detail": "You are not allowed to create a Tweet with duplicate content.",
    "type": "about:blank",
    "title": "Forbidden",
    "status": 403,
}


def problem(status, kind, title="", detail="", **headers):
    body = {"type": f"https://api.twitter.com/2/problems/{kind}", "title": title, "detail": detail}
    return http_answer(status, body, **headers)


class TestXWithBearer(HttpChannelContract):
    channel = X()
    secrets = {"access_token": "x-bearer-token-1"}
    accepted = (201, {"data": {"id": "1580661436132757506", "text": "t"}})
    rejected = (400, {"title": "Invalid Request", "detail": "bad", "type": "x/invalid-request"})

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [
            (http_answer(403, DUPLICATE), Duplicate),
            (http_answer(403, {"errors": [{"code": 187, "message": "Status is a duplicate."}]}), Duplicate),
            (
                http_answer(403, {**DUPLICATE, "detail": "You are not permitted to perform this action."}),
                Rejected,
            ),
            (problem(402, "credits", "CreditsDepleted"), AccountStopped),
            (problem(429, "usage-capped"), AccountStopped),
            (problem(403, "client-forbidden"), Rejected),
            (problem(403, "user-suspended"), AccountStopped),
            (problem(403, "unsupported-authentication"), AccountStopped),
            (
                http_answer(403, {"detail": "not configured with the appropriate oauth1 app permissions"}),
                Rejected,
            ),
            (problem(400, "invalid-request", detail="The Tweet contains an invalid URL."), Rejected),
            (http_answer(503, {"title": "Service Unavailable"}), Ambiguous),
            (problem(503, "rate-limit-exceeded"), Ambiguous),
            (problem(500, "usage-capped"), Ambiguous),
            (http_answer(201, {"data": {"text": "no id"}}), Ambiguous),
            (http_answer(200, {"errors": [{"title": "x"}]}), Ambiguous),
        ],
    )
    def test_what_x_says(self, answer, outcome):
        found, _ = self.answer_to(answer)
        assert type(found) is outcome, found

    def test_the_pause_is_the_reset_that_x_names(self):
        import time

        found, _ = self.answer_to(problem(429, "rate-limit", x_rate_limit_reset=str(int(time.time()) + 600)))
        assert isinstance(found, RateLimited)
        assert 590 < found.until.timestamp() - time.time() <= 600

    def test_281_is_refused_in_words_never_cut(self):
        with pytest.raises(Refusal) as refused:
            self.message(Teaser(words="가" * 141))
        assert refused.value.code == "x.too_long"

    @needs_shared
    def test_what_is_sent_is_what_the_openapi_takes(self):
        from jsonschema import Draft202012Validator

        spec = json.loads((SHARED / "data/platforms/x-openapi.json").read_text())
        _, requests = self.answer_to(http_answer(*self.accepted))
        body = json.loads(requests[0].split(b"\r\n\r\n", 1)[1])
        operation = spec["paths"]["/2/tweets"]["post"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": spec["components"]}).validate(body)


class TestXWithKeys(HttpChannelContract):
    channel = X()
    secrets = {
        "consumer_key": "consumer-key-1",
        "consumer_secret": "consumer-secret-1",
        "access_token": "1001-token-1",
        "access_token_secret": "token-secret-1",
    }
    accepted = TestXWithBearer.accepted
    rejected = TestXWithBearer.rejected

    def test_the_request_is_signed_and_its_body_is_not_part_of_it(self):
        _, requests = self.answer_to(http_answer(*self.accepted))
        head = requests[0].split(b"\r\n\r\n", 1)[0].decode()
        assert "OAuth oauth_nonce=" in head
        assert "consumer-secret-1" not in head
        assert "application/json" in head
