"""Booking, moving, format, participation and missed meetings, turn by turn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.dialogue.records import NOW, WEEK, InMemory, Talk, at, exactly, free, meeting, on, turn

DUE = date(2026, 11, 27)
LATER = date(2026, 12, 31)


def test_booking_offers_times_before_the_deadline_and_books_the_chosen_one() -> None:
    talk = Talk(InMemory(free=WEEK, book_by=DUE))
    assert talk.say(turn("book_meeting", "jeg vil gerne booke en tid")) == [
        "book_noted",
        "times_offered_by",
    ]
    assert talk.outcome is not None
    offered = talk.dialogue.flow.offered if talk.dialogue.flow else ()
    assert "t7" not in [one.id for one in offered]
    assert talk.say(turn("inform", "torsdag kl. 14", times=(exactly(at(26, "14:00")),))) == [
        "book_confirm",
        "is_that_right",
    ]
    assert talk.say(turn("affirm", "ja")) == ["book_done"]
    assert talk.commands[0].body == {"time": "t4", "format": "in_person"}


def test_a_time_that_was_not_offered_is_looked_up() -> None:
    talk = Talk(InMemory(free=[*WEEK, free("t9", at(25, "15:15"))], book_by=DUE))
    talk.say(turn("book_meeting", "book"))
    said = talk.say(turn("inform", "kl 15.15 onsdag", times=(exactly(at(25, "15:15")),)))
    assert said == ["book_confirm", "is_that_right"]


def test_a_full_day_is_said_and_the_nearest_on_either_side_offered() -> None:
    talk = Talk(InMemory(free=WEEK, book_by=LATER))
    talk.say(turn("book_meeting", "book"))
    said = talk.say(turn("inform", "lørdag", times=(on(28),)))
    assert said == ["no_time_as_wished"]
    offered = talk.dialogue.flow.offered if talk.dialogue.flow else ()
    assert [one.id for one in offered] == ["t5", "t6", "t7"]


def test_nothing_before_the_deadline_is_said_with_staff_offered() -> None:
    talk = Talk(InMemory(free=[WEEK[-1]], book_by=DUE))
    assert talk.say(turn("book_meeting", "book en tid"))[-1] == "no_free_time_by"
    assert talk.titles == ["choice_staff", "choice_stop"]


def test_digital_instead_at_the_confirmation() -> None:
    talk = Talk(InMemory(free=WEEK, book_by=DUE))
    talk.say(turn("book_meeting", "book"))
    talk.say(turn("inform", "1"))
    assert talk.say(turn("inform", "hellere digitalt", formats=("digital",)))[0] == "book_confirm"
    talk.say(turn("affirm", "ja"))
    assert talk.commands[0].body["format"] == "digital"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("senere", ["t7"]), ("en anden dag", ["t7"]), ("ingen af dem", ["t7"])],
)
def test_other_times_are_shown_when_asked_for(text: str, expected: list[str]) -> None:
    talk = Talk(InMemory(free=WEEK, book_by=LATER))
    talk.say(turn("book_meeting", "book"))
    talk.say(turn("inform", text, does=["refuse", "wish"]))
    flow = talk.dialogue.flow
    assert flow is not None
    shown = [flow.chosen.id] if flow.chosen else [one.id for one in flow.offered]
    assert set(expected) <= set(shown)
    assert "t1" not in shown


def test_a_booked_meeting_and_nothing_due_offers_to_move() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn("book_meeting", "jeg vil booke en tid")) == ["book_already"]
    assert talk.titles == ["choice_move", "choice_extra"]
    assert talk.say(talk.press(1))[0] == "book_noted"


def test_booking_at_the_jobcenter_is_said_to_be_done_elsewhere() -> None:
    talk = Talk(InMemory(free=WEEK))
    assert talk.say(turn("book_meeting", "tid på jobcenteret", kinds=("jobcenter",))) == [
        "jobcenter_book"
    ]


def test_moving_keeps_the_old_time_until_the_new_one_is_held() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    said = talk.say(
        turn("reschedule_meeting", "kan jeg flytte mit møde til fredag", times=(on(27),))
    )
    assert said == ["move_noted", "times_wished"]
    talk.say(turn("inform", "halv ti", times=(exactly(at(24, "09:30"), dated=False),)))
    assert talk.say(turn("affirm", "ja")) == ["move_done"]
    assert (talk.commands[0].action, talk.commands[0].body["new_time"]) == ("move", "t5")


def test_a_no_offers_another_time_or_to_leave_it() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    talk.say(turn("reschedule_meeting", "flyt", times=()))
    talk.say(turn("inform", "1"))
    assert talk.say(turn("deny", "nej")) == ["said_no"]
    assert talk.titles == ["choice_another_time", "choice_stop"]
    assert talk.say(turn("stop", "glem det")) == ["stopped"]
    assert talk.commands == []


def test_a_format_that_the_kind_allows_is_confirmed_and_changed() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))]))
    said = talk.say(turn("change_format", "kan det være digitalt", formats=("digital",)))
    assert said == ["format_confirm_digital", "is_that_right"]
    talk.say(turn("affirm", "ja"))
    assert talk.commands[0].body == {"format": "digital"}


def test_a_cv_meeting_is_not_held_digitally_and_why_is_said() -> None:
    talk = Talk(InMemory([meeting("x1", at(26), kind="cv")]))
    said = talk.say(turn("change_format", "kan det være digitalt", formats=("digital",)))
    assert said == ["format_not_allowed"]
    assert talk.commands == []


def test_digital_instead_of_an_afbud_switches_to_the_same_meeting() -> None:
    talk = Talk(InMemory([meeting("x1", at(26)), meeting("x2", at(30, "12:00"))], WEEK))
    talk.say(turn("afbud", "er syg på torsdag", reasons=("illness",), times=(on(26),)))
    text = "kunne jeg ikke bare beholde den og tage den digitalt?"
    keeping = turn("change_format", text, formats=("digital",), does=["keep", "begin format"])
    assert talk.say(keeping)[0] == "format_confirm_digital"
    talk.say(turn("affirm", "ja"))
    assert (talk.commands[0].action, talk.commands[0].meeting) == ("format", "x1")


def test_participation_is_asked_for_at_the_jobcenters_meeting() -> None:
    talk = Talk(InMemory([meeting("x1", at(25)), meeting("j1", at(26), kind="jobcenter")]))
    assert talk.say(turn("request_participation", "kan I tage med?"))[0] == "participation_confirm"
    assert talk.say(turn("affirm", "ja")) == ["participation_done"]
    assert talk.commands[0].meeting == "j1"
    assert talk.outcome is not None
    assert talk.outcome.reply.handover is not None


def test_no_jobcenter_meeting_to_join() -> None:
    talk = Talk(InMemory([meeting("x1", at(25))]))
    assert talk.say(turn("request_participation", "kan I tage med?")) == ["participation_none"]


def test_a_missed_meeting_is_registered_at_once_with_the_messages_own_time() -> None:
    talk = Talk(InMemory([meeting("x0", NOW - timedelta(hours=2))]))
    assert talk.say(turn("missed_meeting", "jeg glemte mødet")) == [
        "contact_done",
        "contact_in_general",
    ]
    [command] = talk.commands
    assert (command.action, command.body) == ("contact", {"at": NOW.isoformat()})
    assert talk.titles == ["choice_book_new", "choice_staff"]


def test_two_missed_meetings_are_asked_about() -> None:
    gone = [
        meeting("x0", NOW - timedelta(days=2)),
        meeting("j0", NOW - timedelta(hours=2), kind="jobcenter"),
    ]
    talk = Talk(InMemory(gone))
    assert talk.say(turn("missed_meeting", "jeg nåede det ikke")) == ["missed_which"]
    assert talk.say(turn("inform", "den anden"))[0] == "contact_done"
    assert talk.commands[0].meeting == "x0"


def test_nothing_missed_but_a_meeting_ahead() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))]))
    assert talk.say(turn("missed_meeting", "jeg kom ikke")) == ["missed_none_but_coming"]


@pytest.mark.parametrize(
    ("intent", "facts", "keys"),
    [
        ("ask_next_meeting", InMemory([meeting("x1", at(26))]), ["own_next"]),
        (
            "ask_next_meeting",
            InMemory([meeting("x1", at(26)), meeting("j1", at(27), kind="jobcenter")]),
            ["own_next", "own_later_jobcenter"],
        ),
        ("ask_next_meeting", InMemory(book_by=DUE), ["own_no_meeting", "own_due"]),
        ("ask_next_meeting", InMemory(), ["own_no_meeting", "own_nothing_due", "own_to_come"]),
        ("ask_booking_deadline", InMemory(book_by=DUE), ["own_due"]),
        ("ask_booking_deadline", InMemory([meeting("x1", at(26))]), ["own_nothing_due_but_booked"]),
        ("ask_booking_deadline", InMemory(), ["own_nothing_due", "own_to_come"]),
        (
            "ask_my_course",
            InMemory([meeting("x1", at(26))], book_by=DUE),
            ["own_course", "own_next", "own_due"],
        ),
    ],
)  # fmt: skip
def test_own_case(intent: str, facts: InMemory, keys: list[str]) -> None:
    assert Talk(facts).say(turn(intent)) == keys


@pytest.mark.parametrize(
    "text",
    ["hvor længe varer mit møde", "hvor lang tid tager det", "hvor laenge skal jeg sidde der"],
)
def test_who_asks_how_long_the_next_meeting_is_told_so(text: str) -> None:
    talk = Talk(InMemory([meeting("x1", at(26)), meeting("j1", at(27), kind="jobcenter")]))
    assert talk.say(turn("ask_next_meeting", text)) == [
        "own_next",
        "own_length",
        "own_later_jobcenter",
    ]
    assert talk.outcome is not None
    assert talk.outcome.reply.parts[1].values == {"minutes": 45}


def test_beyond_twice_offers_a_person() -> None:
    talk = Talk(InMemory())
    talk.say(turn("out_of_scope", "hvad koster en hund"))
    assert talk.outcome is not None
    assert talk.outcome.reply.answer == "out_of_scope"
    assert talk.say(turn("out_of_scope", "og ferie")) == []
    assert talk.titles == ["choice_staff"]
    assert talk.say(turn("affirm", "ja")) == ["handed_over"]


@pytest.mark.parametrize("intent", ["affirm", "deny", "stop"])
def test_answers_to_nothing_change_nothing(intent: str) -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn(intent)) in (["nothing_to_confirm"], ["nothing_under_way"])
    assert talk.commands == []
