"""Notices on the desk: read and closed without a script, at every width, in both themes, without an axe violation."""

import json
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import too_wide, violations


@pytest.fixture
def notice(desk, open_desk):
    """A notice on the whole machine that no check of this desk's worker ends."""
    open_desk("/")
    facts = json.dumps({"headline": "강변 마을 야간 버스", "n": 2})
    with sqlite3.connect(desk.folder / "desk.sqlite3", timeout=20) as database:
        row = database.execute(
            "INSERT INTO sharing_notice (kind, subject, facts, since) VALUES ('brand_new', '', ?, datetime('now'))",
            (facts,),
        )
    database.close()
    yield row.lastrowid
    with sqlite3.connect(desk.folder / "desk.sqlite3", timeout=20) as database:
        database.execute("DELETE FROM sharing_notice WHERE id = ?", (row.lastrowid,))
    database.close()


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("ko", 1440, False), ("en", 1440, True), ("ko", 360, True), ("en", 320, False)],
)
def test_a_notice_is_shown_and_fits(open_desk, notice, language, width, dark):
    page = open_desk("/", language=language, width=width, dark=dark)
    page.locator(f"#notice-{notice} summary").click()
    assert violations(page) == []
    assert too_wide(page) <= 0


def test_a_notice_is_closed_without_a_script(open_desk, notice):
    page = open_desk("/", scripts=False)
    row = page.locator(f"#notice-{notice}")
    row.locator("summary").click()
    row.get_by_label("까닭 (기록에 남는다)").fill("확인했다")
    row.get_by_role("button", name="이 까닭으로 닫기").click()
    expect(page.get_by_role("status").filter(has_text="공지를 닫았다.")).to_be_visible()
    expect(page.locator(f"#notice-{notice}")).to_have_count(0)
