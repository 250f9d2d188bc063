"""The warning before an afbud of a reason that the page does not name: gone on with, or the meeting kept."""

from __future__ import annotations

import pytest

from tests.dialogue.records import WEEK, InMemory, Talk, at, meeting, turn


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
