"""Booking a time with the a-kasse: what is to be booked, when, and one yes."""

from __future__ import annotations

from typing import Optional, Sequence, Union

from bot.backend.contract import Course, Meeting
from bot.dialogue.afbud import other_picks
from bot.dialogue.asking import STOP, Pick, Step, ask, picked, staff_choice, start
from bot.dialogue.confirming import propose
from bot.dialogue.danish import day, in_copenhagen, show_meeting, show_time
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
    flow = take_time(flow, turn, turn.wish.times if turn.wish else ())
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
        open_kinds = to_replace(turn, facts)
    if not open_kinds:
        open_kinds = [name for name, kind in profile.kinds.items() if kind.booked_by == "member"]
        if not any(meeting.kind in open_kinds for meeting in upcoming(facts, turn)):
            return _nothing_due(open_kinds, turn, facts)
    if len(open_kinds) == 1:
        return open_kinds[0]
    picks = [Pick(Part("choice_kind", {"kind": profile.kind(k)}), {"kind": k}) for k in open_kinds]
    return ask(flow, turn, "kind", [Part("book_which_kind")], [*picks, STOP])


def to_replace(turn: Turn, facts: Facts) -> list[str]:
    """Kinds of which the member stayed away from the last meeting: a new time is theirs to book."""
    kinds: list[str] = []
    for meeting in sorted(facts.meetings(), key=lambda one: one.start):
        away = meeting.status == "missed" or (
            meeting.status == "booked" and meeting.start <= turn.now
        )
        if meeting.owner != "akasse":
            continue
        if away and meeting.kind not in kinds:
            kinds.append(meeting.kind)
        elif not away and meeting.status != "cancelled" and meeting.kind in kinds:
            kinds.remove(meeting.kind)
    return [kind for kind in kinds if facts.profile.kind(kind).booked_by == "member"]


def _nothing_due(kinds: Sequence[str], turn: Turn, facts: Facts) -> Step:
    """The member is not called to book anything: said so, with when it comes; no duty is made up."""
    due = facts.course().next
    if due is not None and facts.profile.kind(due.kind).booked_by != "member":
        by = day(due.book_by, in_copenhagen(turn.now).date())
        values = {
            "kind": facts.profile.kind(due.kind),
            "deadline": by,
            "systems": facts.profile.systems,
        }
        return Step(None, Reply((Part("own_due_called_in", values),), (staff_choice(),)))
    values = {"kind": facts.profile.kind(kinds[0]), "systems": facts.profile.systems}
    staff = staff_choice()
    return Step(None, Reply((Part("book_nothing_due", values),), (staff,)))


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
