"""Which matter a turn belongs to, and the one table that says what every move does at every open question."""

from __future__ import annotations

from typing import Callable, Literal, Mapping, Optional

from bot.dialogue.afbud import afbud
from bot.dialogue.asking import Step, overtaken, picked, staff_choice, start
from bot.dialogue.book import book
from bot.dialogue.change_format import change_format
from bot.dialogue.confirming import carry_out
from bot.dialogue.danish import show_meeting
from bot.dialogue.facts import Facts
from bot.dialogue.missed import missed
from bot.dialogue.move import move
from bot.dialogue.moves import (
    Begin,
    Keep,
    Leave,
    Mean,
    NoNewTime,
    Repeat,
    Tell,
    Undo,
    WishFor,
)
from bot.dialogue.participation import participation
from bot.dialogue.reply import Part, Reply, choice, say
from bot.dialogue.state import Asked, Flow, FlowName
from bot.dialogue.turn import Turn
from bot.dialogue.which_meeting import upcoming

FLOWS: Mapping[FlowName, Callable[[Flow, Turn, Facts], Step]] = {
    "afbud": afbud,
    "move": move,
    "book": book,
    "format": change_format,
    "participation": participation,
    "missed": missed,
}

_SAME: Mapping[FlowName, frozenset[FlowName]] = {
    "afbud": frozenset({"afbud", "book"}),
    "move": frozenset({"move", "book"}),
    "book": frozenset({"book", "move"}),
    "format": frozenset({"format"}),
    "participation": frozenset({"participation"}),
    "missed": frozenset({"missed", "afbud"}),
}
"""Matters that, begun inside a matter, speak of that very matter ("kan jeg få en tid fredag?")."""

Lead = Literal[
    "leave", "undo", "keep", "switch", "choice", "no_new_time", "wish", "reason", "this", "refuse",
    "accept", "again", "tell",
]  # fmt: skip
"""What decides about a turn in a matter. `switch`: another matter is begun. `again`: this one, once more."""

Effect = Literal[
    "go_on", "carry_out", "other_time", "leave", "keep", "switch", "unanswered", "which"
]
"""`go_on`: the flow takes what was said and asks on. `unanswered`: the question is put again, more simply."""

LEADS: tuple[Lead, ...] = (
    "leave", "undo", "keep", "switch", "choice", "no_new_time", "wish", "reason", "this", "refuse",
    "accept", "again", "tell",
)  # fmt: skip

TABLE: Mapping[Asked, Mapping[Lead, Effect]] = {
    "meeting": {
        "leave": "leave", "undo": "leave", "keep": "keep", "switch": "switch", "choice": "go_on",
        "no_new_time": "go_on", "wish": "go_on", "reason": "go_on", "this": "go_on", "refuse": "leave",
        "accept": "go_on", "again": "go_on", "tell": "unanswered",
    },
    "which_day": {
        "leave": "leave", "undo": "leave", "keep": "keep", "switch": "switch", "choice": "go_on",
        "no_new_time": "go_on", "wish": "go_on", "reason": "unanswered", "this": "go_on",
        "refuse": "other_time", "accept": "which", "again": "unanswered", "tell": "unanswered",
    },
    "reason": {
        "leave": "leave", "undo": "leave", "keep": "keep", "switch": "switch", "choice": "go_on",
        "no_new_time": "go_on", "wish": "go_on", "reason": "go_on", "this": "go_on",
        "refuse": "unanswered", "accept": "unanswered", "again": "unanswered", "tell": "go_on",
    },
    "warning": {
        "leave": "leave", "undo": "leave", "keep": "keep", "switch": "switch", "choice": "go_on",
        "no_new_time": "go_on", "wish": "go_on", "reason": "go_on", "this": "go_on", "refuse": "keep",
        "accept": "go_on", "again": "go_on", "tell": "unanswered",
    },
    "time": {
        "leave": "leave", "undo": "leave", "keep": "keep", "switch": "switch", "choice": "go_on",
        "no_new_time": "go_on", "wish": "go_on", "reason": "go_on", "this": "go_on",
        "refuse": "other_time", "accept": "which", "again": "unanswered", "tell": "unanswered",
    },
    "confirm": {
        "leave": "leave", "undo": "other_time", "keep": "keep", "switch": "switch", "choice": "go_on",
        "no_new_time": "go_on", "wish": "go_on", "reason": "go_on", "this": "go_on",
        "refuse": "other_time", "accept": "carry_out", "again": "unanswered", "tell": "unanswered",
    },
    "kind": {
        "leave": "leave", "undo": "leave", "keep": "keep", "switch": "switch", "choice": "go_on",
        "no_new_time": "unanswered", "wish": "go_on", "reason": "unanswered", "this": "go_on",
        "refuse": "leave", "accept": "which", "again": "unanswered", "tell": "unanswered",
    },
    "matter": {
        "leave": "leave", "undo": "leave", "keep": "keep", "switch": "switch", "choice": "go_on",
        "no_new_time": "switch", "wish": "go_on", "reason": "switch", "this": "go_on",
        "refuse": "leave", "accept": "which", "again": "go_on", "tell": "unanswered",
    },
}  # fmt: skip
"""What a turn does at the open question, by what leads it. Every cell is filled; tests walk them all."""


def begins(flow: Optional[Flow], turn: Turn) -> Optional[FlowName]:
    """The flow that the turn begins, or switches to; None where it goes on with the present one."""
    name = turn.begins
    if name is None:
        if flow is not None and flow.asked == "matter" and (turn.reason or turn.has(NoNewTime)):
            return "afbud"
        return None
    if flow is None or picked(turn, "start"):
        return name
    if name == "afbud" and flow.name == "move" and flow.asked == "matter":
        return name
    if name in _SAME[flow.name]:
        return None
    if name == "format" and flow.asked in ("time", "confirm") and flow.name != "format":
        return name if turn.has(Keep) or not turn.format else None
    return name


def lead(flow: Flow, turn: Turn) -> Optional[Lead]:
    """What decides about the turn; None where it holds nothing for the matter."""
    if (
        turn.choice is not None
        and not picked(turn, "start")
        and turn.choice.get("intent") == "inform"
    ):
        return "choice"
    if picked(turn, "go_on") or picked(turn, "confirm"):
        return "accept"
    switches = begins(flow, turn)
    if switches is not None and not _yes_first(flow, turn, switches):
        return "switch"
    ends = _ends(turn)
    if ends is not None:
        return ends
    if turn.has(NoNewTime):
        return "no_new_time"
    if turn.wish is not None and (turn.wish != WishFor() or not turn.accepts):
        return "wish"
    if turn.reason is not None and flow.name in ("afbud", "missed", "move"):
        return (
            "reason"
            if flow.name != "move" or flow.asked == "matter" or not turn.refuses
            else "refuse"
        )
    if turn.has(Mean) and turn.means is not None and turn.means.plainly and not turn.accepts:
        return "this"
    if turn.refuses:
        return "refuse"
    if turn.accepts:
        return "accept"
    if turn.has(Begin):
        return "again"
    return "tell" if turn.has(Tell) else None


def _yes_first(flow: Flow, turn: Turn, other: FlowName) -> bool:
    """Whether a yes to the proposal counts before another matter that is asked for beside it.

    Not where that is the other way to the same end: "ja, men meld hellere afbud" is no yes to a move.
    """
    apart = not {flow.name, other} <= {"afbud", "move", "book", "format"}
    return flow.asked == "confirm" and turn.accepts and not turn.refuses and apart


def _ends(turn: Turn) -> Optional[Lead]:
    ends: tuple[tuple[type, Lead], ...] = ((Keep, "keep"), (Leave, "leave"), (Undo, "undo"))
    for kind, name in ends:
        if turn.has(kind):
            return name
    return None


def step(flow: Optional[Flow], turn: Turn, facts: Facts) -> Step:
    """One turn of a matter: the whole of `(state, turn, facts) -> (state, reply, command)`.

    The turn must begin a flow or find one under way. Raises BackendUnavailable.
    """
    if flow is None or flow.asked is None:
        name = begins(flow, turn)
        assert name is not None, "no flow under way and none begun"
        return FLOWS[name](_begin(name, flow, turn), turn, facts)
    if overtaken(flow, turn):
        return repeat_question(flow, turn, facts).after(say("choice_overtaken"))
    leading = lead(flow, turn)
    if leading is None:
        return repeat_question(flow, turn, facts)
    return _EFFECTS[TABLE[flow.asked][leading]](flow, turn, facts)


def _go_on(flow: Flow, turn: Turn, facts: Facts) -> Step:
    return FLOWS[flow.name](flow, turn, facts)


def _switch(flow: Flow, turn: Turn, facts: Facts) -> Step:
    name = begins(flow, turn)
    assert name is not None
    return FLOWS[name](_begin(name, flow, turn), turn, facts)


def _begin(name: FlowName, flow: Optional[Flow], turn: Turn) -> Flow:
    """A new flow; what the one before it had settled about the same meeting comes along."""
    fresh = Flow(name=name, at=turn.now, kind=picked(turn, "kind"), meeting=picked(turn, "meeting"))
    if (
        flow is None
        or name in ("book", "missed", "participation")
        or flow.name in ("book", "missed")
    ):
        return fresh
    if flow.name == "participation":
        return fresh
    kept = fresh.with_(
        meeting=flow.meeting, about=flow.about, kind=flow.kind, reason=flow.reason, note=flow.note,
        wish=flow.wish,
    )  # fmt: skip
    return kept if name == "format" or flow.name == "format" else kept.with_(format=flow.format)


def _carry_out(flow: Flow, turn: Turn, facts: Facts) -> Step:
    done = carry_out(flow, turn)
    if done.command is not None or done.flow is None:
        return done
    return repeat_question(done.flow, turn, facts).after(done.reply)


def _leave(_flow: Flow, _turn: Turn, _facts: Facts) -> Step:
    return Step(None, say("stopped"))


def _keep(flow: Flow, turn: Turn, facts: Facts) -> Step:
    """The meeting stays: said with which one that is."""
    if flow.name not in ("afbud", "move", "format") or flow.meeting is None:
        return Step(None, say("stopped"))
    stands = [meeting for meeting in upcoming(facts, turn) if meeting.id == flow.meeting]
    if not stands:
        return Step(None, say("stopped"))
    return Step(None, say("kept", meeting=show_meeting(stands[0], facts.profile, turn.now)))


def _other_time(flow: Flow, turn: Turn, _facts: Facts) -> Step:
    """A no to what was proposed or offered: nothing is changed; another time, or leave it."""
    if flow.name in ("format", "participation", "missed"):
        return Step(None, say("stopped"))
    if not flow.offered and flow.asked == "time":
        return Step(None, say("stopped"))
    again = flow.asked == "time" and flow.tries > 0
    flow = flow.with_(
        proposal=None, chosen=None, readings=(), asked="time", menu=turn.message_id, at=turn.now,
        tries=flow.tries + 1 if flow.asked == "time" else 0, without_new_time=False,
    )  # fmt: skip
    away = {"intent": "inform", "menu": flow.menu, "away": "other_day"}
    choices = [choice("choice_another_time", away)]
    if flow.name == "afbud":
        without = {"intent": "inform", "menu": flow.menu, "without": True}
        choices.append(choice("choice_without_new_time", without))
    choices.append(choice("choice_stop", {"intent": "stop", "menu": flow.menu}))
    return Step(flow, Reply((Part("said_no_again" if again else "said_no"),), tuple(choices)))


def _which(flow: Flow, turn: Turn, facts: Facts) -> Step:
    """A bare yes where one of several is to be named: which one?"""
    if len(flow.offered) == 1 and flow.asked == "time":
        return FLOWS[flow.name](flow.with_(chosen=flow.offered[0]), turn.only(), facts)
    again = repeat_question(flow.with_(tries=flow.tries + 1), turn, facts)
    return Step(again.flow, Reply((Part("which_of_them"),), again.reply.choices))


def _unanswered(flow: Flow, turn: Turn, facts: Facts) -> Step:
    """What was said is no answer to the question: put again, more simply."""
    return repeat_question(flow.with_(tries=flow.tries + 1), turn, facts)


_EFFECTS: Mapping[Effect, Callable[[Flow, Turn, Facts], Step]] = {
    "go_on": _go_on,
    "carry_out": _carry_out,
    "other_time": _other_time,
    "leave": _leave,
    "keep": _keep,
    "switch": _switch,
    "unanswered": _unanswered,
    "which": _which,
}


def stands_still(before: Optional[Flow], after: Optional[Flow]) -> bool:
    """Whether a turn has brought the matter nothing: the same question is put again."""
    if before is None or after is None or before.asked is None:
        return False
    same = {
        "menu": before.menu, "at": before.at, "proposal": before.proposal, "tries": before.tries,
    }  # fmt: skip
    return before == after.with_(**same)


def repeat_question(flow: Flow, turn: Turn, facts: Facts, whole: bool = False) -> Step:
    """The question that is open, put again with choices of its own; nothing of the turn is read.

    `whole`: as it was put first, not shortly.
    """
    return FLOWS[flow.name](flow, turn.only(Repeat()) if whole else turn.only(), facts)


def stray_choice() -> Step:
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
