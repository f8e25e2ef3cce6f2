"""Two people have one draft open in two browsers, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import HARMLESS
from tests.browser.test_accessibility import too_wide, violations
from tests.browser.test_typing import composing
from tests.processes.conftest import wait_for

PASSWORD = "등대 아래 오래된 방파제"  # its own desk's, gone with it


@pytest.fixture(scope="session")
def reporter_state(desk, chromium):
    """The state of a second person's browser: a reporter who came in by an invitation."""
    made = desk.run("user", "add", "정하늘", "--email", "haneul@news.example", "--role", "reporter", "--json")
    link = re.search(r"https?://[^\s\"]+", made.stdout)[0]
    context = chromium.new_context(locale="ko-KR")
    page = context.new_page()
    page.goto(link)
    page.get_by_label("새 비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="정하고 들어가기").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def two(open_desk, desk, chromium, reporter_state):
    """Opens one draft twice: (the publisher's page, the reporter's page)."""
    contexts, errors = [], []

    def open_both(*, scripts=True, **how):
        publisher = composing(open_desk, **how) if scripts else without_scripts(open_desk)
        context = chromium.new_context(
            base_url=desk.facts["url"], storage_state=reporter_state, locale="ko-KR",
            viewport={"width": 1440, "height": 980}, java_script_enabled=scripts,
        )  # fmt: skip
        contexts.append(context)
        reporter = context.new_page()
        reporter.on("pageerror", lambda error: errors.append(str(error)))
        reporter.goto(publisher.url)
        return publisher, reporter

    yield open_both
    for context in contexts:
        context.close()
    assert not [each for each in errors if not any(known in each for known in HARMLESS)], errors


def without_scripts(open_desk):
    from tests.browser.articles import pasted

    page = open_desk("/compose", scripts=False)
    page.locator("#source").fill(pasted("ko"))
    page.get_by_role("button", name="다섯 곳 미리 보기").click()
    page.wait_for_url(re.compile(r"/compose/s\d+$"))
    return page


def x_field(page):
    return page.get_by_label("X 글", exact=True)


def writes(page, words):
    """Type into the X field and wait until the page says that it is saved."""
    x_field(page).fill(words)
    expect(page.locator("#saved time")).to_be_visible()


def posts(desk, words):
    return [each for each in desk.truth() if words in each["text"]]


def test_what_the_publisher_never_saw_does_not_go_out(two, desk):
    publisher, reporter = two()
    suggestion = x_field(publisher).input_value()
    writes(reporter, "완전히 다른 글: 기자가 발행자 몰래 바꿈")
    publisher.locator("#send").click()
    expect(publisher.get_by_role("alert").filter(has_text="보낸 것 없음")).to_be_focused()
    compare = publisher.locator("#differ-x")
    expect(compare).to_contain_text("정하늘이")
    expect(compare).to_contain_text("완전히 다른 글: 기자가 발행자 몰래 바꿈")
    expect(compare).to_contain_text(suggestion)
    assert violations(publisher) == []
    assert posts(desk, "완전히 다른 글: 기자가 발행자 몰래 바꿈") == []
    compare.get_by_role("button", name="이 글로 바꾸기").click()
    expect(x_field(publisher)).to_have_value(suggestion)
    publisher.locator("#send").click()
    publisher.wait_for_url(re.compile(r"/shares/s\d+$"))
    expect(publisher.locator('[data-channel="x"] .st')).to_have_attribute("data-receipt", "posted")
    assert posts(desk, "완전히 다른 글: 기자가 발행자 몰래 바꿈") == []


def test_an_embargo_that_the_publisher_never_saw_is_not_opened_by_their_send(two, desk):
    publisher, reporter = two()
    x_field(publisher).fill("엠바고가 걸린 글")
    expect(publisher.locator("#saved time")).to_be_visible()
    reporter.locator("label:has(#when-embargo)").click()
    expect(reporter.locator("#saved")).to_have_text("아직 이 기기에만 있음")
    reporter.locator("[name=at]").fill("2030-01-01T09:00")
    expect(reporter.locator("#saved time")).to_be_visible()
    reporter.reload()
    expect(reporter.locator("#when-embargo")).to_be_checked()
    expect(reporter.locator("[name=at]")).to_have_value("2030-01-01T09:00")
    publisher.locator("#send").click()
    compare = publisher.locator("#differ-when")
    expect(compare).to_contain_text("정하늘이")
    expect(compare).to_contain_text("엠바고 · 2030년 1월 1일 (화) 09:00")
    expect(publisher.locator("#when-embargo")).to_be_checked()
    assert violations(publisher) == []
    compare.get_by_role("button", name="이 시각 쓰기").click()
    expect(publisher.locator("#when-now")).to_be_checked()
    compare.get_by_role("button", name="이 시각 쓰기").click()
    expect(publisher.locator("#when-embargo")).to_be_checked()
    publisher.locator("#send").click()
    publisher.wait_for_url(re.compile(r"/shares/s\d+$"))
    assert posts(desk, "엠바고가 걸린 글") == []


def test_neither_of_two_writers_loses_a_word(two, desk):
    publisher, reporter = two()
    writes(reporter, "기자 판")
    x_field(publisher).fill("발행자 판")
    expect(publisher.locator("#saved")).to_have_text("아직 이 기기에만 있음")
    compare = publisher.locator("#differ-x")
    expect(compare).to_contain_text("기자 판")
    expect(x_field(publisher)).to_have_value("발행자 판")
    x_field(publisher).press_sequentially(" 이어서")
    expect(compare.locator("[data-twin]")).to_have_text("발행자 판 이어서")
    reporter.reload()
    expect(x_field(reporter)).to_have_value("기자 판")
    compare.get_by_role("button", name="이 글로 두기").focus()
    publisher.keyboard.press("Enter")
    expect(publisher.locator("#differ-x")).to_have_count(0)
    expect(x_field(publisher)).to_have_value("발행자 판 이어서")
    reporter.reload()
    expect(x_field(reporter)).to_have_value("발행자 판 이어서")


def until_it_answers(page, answered):
    """Press Send; press again where the press met a bar that an answer was just replacing."""
    for _ in range(5):
        page.locator("#send").click()
        if wait_for(answered, seconds=20):
            return
    raise AssertionError("Send was pressed five times, and the page did not answer")


def test_a_channel_that_a_colleague_switched_off_stays_off(two, desk):
    publisher, reporter = two()
    reporter.get_by_role("checkbox", name=re.compile("^X ")).uncheck()
    expect(reporter.locator("#saved time")).to_be_visible()
    publisher.get_by_label("페이스북 글").press_sequentially("한")
    expect(publisher.locator("#differ-x")).to_contain_text("이제 꺼져 있다")
    reporter.reload()
    expect(reporter.get_by_role("checkbox", name=re.compile("^X "))).not_to_be_checked()
    x_box = publisher.get_by_role("checkbox", name=re.compile("^X "))
    until_it_answers(publisher, lambda: not x_box.is_checked())
    expect(publisher.locator("#send .send-now")).to_have_text("4곳에 보내기")
    publisher.locator("#send").click()
    publisher.wait_for_url(re.compile(r"/shares/s\d+$"))
    expect(publisher.locator('[data-channel="facebook"] .st')).to_be_visible()
    expect(publisher.locator('[data-channel="x"] .st')).to_have_count(0)


def test_without_javascript_both_texts_are_shown_and_one_is_chosen(two, desk):
    publisher, reporter = two(scripts=False)
    x_field(reporter).fill("기자가 자바스크립트 없이 바꾼 글")
    reporter.get_by_role("button", name="미리보기 새로").click()
    x_field(publisher).fill("발행자가 자바스크립트 없이 쓴 글")
    publisher.locator("#send").click()
    compare = publisher.locator("#differ-x")
    expect(compare).to_contain_text("기자가 자바스크립트 없이 바꾼 글")
    expect(x_field(publisher)).to_have_value("발행자가 자바스크립트 없이 쓴 글")
    compare.get_by_role("button", name="이 글로 바꾸기").click()
    expect(x_field(publisher)).to_have_value("기자가 자바스크립트 없이 바꾼 글")
    publisher.locator("#send").click()
    publisher.wait_for_url(re.compile(r"/shares/s\d+$"))
    assert wait_for(lambda: posts(desk, "기자가 자바스크립트 없이 바꾼 글"))
    assert posts(desk, "발행자가 자바스크립트 없이 쓴 글") == []


def test_a_draft_that_was_sent_meanwhile_says_so_where_somebody_still_types(two):
    publisher, reporter = two()
    publisher.locator("#send").click()
    publisher.wait_for_url(re.compile(r"/shares/s\d+$"))
    x_field(reporter).fill("늦은 글")
    expect(reporter.get_by_role("alert").filter(has_text="이 초안을 보냈다")).to_be_visible()
    expect(reporter.locator("#saved")).to_have_text("아직 이 기기에만 있음")
    expect(x_field(reporter)).to_have_value("늦은 글")
    expect(reporter.locator("#go").get_by_role("link", name="기록 보기")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("ko", 1440, False), ("en", 1440, True), ("ko", 360, True), ("en", 360, False), ("en", 320, False)],
)
def test_the_comparison_can_be_read_everywhere(two, language, width, dark):
    publisher, reporter = two(language=language, width=width, dark=dark)
    writes(reporter, "기자 판은 조금 더 길어서 두 줄이 될 만큼 이어진다. 새벽 버스 노선 아홉 개.")
    if width < 720:
        publisher.get_by_role("tab", name=re.compile("^X")).click()
    publisher.locator("#words-x-text").fill("발행자 판")
    publisher.locator("#send").click()
    expect(publisher.locator("#differ-x")).to_be_visible()
    expect(publisher.locator("#col-x")).to_be_visible()
    assert violations(publisher) == []
    assert too_wide(publisher) <= 0
