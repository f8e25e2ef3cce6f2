import json

import pytest

from sharing.channels.facebook import Facebook
from sharing.channels.testing import HttpChannelContract, http_answer
from sharing.domain.outcomes import (
    AccountStopped,
    Ambiguous,
    Duplicate,
    RateLimited,
    Rejected,
    Unavailable,
)
from tests.shared import SHARED, needs_shared


def graph(status, code, subcode=None, message="words", **headers):
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    if subcode:
        error["error_subcode"] = subcode
    return http_answer(status, {"error": error}, **headers)


BLOCKED = {368, 1404006, 1404112, 4854002}


class TestFacebook(HttpChannelContract):
    channel = Facebook()
    secrets = {"access_token": "EAAB-page-token-1", "app_secret": "app-secret-1"}
    accepted = (200, {"id": "1001_55", "permalink_url": "https://www.facebook.com/1001/posts/55"})
    rejected = (400, {"error": {"message": "(#100) bad", "type": "OAuthException", "code": 100}})

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [
            (graph(500, 1), Ambiguous),
            (graph(500, 2), Ambiguous),
            (graph(503, 1363047), Ambiguous),
            (graph(400, 190, 463), AccountStopped),
            (graph(401, 190, 460), AccountStopped),
            (graph(400, 102), AccountStopped),
            (graph(403, 200), Rejected),
            (graph(403, 10), Rejected),
            (graph(400, 368), AccountStopped),
            (graph(400, 368, message="It looks like this was already posted"), Duplicate),
            (graph(400, 506), Duplicate),
            (graph(400, 100, 1366051), Duplicate),
            (graph(400, 4), RateLimited),
            (graph(400, 32), RateLimited),
            (graph(400, 100, 1390008), RateLimited),
            (graph(400, 100, 1609005), Unavailable),
            (graph(400, 100), Rejected),
            (graph(400, 100, 1349125), Rejected),
            (graph(500, 99999), Ambiguous),
            (graph(500, 100, 1609005), Ambiguous),
            (graph(503, 4), Ambiguous),
            (graph(500, 190, 460), Ambiguous),
            (http_answer(200, {"success": False}), Ambiguous),
            (http_answer(200, "Service Unavailable"), Ambiguous),
            (http_answer(400, {"error": "text"}), Rejected),
            (http_answer(400, "490"), Ambiguous),
        ],
    )
    def test_what_graph_says(self, answer, outcome):
        found, _ = self.answer_to(answer)
        assert type(found) is outcome, found

    def test_the_subcode_decides_not_the_code(self):
        found, _ = self.answer_to(graph(400, 190, 506))
        assert isinstance(found, Duplicate)

    def test_when_it_may_go_on_is_in_minutes(self):
        usage = json.dumps({"1001": [{"type": "pages", "estimated_time_to_regain_access": 30}]})
        found, _ = self.answer_to(graph(400, 32, X_Business_Use_Case_Usage=usage))
        assert 29 * 60 < (found.until - found.until.now(found.until.tzinfo)).total_seconds() <= 30 * 60

    @needs_shared
    def test_every_code_of_the_list_has_the_class_that_the_table_gives(self):
        facts = json.loads((SHARED / "data/platforms/fb_error_codes.facts.json").read_text())
        classes = {
            "retry": (RateLimited, Unavailable),
            "ambiguous": (Ambiguous,),
            "duplicate": (Duplicate,),
            "reauth": (AccountStopped,),
            "permanent": (Rejected,),
            "pause": (AccountStopped, RateLimited),
        }
        checked = 0
        for row in facts["rows"]:
            code, wanted = row["code"], row["class"].split("(")[0]
            # Of 368 and its like the table of the channel says "pause", which wins.
            if not isinstance(code, int) or wanted not in classes or code in BLOCKED:
                continue
            found, _ = self.answer_to(graph(400, code, row.get("subcode")))
            assert isinstance(found, classes[wanted]), (row, found)
            checked += 1
        assert checked > 20

    @needs_shared
    def test_only_documented_parameters_are_sent(self):
        spec = json.loads((SHARED / "data/platforms/facebook-specs/Page.json").read_text())
        feed = next(
            api for api in spec["apis"] if api.get("endpoint") == "feed" and api.get("method") == "POST"
        )
        known = {param["name"] for param in feed["params"]} | {"fields", "appsecret_proof"}
        _, requests = self.answer_to(http_answer(*self.accepted))
        body = requests[0].split(b"\r\n\r\n", 1)[1].decode()
        assert {pair.split("=")[0] for pair in body.split("&")} <= known
