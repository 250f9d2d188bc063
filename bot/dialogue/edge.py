"""What the bot says when it did not understand, can't know, or a person should take over."""

from __future__ import annotations

from typing import Sequence

from bot.backend.contract import Meeting
from bot.dialogue.asking import start
from bot.dialogue.danish import show_meeting
from bot.dialogue.facts import Facts
from bot.dialogue.reply import Choice, Handover, Part, Reply
from bot.dialogue.state import Flow
from bot.dialogue.turn import Turn

MISSES_BEFORE_STAFF = 2
"""Not understood this many times in a row: a person is offered instead of a third question."""

SUGGESTED = 3
"""How many readings "mente du" names at most."""


def did_you_mean(turn: Turn, suggestable: Sequence[str]) -> Reply:
    """A question back: the likeliest readings as choices, or what the bot can do."""
    likely = [name for name, _ in turn.ranking if name in suggestable][:SUGGESTED]
    if not likely:
        return Reply((Part("not_understood"),), capabilities())
    choices = tuple(start(f"meant_{name}", name) for name in likely)
    return Reply((Part("did_you_mean"),), (*choices, start("meant_none", "handoff")))


def offer_staff() -> Reply:
    """After the second time not understood."""
    return Reply((Part("offer_staff"),), (start("choice_staff", "handoff"), *capabilities()))


def hand_over(turn: Turn, flow: Flow | None, meetings: Sequence[Meeting], facts: Facts) -> Reply:
    """Give the conversation to staff, with what they need to begin."""
    summary = [Part("summary_asked")]
    if flow is not None:
        summary.append(Part(f"summary_{flow.name}"))
    summary += [
        Part("summary_meeting", {"meeting": show_meeting(meeting, facts.profile, turn.now)})
        for meeting in meetings
    ]
    handover = Handover("member_asked", 2, tuple(summary))
    return Reply((Part("handed_over", {"support": facts.profile.support}),), handover=handover)


def capabilities() -> tuple[Choice, ...]:
    """The three things that most members come for."""
    return (
        start("choice_my_meetings", "ask_next_meeting"),
        start("choice_give_afbud", "afbud"),
        start("choice_book", "book_meeting"),
    )
