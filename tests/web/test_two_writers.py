"""Two people have one draft open: nobody's words are overwritten unseen, and nothing goes out that its sender did not see."""

import re
import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from sharing import models
from sharing.domain.delivery import State
from sharing.domain.message import Message
from sharing.domain.refusal import Refusal
from sharing.presentation.previews import fields_of
from sharing.services.accounts import connect
from sharing.services.decisions import resolve
from sharing.services.entries import ActingFor
from sharing.services.shares import drafts
from tests import given
from tests.web.conftest import form_of, form_on, send

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ari(enter, accounts):
    """A reporter, who has the same draft open."""
    return enter("Ari", "reporter")


@pytest.fixture
def here(draft):
    return f"/compose/s{draft.pk}"


def words_in(share, slug):
    return drafts.words_of(share.deliveries.get(channel=slug))


def on(share, slug):
    return share.deliveries.get(channel=slug).chosen


def types(client, here, form, **fields):
    """Type into fields, as the page saves by itself; returns the answer and the form as its script leaves it."""
    form = {**form, **{f"words-{name}": [text] for name, text in fields.items()}}
    answer = client.post(f"{here}/save", form, headers=HTMX)
    return answer, form | swapped(answer.text)


def swapped(fragment):
    """The hidden fields that an answer puts in the place of those of the page."""
    pairs = re.findall(r'name="((?:version|shown|kept|other|against)-\w+)" value="([^"]*)"', fragment)
    return {name: [value] for name, value in pairs}


def ticked(form, *accounts, off=False):
    kept = [each for each in form.get("account", []) if each not in {str(a.pk) for a in accounts}]
    return form | {"account": kept if off else [*kept, *(str(a.pk) for a in accounts)]}


def states(share):
    return set(share.deliveries.values_list("state", flat=True))


# -- what is sent ------------------------------------------------------------------------------------------


def test_words_that_the_sender_never_saw_stop_the_send_and_both_texts_are_shown(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    before = publishers["words-x-text"][0]
    types(ari, here, reporters, **{"x-text": "완전히 다른 글"})
    answer = cho.post(f"{here}/send", publishers)
    assert answer.status_code == 409
    assert states(draft) == {State.DRAFT}
    assert "화면을 연 뒤에 초안이 바뀌었다. <b>보낸 것 없음.</b>" in answer.text
    assert re.search(r"Ari가 \d\d:\d\d에 고쳤다\.", answer.text)
    compare = answer.text[answer.text.index('id="compare"') : answer.text.index('id="columns"')]
    assert "완전히 다른 글" in compare
    assert before in compare
    again = cho.post(f"{here}/send", form_on(answer.text))
    assert again.status_code == 302
    assert Message.load(draft.deliveries.get(channel="x").message).text.startswith("완전히 다른 글")


def test_own_words_stay_as_typed_beside_the_colleagues_and_the_next_press_sends_what_was_chosen(
    cho, ari, draft, here
):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    types(ari, here, reporters, **{"x-text": "기자 판"})
    mine = publishers | {"words-x-text": ["발행자 판"], "words-mail-subject": ["메일 제목도 고침"]}
    answer = cho.post(f"{here}/send", mine)
    assert answer.status_code == 409
    shown = form_on(answer.text)
    assert shown["words-x-text"] == ["발행자 판"]
    assert shown["words-mail-subject"] == ["메일 제목도 고침"]
    assert shown["other-x"] == ["기자 판"]
    assert words_in(draft, "x") == "기자 판"
    chosen = cho.post(f"{here}/wording", shown | {"swap": ["x"]})
    assert chosen.status_code == 200
    shown = form_on(chosen.text)
    assert (shown["words-x-text"], shown["other-x"]) == (["기자 판"], ["발행자 판"])
    back = form_on(cho.post(f"{here}/wording", shown | {"swap": ["x"]}).text)
    assert back["words-x-text"] == ["발행자 판"]
    assert cho.post(f"{here}/send", back).status_code == 302
    assert Message.load(draft.deliveries.get(channel="x").message).text.startswith("발행자 판")


def test_staying_with_ones_own_words_saves_them(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    types(ari, here, reporters, **{"x-text": "기자 판"})
    answer = cho.post(f"{here}/send", publishers | {"words-x-text": ["발행자 판"]})
    assert cho.post(f"{here}/wording", form_on(answer.text) | {"keep": ["x"]}).headers["Location"] == here
    assert words_in(draft, "x") == "발행자 판"


def test_the_second_press_is_compared_again(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    _, reporters = types(ari, here, reporters, **{"x-text": "첫 번째"})
    answer = cho.post(f"{here}/send", publishers)
    types(ari, here, reporters, **{"x-text": "두 번째"})
    again = cho.post(f"{here}/send", form_on(answer.text))
    assert again.status_code == 409
    assert "두 번째" in again.text
    assert states(draft) == {State.DRAFT}


def test_a_choice_is_compared_with_what_was_beside_it(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    _, reporters = types(ari, here, reporters, **{"x-text": "첫 번째"})
    answer = cho.post(f"{here}/send", publishers | {"words-x-text": ["발행자 판"]})
    types(ari, here, reporters, **{"x-text": "두 번째"})
    choice = cho.post(f"{here}/wording", form_on(answer.text) | {"keep": ["x"]})
    assert choice.status_code == 409
    assert words_in(draft, "x") == "두 번째"
    assert form_on(choice.text)["words-x-text"] == ["발행자 판"]


@pytest.mark.parametrize("act", [{"when": "now"}, {"when": "schedule", "at": "2030-01-01T09:00"}, {"breaking": "on"},
                                 {"breaking": "on", "sure": "on"}, {"when": "embargo", "at": "2030-01-01T09:00"}])  # fmt: skip
def test_every_way_of_sending_compares(cho, ari, draft, here, act):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    types(ari, here, reporters, **{"x-text": "완전히 다른 글"})
    answer = cho.post(f"{here}/send", publishers | {name: [value] for name, value in act.items()})
    assert answer.status_code == 409
    assert states(draft) == {State.DRAFT}
    if "at" in act:
        assert f'value="{act["at"]}"' in answer.text


def test_what_changes_between_the_two_presses_of_breaking_stops_it(cho, ari, draft, here):
    asked = cho.post(f"{here}/send", form_on(cho.get(here).text) | {"breaking": ["on"]})
    types(ari, here, form_on(ari.get(here).text), **{"x-text": "완전히 다른 글"})
    assert cho.post(f"{here}/send", form_on(asked.text)).status_code == 409
    assert states(draft) == {State.DRAFT}


@pytest.mark.parametrize(
    "forged", ["", "0" * 32, "x", "가" * 40, "'; DROP TABLE", "0" * 100_000, "\x00", "-1", "None"]
)
def test_versions_that_are_missing_or_made_up_are_a_difference_and_no_error(cho, draft, here, forged):
    form = form_of(draft, **{"version-x": forged})
    answer = cho.post(f"{here}/send", form)
    assert answer.status_code == 409
    assert states(draft) == {State.DRAFT}
    assert cho.post(f"{here}/save", form, headers=HTMX).status_code == 200
    assert cho.post(f"{here}/facts", form, headers=HTMX).status_code == 200
    assert cho.post(f"{here}/send", form_on(answer.text)).status_code == 302


@pytest.mark.parametrize("name", ["version", "version-x", "version-link"])
def test_a_page_from_before_an_upgrade_sends_nothing(cho, draft, here, name):
    form = form_of(draft)
    del form[name]
    assert cho.post(f"{here}/send", form).status_code == 409
    assert states(draft) == {State.DRAFT}


def test_a_column_that_the_form_does_not_know_stops_the_send(cho, draft, here):
    form = form_of(draft)
    form["column"].remove("mail")
    assert cho.post(f"{here}/save", form, headers=HTMX).status_code == 200
    assert cho.post(f"{here}/send", form).status_code == 409
    assert states(draft) == {State.DRAFT}


def test_a_removed_account_stops_the_send_and_is_named(cho, desk, draft, accounts, here, cho_asks):
    second = connect.add(desk, "link", remote_id="second.example", name="Second", secrets={}, mode="sandbox")
    cho.post(f"{here}/save", ticked(form_on(cho.get(here).text), second))
    form = form_on(cho.get(here).text)
    models.Account.objects.filter(pk=second.pk).update(health="removed")
    answer = cho.post(f"{here}/send", form)
    assert answer.status_code == 409
    assert "Second는 이제 꺼져 있다." in answer.text
    assert cho.post(f"{here}/send", form_on(answer.text)).status_code == 302
    assert draft.deliveries.get(account=second).state == State.CANCELLED


def test_an_embargo_that_is_lifted_under_the_sender_is_read_again(cho, desk, accounts, cho_asks):
    draft = drafts.make(desk, given.an_article(embargo_until=given.ahead(days=1)), cho_asks)
    form = form_of(draft)
    given.the_article_changes(draft.deliveries.first(), embargo_until=given.ago(hours=1))
    answer = cho.post(f"/compose/s{draft.pk}/send", form)
    assert answer.status_code == 409
    assert states(draft) == {State.DRAFT}
    assert cho.post(f"/compose/s{draft.pk}/send", form_on(answer.text)).status_code == 302


def test_an_approver_approves_what_they_read(desk, accounts, cho_asks):
    cms = ActingFor(name="mulbit-cms", via="hook")
    row = given.a_share(desk, accounts["x"], as_draft=True, acting=cms).deliveries.get()
    read = row.approved_hash
    drafts.write(row.share, {"x": "other words"})
    for seen in (read, "", "made up"):
        with pytest.raises(Refusal, match=r"draft\.changed"):
            resolve.approve(row, cho_asks, seen=seen)
    assert given.reread(row).state == State.DRAFT
    resolve.approve(row, cho_asks, seen=given.reread(row).approved_hash)
    assert given.reread(row).state == State.QUEUED


# -- what is saved -----------------------------------------------------------------------------------------


def test_an_autosave_writes_only_the_field_that_its_writer_touched(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    types(ari, here, reporters, **{"x-text": "기자 판"})
    types(cho, here, publishers, **{"facebook-text": "발행자의 페이스북"})
    assert words_in(draft, "x") == "기자 판"
    assert words_in(draft, "facebook") == "발행자의 페이스북"


def test_the_later_autosave_of_one_field_overwrites_nothing_and_its_writer_is_told(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    types(ari, here, reporters, **{"x-text": "기자 판"})
    answer, form = types(cho, here, publishers, **{"x-text": "발행자 판"})
    assert words_in(draft, "x") == "기자 판"
    assert "아직 이 기기에만 있음" in answer.text
    assert "임시 저장" not in answer.text
    assert re.search(r"Ari가 \d\d:\d\d에 고쳤다\.", answer.text)
    assert "기자 판" in answer.text
    assert "발행자 판" in answer.text
    answer, form = types(cho, here, form, **{"x-text": "발행자 판, 이어서"})
    assert 'id="compare"' not in answer.text, "told once"
    assert "아직 이 기기에만 있음" in answer.text
    assert cho.post(f"{here}/wording", form | {"keep": ["x"]}, headers=HTMX).status_code == 302
    assert words_in(draft, "x") == "발행자 판, 이어서"
    overtaken, _ = types(cho, here, form)
    assert 'id="compare"' not in overtaken.text, "a save that the choice overtook asks nothing again"


def test_a_tick_that_a_colleague_took_away_stays_away(cho, ari, draft, accounts, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    ari.post(f"{here}/save", ticked(reporters, accounts["x"], off=True), headers=HTMX)
    answer, form = types(cho, here, publishers, **{"facebook-text": "한 글자"})
    assert not on(draft, "x")
    assert "@mulbit_practice는 이제 꺼져 있다." in answer.text
    stopped = cho.post(f"{here}/send", form)
    assert stopped.status_code == 409
    shown = form_on(stopped.text)
    assert str(accounts["x"].pk) not in shown["account"]
    cho.post(f"{here}/send", shown)
    assert draft.deliveries.get(channel="x").state == State.CANCELLED
    assert draft.deliveries.get(channel="facebook").state == State.QUEUED


def test_whoever_touches_the_tick_decides_it(cho, ari, draft, accounts, here):
    ari.post(f"{here}/save", ticked(form_on(ari.get(here).text), accounts["x"], off=True), headers=HTMX)
    form = form_on(cho.get(here).text)
    cho.post(f"{here}/save", ticked(form, accounts["x"]), headers=HTMX)
    assert on(draft, "x")


def test_an_answer_that_was_lost_or_overtaken_is_no_conflict_with_oneself(cho, draft, here):
    form = form_on(cho.get(here).text)
    types(cho, here, form, **{"x-text": "하나"})
    answer, _ = types(cho, here, form, **{"x-text": "하나 둘"})
    assert "임시 저장" in answer.text
    assert words_in(draft, "x") == "하나 둘"
    answer, _ = types(cho, here, form)
    assert words_in(draft, "x") == form["words-x-text"][0], "what stands on the page again is what is saved"
    types(cho, here, form, **{"x-text": "셋"})
    assert cho.post(f"{here}/send", form | {"words-x-text": ["셋 넷"]}).status_code == 302
    assert Message.load(draft.deliveries.get(channel="x").message).text.startswith("셋 넷")


def test_two_windows_of_one_person_are_two_writers(cho, draft, here):
    one, other = (form_on(cho.get(here).text) for _ in range(2))
    types(cho, here, one, **{"x-text": "첫 창"})
    answer, _ = types(cho, here, other, **{"x-text": "둘째 창"})
    assert words_in(draft, "x") == "첫 창"
    assert re.search(r"\d\d:\d\d에 다른 창에서 직접 고쳤다\.", answer.text)


def test_words_over_a_suggestion_that_followed_its_article_are_saved(cho, draft, here):
    form = form_on(cho.get(here).text)
    given.the_article_changes(
        draft.deliveries.first(), headline="No buses", summary="None at all, says the city."
    )
    answer, form = types(cho, here, form, **{"x-text": "내가 쓴 글"})
    assert "임시 저장" in answer.text
    assert words_in(draft, "x") == "내가 쓴 글"
    assert "쓰는 사이에 기사가 바뀌었다" in cho.post(f"{here}/send", form).text
    assert states(draft) == {State.DRAFT}


def test_the_suggestion_comes_back_only_over_words_that_were_seen(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    types(ari, here, reporters, **{"x-text": "기자 판"})
    assert cho.post(f"{here}/wording", publishers | {"reset": ["x"]}).status_code == 409
    assert words_in(draft, "x") == "기자 판"


def test_without_javascript_a_conflict_is_shown_and_nothing_typed_is_lost(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    ari.post(f"{here}/save", reporters | {"words-x-text": ["기자 판"]})
    answer = cho.post(
        f"{here}/save", publishers | {"words-x-text": ["발행자 판"], "words-facebook-text": ["페이스북"]}
    )
    assert answer.status_code == 409
    assert form_on(answer.text)["words-x-text"] == ["발행자 판"]
    assert form_on(answer.text)["other-x"] == ["기자 판"]
    assert words_in(draft, "facebook") == "페이스북"


def test_edits_leave_one_event_while_the_same_page_goes_on(cho, ari, draft, here):
    reporters = form_on(ari.get(here).text)
    for text in ("하나", "하나 둘", "하나 둘 셋"):
        _, reporters = types(ari, here, reporters, **{"x-text": text})
    edits = models.Event.objects.filter(delivery__share=draft, why="edited")
    assert [each.actor for each in edits] == ["Ari"]
    assert "edited" not in cho.get(f"/articles/{draft.article_id}").text


# -- the time ----------------------------------------------------------------------------------------------

EMBARGO = {"when": ["embargo"], "at": ["2030-01-01T09:00"]}
NINE_IN_SEOUL = datetime(2030, 1, 1, tzinfo=UTC)


def sets(client, here, form, **time):
    """Choose a time, as the page saves by itself; returns the answer and the form as its script leaves it."""
    answer = client.post(f"{here}/save", form | time, headers=HTMX)
    return answer, form | time | swapped(answer.text)


def clock_on(page):
    form = form_on(page.text)
    return form["when"], form["at"], "breaking" in form


def test_an_embargo_that_the_sender_never_saw_stops_the_send_and_both_times_are_shown(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    saved, _ = sets(ari, here, reporters, **EMBARGO)
    assert "임시 저장" in saved.text
    answer = cho.post(f"{here}/send", publishers)
    assert answer.status_code == 409
    assert states(draft) == {State.DRAFT}
    assert re.search(r"Ari가 \d\d:\d\d에 고쳤다\.", answer.text)
    compare = answer.text[answer.text.index('id="compare"') : answer.text.index('id="columns"')]
    assert "엠바고 · 2030년 1월 1일 (화) 09:00" in compare
    assert "지금" in compare
    assert clock_on(answer) == (["embargo"], ["2030-01-01T09:00"], False)
    assert cho.post(f"{here}/send", form_on(answer.text)).status_code == 302
    assert set(draft.deliveries.values_list("embargo_until", flat=True)) == {NINE_IN_SEOUL}


def test_a_time_is_stored_and_stands_on_every_page(cho, ari, draft, here):
    sets(ari, here, form_on(ari.get(here).text), **EMBARGO, breaking=["on"])
    draft.refresh_from_db()
    assert (draft.at, draft.embargo_until, draft.breaking) == (None, NINE_IN_SEOUL, True)
    assert set(draft.deliveries.values_list("due_at", flat=True)) == {NINE_IN_SEOUL}
    for each in (cho, ari):
        assert clock_on(each.get(here)) == (["embargo"], ["2030-01-01T09:00"], True)


@pytest.mark.parametrize("act", [{"when": ["now"]}, {"breaking": ["on"], "sure": ["on"]}])
def test_a_speed_that_the_sender_never_saw_stops_the_send(cho, ari, draft, here, act):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    sets(ari, here, reporters, when=["schedule"], at=["2030-01-01T09:00"])
    assert cho.post(f"{here}/send", publishers | act).status_code == 409
    assert states(draft) == {State.DRAFT}


def test_the_sender_may_take_either_time(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    sets(ari, here, reporters, **EMBARGO)
    mine = {"when": ["schedule"], "at": ["2030-02-02T10:00"]}
    stopped = cho.post(f"{here}/send", publishers | mine)
    assert stopped.status_code == 409
    assert clock_on(stopped) == (["schedule"], ["2030-02-02T10:00"], False)
    sets(cho, here, form_on(stopped.text))
    assert clock_on(ari.get(here)) == (["embargo"], ["2030-01-01T09:00"], False), "nobody chose yet"
    theirs = cho.post(f"{here}/wording", form_on(stopped.text) | {"swap": ["when"]})
    assert clock_on(theirs) == (["embargo"], ["2030-01-01T09:00"], False)
    back = cho.post(f"{here}/wording", form_on(theirs.text) | {"swap": ["when"]})
    assert clock_on(back) == (["schedule"], ["2030-02-02T10:00"], False)
    assert clock_on(ari.get(here)) == (["schedule"], ["2030-02-02T10:00"], False)
    assert cho.post(f"{here}/wording", form_on(back.text) | {"keep": ["when"]}).status_code == 302


def test_an_autosave_of_words_or_of_another_time_overwrites_no_colleagues_time(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    sets(ari, here, reporters, when=["schedule"], at=["2030-01-01T09:00"])
    answer, form = types(cho, here, publishers, **{"x-text": "발행자 판"})
    assert words_in(draft, "x") == "발행자 판"
    assert "예약 · 2030년 1월 1일 (화) 09:00" in answer.text
    answer, form = sets(cho, here, form, **EMBARGO)
    assert "아직 이 기기에만 있음" in answer.text
    draft.refresh_from_db()
    assert (draft.at, draft.embargo_until) == (NINE_IN_SEOUL, None)
    swapped_by_script = cho.post(f"{here}/wording", form | {"keep": ["when"]}, headers=HTMX)
    assert swapped_by_script.status_code == 302
    draft.refresh_from_db()
    assert (draft.at, draft.embargo_until) == (None, NINE_IN_SEOUL)


def test_the_time_that_the_page_showed_may_be_chosen_again_after_an_autosave(cho, ari, draft, here):
    publishers, reporters = (form_on(each.get(here).text) for each in (cho, ari))
    sets(ari, here, reporters, **EMBARGO)
    told, _ = types(cho, here, publishers, **{"x-text": "발행자 판"})
    form = publishers | swapped(told.text)
    assert cho.post(f"{here}/wording", form | {"swap": ["when"]}, headers=HTMX).status_code == 200
    assert clock_on(ari.get(here)) == (["now"], [""], False)


def test_ones_own_changes_of_the_time_are_no_conflict(cho, draft, here):
    form = form_on(cho.get(here).text)
    for at in ("2030-01-01T09:00", "2030-01-01T10:00"):
        answer, _ = sets(cho, here, form, when=["embargo"], at=[at])
        assert "임시 저장" in answer.text
        assert 'id="compare"' not in answer.text
    assert cho.post(f"{here}/send", form | EMBARGO).status_code == 302
    assert set(draft.deliveries.values_list("embargo_until", flat=True)) == {NINE_IN_SEOUL}
    assert models.Event.objects.filter(delivery__share=draft, why="timed").count() == 1
    assert "timed" not in cho.get(f"/articles/{draft.article_id}").text


@pytest.mark.parametrize("at", ["", "soon", "2030-01-01"])
def test_a_time_that_cannot_be_read_is_not_stored_and_not_called_saved(cho, draft, here, at):
    _, form = sets(cho, here, form_on(cho.get(here).text), **EMBARGO)
    answer, form = sets(cho, here, form, when=["schedule"], at=[at])
    assert "임시 저장" not in answer.text
    assert "아직 이 기기에만 있음" in answer.text
    without_script = cho.post(f"{here}/save", form)
    assert without_script.status_code == 422
    assert "임시 저장" not in without_script.text
    assert clock_on(without_script) == (["schedule"], [at], False)
    draft.refresh_from_db()
    assert (draft.at, draft.embargo_until) == (None, NINE_IN_SEOUL)
    answer, _ = sets(cho, here, form, at=["2030-01-01T09:00"])
    assert "임시 저장" in answer.text


def test_without_javascript_a_time_is_saved_and_shown_again(cho, ari, draft, here):
    publishers = form_on(cho.get(here).text)
    assert ari.post(f"{here}/save", form_on(ari.get(here).text) | EMBARGO).status_code == 302
    assert clock_on(cho.get(here)) == (["embargo"], ["2030-01-01T09:00"], False)
    answer = cho.post(f"{here}/save", publishers | {"when": ["schedule"], "at": ["2030-02-02T10:00"]})
    assert answer.status_code == 409
    assert clock_on(answer) == (["schedule"], ["2030-02-02T10:00"], False)


@pytest.mark.parametrize("column", ["at", "embargo"])
def test_a_stored_time_that_has_passed_is_said_at_send(cho, cho_asks, draft, here, column):
    drafts.set_time(draft, drafts.Timing(**{column: given.ago(hours=1)}), "", cho_asks)
    page = cho.get(here).text
    assert "min=" not in page, "a browser would keep the form back without a word once the field is hidden"
    answer = cho.post(f"{here}/send", form_on(page))
    assert "지난 시각이다" in answer.text
    assert states(draft) == {State.DRAFT}


def test_a_stored_time_keeps_its_seconds_while_nobody_touches_it(cho, cho_asks, draft, here):
    exact = NINE_IN_SEOUL.replace(second=59)
    drafts.set_time(draft, drafts.Timing(embargo=exact), "", cho_asks)
    form = form_on(cho.get(here).text)
    types(cho, here, form, **{"x-text": "한 글자"})
    cho.post(f"{here}/send", form_on(cho.get(here).text))
    assert set(draft.deliveries.values_list("embargo_until", flat=True)) == {exact}


def test_the_service_sends_at_no_time_that_its_sender_did_not_see(draft, cho_asks):
    seen = {slug: each.version for slug, each in drafts.standings(drafts.rows(draft)).items()}
    seen[drafts.WHEN] = drafts.timed(draft).version
    drafts.set_time(draft, drafts.Timing(embargo=NINE_IN_SEOUL), "", cho_asks)
    with pytest.raises(drafts.Changed) as refused:
        drafts.send(draft, cho_asks, versions=seen, article=draft.article.data_hash)
    assert refused.value.columns == {drafts.WHEN}
    assert states(draft) == {State.DRAFT}


# -- when the draft is gone --------------------------------------------------------------------------------


def test_a_draft_that_a_colleague_sent_says_so_and_claims_no_save(cho, ari, draft, here):
    reporters = form_on(ari.get(here).text)
    cho.post(f"{here}/send", form_on(cho.get(here).text))
    answer, _ = types(ari, here, reporters, **{"x-text": "늦은 글"})
    assert answer.status_code == 200
    assert re.search(r"Cho가 <time[^>]*>\d\d:\d\d:\d\d</time>에 이 초안을 보냈다\.", answer.text)
    assert "여기 쓴 글은 나가지 않았고, 저장되지도 않았다." in answer.text
    assert "임시 저장" not in answer.text
    page = ari.post(f"{here}/send", reporters | {"words-x-text": ["늦은 글"]})
    assert page.status_code == 409
    assert "늦은 글" in page.text
    assert f'href="/shares/s{draft.pk}"' in page.text


def test_a_draft_that_a_colleague_dropped_says_so(cho, ari, draft, here):
    reporters = form_on(ari.get(here).text)
    cho.post(f"{here}/discard")
    answer, _ = types(ari, here, reporters, **{"x-text": "늦은 글"})
    assert "이 초안을 버렸다. 보낸 것 없음." in answer.text
    page = ari.post(f"{here}/save", reporters | {"words-x-text": ["늦은 글"]})
    assert page.status_code == 409
    assert "늦은 글" in page.text


def test_a_second_press_with_own_words_is_the_same_share(cho, draft, here):
    form = form_on(cho.get(here).text) | {"words-x-text": ["한 번만"], "words-kakao-title": ["제목\r\n둘째"]}
    first, second = (cho.post(f"{here}/send", form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] == f"/shares/s{draft.pk}"


# -- at once -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_saving_and_sending_at_once_sends_what_the_sender_saw_or_nothing(draft, cho_asks, desk):
    """Whoever is first: the sender's words go out, or the reporter's are kept and nothing goes."""
    standings, now = drafts.standings(drafts.rows(draft)), drafts.timed(draft)
    before = drafts.words_of(standings["x"].rows[0])
    seen = {"version": standings["x"].version, "shown": drafts.mark_of(before), "words": "기자 판"}
    on_x = standings["x"].on
    screen = drafts.Screen({"x": drafts.Seen(**seen, had=on_x, on=on_x)}, "a" * 16)
    start, came = threading.Barrier(2), {}

    def act(name, work):
        start.wait()
        try:
            came[name] = work()
        except Refusal as refusal:
            came[name] = refusal.code
        finally:
            connection.close()

    ari_asks = ActingFor(name="Ari", via="web", role="reporter")
    both = [
        threading.Thread(target=act, args=("saved", lambda: drafts.save(draft, screen, ari_asks))),
        threading.Thread(target=act, args=("sent", lambda: drafts.send(
            draft, cho_asks,
            versions={slug: each.version for slug, each in standings.items()} | {drafts.WHEN: now.version},
            article=draft.article.data_hash))),
    ]  # fmt: skip
    for each in both:
        each.start()
    for each in both:
        each.join()
    row = draft.deliveries.get(channel="x")
    if row.state == State.QUEUED:
        assert came["saved"] == "draft.sent"
        assert Message.load(row.message).text.startswith(before)
    else:
        assert came["sent"] == "draft.changed"
        assert states(draft) == {State.DRAFT}
        assert drafts.words_of(row) == "기자 판"


def test_a_send_that_is_refused_leaves_everything_as_it_was(draft, cho_asks, desk, accounts):
    given.a_share(desk, *accounts.values(), article=draft.article.value, acting=cho_asks)
    drafts.set_time(draft, drafts.Timing(breaking=True), "", cho_asks)
    lanes = list(draft.deliveries.order_by("pk").values_list("lane", flat=True))
    with pytest.raises(Refusal, match=r"share\.already"):
        send(draft, cho_asks)
    assert list(draft.deliveries.order_by("pk").values_list("lane", flat=True)) == lanes
    assert states(draft) == {State.DRAFT}


def test_every_field_of_the_page_has_its_mark(cho, draft, here):
    form = form_on(cho.get(here).text)
    for slug in form["column"]:
        assert len(form[f"version-{slug}"][0]) == 32
        assert not fields_of(slug) or form[f"shown-{slug}"]
