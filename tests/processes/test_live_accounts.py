"""Live accounts pointed at a sandbox by their settings give the same results as practice accounts."""

import json
import subprocess
import sys
import urllib.request

import pytest

from tests.cli.running import SHAREDESK, data_of, environment
from tests.processes.conftest import wait_for

pytestmark = pytest.mark.processes

SECRETS = {
    "facebook": ("1234567890", {"access_token": "EAAB-live", "app_secret": "app-secret"}),
    "x": ("99887766", {"access_token": "x-live-token"}),
    "kakao": ("app1", {"rest_api_key": "r1", "javascript_key": "js1", "admin_key": "admin1"}),
    "mail": ("letters@list.example", {"from": "news@mulbit.example"}),
    "link": ("localhost", None),
}


@pytest.fixture
def platforms(tmp_path):
    """`sharedesk sandbox` alone, as an operator starts it."""
    process = subprocess.Popen(
        [sys.executable, str(SHAREDESK), "sandbox", "--port", "0", "--smtp-port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(tmp_path),
    )
    yield json.loads(process.stdout.readline())
    process.terminate()
    process.wait(60)
    process.stdout.close()


def ask(url, body=None):
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None)
    if body:
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_five_live_accounts(up, platforms, tmp_path):
    url = platforms["url"]
    desk = up(
        FACEBOOK_GRAPH_URL=url,
        X_API_URL=url,
        KAKAO_API_URL=url,
        KAKAO_AUTH_URL=url,
        KAKAO_SDK_URL=url,
        EMAIL_URL=f"smtp://127.0.0.1:{platforms['smtp_port']}",
        SHAREDESK_PAGE_WAIT="0",
    )
    for slug, (remote_id, secrets) in SECRETS.items():
        given = ["--secrets", "-"] if secrets else []
        add = ["account", "add", slug, "--id", remote_id, "--name", slug, *given]
        account = data_of(desk.run(*add, stdin=json.dumps(secrets or {})))["account"]
        assert account["mode"] == "live"
    article = tmp_path / "article.json"
    article.write_text(
        json.dumps(
            {
                "article": {
                    "url": f"http://localhost:{desk.port}/healthz?idxno=12",
                    "headline": "강변 도시 17곳, 하천 수위 5분마다 공개한다",
                    "summary": "강변 도시 17곳이 다음 달부터 하천 수위를 5분마다 공개한다. 지금까지는 한 시간에 한 번이었다.",
                }
            }
        )
    )
    channels = [part for slug in SECRETS for part in ("-c", slug)]
    answer = desk.run("share", article, *channels, "--wait", "20")
    print(answer.stdout[-6000:])
    share = data_of(answer)["share"]
    assert share["mode"] == "live"
    by_channel = {each["channel"]: each for each in share["deliveries"]}
    assert {slug: each["receipt"] for slug, each in by_channel.items()} == {
        "facebook": "posted", "x": "posted", "kakao": "prepared", "mail": "sent", "link": "prepared",
    }  # fmt: skip

    assert ask(f"{url}/reader/kakao", {"url": by_channel["kakao"]["permalink"]})["ok"]
    assert ask(f"{url}/reader/link", {"text": by_channel["link"]["text"]})["ok"]
    records = {record["channel"]: record for record in ask(f"{url}/truth")["records"]}
    assert set(records) == set(SECRETS)
    for slug, record in records.items():
        assert record["text"] == by_channel[slug]["text"]
        assert by_channel[slug]["marker"] in record["link"]
        assert "idxno=12" in record["link"]
    # The sandbox was told nothing of a webhook here: an operator registers it at Kakao.
    assert wait_for(lambda: data_of(desk.run("status", share["id"]))["share"]["state"] == "delivered")
