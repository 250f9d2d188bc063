"""Moving a meeting to another time, by a member who is not prevented."""

from __future__ import annotations

from bot.backend.contract import Meeting
from bot.dialogue.afbud import format_for, other_picks
from bot.dialogue.asking import STOP, Step, ask, pick
from bot.dialogue.confirming import propose
from bot.dialogue.danish import Shown, in_copenhagen, show_meeting, show_time
from bot.dialogue.facts import Facts
from bot.dialogue.jobcenter import not_ours
from bot.dialogue.moves import Accept, Begin, Mean, WishFor
from bot.dialogue.new_time import offer, settle_day, take_time
from bot.dialogue.reply import Part
from bot.dialogue.state import Flow
from bot.dialogue.turn import Turn
from bot.dialogue.which_meeting import leftover, none_to_change, settle, upcoming


def move(flow: Flow, turn: Turn, facts: Facts) -> Step:
    """One turn of a move. Raises BackendUnavailable."""
    among = upcoming(facts, turn)
    if not among:
        return none_to_change(facts)
    ours = [meeting for meeting in among if meeting.owner == "akasse"]
    settled = flow.meeting
    found = settle(flow, turn, facts, ours if ours and not turn.kinds else among)
    if isinstance(found, Step):
        return found
    if found.owner == "jobcenter":
        return not_ours(found, turn, facts, "move")
    if turn.reason is not None and flow.reason is None:
        flow = flow.with_(reason=turn.reason.category, note=turn.reason.words)
    mentions = turn.wish.times if settled == found.id and turn.wish else leftover(turn, [found])
    flow = flow.with_(meeting=found.id, kind=found.kind, about=found.start)
    if _unsure(flow, turn):
        words = show_meeting(found, facts.profile, turn.now)
        return _move_or_afbud(take_time(flow, turn, mentions), turn, words)
    flow = take_time(flow, turn, mentions)
    ambiguous = settle_day(flow, turn, facts)
    if ambiguous is not None:
        return ambiguous
    words = show_meeting(found, facts.profile, turn.now)
    if flow.chosen is None:
        intro = [Part("move_noted", {"meeting": words})] if flow.asked != "time" else []
        prevented = in_copenhagen(found.start).date() if flow.reason else None
        open_flow = flow.with_(without_new_time=False)
        step = offer(open_flow, turn, facts, intro, prevented, found.format)
        if step.flow is None or step.flow.chosen is None:
            return step
        flow = step.flow
    return _confirm(flow, turn, facts, found)


def _unsure(flow: Flow, turn: Turn) -> bool:
    """Whether it is still to be asked if the meeting is to be moved or called off."""
    begun = turn.first(Begin)
    if begun is not None and turn.choice is None:
        return begun.or_else is not None
    return flow.asked == "matter" and not turn.has(Accept, Begin, WishFor, Mean)


def _move_or_afbud(flow: Flow, turn: Turn, words: Shown) -> Step:
    """One short question with both; whichever is chosen keeps all that was said."""
    picks = [
        pick("choice_another_time_for_it", "reschedule_meeting", start=True),
        pick("choice_prevented", "afbud", start=True),
        STOP,
    ]
    return ask(flow, turn, "matter", [Part("move_or_afbud", {"meeting": words})], picks)


def _confirm(flow: Flow, turn: Turn, facts: Facts, meeting: Meeting) -> Step:
    assert flow.chosen is not None
    format = format_for(flow, meeting)
    words = show_meeting(meeting, facts.profile, turn.now)
    new = show_time(flow.chosen, meeting.kind, format, facts.profile, turn.now)
    body = {"new_time": flow.chosen.id, "format": format}
    parts = [Part("move_confirm", {"meeting": words, "new": new})]
    return propose(flow, turn, facts, "move", meeting.id, body, parts, other_picks(flow, format))
