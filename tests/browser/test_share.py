"""The main job in a browser: come in, paste, edit, send, see five results, press send in KakaoTalk."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.articles import pasted
from tests.processes.conftest import wait_for

WORDS = {
    "ko": {
        "paste": "기사 주소나 본문",
        "preview": "다섯 곳 미리 보기",
        "x": "X 글",
        "send": re.compile("^5곳에 보내기"),
        "posted": "올라감",
        "sent": "서버에 넘김",
        "ready": "보낼 준비됨",
        "confirmed": "확인됨",
        "kakao": "카카오톡에서 보내기",
        "copy": "주소 복사",
        "copied": "복사함",
        "mine": "사람이 고친 글이다.",
    },
    "en": {
        "paste": "Article address or text",
        "preview": "Preview five outputs",
        "x": "X text",
        "send": re.compile("^Send to 5 places"),
        "posted": "Posted",
        "sent": "Handed over",
        "ready": "Ready for you",
        "confirmed": "Confirmed",
        "kakao": "Send in KakaoTalk",
        "copy": "Copy address",
        "copied": "Copied",
        "mine": "A person wrote this.",
    },
}


def begin(page, words, language):
    page.get_by_label(words["paste"]).fill(pasted(language))
    page.get_by_role("button", name=words["preview"]).click()
    page.wait_for_url(re.compile(r"/compose/s\d+$"))


@pytest.mark.parametrize(("language", "width"), [("ko", 1440), ("en", 1440), ("ko", 360)])
def test_paste_edit_send_and_see_five_results(open_desk, desk, language, width):
    words = WORDS[language]
    page = open_desk("/", language=language, width=width, height=780 if width == 360 else 980)
    begin(page, words, language)
    if width == 360:
        page.get_by_role("tab", name=re.compile("^X")).click()
    field = page.get_by_label(words["x"], exact=True)
    before = field.input_value()
    field.fill(words["mine"])
    expect(page.locator("#count-x b")).not_to_have_text(str(len(before)))
    page.get_by_role("button", name=words["send"]).click()
    page.wait_for_url(re.compile(r"/shares/s\d+$"))
    expect(page.get_by_role("heading", level=1)).to_be_focused()

    state = {
        slug: page.locator(f'[data-channel="{slug}"] .st')
        for slug in ("facebook", "x", "kakao", "mail", "link")
    }
    for slug in ("facebook", "x"):
        expect(state[slug]).to_have_attribute("data-receipt", "posted")
        expect(state[slug]).to_contain_text(words["posted"])
    expect(state["mail"]).to_contain_text(words["sent"])
    expect(state["kakao"]).to_contain_text(words["ready"])
    expect(page).to_have_title(re.compile(r"^\(3/5\)"))

    with page.expect_popup() as opened:
        state["kakao"].get_by_role("link", name=words["kakao"]).click()
    share_page = opened.value
    with share_page.expect_popup() as picker:
        share_page.get_by_role("button", name=words["kakao"]).click()
    picker.value.locator('button[name="chat"]').first.click()
    expect(state["kakao"]).to_contain_text(words["confirmed"])

    state["link"].get_by_role("button", name=words["copy"]).click()
    expect(state["link"]).to_contain_text(words["copied"])
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"{desk.facts['url']}/s/[2-9a-z]{{10}}", link)
    expect(page).to_have_title(re.compile(r"^\(5/5\)"))

    marker = link.rpartition("/")[2]
    posts = wait_for(lambda: [each for each in desk.truth() if words["mine"] in each["text"]])
    assert {each["channel"] for each in posts} == {"x"}
    assert marker


def test_without_javascript_it_is_all_there(open_desk):
    page = open_desk("/compose", scripts=False)
    begin(page, WORDS["ko"], "ko")
    page.get_by_label("X 글", exact=True).fill("자바스크립트 없이 고친 글.")
    page.get_by_role("button", name="미리보기 새로").click()
    expect(page.get_by_label("X 글", exact=True)).to_have_value("자바스크립트 없이 고친 글.")
    page.get_by_role("button", name=WORDS["ko"]["send"]).click()
    page.wait_for_url(re.compile(r"/shares/s\d+$"))
    for _ in range(40):
        if page.locator('[data-receipt="posted"]').count() == 2:
            break
        page.wait_for_timeout(250)
        page.reload()
    assert page.locator('[data-receipt="posted"]').count() == 2


def test_a_double_press_is_one_share(open_desk, desk):
    page = open_desk("/compose")
    begin(page, WORDS["ko"], "ko")
    page.get_by_label("X 글", exact=True).fill("두 번 눌러도 한 번이다 1.")
    page.get_by_role("button", name=WORDS["ko"]["send"]).dblclick(no_wait_after=True)
    page.wait_for_url(re.compile(r"/shares/s\d+$"))
    expect(page.locator('[data-channel="x"] .st')).to_have_attribute("data-receipt", "posted")
    assert len([each for each in desk.truth() if "두 번 눌러도 한 번이다 1." in each["text"]]) == 1


def test_a_text_without_address_is_asked_for_one(open_desk):
    page = open_desk("/compose")
    source = pasted("ko", url=None)
    page.get_by_label(WORDS["ko"]["paste"]).fill(source)
    page.get_by_role("button", name=WORDS["ko"]["preview"]).click()
    address = page.get_by_label("기사 주소", exact=True)
    expect(address).to_be_focused()
    assert page.get_by_label(WORDS["ko"]["paste"]).input_value() == source
    address.fill("https://news.mulbit.kr/asked")
    page.get_by_role("button", name=WORDS["ko"]["preview"]).click()
    page.wait_for_url(re.compile(r"/compose/s\d+$"))
