"""The warning before an afbud of a reason that the page does not name: gone on with, or the meeting kept."""

from __future__ import annotations

import pytest

from tests.dialogue.records import WEEK, InMemory, Talk, at, meeting, turn


@pytest.mark.parametrize("does", ["accept", "begin afbud"])
def test_after_the_warning_the_member_goes_on(does: str) -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    assert talk.say(turn("afbud", "skal på ferie", reasons=("holiday",))) == ["afbud_warning"]
    assert talk.say(turn("inform", "alligevel", does=[does]))[-1] == "times_offered"


@pytest.mark.parametrize("does", [["keep"], ["refuse"], ["refuse", "keep"]])
def test_after_the_warning_the_member_keeps_the_meeting(does: list[str]) -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    talk.say(turn("afbud", "skal på ferie", reasons=("holiday",)))
    assert talk.say(turn("inform", "så kommer jeg", does=does)) == ["kept"]
    assert talk.commands == []
    assert talk.dialogue.flow is None


def test_the_warning_is_said_once_and_then_only_its_question() -> None:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    talk.say(turn("afbud", "skal på ferie", reasons=("holiday",)))
    assert talk.say(turn("ask_next_meeting", "hvornår var det"))[-1] == "afbud_warning_again"
    assert talk.say(turn("repeat", "hvad skrev du"))[-1] == "afbud_warning"
