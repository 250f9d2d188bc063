"""Which meeting is meant, where the words name one that the member has not."""

from __future__ import annotations

import pytest

from tests.dialogue.records import WEEK, InMemory, Talk, at, meeting, on, turn


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


def test_a_question_in_between_leaves_open_which_meeting_is_meant() -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    said = talk.say(turn("afbud", "skal føde om 2 uger", reasons=("family",), times=(on(7, 12),)))
    assert said == ["no_meeting_that_day", "is_it_this_one"]
    assert talk.say(turn("faq_duty_to_attend", "skal jeg stadig komme"))[-1] == "is_it_this_one"
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.meeting is None
    assert talk.say(turn("affirm", "ja")) == ["afbud_warning"]
