"""A conversation that gets nowhere: the same question again, and the queue for staff."""

from __future__ import annotations

import pytest

from tests.dialogue.records import WEEK, InMemory, Talk, at, meeting, turn


def test_the_same_question_a_third_time_comes_with_a_person() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn("afbud", "jeg kan ikke komme")) == ["afbud_reason"]
    assert talk.say(turn("affirm", "ja")) == ["afbud_reason_simply"]
    assert talk.say(turn("affirm", "ja ja")) == ["or_staff", "afbud_reason_simply"]
    assert talk.titles[-1] == "choice_staff"
    assert talk.say(turn("inform", "syg", reasons=("illness",)))[-1] == "times_offered"
    assert talk.dialogue.misses == 0


def test_a_yes_after_that_offer_still_answers_the_open_question() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))
    talk.say(turn("inform", "den første"))
    talk.say(turn("nlu_fallback", "blå"))
    assert talk.say(turn("nlu_fallback", "grøn"))[0] == "or_staff"
    assert talk.commands == []
    assert talk.say(turn("affirm", "ja")) == ["afbud_done"]


def test_to_hear_it_again_or_to_press_is_not_to_be_stuck() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))
    for _ in range(3):
        assert "or_staff" not in talk.say(turn("repeat", "hvad skrev du"))


@pytest.mark.parametrize(("intent", "text"), [("out_of_scope", "40404040"), ("nlu_fallback", "og")])
def test_who_waits_for_staff_is_not_offered_staff(intent: str, text: str) -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    for _ in range(3):
        assert talk.say(turn(intent, text, waiting=True)) == ["staff_will_read"]
        assert talk.titles == []


@pytest.mark.parametrize("intent", ["stop", "deny", "affirm"])
def test_who_waits_for_staff_is_told_so_when_they_say_yes_or_no(intent: str) -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn(intent, "annuller", waiting=True)) == ["still_waiting"]
    assert talk.say(turn(intent, "annuller"))[0].startswith("nothing_")


def test_that_it_was_not_understood_leads_to_a_person_once() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn("nlu_fallback", "blå")) == ["not_understood"]
    assert talk.say(turn("nlu_fallback", "grøn")) == ["offer_staff"]
    for _ in range(3):
        assert talk.say(turn("nlu_fallback", "gul")) == ["not_understood"]
    assert talk.say(turn("ask_next_meeting", "hvornår er mit møde")) == ["own_next"]
    assert talk.say(turn("nlu_fallback", "blå")) == ["not_understood"]


def test_inside_a_matter_a_person_is_offered_once_too() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))
    first = [talk.say(turn("nlu_fallback", "blå"))[0] for _ in range(4)]
    assert first == ["unsure_here", "or_staff", "unsure_here", "unsure_here"]
    assert talk.titles[-1] != "choice_staff"
