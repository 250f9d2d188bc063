"""Moving a meeting to another time, by a member who is not prevented."""

from __future__ import annotations

from bot.backend.contract import Meeting
from bot.dialogue.afbud import format_for, other_picks
from bot.dialogue.asking import Step
from bot.dialogue.confirming import propose
from bot.dialogue.danish import show_meeting, show_time
from bot.dialogue.facts import Facts
from bot.dialogue.jobcenter import not_ours
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
    known = flow.meeting is not None
    found = settle(flow, turn, facts, ours if ours and not turn.kinds else among)
    if isinstance(found, Step):
        return found
    if found.owner == "jobcenter":
        return not_ours(found, turn, facts, "move")
    mentions = turn.times if known else leftover(turn, [found])
    flow = flow.with_(meeting=found.id, kind=found.kind)
    flow = take_time(flow, turn, mentions)
    ambiguous = settle_day(flow, turn, facts)
    if ambiguous is not None:
        return ambiguous
    words = show_meeting(found, facts.profile, turn.now)
    if flow.chosen is None:
        intro = [Part("move_noted", {"meeting": words})] if flow.asked != "time" else []
        step = offer(flow.with_(without_new_time=False), turn, facts, intro)
        if step.flow is None or step.flow.chosen is None:
            return step
        flow = step.flow
    return _confirm(flow, turn, facts, found)


def _confirm(flow: Flow, turn: Turn, facts: Facts, meeting: Meeting) -> Step:
    assert flow.chosen is not None
    format = format_for(flow, meeting)
    words = show_meeting(meeting, facts.profile, turn.now)
    new = show_time(flow.chosen, meeting.kind, format, facts.profile, turn.now)
    body = {"new_time": flow.chosen.id, "format": format}
    parts = [Part("move_confirm", {"meeting": words, "new": new})]
    return propose(flow, turn, facts, "move", meeting.id, body, parts, other_picks(flow, format))
