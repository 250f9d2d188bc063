"""What may be said before it is known who writes: everything general, and nothing personal."""

from __future__ import annotations

import pytest

from bot.dialogue import conversation
from bot.dialogue.reading import read
from bot.dialogue.state import Dialogue
from bot.dialogue.wording import wording
from tests.dialogue.records import turn


@pytest.mark.parametrize(
    ("intent", "personal"),
    [
        ("afbud", True), ("book_meeting", True), ("reschedule_meeting", True),
        ("change_format", True), ("request_participation", True), ("missed_meeting", True),
        ("ask_next_meeting", True), ("ask_booking_deadline", True), ("ask_my_course", True),
        ("affirm", False), ("deny", False), ("stop", False), ("inform", False), ("handoff", False),
        ("faq_valid_absence", False), ("greet", False), ("nlu_fallback", False),
    ],
)  # fmt: skip
def test_what_is_personal(intent: str, personal: bool) -> None:
    said = read(turn(intent, channel="sms"), Dialogue(), wording("standard").answers)
    assert conversation.is_personal(Dialogue(), said) is personal


def test_the_gateway_is_asked_to_find_out_who_writes() -> None:
    outcome = conversation.unknown_member(Dialogue())
    assert outcome.command is None
    assert wording("standard").spoken(outcome.reply).verify
