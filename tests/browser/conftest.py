"""A real Chromium on a real desk: `sharedesk up` on a free port and a folder of its own."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.processes.conftest import Desk

CHROMIUM = next(
    (
        found
        for name in (
            os.environ.get("CHROMIUM", ""),
            "chromium",
            "chromium-browser",
            "google-chrome",
            "chrome",
        )
        if name and (found := shutil.which(name))
    ),
    None,
)
#: Refused with a sentence, or changed by a colleague; nobody signed in; no network; a request that a newer one replaced.
HARMLESS = (
    "status of 409",
    "status of 422",
    "status of 401",
    "ERR_INTERNET_DISCONNECTED",
    "htmx:sendError",
    "htmx:responseError",
    "Response Status Error",
    "htmx:sendAbort",
    "htmx:afterRequest",
)
PASSWORD = "강물이 흐르는 다리 밑"  # its own desk's, gone with it


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium here; name one with CHROMIUM=/path/to/it")
                )


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    """The desk, and where its first person has signed in already."""
    running = Desk(tmp_path_factory.mktemp("browser") / "desk").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        expect.set_options(timeout=120_000)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(desk, chromium):
    """The state of a browser that came in by the one-time link and chose a password."""
    context = chromium.new_context(locale="ko-KR")
    page = context.new_page()
    page.goto(desk.facts["link"])
    page.get_by_label("새 비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="정하고 들어가기").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("챙길 것 없음")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_desk(desk, chromium, signed_in):
    """Opens pages of the desk: `open_desk("/", language="en", width=360)`; fails on any error of a script."""
    contexts, errors = [], []

    def open_page(path, *, language="ko", width=1440, height=980, scripts=True, dark=False):
        context = chromium.new_context(
            base_url=desk.facts["url"],
            storage_state=signed_in,
            locale={"ko": "ko-KR", "en": "en-US"}[language],
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        context.add_cookies([{"name": "language", "value": language, "url": desk.facts["url"]}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not [each for each in errors if not any(known in each for known in HARMLESS)], errors
