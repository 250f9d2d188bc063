"""Afbud, turn by turn, on the state that is kept and the change that comes of it."""

from __future__ import annotations

from datetime import date, timedelta

from bot.dialogue.moves import TimeMention
from tests.dialogue.records import NOW, WEEK, InMemory, Talk, at, exactly, free, meeting, on, turn

TOMORROW = meeting("x1", at(24))
JOBCENTER = meeting("j1", at(26, "11:00"), kind="jobcenter")


def test_illness_tomorrow_takes_the_reason_offers_times_and_is_one_change() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    said = talk.say(
        turn(
            "afbud", "jeg er syg og kan ikke komme i morgen", reasons=("illness",), times=(on(24),)
        )
    )
    assert said == ["afbud_noted", "times_offered"]
    assert talk.titles[:4] == ["choice_time"] * 4
    assert talk.say(turn("inform", "den anden")) == ["afbud_confirm", "is_that_right"]
    assert talk.commands == []
    said = talk.say(turn("affirm", "ja"))
    assert said == ["afbud_done"]
    [command] = talk.commands
    assert (command.action, command.meeting) == ("afbud", "x1")
    assert command.body == {"reason": "illness", "new_time": "t2", "new_format": "in_person"}
    assert talk.dialogue.flow is None


def test_the_day_that_the_member_is_prevented_is_not_offered_while_there_is_another() -> None:
    that_day = free("same", at(24, "14:00"))
    for times, offered in (([that_day, *WEEK], {"t1", "t2", "t4", "t5"}), ([that_day], {"same"})):
        talk = Talk(InMemory([TOMORROW], times))
        talk.say(turn("afbud", "syg i morgen", reasons=("illness",), times=(on(24),)))
        assert talk.dialogue.flow is not None
        assert {time.id for time in talk.dialogue.flow.offered} == offered


def test_the_day_that_the_member_is_prevented_is_had_for_the_asking() -> None:
    talk = Talk(InMemory([TOMORROW], [free("same", at(24, "14:00")), *WEEK]))
    talk.say(turn("afbud", "er hos lægen kl 10 i morgen", reasons=("illness",), times=(on(24),)))
    talk.say(turn("inform", "hellere senere i morgen", times=(on(24),)))
    talk.say(turn("affirm", "ja"))
    assert talk.commands[0].body["new_time"] == "same"


def test_everything_in_the_first_message_needs_one_confirmation() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    friday_afternoon = TimeMention(at(27, "12:00"), at(27, "17:00"), "hour")
    said = talk.say(turn(
        "afbud", "er syg i morgen, kan I på fredag eftermiddag digitalt?", reasons=("illness",),
        times=(on(24), friday_afternoon), formats=("digital",),
    ))  # fmt: skip
    assert said == ["afbud_confirm", "is_that_right"]
    talk.say(turn("affirm", "ja tak"))
    assert talk.commands[0].body == {"reason": "illness", "new_time": "t6", "new_format": "digital"}


def test_a_reason_that_the_page_does_not_name_is_warned_about_first() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    text = "jeg skal flytte og kan ikke komme i morgen"
    assert talk.say(turn("afbud", text, reasons=("other",), times=(on(24),))) == ["afbud_warning"]
    assert talk.titles == ["choice_go_on", "choice_staff", "choice_keep"]
    assert talk.say(turn("affirm", "ja meld afbud"))[0] == "afbud_noted"
    talk.say(turn("inform", "1"))
    talk.say(turn("affirm", "ja"))
    assert talk.commands[0].body["reason"] == "other"
    assert talk.commands[0].body["note"] == text


def test_no_to_the_warning_changes_nothing() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    talk.say(turn("afbud", "kan ikke i morgen, ferie", reasons=("holiday",), times=(on(24),)))
    assert talk.say(turn("deny", "nej")) == ["kept"]
    assert talk.commands == []
    assert talk.dialogue.flow is None


def test_without_a_new_time() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))
    assert talk.say(turn("inform", "ingen ny tid lige nu", does=["no_new_time"])) == [
        "afbud_confirm_alone",
        "is_that_right",
    ]
    assert talk.say(turn("affirm", "ja")) == ["afbud_done_alone"]
    assert talk.commands[0].body == {"reason": "illness"}


def test_the_reason_is_asked_for_and_any_statement_is_one() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    assert talk.say(turn("afbud", "jeg kan ikke komme i morgen", times=(on(24),))) == [
        "afbud_reason"
    ]
    assert talk.say(turn("nlu_fallback", "katten er blevet væk", does=["tell"])) == [
        "afbud_warning"
    ]
    flow = talk.dialogue.flow
    assert flow is not None
    assert (flow.reason, flow.note) == ("other", "katten er blevet væk")


def test_two_meetings_are_asked_about_and_a_day_decides() -> None:
    talk = Talk(InMemory([TOMORROW, meeting("x2", at(26, "13:00"))], WEEK))
    assert talk.say(turn("afbud", "jeg er syg", reasons=("illness",))) == ["afbud_which"]
    assert talk.titles[:2] == ["choice_meeting"] * 2
    talk.say(turn("inform", "den på torsdag", times=(on(26),)))
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.meeting == "x2"


def test_a_day_without_a_meeting_is_not_guessed() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    said = talk.say(turn("afbud", "jeg er syg på fredag", reasons=("illness",), times=(on(27),)))
    assert said == ["no_meeting_that_day", "is_it_this_one"]
    talk.say(turn("affirm", "ja"))
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.meeting == "x1"


def test_the_jobcenters_meeting_is_shown_never_changed() -> None:
    talk = Talk(InMemory([JOBCENTER], WEEK))
    assert talk.say(turn("afbud", "jeg er syg", reasons=("illness",))) == ["jobcenter_afbud"]
    assert talk.dialogue.flow is None


def test_nothing_to_give_up() -> None:
    assert Talk(InMemory()).say(turn("afbud", "jeg er syg", reasons=("illness",))) == [
        "no_meetings"
    ]


def test_a_begun_meeting_is_a_missed_one() -> None:
    talk = Talk(InMemory([meeting("x0", NOW - timedelta(hours=1))], WEEK))
    said = talk.say(turn("afbud", "jeg kan ikke nå det, er syg", reasons=("illness",)))
    assert said[0] == "contact_done"
    assert talk.commands[0].action == "contact"


def test_an_expired_proposal_changes_nothing_and_asks_again() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    talk.say(turn("afbud", "syg i morgen", reasons=("illness",), times=(on(24),)))
    talk.say(turn("inform", "2"))
    late = NOW + timedelta(minutes=31)
    said = talk.say(turn("affirm", "ja", now=late))
    assert said == ["proposal_expired", "afbud_confirm", "is_that_right"]
    assert talk.commands == []
    talk.say(turn("affirm", "ja", now=late))
    assert len(talk.commands) == 1


def test_twenty_yes_in_a_row_are_one_change() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    talk.say(turn("afbud", "syg i morgen", reasons=("illness",), times=(on(24),)))
    talk.say(turn("inform", "2"))
    for _ in range(20):
        talk.say(turn("affirm", "ja"))
    assert len(talk.commands) == 1


def test_a_choice_of_an_older_question_is_overtaken() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    talk.say(turn("afbud", "syg i morgen", reasons=("illness",), times=(on(24),)))
    old = talk.press(0)
    talk.say(turn("inform", "2"))
    assert talk.say(old) == ["choice_overtaken", "afbud_confirm", "is_that_right"]
    talk.say(turn("affirm", "ja"))
    assert talk.commands[0].body["new_time"] == "t2"
    assert talk.say(old) == ["choice_gone"]


def test_a_question_in_between_and_back() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    talk.say(turn("afbud", "syg i morgen", reasons=("illness",), times=(on(24),)))
    assert talk.say(turn("faq_no_show", "hvad sker der hvis man bliver væk?")) == [
        "back_to_afbud",
        "times_again",
    ]
    assert talk.outcome is not None
    assert talk.outcome.reply.answer == "faq_no_show"
    talk.say(turn("inform", "torsdag kl. 14", times=(exactly(at(26, "14:00")),)))
    talk.say(turn("affirm", "ja"))
    assert talk.commands[0].body["new_time"] == "t4"


def test_forget_it_ends_with_nothing_changed() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    talk.say(turn("afbud", "syg i morgen", reasons=("illness",), times=(on(24),)))
    assert talk.say(turn("stop", "glem det")) == ["stopped"]
    assert talk.commands == []


def test_times_beyond_the_deadline_are_offered_and_said_to_be() -> None:
    late = [one for one in WEEK if one.id == "t7"]
    talk = Talk(InMemory([TOMORROW], late, book_by=date(2026, 11, 27)))
    said = talk.say(turn("afbud", "syg i morgen", reasons=("illness",), times=(on(24),)))
    assert said == ["afbud_noted", "times_offered_beyond"]


def test_next_thursday_that_can_be_two_days_is_asked_about() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    talk.say(turn("afbud", "syg i morgen", reasons=("illness",), times=(on(24),)))
    both = on(3, month=12, other=at(26, "00:00"))
    assert talk.say(turn("inform", "næste torsdag", times=(both,))) == ["which_day"]
    assert talk.say(turn("inform", "den første")) == ["afbud_confirm", "is_that_right"]
    talk.say(turn("affirm", "ja"))
    assert talk.commands[0].body["new_time"] == "t4"


def test_the_staff_is_always_one_word_away() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    talk.say(turn("afbud", "syg i morgen", reasons=("illness",), times=(on(24),)))
    assert talk.say(turn("handoff", "jeg vil tale med et menneske")) == ["handed_over"]
    assert talk.outcome is not None
    assert talk.outcome.reply.handover is not None
    assert [part.key for part in talk.outcome.reply.handover.summary] == [
        "summary_why_member_asked", "summary_afbud", "summary_reason", "summary_meeting",
    ]  # fmt: skip
    assert talk.dialogue.flow is None
