"""The command line as a person meets it, with good input and with bad."""

import json

import pytest

from config.cli import main
from tests.cli.running import data_of, one_clear_line, sharedesk, sharedesk_from_nothing

pytestmark = pytest.mark.processes

ARTICLE = {
    "article": {
        "url": "https://news.example/story/7",
        "headline": "Harbor towns run night buses",
        "summary": "Six harbor towns will run night buses every 15 minutes from December.",
        "language": "en",
    }
}


@pytest.fixture
def folder(tmp_path, new_desk):
    return new_desk(tmp_path / "data")


@pytest.fixture(scope="module")
def any_desk(tmp_path_factory, new_desk):
    """A desk for what must change nothing."""
    return new_desk(tmp_path_factory.mktemp("any") / "data")


@pytest.fixture
def article(tmp_path):
    file = tmp_path / "article.json"
    file.write_text(json.dumps(ARTICLE))
    return file


def every_command(group=main, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, (*path, name))
        elif not command.hidden:
            yield (*path, name), command


@pytest.mark.parametrize(
    ("path", "command"), list(every_command()), ids=lambda x: " ".join(x) if isinstance(x, tuple) else ""
)
def test_every_command_explains_itself(path, command):
    assert command.help, path
    assert "Example" in command.help, f"{' '.join(path)} has no example"


def test_an_article_is_extracted_and_composed(tmp_path, article):
    folder = tmp_path / "nothing"
    found = data_of(sharedesk("extract", article, folder=folder))
    assert found["article"]["headline"] == ARTICLE["article"]["headline"]
    messages = data_of(sharedesk("compose", article, "--json", folder=folder))["messages"]
    assert [m["channel"] for m in messages] == ["facebook", "x", "kakao", "mail", "link"]
    one = data_of(sharedesk("compose", article, "-c", "x", "--link", "https://l.example/a", folder=folder))
    assert one["messages"][0]["text"].endswith("https://l.example/a")
    assert not folder.exists(), "composing writes nothing"


def test_standard_input_is_a_source(folder):
    found = data_of(sharedesk("extract", "-", folder=folder, stdin=json.dumps(ARTICLE)))
    assert found["article"]["url"] == ARTICLE["article"]["url"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["extract", "nowhere.html"], ["nowhere.html"]),
        (["extract", "/"], []),
        (["extract"], ["SOURCE"]),
        (["extract", "x", "--format", "myspace"], []),
        (["compose", "nowhere.html", "-c", "x"], []),
        (["nonsense"], ["nonsense"]),
        (["extract", "https://127.0.0.1/"], ["127.0.0.1"]),
        (["extract", "http://news.example:22/"], []),
        (["status", "s999"], ["s999"]),
        (["status", "x"], []),
        (["cancel", "d999"], ["d999"]),
        (["again", "-1"], []),
        (["resolve", "d1", "--there", "https://x"], []),
        (["hold", "everything", "--reason", "r"], ["everything"]),
        (["hold", "all"], ["--reason"]),
        (["release", "all"], []),
        (["account", "add", "myspace", "--id", "1", "--name", "n"], ["myspace"]),
        (["account", "add", "facebook", "--id", "1", "--name", "n"], ["access_token"]),
        (["account", "add", "facebook", "--id", "1", "--name", "n", "--secrets", "gone.json"], ["gone.json"]),
        (["account", "test", "77"], ["77"]),
        (["source", "add", "cms", "--scheme", "rot13", "--format", "auto"], ["rot13"]),
        (["source", "add", "a/b", "--scheme", "ghost"], ["a/b"]),
        (["source", "sign", "cms", "x.json"], ["cms"]),
        (["rule", "add", "cms"], ["cms"]),
        (["user", "add", "kim"], ["role"]),
        (["user", "add", "kim", "--role", "king"], ["king"]),
        (["user", "link", "nobody"], ["nobody"]),
        (["token", "add", "t", "--scope", "everything"], ["everything"]),
        (["token", "revoke", "t"], []),
        (["web"], ["SECRET_KEY"]),
        (["worker"], ["CELERY_BROKER_URL"]),
        (["up", "--port", "99999999"], ["99999999"]),
        (["sandbox", "--faults", "nonsense"], ["nonsense"]),
    ],
)
def test_bad_input_is_one_clear_line(any_desk, arguments, words):
    one_clear_line(sharedesk(*arguments, folder=any_desk), *words)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.html", b""),
        ("binary.html", bytes(range(256)) * 40),
        ("page.pdf", b"%PDF-1.7\n\x00\x01"),
        ("broken.json", b'{"article": '),
        ("list.json", b"[1, 2]"),
        ("nothing.json", b'{"article": {}}'),
        ("front.html", b"<html><head><title>News</title></head><body></body></html>"),
        ("half.json", b'{"article": {"headline": "\\ud83d", "url": "https://a.example/1"}}'),
        ("deep.json", b'{"article":' * 5000),
    ],
)
def test_what_is_no_article_is_one_clear_line(any_desk, tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    one_clear_line(sharedesk("extract", file, folder=any_desk))
    one_clear_line(sharedesk("share", file, "-c", "x", "--url", "https://news.example/1", folder=any_desk))


def test_a_file_of_50_megabytes_is_one_clear_line(folder, tmp_path):
    file = tmp_path / "big.html"
    with file.open("wb") as out:
        out.truncate(50_000_000)
        out.seek(0)
        out.write(b"<html><body>" + b"x" * 1000)
    one_clear_line(sharedesk("extract", file, folder=folder))


def test_an_article_without_an_address_asks_for_one(folder, tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"article": {"headline": "Harbor towns run night buses"}}))
    secrets = tmp_path / "x.json"
    secrets.write_text('{"access_token": "t"}')
    data_of(sharedesk("account", "add", "x", "--id", "1", "--name", "n", "--secrets", secrets, folder=folder))
    one_clear_line(sharedesk("share", file, "-c", "x", folder=folder), "--url")


def test_a_desk_without_a_worker_takes_shares_and_keeps_them(folder, article, tmp_path):
    secrets = tmp_path / "page.json"
    secrets.write_text('{"access_token": "page-token-1", "app_secret": "s"}')
    add = ["account", "add", "facebook", "--id", "123", "--name", "Daily", "--secrets"]
    account = data_of(sharedesk(*add, secrets, folder=folder))["account"]
    assert (account["mode"], account["health"]) == ("live", "ok")
    one_clear_line(sharedesk(*add, secrets, folder=folder), "123")
    listed = sharedesk("account", "list", "--json", folder=folder)
    assert data_of(listed)["accounts"] == [account]
    assert "page-token-1" not in listed.stdout

    shared = data_of(
        sharedesk("share", article, "-a", account["id"], "--text", "facebook=Our words", folder=folder)
    )
    (delivery,) = shared["share"]["deliveries"]
    assert (delivery["state"], delivery["text"]) == ("queued", "Our words")

    again = sharedesk("share", article, "-c", "facebook", folder=folder)
    assert again.returncode == 2
    assert json.loads(again.stdout)["share"]["id"] == shared["share"]["id"]

    other = tmp_path / "other.json"
    other.write_text(
        json.dumps({"article": {"url": "https://news.example/other", "headline": "Night ferries"}})
    )
    waited = sharedesk("share", other, "-c", "facebook", "--wait", "0.5", folder=folder)
    assert waited.returncode == 1, "nobody works here, so it was not delivered"

    held = data_of(sharedesk("hold", "all", "--reason", "wrong story", folder=folder))
    assert held["hold"]["reason"] == "wrong story"
    status = data_of(sharedesk("status", shared["share"]["id"], folder=folder))["share"]
    assert status["deliveries"][0]["state"] == "held"
    assert data_of(sharedesk("release", "all", folder=folder))["going_on"] == 2
    cancelled = data_of(sharedesk("cancel", delivery["id"], folder=folder))["delivery"]
    assert cancelled["state"] == "cancelled"

    database = (folder / "desk.sqlite3").read_bytes() + b"".join(
        f.read_bytes() for f in folder.glob("desk.sqlite3-*")
    )
    assert b"page-token-1" not in database, "tokens are sealed at rest"


def test_a_repeat_names_the_delivery_that_somebody_has_seen(folder, article):
    add = ["account", "add", "link", "--id", "s.example", "--name", "S"]
    data_of(sharedesk(*add, folder=folder))
    first = data_of(sharedesk("share", article, "-c", "link", folder=folder))["share"]["deliveries"][0]["id"]
    repeat = ["share", article, "-c", "link", "--repeat"]
    one_clear_line(sharedesk(*repeat, folder=folder), "without --repeat")
    one_clear_line(sharedesk(*repeat, "d999", folder=folder), "d999")
    one_clear_line(sharedesk(*repeat, first, folder=folder), first, "may still go out")


def test_people_tokens_sources_and_rules_are_made(folder, article):
    user = data_of(
        sharedesk("user", "add", "seoyeon", "--role", "publisher", "--email", "s@news.example", folder=folder)
    )
    assert user["user"]["roles"] == ["publisher"]
    assert "/invite/" in user["link"]
    assert data_of(sharedesk("user", "link", "seoyeon", folder=folder))["link"] != user["link"]
    assert data_of(sharedesk("token", "add", "cms", "--scope", "share", folder=folder))["token"].startswith(
        "sd_"
    )
    one_clear_line(sharedesk("token", "add", "cms", folder=folder))
    data_of(sharedesk("token", "revoke", "cms", folder=folder))

    source = data_of(
        sharedesk("source", "add", "cms", "--scheme", "standard-webhooks", "--format", "auto", folder=folder)
    )
    assert source["secret"].startswith("whsec_")
    line = sharedesk("source", "sign", "cms", article, folder=folder)
    assert line.stdout.startswith("curl ")
    assert source["secret"] not in line.stdout
    rule = data_of(sharedesk("rule", "add", "cms", "--section", "city", "--auto", folder=folder))["rule"]
    assert (rule["section"], rule["auto"]) == ("city", True)
    assert len(data_of(sharedesk("rule", "list", folder=folder))["rules"]) == 1
    assert data_of(sharedesk("rule", "dry-run", "cms", folder=folder))["articles"] == []


def test_the_doctor_says_what_is_missing(folder):
    answer = sharedesk("doctor", "--json", folder=folder)
    assert answer.returncode == 1
    findings = json.loads(answer.stdout)["findings"]
    assert [f["advice"] for f in findings if not f["ok"]]


def test_a_korean_terminal_is_answered_in_korean(folder):
    answer = sharedesk("extract", "nowhere.html", folder=folder, LANG="ko_KR.UTF-8")
    one_clear_line(answer, "그런 파일이 없다")


def test_times_that_do_not_fit_together_are_refused_at_the_start(folder):
    secrets = {"SECRET_KEY": "s" * 40, "SHAREDESK_KEYS": "k", "CELERY_BROKER_URL": "memory://"}
    answer = sharedesk("worker", folder=folder, SHAREDESK_LEASE="10", **secrets)
    one_clear_line(answer, "SHAREDESK_LEASE")


def test_compose_writes_the_words_of_a_correction(tmp_path, folder):
    story = tmp_path / "story.json"
    article = {
        "headline": "18 towns publish river levels",
        "url": "https://news.example/river",
        "language": "en",
    }
    story.write_text(json.dumps({"article": article}))
    answer = sharedesk(
        "compose",
        story,
        "-c",
        "x",
        "-c",
        "link",
        "--correcting",
        "17 towns publish river levels",
        folder=folder,
    )
    text = json.loads(answer.stdout)["messages"][0]["text"]
    assert text.startswith(
        "CORRECTED: 18 towns publish river levels\nAn earlier post said “17”; it should have said “18.”"
    )


def test_a_legal_remedy_needs_its_case_number(tmp_path, folder):
    story = tmp_path / "story.json"
    story.write_text(json.dumps({"article": {"headline": "River", "url": "https://news.example/river"}}))
    answer = sharedesk(
        "compose", story, "-c", "x", "--correcting", "Rivers", "--mark", "remedy", folder=folder
    )
    assert answer.returncode == 2
    assert "case number" in answer.stderr


def test_templates_and_rules_about_words_from_the_terminal(folder):
    def run(*arguments):
        return data_of(sharedesk(*arguments, "--json", folder=folder))

    assert run("template", "add", "short", "x", "{label} {headline}")["template"]["name"] == "short"
    assert [each["name"] for each in run("template", "list")["templates"]] == ["short"]
    assert run("template", "preview", "x", "{headline}") == {"previews": []}
    assert run("style", "set", "banned", "충격", "경악")["style"]["banned"] == ["충격", "경악"]
    assert run("style", "set", "alt_missing", "block")["style"]["levels"]["alt_missing"] == "block"
    assert run("style", "show")["style"]["banned"] == ["충격", "경악"]
    assert run("template", "remove", "short") == {"removed": "short"}
    wrong = sharedesk("template", "add", "wrong", "x", "{nothing}", folder=folder)
    one_clear_line(wrong, "There is no field “nothing”.")


def test_a_new_interpreter_says_the_same(folder, article):
    """Commands here run in forked processes: one that is not gives the same answers."""
    for arguments in (["extract", article], ["status", "s999"], ["account", "list", "--json"], ["nonsense"]):
        forked, new = (run(*arguments, folder=folder) for run in (sharedesk, sharedesk_from_nothing))
        assert (forked.returncode, forked.stdout, forked.stderr) == (new.returncode, new.stdout, new.stderr)
