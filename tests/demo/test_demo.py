"""The main job, as a person runs it; and what it says when the product is broken in one place."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.running import one_clear_line
from tests.cli.running import sharedesk_from_nothing as sharedesk
from tests.demo.defects import DEFECTS
from tests.shared import SHARED, needs_shared

pytestmark = pytest.mark.processes
CHANNELS = ["facebook", "x", "kakao", "mail", "link"]


def demo(tmp_path, *arguments, **more):
    return sharedesk("demo", *arguments, folder=tmp_path / "data", **more)


def test_two_articles_go_to_five_channels_and_the_sandbox_confirms_all_ten(tmp_path):
    answer = demo(tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "10 of 10 confirmed" in answer.stdout
    page = Path(re.search(r"as readers see it: (\S+)", answer.stdout)[1])
    html = page.read_text()
    assert "강변 도시 17곳" in html
    assert "Night buses" in html
    assert not re.search(r"""(?:src|href)=["'](?!data:|#|https?://|mailto:)""", html), (
        "the page needs nothing else"
    )


def test_the_json_says_what_was_checked(tmp_path):
    answer = demo(tmp_path, "--json")
    data = json.loads(answer.stdout)
    assert [check["channel"] for check in data["checks"]] == CHANNELS * 2
    assert all(check["confirmed"] for check in data["checks"])
    assert Path(data["page"]).exists()
    assert data["share"]["deliveries"]


@needs_shared
def test_a_pasted_page_is_served_and_shared(tmp_path):
    file = SHARED / "data/articles/korea-times-2019-08-22.txt"
    answer = demo(tmp_path, str(file))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "serving it at http://127.0.0.1:" in answer.stdout
    assert "/demo/article" in answer.stdout
    assert "5 of 5 confirmed" in answer.stdout


def test_an_article_with_an_address_is_shared_from_standard_input(tmp_path):
    article = {
        "url": "https://news.example/story/3?idxno=7",
        "headline": "Night buses for harbor towns",
        "summary": "Six harbor towns will run night buses from December.",
    }
    answer = demo(tmp_path, "-", stdin=json.dumps({"article": article}))
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("source", ["nowhere.html", "https://nowhere.invalid/story"])
def test_what_cannot_be_read_is_said_before_anything_starts(tmp_path, source):
    one_clear_line(demo(tmp_path, source))


def test_nothing_is_left_behind(tmp_path):
    data = tmp_path / "data"
    demo(tmp_path)
    assert sorted(file.name for file in data.iterdir()) == ["demo.html"]


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_demo_notices_every_defect_and_names_the_channel(tmp_path, name):
    _, channel, _ = DEFECTS[name]
    (tmp_path / "sitecustomize.py").write_text("from tests.demo import defects\n\ndefects.install()\n")
    root = Path(__file__).resolve().parents[2]
    more = {"PYTHONPATH": f"{tmp_path}:{root}", "DEFECT": name}
    answer = demo(tmp_path, **more)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    last = answer.stderr.strip().splitlines()[-1]
    assert last.startswith("sharedesk: not confirmed: ")
    named = set(re.findall(r"(?:^|; )(\w+):", last.removeprefix("sharedesk: not confirmed: ")))
    assert named == {channel}
