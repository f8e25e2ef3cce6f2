"""Strings that break things, through every door: taken in harmlessly or refused in a sentence, never a traceback."""

import json
import re
import unicodedata

import lxml.html
import pytest
from django.test import Client

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.refusal import Refusal
from sharing.services.staff import people
from sharing.words.unicode import one_line
from tests.firing import a_source, signed
from tests.given import an_account
from tests.shared import SHARED, needs_shared

pytestmark = [needs_shared, pytest.mark.django_db(transaction=True)]

#: Bidirectional controls, tag characters, controls, halves and what cannot be seen: nothing of it is stored.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def strings():
    hostile = SHARED / "data/hostile"
    if not hostile.exists():
        return []
    traps = json.loads((hostile / "unicode_title_traps.json").read_text())
    unescaped = [
        row["escaped"].encode("ascii").decode("unicode_escape") * row.get("repeat", 1) for row in traps
    ]
    halves = ["\ud800", "half \udfff of it", "\ud83d\ud83d", "\x00", "a\x00b", "\U000e0001\U000e0041"]
    return [*json.loads((hostile / "blns.json").read_text()), *unescaped, *halves]


STRINGS = strings()


def article(string, number):
    """The string wherever an article has room for words."""
    long = string[:5000]
    return {
        "url": f"https://news.example/story/{number}",
        "headline": string,
        "summary": long,
        "body": f"{long} {long}",
        "section": string[:300],
        "tags": [string[:300]],
        "authors": [string[:300]],
        "caption": long,
        "image_alt": long,
        "credit": string[:300],
        "site_name": string[:300],
        "label": string[:60],
        "channel_words": {"x": string[:200]},
    }


def ascii_json(data):
    """As JSON in ASCII: halves of characters come in as escapes, which is how they come in from outside."""
    return json.dumps(data).encode()


def headline_of(string):
    """What the gate makes of it; None where it refuses it."""
    try:
        return one_line(string, "headline") or None
    except Refusal:
        return None


def stored_harmlessly():
    """Every word that was kept: in one form, without anything that cannot be seen."""
    for row in models.Article.objects.all():
        for text in [row.headline, *words_in(row.data)]:
            assert not UNSEEN.search(text), ascii(text)
            assert unicodedata.is_normalized("NFC", text)
    for row in models.Delivery.objects.all():
        for text in words_in(row.message):
            assert not UNSEEN.search(text.replace("\r", "")), ascii(text)


def words_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from words_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from words_in(each)


def shown_harmlessly(html):
    """The page's own elements and no others, whatever the words in it look like."""
    page = lxml.html.fromstring(html)
    for script in page.iter("script"):
        assert script.get("src", "").startswith("/static/"), lxml.html.tostring(script)[:200]
    for element in page.iter():
        assert not any(name.startswith("on") for name in element.attrib), lxml.html.tostring(element)[:200]
        for name in ("href", "src", "action"):
            assert not element.get(name, "").strip().lower().startswith(("javascript:", "data:text"))


@pytest.fixture
def sandboxed(desk, scripted):
    return an_account(desk, mode=Mode.SANDBOX)


@pytest.fixture
def api(desk):
    token = people.add_token(desk, "cms", ["share", "read"])
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


def test_by_hook(desk, sandboxed):
    source = a_source(desk)[0]
    client = Client(raise_request_exception=False)
    for number, string in enumerate(STRINGS):
        body = ascii_json({"article": article(string, number), "event": "published"})
        answer = client.post(
            f"/hooks/{source.name}", body, content_type="application/json", headers=signed(source, body)
        )
        assert answer.status_code in {202, 422}, (ascii(string)[:80], answer.content)
        result = answer.json()
        if answer.status_code == 202 and result["result"] in {"shared", "drafted"}:
            assert models.Article.objects.get(pk=result["article"]).headline == headline_of(string)
        else:
            assert headline_of(string) is None or "detail" in result or result.get("code"), (
                ascii(string)[:80],
                result,
            )
    assert models.Inbound.objects.count() == len(STRINGS), "what is signed is kept, whatever it is"
    assert models.Share.objects.count() > 500
    stored_harmlessly()


def test_by_the_api(desk, sandboxed, api):
    for number, string in enumerate(STRINGS):
        body = {"article": article(string, number), "accounts": [str(sandboxed.pk)]}
        answer = api.post("/api/v1/shares", ascii_json(body), content_type="application/json")
        assert answer.status_code in {202, 422}, (ascii(string)[:80], answer.content)
        if answer.status_code == 422 and headline_of(string):
            assert "urn:sharedesk:lint." in answer.json()["type"], "words that the desk's own rules stop"
        assert answer.status_code == 422 or headline_of(string), ascii(string)[:80]
    stored_harmlessly()


def test_by_the_api_in_every_other_place(desk, sandboxed, api):
    fine = article("Harbor ferries", 1)
    for string in STRINGS:
        if string == str(sandboxed.pk):
            continue  # it is an account
        short = string[:400]
        for body in (
            {"source": short, "channels": ["scripted"]},
            {"article": fine, "channels": [short]},
            {"article": fine, "accounts": [short]},
            {"article": fine, "channels": ["scripted"], "at": short},
            {"article": fine, "channels": ["scripted"], "text": {short: "words"}},
            {"article": {short: short, **fine}, "channels": [short]},
            {"article": {**fine, "language": short}, "channels": ["scripted"], "repeat": short},
        ):
            answer = api.post("/api/v1/shares", ascii_json(body), content_type="application/json")
            assert 400 <= answer.status_code < 500, (ascii(string)[:80], body, answer.content)
            assert answer["Content-Type"] == "application/problem+json"
            answer.content.decode()


def test_composed_by_the_api(desk, api):
    for number, string in enumerate(STRINGS):
        body = {"article": article(string, number)}
        answer = api.post("/api/v1/compose", ascii_json(body), content_type="application/json")
        assert answer.status_code in {200, 422}, (ascii(string)[:80], answer.content)
        if answer.status_code == 200:
            for message in answer.json()["messages"]:
                assert not UNSEEN.search(message["text"].replace("\r", "")), ascii(message["text"])


def test_on_the_command_line(tmp_path):
    from click.testing import CliRunner

    from config.cli import main

    runner, file = CliRunner(), tmp_path / "article.json"
    for number, string in enumerate(STRINGS):
        file.write_bytes(ascii_json({"article": article(string, number)}))
        for command in ("extract", "compose"):
            done = runner.invoke(main, [command, str(file), "--json"])
            assert done.exit_code == (0 if headline_of(string) else 2), (ascii(string)[:80], done.output)
            assert isinstance(done.exception, SystemExit | None)
            if done.exit_code == 0:
                json.loads(done.stdout)
            else:
                assert len(done.stderr.strip().splitlines()) == 1


def test_pasted_at_the_desk(cho, desk):
    for string in STRINGS:
        text = f"{string}\n\nSix harbor towns will run night buses. {string}"
        answer = cho.post(
            "/compose",
            {"source": text.encode(errors="replace").decode(), "address": "https://news.mulbit.kr/1"},
        )
        assert answer.status_code in {200, 302, 413, 422}, ascii(string)[:80]
    stored_harmlessly()


def test_shown_at_the_desk(cho, desk, accounts):
    source = a_source(desk)[0]
    for number, string in enumerate(STRINGS):
        body = ascii_json({"article": article(string, number), "event": "published"})
        Client().post(
            f"/hooks/{source.name}", body, content_type="application/json", headers=signed(source, body)
        )
    pages = ["/", "/queue", "/articles"]
    pages += [f"/shares/s{pk}" for pk in models.Share.objects.values_list("pk", flat=True)[::25]]
    pages += [f"/articles/{pk}" for pk in models.Article.objects.values_list("pk", flat=True)[::25]]
    for address in pages:
        answer = cho.get(address)
        assert answer.status_code == 200, address
        shown_harmlessly(answer.content)
        assert not UNSEEN.search(answer.text.replace("\r", "")), address
