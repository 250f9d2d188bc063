"""A missed meeting: the contact is registered at once, for it is what stops the loss (F19)."""

from __future__ import annotations

from bot.backend.contract import Meeting
from bot.dialogue.asking import Step, staff_choice, start
from bot.dialogue.danish import show_meeting
from bot.dialogue.facts import Facts
from bot.dialogue.reply import Part, Reply
from bot.dialogue.state import Command, Flow
from bot.dialogue.turn import Turn
from bot.dialogue.which_meeting import settle, upcoming


def begun(facts: Facts, turn: Turn) -> list[Meeting]:
    """Meetings that have begun, were not held, and about which there is no contact yet; newest first."""
    return [
        meeting for meeting in reversed(list(facts.meetings()))
        if meeting.status in ("booked", "missed") and meeting.start <= turn.now
        and meeting.contact is None
    ]  # fmt: skip


def missed(flow: Flow, turn: Turn, facts: Facts) -> Step:
    """Register the contact about the one begun meeting without asking; ask which where several are."""
    among = begun(facts, turn)
    if not among:
        return _none(turn, facts)
    found = settle(flow, turn, facts, among)
    if isinstance(found, Step):
        return found
    # The key is the meeting's: however often it is said, one contact is registered.
    command = Command(
        key=f"c-{found.id}-{turn.message_id}", action="contact", meeting=found.id,
        body={"at": turn.now.isoformat()},
    )  # fmt: skip
    return Step(flow.with_(meeting=found.id, kind=found.kind, at=turn.now), Reply(), command)


def _none(turn: Turn, facts: Facts) -> Step:
    coming = upcoming(facts, turn)
    staff = staff_choice("missed")
    if not coming:
        return Step(None, Reply((Part("missed_none"),), (staff,)))
    words = show_meeting(coming[0], facts.profile, turn.now)
    return Step(
        None,
        Reply(
            (Part("missed_none_but_coming", {"meeting": words}),),
            (start("choice_give_afbud", "afbud"), staff),
        ),
    )
