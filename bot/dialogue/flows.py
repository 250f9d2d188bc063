"""Which matter a turn belongs to: begin, go on, switch, stop; and how each question is read."""

from __future__ import annotations

import re
from typing import Callable, Mapping, Optional

from bot.dialogue.afbud import afbud
from bot.dialogue.asking import Step, overtaken, picked, staff_choice, start
from bot.dialogue.book import book
from bot.dialogue.change_format import change_format
from bot.dialogue.choosing import direction, goes_on_anyway, keeps, leaves, no_new_time, ordinal
from bot.dialogue.confirming import answer, refused
from bot.dialogue.facts import Facts
from bot.dialogue.missed import missed
from bot.dialogue.move import move
from bot.dialogue.participation import participation
from bot.dialogue.reply import Part, Reply, choice, say
from bot.dialogue.state import Flow, FlowName
from bot.dialogue.turn import Turn

FLOWS: Mapping[FlowName, Callable[[Flow, Turn, Facts], Step]] = {
    "afbud": afbud,
    "move": move,
    "book": book,
    "format": change_format,
    "participation": participation,
    "missed": missed,
}

STARTS: Mapping[str, FlowName] = {
    "afbud": "afbud",
    "reschedule_meeting": "move",
    "book_meeting": "book",
    "change_format": "format",
    "request_participation": "participation",
    "missed_meeting": "missed",
}
"""The intents that begin a matter."""

_GOES_ON: Mapping[FlowName, frozenset[str]] = {
    "afbud": frozenset({"afbud", "book_meeting", "reschedule_meeting", "change_format"}),
    "move": frozenset({"reschedule_meeting", "book_meeting", "change_format"}),
    "book": frozenset({"book_meeting", "reschedule_meeting", "change_format"}),
    "format": frozenset({"change_format"}),
    "participation": frozenset({"request_participation"}),
    "missed": frozenset({"missed_meeting", "afbud"}),
}
"""Intents that, said inside a flow, speak of the flow's own matter ("kan jeg få en tid fredag?")."""


_THIS_ONE = re.compile(r"\b(bare|i stedet for|istedet for|alligevel|samme)\b", re.I)
"""Words by which "digitalt" speaks of the meeting at hand, not of the new time ("bare tage den digitalt")."""


def begins(flow: Optional[Flow], turn: Turn) -> Optional[FlowName]:
    """The flow that the turn begins, or switches to; None where it goes on with the present one."""
    name = STARTS.get(turn.intent)
    if name is None:
        return None
    if flow is None or picked(turn, "start"):
        return name
    if turn.intent in _GOES_ON[flow.name]:
        if turn.intent != "change_format" or flow.name == "format":
            return None
        same_meeting = flow.asked not in ("time", "confirm") or _THIS_ONE.search(turn.text)
        return name if same_meeting else None
    return name


def step(flow: Optional[Flow], turn: Turn, facts: Facts) -> Step:
    """One turn of a matter: the whole of `(state, turn, facts) -> (state, reply, command)`.

    The turn must begin a flow or find one under way. Raises BackendUnavailable.
    """
    name = begins(flow, turn)
    if name is not None:
        return FLOWS[name](_begin(name, flow, turn), turn, facts)
    assert flow is not None, "no flow under way and none begun"
    if overtaken(flow, turn):
        return repeat_question(flow, turn, facts).after(say("choice_overtaken"))
    anyway = flow.asked == "warning" and goes_on_anyway(turn.text)
    if not anyway and (turn.intent == "stop" or (turn.intent == "deny" and leaves(turn.text))):
        return Step(None, say("stopped"))
    if _keeps_the_meeting(flow, turn):
        return Step(None, say("stopped"))
    confirmed = answer(flow, turn)
    if confirmed is not None:
        if confirmed.command is not None or confirmed.flow is None:
            return confirmed
        return repeat_question(confirmed.flow, turn, facts).after(confirmed.reply)
    if turn.intent == "deny" and flow.asked == "time" and not flow.offered and not turn.times:
        return Step(None, say("stopped"))
    if refused(flow, turn) or _wants_none_offered(flow, turn):
        return _after_no(flow, turn)
    if turn.intent == "deny" and flow.asked == "warning" and not anyway:
        return Step(None, say("stopped"))
    if turn.intent == "deny" and flow.asked == "meeting" and len(flow.candidates) == 1:
        return Step(None, say("stopped"))
    return FLOWS[flow.name](flow, turn, facts)


def stands_still(before: Optional[Flow], after: Optional[Flow]) -> bool:
    """Whether a turn has brought the matter nothing: the same question is put again."""
    if before is None or after is None or before.asked is None:
        return False
    same = {"menu": before.menu, "at": before.at, "proposal": before.proposal}
    return before == after.with_(**same)


def _keeps_the_meeting(flow: Flow, turn: Turn) -> bool:
    return flow.name in ("afbud", "move") and turn.choice is None and keeps(turn.text)


def _wants_none_offered(flow: Flow, turn: Turn) -> bool:
    """A bare no to the offered times: not "kun formiddag", "senere" or another day, which are wishes."""
    bare = not turn.times and direction(turn.text) is None and not no_new_time(turn.text)
    return flow.asked == "time" and turn.intent == "deny" and bare and turn.choice is None


def repeat_question(flow: Flow, turn: Turn, facts: Facts) -> Step:
    """The question that is open, put again with choices of its own; nothing of the turn is read."""
    silent = Turn(
        message_id=turn.message_id, intent="repeat", text="", now=turn.now, member=turn.member,
        verified=turn.verified, channel=turn.channel,
    )  # fmt: skip
    return FLOWS[flow.name](flow, silent, facts)


def answers_what_was_asked(flow: Optional[Flow], turn: Turn) -> bool:
    """Whether the turn, whatever the model made of it, plainly is the piece that the flow asked for."""
    if flow is None or flow.asked is None or "?" in turn.text:
        return False
    words = len(turn.text.split())
    if _keeps_the_meeting(flow, turn):
        return True
    if flow.asked == "warning":
        return goes_on_anyway(turn.text)
    if flow.asked == "reason":
        return turn.reason is not None and words <= 12
    if flow.asked in ("time", "confirm"):
        by_time = bool(turn.times) and words <= 8
        count = len(flow.offered)
        by_word = words <= 8 and (direction(turn.text) is not None or no_new_time(turn.text))
        return (
            by_time
            or by_word
            or ordinal(turn.text, count) is not None
            or (bool(turn.format) and words <= 4)
        )
    if flow.asked == "meeting":
        named = bool(turn.times or turn.kinds) and words <= 8
        return named or ordinal(turn.text, len(flow.candidates)) is not None
    if flow.asked == "which_day":
        return ordinal(turn.text, len(flow.readings)) is not None or bool(turn.times)
    return flow.asked == "kind" and bool(turn.kinds)


def _begin(name: FlowName, flow: Optional[Flow], turn: Turn) -> Flow:
    """A new flow; what the one before it had settled about the same meeting comes along."""
    fresh = Flow(name=name, at=turn.now, kind=picked(turn, "kind"), meeting=picked(turn, "meeting"))
    if flow is None or name in ("book", "missed") or flow.name in ("book",):
        return fresh
    return fresh.with_(meeting=flow.meeting, kind=flow.kind, reason=flow.reason, note=flow.note)


def _after_no(flow: Flow, turn: Turn) -> Step:
    """A no to a proposal: nothing is changed; another time, or leave it."""
    if flow.name in ("format", "participation", "missed"):
        return Step(None, say("stopped"))
    flow = flow.with_(proposal=None, chosen=None, asked="time", menu=turn.message_id, at=turn.now)
    again = {"intent": "inform", "menu": flow.menu, "away": "other_day"}
    choices: list[tuple[str, dict[str, object]]] = [("choice_another_time", dict(again))]
    if flow.name == "afbud" and not flow.without_new_time:
        without = {"intent": "inform", "menu": flow.menu, "without": True}
        choices.append(("choice_without_new_time", without))
    choices.append(("choice_stop", {"intent": "stop", "menu": flow.menu}))
    reply = Reply((Part("said_no"),), tuple(choice(title, payload) for title, payload in choices))
    return Step(flow.with_(without_new_time=False), reply)


def stray_choice(turn: Turn) -> Step:
    """A choice was pressed, and no matter is under way any more: said, and the ways on offered."""
    return Step(
        None,
        Reply(
            (Part("choice_gone"),),
            (
                start("choice_my_meetings", "ask_next_meeting"),
                start("choice_give_afbud", "afbud"),
                start("choice_book", "book_meeting"),
                staff_choice(),
            ),
        ),
    )
