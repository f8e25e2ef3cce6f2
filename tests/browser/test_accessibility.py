"""No axe violation on any page, in both languages and themes, wide and narrow; nothing wider than its window."""

import re
from pathlib import Path

import pytest

from tests.browser.articles import pasted

AXE = (Path(__file__).parent / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def places():
    """The pages to look at, once something has been sent and something is being written."""
    return [
        "/",
        "/compose",
        "/queue",
        "/articles",
        "/articles?q=nothing",
        "/accounts",
        "/settings/me",
    ]


def violations(page):
    """By the debugger's own door: the page's policy lets no other script in."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE})
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run(document, {resultTypes: ['violations']}).then((found) =>"
            " found.violations.map((each) => each.id + ': ' + each.nodes[0].html.slice(0, 160)))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    return answer["result"]["value"]


def too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("ko", 1440, False), ("en", 1440, True), ("ko", 360, True), ("en", 320, False), ("en", 720, False)],
)
def test_every_page(open_desk, places, language, width, dark):
    page = open_desk("/compose", language=language, width=width, dark=dark)
    page.locator("#source").fill(pasted(language))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/compose/s\d+$"))
    found = {"compose": violations(page), "compose width": too_wide(page) > 0}
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/shares/s\d+$"))
    page.locator('[data-receipt="prepared"]').first.wait_for()
    found |= {"live": violations(page), "live width": too_wide(page) > 0}
    article = page.locator('a[href^="/articles/"]').get_attribute("href")
    for path in [*places, article]:
        page.goto(path)
        found |= {path: violations(page), f"{path} width": too_wide(page) > 0}
    assert {place: what for place, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in/forgotten", "/invite/over", "/k/23456789ab", "/nowhere"]
)
@pytest.mark.parametrize("dark", [False, True])
def test_the_doors(chromium, desk, path, dark):
    context = chromium.new_context(
        base_url=desk.facts["url"],
        color_scheme="dark" if dark else "light",
        viewport={"width": 360, "height": 700},
    )
    page = context.new_page()
    page.goto(path)
    assert violations(page) == []
    assert too_wide(page) <= 0
    context.close()


def test_all_of_it_by_keyboard_in_the_order_it_is_read(open_desk):
    page = open_desk("/compose")
    page.locator("#source").fill(pasted("ko"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/compose/s\d+$"))
    order = []
    for _ in range(70):
        page.keyboard.press("Tab")
        order.append(
            page.evaluate("(e => e.id || e.name || e.className || e.tagName)(document.activeElement)")
        )
        if order[-1] == "send":
            break
    wanted = [
        "skip", "brand", "find", "me", "wording", "screen-phone", "reader-light", "account", "words-facebook-text",
        "words-x-text", "words-kakao-title", "words-kakao-description", "words-mail-subject", "words-mail-text",
        "when-now", "breaking", "send",
    ]  # fmt: skip
    places = [order.index(name) for name in wanted]
    assert places == sorted(places), order
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/shares/s\d+$"))


def test_everything_that_has_focus_shows_it(open_desk):
    page = open_desk("/compose")
    page.locator("#source").fill(pasted("ko"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/compose/s\d+$"))
    bare = page.evaluate(
        """() => [...document.querySelectorAll('a, button:enabled, input:not([type=hidden]), textarea')]
        .filter((each) => each.getClientRects().length)
        .filter((each) => {
          each.focus({focusVisible: true});
          if (document.activeElement !== each) return false;
          for (let at = each, up = 0; at && up < 4; at = at.parentElement, up += 1) {
            if (getComputedStyle(at).outlineStyle !== 'none') return false;
            const next = at.nextElementSibling;
            if (next && getComputedStyle(next).outlineStyle !== 'none') return false;
          }
          return true;
        }).map((each) => each.outerHTML.slice(0, 100))"""
    )
    assert bare == []
