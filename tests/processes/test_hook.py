"""A signed hook, sent by the very line that `sharedesk source sign` prints."""

import json
import shlex
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cli.running import data_of
from tests.processes.conftest import wait_for

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl here"),
]

ARTICLE = {
    "url": "https://news.example/story/11",
    "headline": "Harbor towns run night buses",
    "summary": "Six harbor towns will run night buses every 15 minutes from December.",
    "language": "en",
}


def test_a_hook_becomes_five_deliveries_and_sent_a_hundred_times_at_once_still_five(up, tmp_path):
    desk = up()
    file = tmp_path / "article.json"
    file.write_text(json.dumps({"article": ARTICLE}))
    data_of(desk.run("source", "add", "cms", "--scheme", "standard-webhooks", "--format", "auto"))
    line = shlex.split(desk.run("source", "sign", "cms", file).stdout)

    def send(_):
        answer = subprocess.run(
            [*line, "-w", "\n%{http_code}"], capture_output=True, text=True, timeout=60
        ).stdout.rsplit("\n", 1)
        return int(answer[1]), json.loads(answer[0])

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(100)))
    assert {status for status, _ in answers} == {202}
    assert len({body["inbound"] for _, body in answers}) == 1
    share = answers[0][1]["share"]

    def five_ended():
        deliveries = data_of(desk.run("status", share))["share"]["deliveries"]
        return len(deliveries) == 5 and all(each["state"] == "delivered" for each in deliveries)

    assert wait_for(five_ended)
    assert sorted(record["channel"] for record in desk.truth()) == ["facebook", "mail", "x"]


def test_the_same_hook_unsigned_changed_or_for_nobody_is_refused(up, tmp_path):
    desk = up()
    file = tmp_path / "article.json"
    file.write_text(json.dumps({"article": ARTICLE}))
    data_of(desk.run("source", "add", "cms", "--scheme", "standard-webhooks", "--format", "auto"))
    line = shlex.split(desk.run("source", "sign", "cms", file).stdout)

    def status(*command):
        return subprocess.run(
            [*command, "-o", "/dev/null", "-w", "%{http_code}"], capture_output=True, text=True
        ).stdout

    unsigned = [part for part in line if not part.lower().startswith("webhook-signature")]
    unsigned = [
        part for i, part in enumerate(unsigned) if not (part == "-H" and unsigned[i + 1] == "--data-binary")
    ]
    assert status(*unsigned) == "401"
    elsewhere = [part.replace("/hooks/cms", "/hooks/nobody") for part in line]
    assert status(*elsewhere) == "404"
    file.write_text(json.dumps({"article": {**ARTICLE, "headline": "Another headline"}}))
    assert status(*line) == "401"
    assert desk.truth() == []
