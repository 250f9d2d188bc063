"""A matter under way: gone on with, left, finished, and what waits behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Sequence

from bot.dialogue import (
    edge,
    flows,
    questions,
    small_talk,
)
from bot.dialogue.asking import STAFF, Step, staff_choice
from bot.dialogue.facts import Facts
from bot.dialogue.moves import (
    Ask,
    Begin,
    Complain,
    Leave,
    Move,
    Social,
)
from bot.dialogue.reply import Outcome, Part, Reply, say
from bot.dialogue.state import Dialogue, Flow, FlowName
from bot.dialogue.turn import Turn

MOST_LATER = 2
"""So many matters wait behind the one under way."""


def in_a_matter(dialogue: Dialogue) -> bool:
    return dialogue.flow is not None and dialogue.flow.asked is not None


def gone_on(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """A step of the matter under way; what is asked in the same message is answered beside it."""
    assert dialogue.flow is not None
    leading = flows.lead(dialogue.flow, turn)
    if leading is None or (leading == "tell" and dialogue.flow.asked != "reason"):
        if turn.asks or turn.has(Social, Complain):
            return (
                questions.answered(dialogue, turn, facts)
                if turn.asks
                else small_talk.only_said(dialogue, turn, facts)
            )
        if turn.waiting and leading == "tell":
            return questions.and_back(dialogue, say("staff_will_read"), turn, facts)
    if turn.asks and leading == "accept" and _about_the_proposal(dialogue.flow, turn):
        return questions.answered(
            dialogue, turn, facts
        )  # what a yes would do is asked about: first the answer
    begun = [move.matter for move in turn.moves if isinstance(move, Begin)]
    step_turn, later = turn, dialogue.later
    if leading in ("accept", "switch") and begun:
        waiting = _to_wait(dialogue.flow, begun, leading)
        later = tuple(dict.fromkeys([*later, *waiting]))[:MOST_LATER]
        step_turn = _without(turn, waiting)
    step = flows.step(dialogue.flow, step_turn, facts)
    still = flows.stands_still(dialogue.flow, step.flow) and step.command is None
    pressed = turn.choice is not None
    if still and not pressed and not turn.asks:
        return stuck(dialogue, step, turn, facts)
    dialogue = dialogue.with_(later=later, misses=0, staff_offered=False)
    outcome = after_step(dialogue, step, turn, facts)
    if step.command is not None:  # what the receipt tells is no question any more
        turn = replace(turn, moves=tuple(m for m in turn.moves if not _about_the_table(m)))
    return replace(outcome, beside=questions.answers(dialogue, turn, facts, beside_an_act=True))


def _about_the_table(move: Move) -> bool:
    return isinstance(move, Ask) and move.about == "table"


def _about_the_proposal(flow: Flow, turn: Turn) -> bool:
    """Whether what a yes would do is asked about in the very message that says it.

    Where a format is changed, or staff are asked to come along, the proposal has said all that is known
    before the yes, and the receipt says the rest: such a question holds no yes up.
    """
    pressed = turn.choice is not None
    if flow.name in ("format", "participation"):
        return False
    return flow.asked == "confirm" and not pressed and any(map(_about_the_table, turn.asks))


def _to_wait(flow: Flow, begun: Sequence[FlowName], leading: str) -> list[FlowName]:
    """Matters of the message that are not gone on with now."""
    if leading == "accept":
        return [name for name in begun if name != flow.name]
    return list(begun[1:])


def _without(turn: Turn, matters: Sequence[FlowName]) -> Turn:
    kept = [m for m in turn.moves if not (isinstance(m, Begin) and m.matter in matters)]
    return replace(turn, moves=tuple(kept))


def after_step(dialogue: Dialogue, step: Step, turn: Turn, facts: Facts) -> Outcome:
    """The step's outcome; with a matter that waits said, or taken up where this one is over."""
    if step.command is not None:
        return Outcome(dialogue.with_(flow=step.flow), step.reply, step.command)
    if step.flow is not None:
        new = [name for name in dialogue.later if f"later_{name}" not in dialogue.told]
        reply = step.reply
        if new:
            after = say("afterwards", matter=Part(f"matter_{new[0]}"))
            reply = after.then(reply)
            dialogue = dialogue.with_(told=(*dialogue.told, f"later_{new[0]}"))
        return Outcome(dialogue.with_(flow=step.flow), reply, None)
    return next_matter(dialogue.with_(flow=None, was="stopped"), step.reply, turn, facts)


def next_matter(dialogue: Dialogue, said: Reply, turn: Turn, facts: Facts) -> Outcome:
    """Take up what waits, now that a matter is over."""
    if not dialogue.later or turn.has(Leave):
        return Outcome(dialogue.with_(later=()), said)
    name, *rest = dialogue.later
    told = tuple(key for key in dialogue.told if not key.startswith("later_"))
    dialogue = dialogue.with_(later=tuple(rest), told=told)
    step = flows.step(None, turn.only(Begin(name)), facts)
    reply = said.then(say("now_for", matter=Part(f"matter_{name}"))).then(step.reply)
    return Outcome(dialogue.with_(flow=step.flow), reply, step.command)


def stuck(dialogue: Dialogue, step: Step, turn: Turn, facts: Facts) -> Outcome:
    """The question is where it was: put more simply; after the second time a person, once."""
    misses = dialogue.misses + 1
    kept = dialogue.with_(flow=step.flow, misses=misses)
    if misses < edge.MISSES_BEFORE_STAFF or dialogue.staff_offered:
        return Outcome(kept, step.reply)
    said = say("or_staff").then(step.reply)
    choices = [choice for choice in said.choices if choice.title != STAFF.title]
    reply = replace(said, choices=(*choices, staff_choice("not_understood")))
    return Outcome(kept.with_(staff_offered=True), reply)
