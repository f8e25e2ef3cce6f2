"""The WordPress plug-in, run in PHP against as much of WordPress as it asks for, and read by our own door."""

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sharing.domain.refusal import Refusal
from sharing.intake import source
from sharing.intake.signatures import new_secret, verify

PLUGIN = Path(__file__).resolve().parents[2] / "integrations/wordpress/sharedesk.php"
WORDPRESS = Path(__file__).parent / "fixtures/wordpress.php"
PHP = shutil.which("php")
pytestmark = pytest.mark.skipif(PHP is None, reason="PHP is not on this machine")
SECRET = new_secret("standard-webhooks")
URL = "https://desk.example/hooks/wordpress"


def post(**more):
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return {
        "ID": 77, "post_status": "publish", "post_name": "budget", "post_title": "예산안 “통과” & 후폭풍",
        "post_excerpt": "내년 예산안.", "post_content": "<!-- wp:paragraph --><p>본문.</p><!-- /wp:paragraph -->",
        "post_date_gmt": now, "post_modified_gmt": now, **more,
    }  # fmt: skip


def change(old, new, **more):
    return {"old": old, "new": new, "post": post(post_status=old if new == "deleted" else new, **more)}


def run(*requests, answers=(), constants=None, run_cron=False, screen="dashboard"):
    story = {
        "plugin": str(PLUGIN), "requests": requests, "answers": answers, "run_cron": run_cron, "screen": screen,
        "constants": {"SHAREDESK_URL": URL, "SHAREDESK_SECRET": SECRET} if constants is None else constants,
    }  # fmt: skip
    done = subprocess.run(
        [PHP, str(WORDPRESS)], input=json.dumps(story), capture_output=True, text=True, check=True
    )
    assert not done.stderr
    return json.loads(done.stdout)


def read(sent):
    body = sent["body"].encode()
    verified = verify(
        "standard-webhooks", [SECRET], method="POST", path="/hooks/wordpress", headers=sent["headers"], body=body,
        now=datetime.now(UTC),
    )  # fmt: skip
    assert verified.message_id == sent["headers"]["webhook-id"]
    (reading,) = source.read(
        body, content_type=sent["headers"]["Content-Type"], zone=ZoneInfo("Asia/Seoul"), now=datetime.now(UTC)
    )
    return reading


def test_php_finds_no_fault_in_it():
    done = subprocess.run([PHP, "-l", str(PLUGIN)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("old", "new", "event"),
    [
        ("draft", "publish", "published"),
        ("new", "publish", "published"),
        ("future", "publish", "published"),
        ("publish", "publish", "updated"),
        ("publish", "draft", "unpublished"),
        ("publish", "private", "unpublished"),
        ("publish", "trash", "deleted"),
        ("publish", "deleted", "deleted"),
        ("draft", "future", "scheduled"),
    ],
)
def test_a_true_change_is_sent_signed_and_understood(old, new, event):
    (sent,) = run([change(old, new)])["sent"]
    assert sent["url"] == URL
    reading = read(sent)
    assert reading.event == event
    assert reading.source_id == "77"


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        ("new", "draft", {}),
        ("draft", "draft", {}),
        ("draft", "pending", {}),
        ("auto-draft", "draft", {}),
        ("draft", "trash", {}),
        ("trash", "deleted", {}),
        ("future", "future", {}),
        ("draft", "publish", {"post_type": "revision"}),
        ("draft", "publish", {"post_type": "page"}),
        ("draft", "publish", {"post_type": "attachment"}),
        ("draft", "publish", {"post_password": "secret"}),
    ],
)
def test_what_no_reader_sees_is_not_sent(old, new, more):
    assert run([change(old, new, **more)])["sent"] == []


def test_the_article_arrives_whole():
    article = read(run([change("draft", "publish")])["sent"][0]).article
    assert article.headline == "예산안 “통과” & 후폭풍"
    assert article.url == "https://news.example/budget/"
    assert (article.summary, article.body) == ("내년 예산안.", "본문.")
    assert (article.authors, article.section, article.tags) == (("김서연",), "정치", ("예산",))
    assert (article.image_url, article.caption) == ("https://news.example/p/1.jpg", "표결")
    assert (article.language, article.site_name) == ("ko-KR", "보기일보")
    assert abs(article.published_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_changes_of_one_request_are_one_hook():
    (sent,) = run([change("draft", "publish"), change("publish", "publish")])["sent"]
    assert read(sent).event == "published"


def test_published_again_after_it_was_taken_down():
    sent = run([change("draft", "publish")], [change("publish", "draft")], [change("draft", "publish")])[
        "sent"
    ]
    assert [read(each).event for each in sent] == ["published", "unpublished", "republished"]
    assert len({each["headers"]["webhook-id"] for each in sent}) == 3


def test_an_importer_sends_nothing():
    constants = {"SHAREDESK_URL": URL, "SHAREDESK_SECRET": SECRET, "WP_IMPORTING": True}
    assert run([change("new", "publish")], constants=constants)["sent"] == []


def test_an_old_post_that_another_importer_brings_is_known_by_its_day():
    (sent,) = run([change("new", "publish", post_date_gmt="2012-05-01 00:00:00")])["sent"]
    assert read(sent).event == "imported"


def test_a_desk_that_does_not_answer_is_tried_again_under_the_same_id():
    told = run([change("draft", "publish")], answers=[0, 503, 429, 202], run_cron=True)
    assert len(told["sent"]) == 4
    assert len({each["headers"]["webhook-id"] for each in told["sent"]}) == 1
    assert told["ran"] == [60, 300, 1800]
    assert all(read(each).event == "published" for each in told["sent"])
    assert told["last"]["status"] == 202


def test_it_gives_up_after_five_more_tries():
    told = run([change("draft", "publish")], answers=[503] * 20, run_cron=True)
    assert (len(told["sent"]), told["cron"]) == (6, [])


@pytest.mark.parametrize("status", [401, 404, 413, 422])
def test_a_refusal_is_not_tried_again_but_shown(status):
    told = run([change("draft", "publish")], answers=[status])
    assert told["cron"] == []
    assert f"· {status} ·" in told["notice"]
    assert "<b>answer" not in told["notice"], "what a server answers is escaped"


def test_a_good_answer_is_shown_under_tools_only():
    assert run([change("draft", "publish")])["notice"] == ""
    assert "· 202 ·" in run([change("draft", "publish")], screen="tools")["notice"]


def test_without_its_two_settings_it_sends_nothing_and_says_so():
    told = run([change("draft", "publish")], constants={})
    assert told["sent"] == []
    assert "SHAREDESK_SECRET" in told["notice"]


def test_another_secret_is_refused():
    (sent,) = run([change("draft", "publish")])["sent"]
    with pytest.raises(Refusal, match=r"signature\.wrong"):
        verify(
            "standard-webhooks", [new_secret("standard-webhooks")], method="POST", path="/", headers=sent["headers"],
            body=sent["body"].encode(), now=datetime.now(UTC),
        )  # fmt: skip


def test_the_read_me_names_both_settings():
    text = (PLUGIN.parent / "README.md").read_text()
    assert "SHAREDESK_URL" in text
    assert "SHAREDESK_SECRET" in text
