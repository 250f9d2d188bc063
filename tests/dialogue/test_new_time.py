"""Which words are a wish for a new time, and what is offered for it."""

from __future__ import annotations

import pytest

from bot.backend.contract import Format
from tests.dialogue.records import WEEK, InMemory, Talk, at, exactly, free, meeting, on, turn


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("14", "14:00"), ("kl 14", "14:00"), ("så 10 tak", "10:00"), ("2", "10:00"), ("9", "09:00")],
)
def test_a_bare_number_is_a_choice_or_an_hour(text: str, chosen: str) -> None:
    facts = InMemory(
        [meeting("x1", at(24))],
        [free(f"t{n}", at(26, clock)) for n, clock in enumerate(("09:00", "10:00", "14:00"))],
    )
    talk = Talk(facts)
    talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))
    assert talk.say(turn("inform", text)) == ["afbud_confirm", "is_that_right"]
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.chosen is not None
    assert talk.dialogue.flow.chosen.start == at(26, chosen)


@pytest.mark.parametrize("text", ["5", "31", "40404040", "den 14", "2 gange"])
def test_what_is_no_hour_chooses_nothing(text: str) -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))
    talk.say(turn("nlu_fallback", text))
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.chosen is None


def test_of_a_full_hour_the_nearest_hours_that_day_are_offered() -> None:
    times = [free(f"t{n}", at(27, clock)) for n, clock in enumerate(("09:00", "12:30", "13:30"))]
    talk = Talk(InMemory([meeting("x1", at(24))], [*times, free("twin", at(27, "12:30"))]))
    talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))
    wish = (on(27), exactly(at(27, "13:00"), dated=False))
    assert talk.say(turn("inform", "fredag kl 13", times=wish)) == ["no_time_as_wished"]
    assert talk.dialogue.flow is not None
    assert [one.start for one in talk.dialogue.flow.offered] == [
        at(27, "09:00"),
        at(27, "12:30"),
        at(27, "13:30"),
    ]


def test_of_a_full_hour_without_a_day_the_nearest_hours_are_offered() -> None:
    days = [
        free(f"{day}-{clock}", at(day, clock)) for day in (26, 27) for clock in ("09:00", "14:00")
    ]
    talk = Talk(InMemory([meeting("x1", at(24))], days))
    talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))
    wish = (exactly(at(24, "15:00"), dated=False),)
    assert talk.say(turn("inform", "kl 15", times=wish)) == ["no_time_as_wished"]
    assert talk.dialogue.flow is not None
    assert [one.start for one in talk.dialogue.flow.offered] == [at(26, "14:00"), at(27, "14:00")]


def test_the_day_of_the_meeting_after_a_warning_is_no_wish_for_that_day() -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    talk.say(turn("afbud", "min mor er død", reasons=("family",)))
    said = talk.say(turn("afbud", "jeg kan ikke komme i morgen", times=(on(24),)))
    assert said == ["afbud_noted", "times_offered"]


def test_an_afbud_said_again_where_a_time_was_asked_for_is_no_wish_for_that_day() -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    talk.say(turn("afbud", "kan ikke", reasons=("other",)))
    assert talk.say(turn("affirm", "ja"))[-1] == "times_offered"
    said = talk.say(turn("afbud", "jeg er syg i morgen", reasons=("illness",), times=(on(24),)))
    assert said == ["times_again"]
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.reason == "illness"


@pytest.mark.parametrize(
    ("own", "formats", "title"),
    [("digital", ["in_person"], "choice_time_in_person"), ("in_person", ["digital"], "choice_time_digital"),
     ("digital", ["in_person", "digital"], "choice_time"),
     ("in_person", ["digital", "in_person"], "choice_time")],
)  # fmt: skip
def test_a_time_says_in_its_title_that_it_is_held_otherwise_than_the_meeting_before_it(
    own: str, formats: list[Format], title: str
) -> None:
    facts = InMemory([meeting("x1", at(24), format=own)], [free("t1", at(26, "10:00"), formats)])
    talk = Talk(facts)
    talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))
    assert talk.titles[0] == title
