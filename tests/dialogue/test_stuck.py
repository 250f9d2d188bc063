"""A conversation that gets nowhere: the same question twice, what nobody has, and the queue for staff."""

from __future__ import annotations

import pytest

from tests.dialogue.records import WEEK, InMemory, Talk, at, exactly, free, meeting, on, turn


def test_the_same_question_a_third_time_comes_with_a_person() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn("afbud", "jeg kan ikke komme")) == ["afbud_reason"]
    assert talk.say(turn("affirm", "ja")) == ["afbud_reason"]
    assert talk.say(turn("affirm", "ja ja")) == ["or_staff", "back_to_afbud", "afbud_reason"]
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


@pytest.mark.parametrize(
    ("intent", "kind", "key"),
    [
        ("afbud", "jobcenter", "no_jobcenter_meeting"),
        ("afbud", "cv", "no_meeting_of_kind"),
        ("reschedule_meeting", "cv", "no_meeting_of_kind"),
        ("change_format", "jobcenter", "no_jobcenter_meeting"),
    ],
)
def test_a_meeting_of_another_kind_is_not_taken_for_the_one_named(
    intent: str, kind: str, key: str
) -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    said = talk.say(turn(intent, "det møde kan jeg ikke", kinds=(kind,), reasons=("illness",)))
    assert said == [key, "is_it_this_one"]
    assert talk.say(turn("deny", "nej")) == ["stopped"]
    assert talk.commands == []


def test_it_is_the_other_one_after_all() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    talk.say(turn("afbud", "syg til jobcentermødet", kinds=("jobcenter",), reasons=("illness",)))
    assert talk.say(turn("affirm", "ja")) == ["afbud_noted", "times_offered"]


def test_without_a_meeting_there_is_still_a_way_on() -> None:
    talk = Talk(InMemory([], WEEK))
    assert talk.say(turn("afbud", "jeg kan ikke komme")) == ["no_meetings"]
    assert talk.titles[-1] == "choice_staff"


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


def test_a_bare_day_takes_what_was_just_offered() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn("book_meeting", "book")) == ["book_already"]
    said = talk.say(turn("inform", "fredag", times=(on(27),)))
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.name == "move"
    assert "about_what" not in said


def test_a_cause_among_what_is_not_understood_puts_the_afbud_first() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    unsure = (("faq_no_show", 0.3), ("ask_next_meeting", 0.2))
    said = talk.say(turn("nlu_fallback", "men læge kl 10", reasons=("illness",), ranking=unsure))
    assert said == ["did_you_mean"]
    assert talk.titles[0] == "meant_afbud"


def test_a_cause_in_what_is_beyond_says_how_to_give_afbud() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn("out_of_scope", "bilen er død", reasons=("transport",))) == ["or_afbud"]
    assert talk.outcome is not None
    assert talk.outcome.reply.answer == "out_of_scope"


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


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("stop", "alligevel"),
        ("deny", "ja, meld afbud alligevel"),
        ("afbud", "meld afbud"),
        ("affirm", "ja"),
    ],
)
def test_after_the_warning_the_member_goes_on(intent: str, text: str) -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    assert talk.say(turn("afbud", "skal på ferie", reasons=("holiday",))) == ["afbud_warning"]
    assert talk.say(turn(intent, text))[-1] == "times_offered"


@pytest.mark.parametrize(
    "text", ["jeg kommer alligevel", "nej alligevel ikke", "drop det alligevel", "behold"]
)
def test_after_the_warning_the_member_keeps_the_meeting(text: str) -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    talk.say(turn("afbud", "skal på ferie", reasons=("holiday",)))
    assert talk.say(turn("deny", text)) == ["stopped"]


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


def test_a_yes_to_a_cause_in_what_is_beyond_begins_the_afbud_with_it() -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    talk.say(turn("out_of_scope", "bilen er død", reasons=("illness",)))
    assert talk.say(turn("affirm", "ja")) == ["afbud_noted", "times_offered"]
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.reason == "illness"


def test_a_question_in_between_leaves_open_which_meeting_is_meant() -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    said = talk.say(turn("afbud", "skal føde om 2 uger", reasons=("family",), times=(on(7, 12),)))
    assert said == ["no_meeting_that_day", "is_it_this_one"]
    assert talk.say(turn("faq_duty_to_attend", "skal jeg stadig komme"))[-1] == "is_it_this_one"
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.meeting is None
    assert talk.say(turn("affirm", "ja")) == ["afbud_warning"]


def test_the_day_of_the_meeting_after_a_warning_is_no_wish_for_that_day() -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    talk.say(turn("afbud", "min mor er død", reasons=("family",)))
    said = talk.say(turn("afbud", "jeg kan ikke komme i morgen", times=(on(24),)))
    assert said == ["afbud_noted", "times_offered"]


@pytest.mark.parametrize("intent", ["inform", "nlu_fallback", "deny", "afbud"])
@pytest.mark.parametrize("text", ["behold mødet", "jeg kommer alligevel", "nej jeg kommer"])
def test_words_that_keep_the_meeting_keep_it_whatever_they_were_read_as(
    intent: str, text: str
) -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    talk.say(turn("afbud", "skal på ferie", reasons=("holiday",)))
    talk.say(turn(intent, text))
    assert talk.commands == []
    assert talk.dialogue.flow is None


def test_the_warning_is_said_once_and_then_only_its_question() -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    talk.say(turn("afbud", "skal på ferie", reasons=("holiday",)))
    assert talk.say(turn("ask_next_meeting", "hvornår var det"))[-1] == "afbud_warning_again"
    assert talk.say(turn("repeat", "hvad skrev du"))[-1] == "afbud_warning"


def test_an_afbud_said_again_where_a_time_was_asked_for_is_no_wish_for_that_day() -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    talk.say(turn("afbud", "kan ikke", reasons=("other",)))
    assert talk.say(turn("affirm", "ja"))[-1] == "times_offered"
    said = talk.say(turn("afbud", "jeg er syg i morgen", reasons=("illness",), times=(on(24),)))
    assert said == ["times_again"]
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.reason == "illness"
