from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from sharing.sandbox.kakao import SDK
from sharing.sandbox.readers.reader import sdk_fields
from tests.sandbox.kakao_page import payload

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="no node on this machine to run the SDK's JavaScript")
ORIGIN = "https://desk.example.kr"


def run(script: str) -> str:
    done = subprocess.run([NODE, "-e", script], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_browser(calls: str) -> str:
    """Runs the SDK in a world with just what it asks of a browser, then `calls`."""
    world = """
    const window = globalThis; window.location = { origin: 'https://desk.example.kr' };
    Object.defineProperty(globalThis, 'navigator', { value: { language: 'ko' }, configurable: true });
    const posted = [];
    window.open = () => window.popup;
    const element = () => ({ children: [], appendChild(each) { this.children.push(each); }, remove() {},
      submit() { posted.push({ method: this.method, action: this.action, target: this.target,
        fields: Object.fromEntries(this.children.map(each => [each.name, each.value])) }); } });
    window.document = { currentScript: { src: 'http://127.0.0.1:9/kakao_js_sdk/2.8.3/kakao.min.js' },
      createElement: element, body: element() };
    """
    return run(world + SDK.decode() + "\n" + calls)


@needs_node
def test_the_sdk_is_sound_javascript(tmp_path):
    (tmp_path / "sdk.js").write_bytes(SDK)
    done = subprocess.run(
        [NODE, "--check", tmp_path / "sdk.js"], capture_output=True, timeout=20, check=False
    )
    assert done.returncode == 0, done.stderr


@needs_node
@pytest.mark.parametrize(
    "message",
    [
        payload(ORIGIN),
        {**payload(ORIGIN), "serverCallbackArgs": '{"marker":"m"}'},
        {
            "objectType": "text",
            "text": 'a <b> \u2028 😀 "q"',
            "link": {"mobileWebUrl": ORIGIN, "androidExecutionParams": "aB=1"},
        },
        {
            "objectType": "list",
            "headerTitle": "h",
            "headerLink": {},
            "contents": [{"title": "X", "imageUrl": "u"}],
            "installTalk": True,
        },
    ],
)
def test_it_posts_just_what_the_reader_posts(message):
    calls = f"Kakao.init('key1'); Kakao.Share.sendDefault({json.dumps(message)}); console.log(JSON.stringify(posted[0]))"
    posted = json.loads(in_browser(calls))
    wanted = sdk_fields("key1", message, ORIGIN)
    assert posted["method"] == "POST"
    assert posted["action"] == "http://127.0.0.1:9/picker/link"
    assert posted["fields"].keys() == wanted.keys()
    assert json.loads(posted["fields"]["validation_params"]) == json.loads(wanted["validation_params"])
    assert posted["fields"].get("lcba") == wanted.get("lcba")
    assert posted["fields"]["ka"] == wanted["ka"]


@needs_node
def test_the_picker_opens_in_a_window_of_its_own_or_in_this_one_where_pop_ups_are_blocked():
    calls = (
        "Kakao.init('k'); {} Kakao.Share.sendDefault({{objectType:'text'}}); console.log(posted[0].target)"
    )
    assert in_browser(calls.format("window.popup = {};")).strip() == "kakao_picker"
    assert in_browser(calls.format("window.popup = null;")).strip() == "_self"


@needs_node
def test_it_must_be_initialised_and_says_whether_it_is():
    assert in_browser(
        "console.log(Kakao.isInitialized()); Kakao.init('k'); console.log(Kakao.isInitialized())"
    ).split() == ["false", "true"]
    assert (
        in_browser(
            "try { Kakao.Share.sendDefault({objectType:'text'}) } catch (e) { console.log(e.name) }"
        ).strip()
        == "KakaoError"
    )
    assert (
        in_browser(
            "Kakao.init('k'); try { Kakao.Share.sendDefault({}) } catch (e) { console.log(e.name) }"
        ).strip()
        == "KakaoError"
    )


def test_it_is_served_where_the_real_one_is(client):
    for path in ("/kakao_js_sdk/2.8.3/kakao.min.js", "/kakao.min.js", "/kakao/kakao.min.js"):
        reply = client.call("GET", path)
        assert reply.body == SDK
        assert reply.headers["content-type"].startswith("text/javascript")
        assert reply.headers["access-control-allow-origin"] == "*"
