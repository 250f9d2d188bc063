"""How a reply opens: one human sentence to a mood, and whose records can be seen; a person at hand."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.asking import staff_choice, start
from bot.dialogue.listening import Heard
from bot.dialogue.reply import Outcome, Part, Reply, Why
from bot.dialogue.turn import Turn

_ANSWERS_A_MOOD_ITSELF = frozenset({"negative_feedback", "thanks"})
"""Intents whose own answer is the human sentence."""


def opened(outcome: Outcome, heard: Heard, turn: Turn) -> Outcome:
    """The outcome with what was heard met first. A mood is met once, not in every turn."""
    if outcome.command is not None:
        return outcome  # the receipt is opened, not the step before it
    if heard.whose == "number":
        return replace(outcome, reply=replace(outcome.reply, opening=Part("only_your_own_number")))
    mood = heard.mood
    if mood is None or mood == outcome.dialogue.felt or turn.intent in _ANSWERS_A_MOOD_ITSELF:
        return outcome
    reply = replace(outcome.reply, opening=Part(f"mood_{mood}"))
    if mood in ("worry", "anger"):
        reply = _with_staff(reply, mood)
    return replace(outcome, dialogue=outcome.dialogue.with_(felt=mood), reply=reply)


def about_somebody_else() -> Reply:
    """Another person's meeting was asked about: it is said that only the member's own can be seen."""
    return Reply(
        (Part("only_your_own"),),
        (start("choice_my_meetings", "ask_next_meeting"), staff_choice()),
    )


def _with_staff(reply: Reply, why: Why) -> Reply:
    offered = any(choice.payload.get("intent") == "handoff" for choice in reply.choices)
    if offered or reply.handover is not None or not reply.choices:
        return reply
    return replace(reply, choices=(*reply.choices, staff_choice(why)))
