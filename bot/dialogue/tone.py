"""How a reply opens: one human sentence to a mood, and whose records can be seen; a person at hand."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.asking import staff_choice, start
from bot.dialogue.moves import Complain, Social
from bot.dialogue.reply import Outcome, Part, Reply, Why
from bot.dialogue.turn import Turn


def opened(outcome: Outcome, turn: Turn) -> Outcome:
    """The outcome with what was heard met first. A mood is met once, not in every turn."""
    if outcome.command is not None:
        return outcome  # the receipt is opened, not the step before it
    told = outcome.dialogue.told
    if turn.masked_cpr and "cpr" not in told:
        dialogue = outcome.dialogue.with_(told=(*told, "cpr"))
        return replace(outcome, dialogue=dialogue, reply=_opening(outcome.reply, "cpr_masked"))
    if turn.whose == "number" and not turn.masked_cpr:
        return replace(outcome, reply=_opening(outcome.reply, "only_your_own_number"))
    mood = turn.mood
    if mood is None or mood == outcome.dialogue.felt or turn.has(Complain, Social):
        return outcome
    reply = _opening(outcome.reply, f"mood_{mood}")
    if mood == "worry" or mood == "anger":
        reply = _with_staff(reply, mood)
    return replace(outcome, dialogue=outcome.dialogue.with_(felt=mood), reply=reply)


def _opening(reply: Reply, key: str) -> Reply:
    return replace(reply, opening=Part(key))


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
