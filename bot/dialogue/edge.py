"""What the bot says when it did not understand, can't know, or a person should take over."""

from __future__ import annotations

from dataclasses import replace
from typing import Mapping, Optional, Sequence, cast

from bot.backend.contract import Meeting
from bot.dialogue.asking import picked, staff_choice, start
from bot.dialogue.danish import show_meeting
from bot.dialogue.facts import Facts
from bot.dialogue.reply import Choice, Handover, Part, Reply, Why, say
from bot.dialogue.state import Dialogue, Flow
from bot.dialogue.turn import Turn

MISSES_BEFORE_STAFF = 2
"""Not understood this many times in a row: a person is offered instead of a third question."""


def offer_staff() -> Reply:
    """After the second time not understood: a person, once."""
    choices = (staff_choice("not_understood"), *capabilities())
    return Reply((Part("offer_staff"),), choices, yes=choices[0].payload)


def hand_over(turn: Turn, dialogue: Dialogue, meetings: Sequence[Meeting], facts: Facts) -> Reply:
    """Give the conversation to staff, with why, how urgent, and what they need to begin."""
    why = _why(turn, dialogue)
    return Reply(
        (Part("handed_over", {"support": facts.profile.support}),),
        handover=Handover(
            why, _URGENCY.get(why, 2), _summary(why, dialogue.flow, meetings, turn, facts)
        ),
    )


def crisis(turn: Turn, flow: Optional[Flow], facts: Facts) -> Reply:
    """The member writes of not wanting to live: help that is there now, and a person at once."""
    summary = _summary("crisis", flow, (), turn, facts)
    return Reply((Part("crisis"),), handover=Handover("crisis", 1, summary))


_URGENCY: Mapping[Why, int] = {
    "crisis": 1, "missed": 1, "no_free_time": 1, "backend_error": 1, "participation": 3,
}  # fmt: skip
"""1 high to 3 low; what is not named is 2. High is what costs money or a deadline while it waits."""


def _why(turn: Turn, dialogue: Dialogue) -> Why:
    """As the pressed choice says, else from where the dialogue stood."""
    said = picked(turn, "why")
    if said is not None:
        return cast(Why, said)
    flow = dialogue.flow
    if turn.mood == "worry" or turn.mood == "anger":
        return turn.mood
    if dialogue.staff_offered:
        return "not_understood"
    if flow is not None and flow.asked == "warning":
        return "reason_to_assess"
    if flow is not None and flow.name == "missed":
        return "missed"
    if flow is not None and flow.name == "book" and flow.asked == "time" and not flow.offered:
        return "no_free_time"
    return "member_asked"


def _summary(
    why: Why, flow: Optional[Flow], meetings: Sequence[Meeting], turn: Turn, facts: Facts
) -> tuple[Part, ...]:
    parts = [Part(f"summary_why_{why}")]
    if flow is not None:
        parts.append(Part(f"summary_{flow.name}"))
        if flow.reason is not None:
            parts.append(Part("summary_reason", {"reason": facts.profile.reason(flow.reason)}))
    parts += [
        Part("summary_meeting", {"meeting": show_meeting(meeting, facts.profile, turn.now)})
        for meeting in meetings
    ]
    return tuple(parts)


def who_are_you() -> Reply:
    """Something personal was asked, and it is not known who writes: the gateway may verify, and go on."""
    return replace(say("who_are_you"), verify=True)


def capabilities() -> tuple[Choice, ...]:
    """The three things that most members come for."""
    return (
        start("choice_my_meetings", "ask_next_meeting"),
        start("choice_give_afbud", "afbud"),
        start("choice_book", "book_meeting"),
    )
