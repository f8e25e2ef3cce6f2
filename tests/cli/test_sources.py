"""source and rule, as an admin types them."""

import json
import shlex

import pytest

from tests.cli.running import data_of, one_clear_line, sharedesk


@pytest.fixture(scope="module")
def folder(tmp_path_factory, new_desk):
    found = new_desk(tmp_path_factory.mktemp("desk") / "data")
    data_of(
        sharedesk("account", "add", "link", "--id", "news.example", "--name", "Short", "--json", folder=found)
    )
    data_of(sharedesk("source", "add", "cms", "--scheme", "standard-webhooks", "--json", folder=found))
    return found


def test_a_secret_is_shown_once_and_changed_without_losing_a_hook(folder):
    made = data_of(sharedesk("source", "add", "old", "--scheme", "bearer", "--json", folder=folder))
    assert made["source"]["weak"]
    assert made["source"]["url"].endswith("/hooks/old")
    listed = sharedesk("source", "list", "--json", folder=folder).stdout
    assert made["secret"] not in listed
    turned = data_of(sharedesk("source", "rotate", "old", "--json", folder=folder))
    assert turned["secret"] != made["secret"]
    first, second = turned["source"]["secrets"]
    assert first["until"]
    assert not second["until"]
    data_of(
        sharedesk("source", "add-secret", "old", "--secret", "-", "--json", stdin="theirs\n", folder=folder)
    )
    left = data_of(sharedesk("source", "drop-secret", "old", "1", "--json", folder=folder))
    assert [each["number"] for each in left["source"]["secrets"]] == ["2", "3"]
    one_clear_line(sharedesk("source", "drop-secret", "old", "9", folder=folder), "9", "2, 3")


def test_a_feed_needs_no_scheme_and_has_no_secret(folder):
    answer = sharedesk(
        "source", "add", "front", "--feed", "https://news.example/rss", "--json", folder=folder
    )
    made = data_of(answer)
    assert made["secret"] is None
    assert made["source"]["feed"] | {"next_at": ""} == {
        "url": "https://news.example/rss", "every": 60, "read_at": None, "next_at": "", "failures": 0, "code": None,
        "hub": None, "hub_until": None,
    }  # fmt: skip
    changed = data_of(sharedesk("source", "change", "front", "--every", "120", "--json", folder=folder))
    assert changed["source"]["feed"]["every"] == 120
    one_clear_line(sharedesk("source", "rotate", "front", folder=folder), "front")


def test_a_mapping_is_checked_when_it_is_given(folder, tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps({"fields": {"headline": "subj", "url": "where"}}))
    bad.write_text(json.dumps({"fields": {"headline": "subj["}}))
    settings = ["--mapping", good, "--address", "https://news.example/{slug}"]
    changed = data_of(sharedesk("source", "change", "cms", *settings, "--json", folder=folder))
    assert changed["source"]["address"] == "https://news.example/{slug}"
    one_clear_line(sharedesk("source", "change", "cms", "--mapping", bad, folder=folder), "subj[")
    shown = data_of(sharedesk("source", "show", "cms", "--json", folder=folder))
    assert shown["source"]["mapping"]["fields"]["headline"] == "subj"
    assert shown["hooks"] == []


def test_a_source_says_how_it_writes_times(folder):
    told = ["--date-order", "dmy", "--zone", "Europe/London"]
    changed = data_of(sharedesk("source", "change", "cms", *told, "--json", folder=folder))["source"]
    assert (changed["date_order"], changed["zone"]) == ("dmy", "Europe/London")
    listed = data_of(sharedesk("source", "list", "--json", folder=folder))["sources"]
    assert (listed[0]["date_order"], listed[0]["zone"]) == ("dmy", "Europe/London")
    one_clear_line(
        sharedesk("source", "change", "cms", "--date-order", "day", folder=folder), "day", "dmy, mdy, ymd"
    )
    one_clear_line(
        sharedesk("source", "change", "cms", "--zone", "London", folder=folder), "London", "Asia/Seoul"
    )
    left = data_of(
        sharedesk("source", "change", "cms", "--date-order", "", "--zone", "", "--json", folder=folder)
    )
    assert (left["source"]["date_order"], left["source"]["zone"]) == (None, None)


def test_a_source_is_switched_off_and_on(folder):
    assert not data_of(sharedesk("source", "switch", "cms", "off", "--json", folder=folder))["source"][
        "switched_on"
    ]
    assert data_of(sharedesk("source", "switch", "cms", "on", "--json", folder=folder))["source"][
        "switched_on"
    ]


def test_the_line_to_try_it_out_is_a_shells(folder, tmp_path):
    file = tmp_path / "an article.json"
    file.write_text('{"article": {"headline": "x", "url": "https://news.example/1"}}')
    answer = sharedesk("source", "sign", "cms", file, "-H", "X-Event: publish", folder=folder)
    parts = shlex.split(answer.stdout)
    assert parts[0] == "curl"
    assert f"@{file}" in parts
    assert "X-Event: publish" in parts


def test_an_account_that_goes_says_whom_it_leaves_without_one(folder):
    def run(*arguments):
        return data_of(sharedesk(*arguments, "--json", folder=folder))

    number = run("account", "add", "link", "--id", "s.example", "--name", "L")["account"]["id"]
    run("source", "add", "alone", "--scheme", "github", "-a", number)
    answer = run("account", "remove", number)
    assert (answer["removed"], len(answer["warnings"])) == (number, 1)
    (source,) = [each for each in run("source", "list")["sources"] if each["name"] == "alone"]
    assert (source["accounts"], source["gone"], source["shares_nothing"]) == ([number], [number], True)
    findings = json.loads(sharedesk("doctor", "--json", folder=folder).stdout)["findings"]
    assert any("Source alone has no account left" in each["what"] for each in findings if not each["ok"])


def test_an_empty_condition_is_refused_and_not_every_article(folder):
    one_clear_line(sharedesk("rule", "add", "cms", "--section", "", "--auto", folder=folder), "section")


def test_a_desk_that_is_not_there_is_said(folder):
    answer = sharedesk("doctor", "--json", folder=folder, SHAREDESK_ONLY_DESK="gone")
    findings = json.loads(answer.stdout)["findings"]
    assert any("'gone'" in each["what"] for each in findings if not each["ok"])


def test_rules_are_added_listed_tried_and_removed(folder):
    def rule(*arguments):
        return data_of(sharedesk("rule", *arguments, "--json", folder=folder))

    sharedesk("template", "add", "wire", "x", "{label} {headline}", folder=folder)
    last = rule("add", "cms", "--never")["rule"]
    first = rule(
        "add", "cms", "--section", "정치", "--label", "속보", "--author", "김서연", "--auto", "--breaking", "-a", "1",
        "--delay", "5", "--quiet", "23:00-07:00", "--template", "wire", "--before", last["id"],
    )["rule"]  # fmt: skip
    assert first == {
        "id": first["id"], "source": "cms", "section": "정치", "tag": None, "author": "김서연", "language": None,
        "label": "속보", "accounts": ["1"], "does": "auto", "auto": True, "breaking": True, "delay": 5,
        "quiet": "23:00-07:00", "template": "wire", "template_gone": False, "gone": [], "shares_nothing": False,
    }  # fmt: skip
    assert [each["id"] for each in rule("list", "cms")["rules"]] == [first["id"], last["id"]]
    assert rule("dry-run", "cms") == {"articles": []}
    assert rule("remove", last["id"]) == {"removed": last["id"]}
    one_clear_line(sharedesk("rule", "remove", last["id"], folder=folder), last["id"])


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("source add x", "--scheme"),
        ("source add x --scheme rot13", "rot13"),
        ("source add 'a b' --scheme github", "a b"),
        ("source add cms --scheme github", "cms"),
        ("source add x --feed ftp://a.example", "ftp"),
        ("source add x --scheme github --address https://{host}/", "{host}"),
        ("source show nobody", "nobody"),
        ("source switch cms maybe", "maybe"),
        ("source replay 999", "999"),
        ("source replay x", "x"),
        ("source rotate cms --overlap -1", "-1"),
        ("rule add nobody", "nobody"),
        ("rule add cms --auto --never", "opposites"),
        ("rule add cms --quiet late", "late"),
        ("rule add cms --delay -1", "-1"),
        ("rule add cms --before 99", "99"),
        ("rule add cms -a 99", "99"),
    ],
)
def test_what_is_wrong_ends_in_one_clear_line(folder, line, word):
    one_clear_line(sharedesk(*shlex.split(line), folder=folder), word)
