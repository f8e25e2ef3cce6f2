"""Typing: Hangul is never broken, the counter follows, what is over is marked, keys do what they say."""

import re

from playwright.sync_api import expect

from tests.browser.articles import pasted


def composing(open_desk, **how):
    page = open_desk("/compose", **how)
    page.locator("#source").fill(pasted("ko"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/compose/s\d+$"))
    return page


def test_a_hangul_syllable_in_the_making_survives_every_answer(open_desk):
    """An input method composes 한강, letter by letter, while facts come back in between."""
    page = composing(open_desk)
    field = page.get_by_label("X 글", exact=True)
    field.fill("")
    field.focus()
    ime = page.context.new_cdp_session(page)
    for made in ("ㅎ", "하", "한"):
        ime.send("Input.imeSetComposition", {"text": made, "selectionStart": 1, "selectionEnd": 1})
        page.wait_for_timeout(400)
    ime.send("Input.insertText", {"text": "한"})
    for made in ("ㄱ", "가", "강"):
        ime.send("Input.imeSetComposition", {"text": made, "selectionStart": 1, "selectionEnd": 1})
        page.wait_for_timeout(400)
    assert field.input_value() == "한강"
    expect(page.locator("#count-x b")).to_have_text("28")
    ime.send("Input.insertText", {"text": "강"})
    assert field.input_value() == "한강"


def test_what_is_over_is_marked_and_never_cut(open_desk):
    page = composing(open_desk)
    field = page.get_by_label("X 글", exact=True)
    field.fill("가" * 128 + "나다")
    mark = page.locator("#col-x .mirror mark")
    expect(mark).to_have_text("나다")
    expect(page.locator("#send")).to_be_disabled()
    expect(page.locator("#go")).to_contain_text("X에 아직 이대로 못 보낸다")
    assert field.input_value().endswith("나다")
    field.fill("가" * 128)
    expect(mark).to_have_count(0)
    expect(page.locator("#send")).to_be_enabled()


def test_the_page_counts_as_the_server_does(open_desk):
    page = composing(open_desk)
    field = page.get_by_label("X 글", exact=True)
    for text in (
        "abc 한글…",
        "“인용” – 끝",
        "👩‍👩‍👧‍👦 가족 🇰🇷 ©",
        "읽기 https://news.mulbit.kr/아주/긴/주소?a=b 끝",
        "①②③ ½ é\nñ",
    ):
        field.fill(text)
        counted = page.locator("#count-x b").inner_text()
        page.wait_for_timeout(900)
        assert page.locator("#count-x b").inner_text() == counted, text


def test_words_are_kept_without_a_press(open_desk):
    page = composing(open_desk)
    page.get_by_label("페이스북 글").fill("저절로 남는 글.")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"임시 저장 \d\d:\d\d:\d\d"))
    page.reload()
    expect(page.get_by_label("페이스북 글")).to_have_value("저절로 남는 글.")


def test_wording_by_key_leaves_a_persons_words_alone(open_desk):
    page = composing(open_desk)
    page.get_by_label("페이스북 글").fill("내 글이다.")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page.locator('[data-wording="2"]')).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("X 글", exact=True)).to_have_value("항구 도시 여섯 곳, 밤에도 버스 다닌다")
    expect(page.get_by_label("페이스북 글")).to_have_value("내 글이다.")
    page.locator("#col-facebook").get_by_role("button", name="처음 글로").click()
    expect(page.get_by_label("페이스북 글")).not_to_have_value("내 글이다.")


def test_keys_go_by_their_place_and_only_outside_fields(open_desk):
    page = composing(open_desk)
    page.keyboard.press("k")
    expect(page.get_by_label("카카오톡 제목")).to_be_focused()
    page.keyboard.type("n/2")
    assert page.get_by_label("카카오톡 제목").input_value().startswith("n/2")
    page.keyboard.press("Enter")
    assert "\n" not in page.get_by_label("카카오톡 제목").input_value()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url(re.compile("/queue$"))


def test_control_enter_sends_from_any_field(open_desk):
    page = composing(open_desk)
    page.get_by_label("메일 제목").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/shares/s\d+$"))


def test_breaking_asks_once_more_in_the_bar(open_desk):
    page = composing(open_desk)
    page.locator(".switch").click()
    page.locator("#send").click()
    expect(page.locator(".ask")).to_contain_text("속보로 5곳에 바로 보낼까?")
    expect(page.locator("#send")).to_be_focused()
    page.locator("#send").click()
    page.wait_for_url(re.compile(r"/shares/s\d+$"))
    expect(page.locator(".article-facts")).to_contain_text("속보")


def test_a_column_switched_off_takes_the_number_down(open_desk):
    page = composing(open_desk)
    page.get_by_role("checkbox", name=re.compile("메일")).uncheck()
    expect(page.locator("#send .send-now")).to_have_text("4곳에 보내기")
    expect(page.locator("#saved time")).to_be_visible()
    page.reload()
    expect(page.get_by_role("checkbox", name=re.compile("메일"))).not_to_be_checked()


def test_on_the_phone_the_outputs_are_tabs(open_desk):
    page = composing(open_desk, width=360, height=780)
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_count(5)
    expect(page.locator("#col-facebook")).to_be_visible()
    expect(page.locator("#col-mail")).to_be_hidden()
    tabs.first.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#col-link")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("메일 제목")).to_be_visible()
    expect(page.get_by_role("tabpanel")).to_have_count(1)


def test_a_lost_connection_says_so_and_the_words_are_saved_when_it_is_back(open_desk):
    page = composing(open_desk)
    page.context.set_offline(True)
    page.get_by_label("페이스북 글").fill("끊긴 동안 쓴 글.")
    expect(page.get_by_role("alert")).to_contain_text("이 기기가 인터넷에 닿지 않는다. 보낸 것 없음.")
    page.context.set_offline(False)
    expect(page.locator("#saved time")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("페이스북 글")).to_have_value("끊긴 동안 쓴 글.")


def test_a_session_that_is_over_says_so_and_loses_no_word(open_desk):
    page = composing(open_desk)
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("페이스북 글").fill("자리를 비운 사이.")
    expect(page.get_by_role("alert")).to_contain_text("오래 쉬어 자리를 잠갔다. 보낸 것 없음.")
    expect(page.get_by_label("페이스북 글")).to_have_value("자리를 비운 사이.")
