"""With nothing under way: a matter is begun, or something is said to what was said or done last."""

from __future__ import annotations

from dataclasses import replace
from typing import Sequence

from bot.dialogue import (
    edge,
    flows,
    own_case,
    questions,
    under_way,
)
from bot.dialogue.asking import staff_choice
from bot.dialogue.book import to_replace
from bot.dialogue.danish import show_meeting
from bot.dialogue.did_you_mean import about_what, did_you_mean
from bot.dialogue.facts import Facts
from bot.dialogue.moves import (
    Ask,
    Begin,
    Keep,
    Leave,
    Mean,
    Refuse,
    Social,
    Undo,
    WishFor,
)
from bot.dialogue.reply import Outcome, Part, Reply, say
from bot.dialogue.state import Dialogue, FlowName
from bot.dialogue.turn import Turn
from bot.dialogue.undo import undo
from bot.dialogue.which_meeting import named, upcoming


def begun_or_said(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """A matter is begun, or something is said to what was said or done last."""
    begun = [move for move in turn.moves if isinstance(move, Begin)]
    if begun:
        return _beginning(dialogue, begun, turn, facts)
    after_change = dialogue.receipt is not None and dialogue.receipt.action != "contact"
    if turn.has(Undo) or (
        turn.refuses
        and turn.has(WishFor)
        and dialogue.was == "done"
        and after_change
        and not turn.questioning
    ):
        return _undone(dialogue, turn, facts)
    if turn.has(Keep) and not turn.asks:
        return Outcome(
            dialogue.with_(later=()),
            _stays(turn, facts),
            beside=questions.answers(dialogue, turn, facts),
        )
    if turn.reason is not None:
        named_why = "missed" if turn.reason.category == "forgot" else "afbud"
        step = flows.step(None, replace(turn, moves=(Begin(named_why), *turn.moves)), facts)  # type: ignore[arg-type]
        key = "read_as_missed_meeting" if named_why == "missed" else "read_as_afbud"
        return under_way.after_step(dialogue, step.after(say(key)), turn, facts)
    if turn.has(WishFor):
        return _wished(dialogue, turn, facts)
    if turn.asks:
        return questions.answered(dialogue, turn, facts)
    social = turn.first(Social)
    if (
        social is not None
        and social.kind != "greet"
        and not turn.refuses
        and dialogue.offer is None
    ):
        return Outcome(dialogue.with_(later=()), Reply(answer=social.kind))
    if turn.has(Leave, Refuse):
        if turn.waiting:
            return Outcome(dialogue, questions.in_the_queue())
        if dialogue.was == "not_understood" and dialogue.shown and turn.refuses:
            choices = (staff_choice("not_understood"), *edge.capabilities())
            return Outcome(dialogue, Reply((Part("meant_something_else"),), choices))
        return Outcome(dialogue.with_(later=()), _declined(dialogue, turn))
    if turn.has(Mean) and turn.means is not None and not turn.accepts:
        ask = Ask("next", None, turn.means.times, turn.means.kinds)
        return Outcome(dialogue.with_(was="own"), own_case.tell(ask, turn, facts))
    return Outcome(dialogue, _nothing_to_confirm(dialogue, turn))


def _declined(dialogue: Dialogue, turn: Turn) -> Reply:
    """A no, or an end, with nothing under way: to an offer, after a change, or to what was misread."""
    if dialogue.offer is not None:
        return say("refused_offer")
    if dialogue.receipt is not None:
        return say("nothing_more_under_way")
    if turn.refuses and not turn.has(Leave, Social) and dialogue.was in ("answered", "own"):
        return replace(say("misread"), choices=edge.capabilities())
    return say("nothing_under_way")


def _beginning(dialogue: Dialogue, begun: Sequence[Begin], turn: Turn, facts: Facts) -> Outcome:
    """The first of the matters now, the others afterwards. Of move and afbud it may be unclear which."""
    if any(one.matter == "book" for one in begun) and _is_to_book(turn, facts):
        begun = [one for one in begun if one.matter not in ("afbud", "move")]
    begun = sorted(begun, key=lambda one: one.matter != "missed")  # the contact counts from now
    first, *others = begun
    name: FlowName = "move" if first.or_else is not None else first.matter
    if name == "move" and _is_to_book(turn, facts):
        name = "book"  # there is nothing to move, and a time to be found
    later = tuple(one.matter for one in others if one.matter != name)[: under_way.MOST_LATER]
    own = replace(first, matter=name)
    moves = [m for m in turn.moves if not isinstance(m, Begin)]
    step = flows.step(None, replace(turn, moves=(own, *moves)), facts)
    dialogue = dialogue.with_(later=later, misses=0, staff_offered=False, receipt=None)
    outcome = under_way.after_step(dialogue, step, turn, facts)
    return replace(
        outcome, beside=questions.answers(dialogue, turn, facts, name, beside_an_act=True)
    )


def _is_to_book(turn: Turn, facts: Facts) -> bool:
    """Whether the member has no meeting with the a-kasse ahead, and is to book one."""
    if any(meeting.owner == "akasse" for meeting in upcoming(facts, turn)) or turn.kinds == (
        "jobcenter",
    ):
        return False
    due = facts.course().next
    to_book = due is not None and facts.profile.kind(due.kind).booked_by == "member"
    return to_book or bool(to_replace(turn, facts))


def _undone(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    if dialogue.receipt is None:
        return Outcome(dialogue, say("nothing_to_undo"))
    step = undo(dialogue.receipt, turn, facts)
    return Outcome(dialogue.with_(flow=step.flow, misses=0), step.reply, step.command)


def _wished(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """A wish for a time with nothing under way: what is to be booked is booked, else the meeting is moved."""
    assert turn.wish is not None
    ours = [meeting for meeting in upcoming(facts, turn) if meeting.owner == "akasse"]
    changed = dialogue.receipt is not None and dialogue.receipt.action != "contact"
    if changed and dialogue.was == "done":
        return _undone(dialogue, turn, facts)
    if turn.wish == WishFor() and not ours and dialogue.receipt is None:
        return Outcome(dialogue, about_what())
    name: FlowName = "move" if ours and facts.course().next is None else "book"
    on_its_day = named(turn.wish.times, ours)
    if on_its_day and not turn.wish.direction and not turn.wish.format:
        return Outcome(
            dialogue.with_(was="own"),
            own_case.tell(Ask("next", None, turn.wish.times), turn, facts),
        )
    step = flows.step(None, replace(turn, moves=(Begin(name), *turn.moves)), facts)
    return under_way.after_step(dialogue, step, turn, facts)


def _stays(turn: Turn, facts: Facts) -> Reply:
    """The meeting stays: said with which one. With a day named on which there is none, what there is."""
    coming = upcoming(facts, turn) if turn.member else []
    meant = named(turn.means.times, coming) if turn.means else []
    if turn.means is not None and turn.means.times and not meant and coming:
        return own_case.tell(Ask("next"), turn, facts)
    ours = meant or [meeting for meeting in coming if meeting.owner == "akasse"] or coming
    if not ours:
        return say("stopped")
    return say("stands", meeting=show_meeting(ours[0], facts.profile, turn.now))


def _nothing_to_confirm(dialogue: Dialogue, turn: Turn) -> Reply:
    if turn.waiting:
        return questions.in_the_queue()
    if dialogue.was == "done":
        return say("nothing_left")
    suggested = tuple(str(choice.get("intent")) for choice in dialogue.shown)
    if dialogue.was == "not_understood" and suggested:
        return replace(did_you_mean(suggested), parts=(Part("which_of_them"),))
    return replace(say("nothing_to_confirm"), choices=edge.capabilities())
