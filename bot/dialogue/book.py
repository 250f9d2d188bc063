"""Booking a time with the a-kasse: what is to be booked, when, and one yes."""

from __future__ import annotations

from typing import Optional, Union

from bot.backend.contract import Course, Meeting
from bot.dialogue.afbud import other_picks
from bot.dialogue.asking import STOP, Pick, Step, ask, picked, staff_choice, start
from bot.dialogue.choosing import ordinal
from bot.dialogue.confirming import propose
from bot.dialogue.danish import show_meeting, show_time
from bot.dialogue.facts import Facts
from bot.dialogue.new_time import offer, settle_day, take_time
from bot.dialogue.reply import Choice, Part, Reply
from bot.dialogue.state import Flow
from bot.dialogue.turn import Turn
from bot.dialogue.which_meeting import upcoming


def book(flow: Flow, turn: Turn, facts: Facts) -> Step:
    """One turn of a booking. Raises BackendUnavailable."""
    found = flow.kind or _kind(flow, turn, facts)
    if isinstance(found, Step):
        return found
    if flow.kind is None:
        have = _already(found, turn, facts)
        if have is not None:
            return have
    flow = flow.with_(kind=found)
    flow = take_time(flow, turn, turn.times)
    ambiguous = settle_day(flow, turn, facts)
    if ambiguous is not None:
        return ambiguous
    if flow.chosen is None:
        words = facts.profile.kind(found)
        intro = [Part("book_noted", {"kind": words})] if flow.asked != "time" else []
        step = offer(flow.with_(without_new_time=False), turn, facts, intro)
        if step.flow is None or step.flow.chosen is None:
            return step
        flow = step.flow
    return _confirm(flow, turn, facts)


def _kind(flow: Flow, turn: Turn, facts: Facts) -> Union[str, Step]:
    """Which kind of meeting is to be booked: as named, as invited to, or the only one there is."""
    profile = facts.profile
    chosen = picked(turn, "kind")
    if chosen in profile.kinds:
        return str(chosen)
    invited = [i.kind for i in facts.course().invitations if i.status == "open"]
    for kind in turn.kinds:
        if kind not in profile.kinds:
            continue
        if profile.kinds[kind].owner == "jobcenter":
            part = Part("jobcenter_book", {"systems": profile.systems})
            return Step(None, Reply((part,), (staff_choice(),)))
        if profile.kinds[kind].booked_by != "member" and kind not in invited:
            part = Part("book_called_in", {"kind": profile.kinds[kind], "systems": profile.systems})
            return Step(None, Reply((part,), (start("choice_my_meetings", "ask_next_meeting"),)))
        return kind
    open_kinds = list(dict.fromkeys(invited))
    if not open_kinds:
        open_kinds = [name for name, kind in profile.kinds.items() if kind.booked_by == "member"]
    if flow.asked == "kind":
        index = ordinal(turn.text, len(open_kinds))
        if index is not None:
            return open_kinds[index]
    if len(open_kinds) == 1:
        return open_kinds[0]
    picks = [Pick(Part("choice_kind", {"kind": profile.kind(k)}), {"kind": k}) for k in open_kinds]
    return ask(flow, turn, "kind", [Part("book_which_kind")], [*picks, STOP])


def _already(kind: str, turn: Turn, facts: Facts) -> Optional[Step]:
    """A meeting of that kind is booked and nothing is due: say so and offer to move it."""
    course: Course = facts.course()
    if any(i.kind == kind and i.status == "open" for i in course.invitations):
        return None
    if course.next is not None and course.next.kind == kind:
        return None
    booked: list[Meeting] = [m for m in upcoming(facts, turn) if m.kind == kind]
    if not booked or picked(turn, "extra"):
        return None
    words = show_meeting(booked[0], facts.profile, turn.now)
    move = start("choice_move", "reschedule_meeting")
    extra = {"intent": "book_meeting", "start": True, "extra": True, "kind": kind}
    choices = (move, Choice(Part("choice_extra"), extra))
    return Step(None, Reply((Part("book_already", {"meeting": words}),), choices, yes=move.payload))


def _confirm(flow: Flow, turn: Turn, facts: Facts) -> Step:
    assert flow.chosen is not None
    assert flow.kind is not None
    format = flow.format if flow.format in flow.chosen.formats else flow.chosen.formats[0]
    new = show_time(flow.chosen, flow.kind, format, facts.profile, turn.now)
    body = {"time": flow.chosen.id, "format": format}
    parts = [Part("book_confirm", {"new": new})]
    return propose(flow, turn, facts, "book", None, body, parts, other_picks(flow, format))
