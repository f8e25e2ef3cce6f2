"""The channel of the guide, installed as a distribution of its own, has all that one of ours has."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.channels.plug_in import install
from tests.cli.running import data_of, environment, one_clear_line, sharedesk_from_nothing

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]
ROOT = Path(__file__).resolve().parents[2]
MAPPING = {"fields": {"headline": "title", "url": "url"}, "words": {"band": "sns.band"}}
ARTICLE = {
    "url": "https://news.example/story/3?idxno=7",
    "headline": "Night buses for harbor towns",
    "summary": "Six harbor towns will run night buses from December.",
}


@pytest.fixture
def place(tmp_path_factory):
    """A data folder, and the folder in which the plug-in is installed."""
    folder = tmp_path_factory.mktemp("plug-in")
    return folder / "data", {"PYTHONPATH": f"{install(folder / 'site')}:{ROOT}"}


def run(place, *arguments, **more):
    folder, path = place
    return sharedesk_from_nothing(*arguments, folder=folder, **path, **more)


def python(place, *arguments):
    folder, path = place
    answer = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=200,
        cwd=ROOT,
        env=environment(folder, **path),
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    return answer.stdout


def test_it_composes_with_its_own_utm_and_its_limit(place):
    answer = data_of(
        run(place, "compose", "-", "--json", "-c", "band", stdin=json.dumps({"article": ARTICLE}))
    )
    (message,) = answer["messages"]
    assert (message["channel"], message["limit"]) == ("band", 500)
    assert message["link"].endswith("idxno=7&utm_source=band&utm_medium=social")


def test_its_template_is_kept_and_one_that_grows_too_long_is_refused(place):
    made = data_of(run(place, "template", "add", "short", "band", "{label} {headline}", "--json"))
    assert made["template"]["channel"] == "band"
    one_clear_line(run(place, "template", "add", "long", "band", "{summary} {lead} {caption}"), "too long")


def test_a_cms_may_have_words_for_it_and_for_no_channel_that_is_not_there(place):
    folder, _ = place
    folder.mkdir(exist_ok=True)
    for slug, code in (("band", 0), ("bond", 2)):
        file = folder / f"{slug}.json"
        file.write_text(json.dumps({**MAPPING, "words": {slug: "sns.band"}}))
        arguments = ("--scheme", "standard-webhooks", "--mapping", file)
        answer = run(place, "source", "add", slug, *arguments)
        assert answer.returncode == code, answer.stderr
    assert "band, facebook, kakao, mail, x" in answer.stderr


def test_the_form_has_its_column_its_korean_name_and_the_words_of_the_cms(place):
    words = "CMS가 쓴 밴드 글"
    seen = json.loads(python(place, "-m", "tests.channels.plug_in_story", json.dumps({"band": words})))
    assert seen["order"] == ["facebook", "x", "kakao", "mail", "link", "band"]
    assert seen["names"]["band"] == "Mulbit Daily (practice)"
    assert seen["text"].startswith(words)
    assert "utm_source=band" in seen["target"]
    for language, name, label in (("ko", "밴드", "글"), ("en", "BAND", "Text")):
        page = seen["pages"][language]
        column = page[page.index('id="col-band"') :]
        assert name in column
        field = re.search(r'<textarea[^>]*name="words-band-text"[^>]*>([^<]*)</textarea>', column)
        assert field[1].strip() == words, "without the link, which is added again"
        assert f'aria-label="{label}' in field[0] or label in column


def test_the_docs_matrix_has_a_row_for_it(place):
    table = python(place, "-c", "import tests.docs; print(tests.docs.channels())")
    assert "| BAND | 500 characters | the machine | no | no | no | `access_token` |" in table


def test_the_demo_sends_through_it_and_its_own_platform_confirms(place):
    data = data_of(run(place, "demo", "-", "--json", stdin=json.dumps({"article": ARTICLE})))
    assert [check["channel"] for check in data["checks"]] == [
        "facebook", "x", "kakao", "mail", "link", "band",
    ]  # fmt: skip
    assert all(check["confirmed"] for check in data["checks"])


def test_its_practice_account_never_reaches_the_real_platform():
    from sharing.domain.account import Endpoints

    at_sandbox = Endpoints.of_sandbox("http://127.0.0.1:9/?smtp_port=25", "http://desk.example")
    assert at_sandbox.other.get("band", "https://openapi.band.us") == "http://127.0.0.1:9/band"


def test_a_live_account_posts_where_the_setting_says(place):
    code = "from config import settings; print(settings.SHAREDESK.live.other)"
    folder, path = place
    more = {"SHAREDESK_CHANNEL_BAND_URL": "https://band.example/", "SECRET_KEY": "k" * 40}
    answer = python((folder, path | more), "-c", code)
    assert answer.strip() == "{'band': 'https://band.example'}"
