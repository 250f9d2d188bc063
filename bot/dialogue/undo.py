"""Taking back what was done: what was before is proposed again, and nothing is let go before a yes."""

from __future__ import annotations

from typing import Optional

from bot.backend.contract import FreeTime
from bot.dialogue import flows
from bot.dialogue.asking import Step, staff_choice
from bot.dialogue.facts import Facts
from bot.dialogue.moves import Begin, WishFor
from bot.dialogue.reply import Part, Reply, say
from bot.dialogue.state import Flow, FlowName, Receipt
from bot.dialogue.turn import Turn

_MOST_TIMES = 400


def undo(receipt: Receipt, turn: Turn, facts: Facts) -> Step:
    """The matter opened again with the wish that came along. Raises BackendUnavailable."""
    if receipt.action == "participation":
        staff = staff_choice("participation")
        return Step(None, Reply((Part("undo_participation"),), (staff,), yes=staff.payload))
    if receipt.action == "contact":
        return Step(None, say("undo_contact"))
    if receipt.action == "format":
        flow = _about(receipt, "format", turn).with_(format=receipt.format_before)
        return flows.FLOWS["format"](flow, turn.only(), facts).after(say("undo_begins"))
    called_off = receipt.action == "afbud" and receipt.before is None
    name: FlowName = "book" if called_off else "move"
    flow = _about(receipt, name, turn)
    if turn.wish is not None and turn.wish != WishFor():
        return flows.FLOWS[flow.name](flow, turn.only(turn.wish), facts).after(say("undo_begins"))
    old = _still_free(receipt, facts)
    if old is not None:
        flow = flow.with_(chosen=old, offered=(old,), asked="confirm")
        return flows.FLOWS[flow.name](flow, turn.only(), facts).after(say("undo_begins"))
    gone = "undo_book" if receipt.action == "book" else "undo_gone"
    return flows.FLOWS[flow.name](flow, turn.only(Begin(flow.name)), facts).after(say(gone))


def _about(receipt: Receipt, name: FlowName, turn: Turn) -> Flow:
    meeting = None if name == "book" else receipt.meeting
    return Flow(name=name, at=turn.now, meeting=meeting, kind=receipt.kind, about=receipt.start)


def _still_free(receipt: Receipt, facts: Facts) -> Optional[FreeTime]:
    """The time that the member had before the change, where nobody has taken it."""
    before = receipt.before if receipt.before is not None else receipt.start
    if receipt.action == "book":
        return None
    times = facts.times(receipt.kind, None, limit=_MOST_TIMES)
    return next((free for free in times if free.start == before), None)
