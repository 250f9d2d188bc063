"""The last question before a change: everything repeated, open for a yes until it expires."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, Optional, Sequence

from bot.dialogue.asking import Pick, Step, ask, pick
from bot.dialogue.facts import Facts
from bot.dialogue.reply import Part, Reply
from bot.dialogue.state import Command, Flow, Proposal
from bot.dialogue.turn import Turn

Action = Literal["book", "afbud", "move", "format", "contact", "participation"]


def propose(
    flow: Flow,
    turn: Turn,
    facts: Facts,
    action: Action,
    meeting: Optional[str],
    body: dict[str, Any],
    parts: Sequence[Part],
    others: Sequence[Pick] = (),
) -> Step:
    """Put a change before the member. The proposal's id, and so the change's key, is this turn's."""
    expires = turn.now + timedelta(minutes=facts.profile.proposal_minutes)
    command = Command(key=f"p-{turn.message_id}", action=action, meeting=meeting, body=body)
    flow = flow.with_(proposal=Proposal(command=command, expires=expires))
    picks = [pick("choice_yes", "affirm", confirm=True), *others, pick("choice_no", "deny")]
    return ask(flow, turn, "confirm", [*parts, Part("is_that_right")], picks)


def carry_out(flow: Flow, turn: Turn) -> Step:
    """A yes to the open proposal: carried out; to an expired one, said so, and it is to be asked anew."""
    assert flow.proposal is not None
    if turn.now > flow.proposal.expires:
        expired = flow.with_(proposal=None, asked=None)
        return Step(expired, Reply((Part("proposal_expired"),)))
    return Step(flow, Reply(), flow.proposal.command)
