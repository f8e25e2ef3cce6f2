"""Who may fire a hook: the published vectors of each scheme, and everything that must not pass."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.refusal import Refusal
from sharing.intake.signatures import MOST_SIGNATURES, SCHEMES, WEAK, key, new_secret, sign, verify
from tests.costs import at_most
from tests.shared import SHARED, needs_shared

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BODY = '{"article": {"headline": "예산안 본회의 통과"}}'.encode()
SIGNED_WITH_TIME = ("standard-webhooks", "ghost", "sanity", "contentful")


def check(scheme, secrets, headers, body=BODY, *, now=NOW, method="POST", path="/hooks/desk"):
    return verify(scheme, secrets, method=method, path=path, headers=headers, body=body, now=now)


def code_of(*arguments, **named):
    with pytest.raises(Refusal) as caught:
        check(*arguments, **named)
    return caught.value.code


def signed(scheme, secret, body=BODY, now=NOW, message_id="msg_1"):
    return sign(scheme, secret, message_id=message_id, body=body, now=now, path="/hooks/desk")


@pytest.fixture(params=SCHEMES)
def scheme(request):
    return request.param


@pytest.fixture
def secret(scheme):
    return new_secret(scheme)


@pytest.fixture
def vectors():
    return json.loads((SHARED / "data/hostile/webhook_vectors.json").read_text())


@needs_shared
class TestPublishedVectors:
    def test_standard_webhooks(self, vectors):
        vector = vectors["standard_webhooks"]
        headers = {
            "webhook-id": vector["id"],
            "webhook-timestamp": vector["timestamp"],
            "webhook-signature": vector["signature"],
        }
        now = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
        verified = check("standard-webhooks", [vector["secret"]], headers, vector["body"].encode(), now=now)
        assert verified.message_id == vector["id"]
        assert verified.at == now
        assert not verified.weak

    def test_github(self, vectors):
        vector = vectors["github"]
        headers = {"X-Hub-Signature-256": vector["header"], "X-GitHub-Delivery": "72d3162e"}
        verified = check("github", [vector["secret"]], headers, vector["body"].encode())
        assert verified.message_id == "72d3162e"
        assert verified.at is None, "GitHub signs no time: the delivery key must stop a replay"

    def test_ghost(self, vectors):
        vector = vectors["ghost"]
        now = datetime.fromtimestamp(1_700_000_000, UTC)
        headers = {"X-Ghost-Signature": vector["header"]}
        assert check("ghost", [vector["secret"]], headers, vector["body"].encode(), now=now).at == now

    def test_body_in_base64(self, vectors):
        vector = vectors["body_only_base64"]
        headers = {"X-WC-Webhook-Signature": vector["header"]}
        assert check("hmac-base64", [vector["secret"]], headers, vector["body"].encode())


def test_sanity_signs_time_full_stop_body_in_base64url():
    milliseconds = str(int(NOW.timestamp() * 1000))
    digest = hmac.new(b"s", f"{milliseconds}.".encode() + BODY, hashlib.sha256).digest()
    signature = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    headers = {"sanity-webhook-signature": f"t={milliseconds},v1={signature}", "idempotency-key": "abc"}
    assert check("sanity", ["s"], headers).message_id == "abc"


def test_contentful_signs_method_path_headers_body():
    milliseconds = str(int(NOW.timestamp() * 1000))
    names = "x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic"
    lines = (
        f"x-contentful-signed-headers:{names};x-contentful-timestamp:{milliseconds};"
        "x-contentful-topic:ContentManagement.Entry.publish"
    )
    canonical = f"POST\n/hooks/desk\n{lines}\n".encode() + BODY
    headers = {
        "X-Contentful-Signature": hmac.new(b"k" * 64, canonical, hashlib.sha256).hexdigest(),
        "X-Contentful-Signed-Headers": names,
        "X-Contentful-Timestamp": milliseconds,
        "X-Contentful-Topic": "ContentManagement.Entry.publish",
    }
    assert check("contentful", ["k" * 64], headers).at is not None
    assert code_of("contentful", ["k" * 64], headers, path="/hooks/other") == "signature.wrong"
    headers["X-Contentful-Topic"] = "ContentManagement.Entry.unpublish"
    assert code_of("contentful", ["k" * 64], headers) == "signature.wrong"


def test_contentful_without_its_time_among_what_is_signed_is_refused():
    headers = signed("contentful", "k" * 64)
    headers["X-Contentful-Signed-Headers"] = "x-contentful-topic"
    assert code_of("contentful", ["k" * 64], headers) == "signature.missing"


def test_superdesk_signs_with_sha_1_and_is_shown_as_weak():
    headers = {"x-superdesk-signature": "sha1=" + hmac.new(b"s", BODY, hashlib.sha1).hexdigest()}
    assert check("superdesk", ["s"], headers).weak


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_websub_leaves_the_algorithm_to_the_hub(algorithm):
    headers = {"X-Hub-Signature": f"{algorithm}=" + hmac.new(b"s", BODY, algorithm).hexdigest()}
    assert check("websub", ["s"], headers).weak is (algorithm == "sha1")


def test_websub_with_an_unknown_algorithm_is_refused():
    headers = {"X-Hub-Signature": "md5=" + hmac.new(b"s", BODY, "md5").hexdigest()}
    assert code_of("websub", ["s"], headers) == "signature.wrong"


class TestEveryScheme:
    def test_accepts_what_it_signs(self, scheme, secret):
        verified = check(scheme, [secret], signed(scheme, secret))
        if scheme in SIGNED_WITH_TIME:
            assert verified.at == NOW
        assert verified.weak is (scheme in WEAK)

    def test_accepts_header_names_in_any_case(self, scheme, secret):
        for turned in (str.upper, str.lower, str.title):
            assert check(scheme, [secret], {turned(n): v for n, v in signed(scheme, secret).items()})

    def test_accepts_pairs_of_headers(self, scheme, secret):
        assert check(scheme, [secret], list(signed(scheme, secret).items()))

    def test_accepts_the_old_secret_while_the_new_one_is_brought_out(self, scheme, secret):
        old = new_secret(scheme)
        assert check(scheme, [secret, old], signed(scheme, old))
        assert check(scheme, [old, secret], signed(scheme, old))

    def test_refuses_without_signature(self, scheme, secret):
        assert code_of(scheme, [secret], {}) == "signature.missing"

    def test_refuses_an_empty_signature(self, scheme, secret):
        empty = dict.fromkeys(signed(scheme, secret), "")
        assert code_of(scheme, [secret], empty) == "signature.missing"

    @pytest.mark.parametrize("secrets", [[], [""], ["", " "]])
    def test_refuses_where_no_secret_is_set(self, scheme, secrets):
        headers = signed(scheme, "raw")
        assert code_of(scheme, secrets, headers) == "signature.no_secret"

    def test_refuses_another_secret(self, scheme, secret):
        assert code_of(scheme, [secret], signed(scheme, new_secret(scheme))) == "signature.wrong"

    def test_refuses_other_bytes(self, scheme, secret):
        headers = signed(scheme, secret)
        if scheme == "bearer":
            assert check(scheme, [secret], headers, b"").weak, "a fixed word protects no byte: hence weak"
            return
        reserialised = json.dumps(json.loads(BODY)).encode()
        for body in (reserialised, BODY + b"\n", b"", BODY[:-1], b"\xef\xbb\xbf" + BODY):
            assert code_of(scheme, [secret], headers, body) == "signature.wrong"

    def test_refuses_get(self, scheme, secret):
        with pytest.raises(Refusal) as caught:
            check(scheme, [secret], signed(scheme, secret), method="GET")
        assert (caught.value.code, caught.value.status) == ("signature.not_post", 405)

    def test_refuses_a_header_that_was_sent_twice(self, scheme, secret):
        pairs = list(signed(scheme, secret).items())
        for name, value in pairs:
            assert code_of(scheme, [secret], [*pairs, (name.upper(), value)]) == "signature.doubled"

    def test_answers_401(self, scheme, secret):
        with pytest.raises(Refusal) as caught:
            check(scheme, [secret], {})
        assert caught.value.status == 401

    def test_takes_no_text_that_is_not_ascii_for_a_signature(self, scheme, secret):
        odd = {name: value[:-3] + "가나다" for name, value in signed(scheme, secret).items()}
        assert code_of(scheme, [secret], odd).startswith("signature.")


@given(
    scheme=st.sampled_from(SCHEMES),
    values=st.lists(st.text(max_size=80), min_size=3, max_size=3),
    others=st.dictionaries(st.text(max_size=30), st.text(max_size=80), max_size=3),
    body=st.binary(max_size=100),
)
def test_whatever_stands_in_the_headers_is_a_refusal_and_nothing_else(scheme, values, others, body):
    ours = dict(zip(signed(scheme, "raw"), values, strict=False))
    assert code_of(scheme, ["raw-secret"], others | ours, body).startswith("signature.")


class TestTime:
    @pytest.mark.parametrize("scheme", SIGNED_WITH_TIME)
    @pytest.mark.parametrize("seconds", [301, -301, 86_400, -86_400])
    def test_a_hook_from_another_time_is_stale(self, scheme, seconds):
        headers = signed(scheme, "s" * 64)
        assert code_of(scheme, ["s" * 64], headers, now=NOW + timedelta(seconds=seconds)) == "signature.stale"

    @pytest.mark.parametrize("scheme", SIGNED_WITH_TIME)
    @pytest.mark.parametrize("seconds", [300, -300])
    def test_five_minutes_are_allowed_either_way(self, scheme, seconds):
        headers = signed(scheme, "s" * 64)
        assert check(scheme, ["s" * 64], headers, now=NOW + timedelta(seconds=seconds))

    def test_a_time_that_was_changed_is_a_wrong_signature(self):
        headers = signed("standard-webhooks", "s")
        later = NOW + timedelta(hours=1)
        headers["webhook-timestamp"] = f"{later.timestamp():.0f}"
        assert code_of("standard-webhooks", ["s"], headers, now=later) == "signature.wrong"

    @pytest.mark.parametrize(
        "timestamp",
        ["now", "1.5", "-1614265330", "1e99", "+1614265330", "1_614_265_330", "١٦١٤٢٦٥٣٣٠", "9" * 40, "0x60"],
    )
    def test_a_time_that_is_not_all_digits_is_refused(self, timestamp):
        signed_bytes = f"msg_1.{timestamp}.".encode() + BODY
        signature = base64.b64encode(hmac.digest(b"s", signed_bytes, "sha256")).decode()
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{signature}",
        }
        assert code_of("standard-webhooks", ["s"], headers) == "signature.bad_time"

    @pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
    def test_each_of_the_three_headers_is_needed(self, missing):
        headers = signed("standard-webhooks", "s")
        del headers[missing]
        assert code_of("standard-webhooks", ["s"], headers) == "signature.missing"


class TestStandardWebhooks:
    def test_a_signature_for_another_id_is_wrong(self):
        headers = signed("standard-webhooks", "s") | {"webhook-id": "msg_2"}
        assert code_of("standard-webhooks", ["s"], headers) == "signature.wrong"

    def test_an_id_with_a_full_stop_is_refused(self):
        seconds = f"{NOW.timestamp():.0f}"
        digest = hmac.digest(b"s", f"msg.1.{seconds}.".encode() + BODY, "sha256")
        headers = {
            "webhook-id": "msg.1",
            "webhook-timestamp": seconds,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }
        assert code_of("standard-webhooks", ["s"], headers) == "signature.bad_id"

    def test_an_id_that_is_too_long_to_store_is_refused(self):
        headers = signed("standard-webhooks", "s", message_id="m" * 256)
        assert code_of("standard-webhooks", ["s"], headers) == "signature.bad_id"

    @pytest.mark.parametrize("odd", ["m\x00", "m\x1b[31m", "m\u202e"])
    def test_an_id_that_cannot_be_printed_is_refused_also_where_it_is_not_signed(self, odd):
        headers = signed("github", "s") | {"X-GitHub-Delivery": odd}
        assert code_of("github", ["s"], headers) == "signature.bad_id"

    @pytest.mark.parametrize("version", ["v0", "v2", "v1a", "V1"])
    def test_only_version_one_counts(self, version):
        headers = signed("standard-webhooks", "s")
        headers["webhook-signature"] = headers["webhook-signature"].replace("v1", version)
        assert code_of("standard-webhooks", ["s"], headers) == "signature.wrong"

    def test_the_second_of_two_signatures_may_be_the_right_one(self):
        headers = signed("standard-webhooks", "s")
        headers["webhook-signature"] = "v1,bm90IHRoaXMgb25l v2,x " + headers["webhook-signature"]
        assert check("standard-webhooks", ["s"], headers)

    def test_a_thousand_signatures_are_little_work_and_refused(self):
        headers = signed("standard-webhooks", "s")
        headers["webhook-signature"] = " ".join([*["v1,AAAA"] * 999, headers["webhook-signature"]])
        with at_most(0.05):
            assert code_of("standard-webhooks", ["s"], headers) == "signature.too_many"

    def test_as_many_as_allowed_are_all_looked_at(self):
        headers = signed("standard-webhooks", "s")
        others = ["v1,AAAA"] * (MOST_SIGNATURES - 1)
        headers["webhook-signature"] = " ".join([*others, headers["webhook-signature"]])
        assert check("standard-webhooks", ["s"], headers)

    def test_two_headers_folded_into_one_with_a_comma_are_wrong(self):
        headers = signed("standard-webhooks", "s")
        headers["webhook-signature"] += "," + headers["webhook-signature"]
        assert code_of("standard-webhooks", ["s"], headers) == "signature.wrong"

    def test_a_secret_is_base64_behind_its_prefix_and_raw_without(self):
        assert key("standard-webhooks", "whsec_c2VjcmV0") == b"secret"
        assert key("standard-webhooks", "c2VjcmV0") == b"c2VjcmV0"

    @pytest.mark.parametrize("secret", ["whsec_", "whsec_*", "whsec_abc", "whsec_c2Vj cmV0"])
    def test_a_broken_secret_is_refused_when_it_is_given(self, secret):
        with pytest.raises(Refusal) as caught:
            key("standard-webhooks", secret)
        assert caught.value.code == "signature.bad_secret"


def test_ghost_with_two_times_is_refused():
    headers = signed("ghost", "s")
    headers["X-Ghost-Signature"] += ", t=1"
    assert code_of("ghost", ["s"], headers) == "signature.doubled"


def test_two_ways_of_signing_base64_at_once_are_refused():
    headers = signed("hmac-base64", "s")
    headers["X-Shopify-Hmac-Sha256"] = headers["X-WC-Webhook-Signature"]
    assert code_of("hmac-base64", ["s"], headers) == "signature.doubled"


def test_a_bearer_word_is_not_taken_for_another_kind_of_authorization():
    assert code_of("bearer", ["word"], {"Authorization": "Basic word"}) == "signature.wrong"
    assert check("bearer", ["word"], {"authorization": "bearer word"}).weak


def test_new_secrets_differ_and_hold_192_bits(scheme):
    found = {new_secret(scheme) for _ in range(50)}
    assert len(found) == 50
    assert all(len(key(scheme, secret)) >= 32 for secret in found)


def test_contentful_takes_secrets_of_64_characters_only():
    assert len(new_secret("contentful")) == 64


def test_a_scheme_that_does_not_exist_is_our_mistake():
    with pytest.raises(KeyError):
        check("none", ["s"], {})
