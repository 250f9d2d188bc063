"""Which of the member's meetings is meant: by choice, day, kind or number; asked only where several fit."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Sequence, Union

from bot.backend.contract import Meeting
from bot.clock import COPENHAGEN
from bot.dialogue.asking import STAFF, STOP, Pick, Step, ask, picked, staff_choice, start
from bot.dialogue.choosing import ordinal
from bot.dialogue.danish import show_meeting
from bot.dialogue.facts import Facts
from bot.dialogue.reply import Part, say
from bot.dialogue.state import Flow
from bot.dialogue.turn import TimeMention, Turn

_INSTEAD = re.compile(
    r"\b(i ?stedet|istedet|hellere|ny tid|anden tid|andet tidspunkt|flytte?s? .*til|kan (jeg|vi|i) (få|fa|faa"
    r"|komme|tage|tale|ses|mødes|moedes|på|paa|om)|passer det|ny aftale|booke?)\b", re.I)  # fmt: skip


def upcoming(facts: Facts, turn: Turn) -> list[Meeting]:
    """The member's live meetings that have not begun, by start."""
    return [
        meeting for meeting in facts.meetings()
        if meeting.status == "booked" and meeting.start > turn.now
    ]  # fmt: skip


def named(mentions: Sequence[TimeMention], meetings: Sequence[Meeting]) -> list[Meeting]:
    """The meetings on a day that one of the mentions names, in either reading of "næste torsdag"."""
    return [meeting for meeting in meetings if any(on_day(m, meeting) for m in mentions)]


def on_day(mention: TimeMention, meeting: Meeting) -> bool:
    """Whether the mention names the meeting's day (or, for weeks and spans, covers its start)."""
    if not mention.dated:
        return False
    day = meeting.start.astimezone(COPENHAGEN).date()
    if mention.grain in ("minute", "hour", "day"):
        return any(
            reading is not None and reading.astimezone(COPENHAGEN).date() == day
            for reading in (mention.start, mention.other)
        )
    return mention.covers(meeting.start)


def leftover(turn: Turn, meetings: Sequence[Meeting]) -> tuple[TimeMention, ...]:
    """The mentions that name none of the meetings' days: what is wished, not what is given up."""
    return tuple(m for m in turn.times if not any(on_day(m, meeting) for meeting in meetings))


def asks_for_a_time(turn: Turn) -> bool:
    """Whether a time in the text is a wish for a new one ("kan jeg få fredag i stedet")."""
    return bool(_INSTEAD.search(turn.text))


def settle(flow: Flow, turn: Turn, facts: Facts, among: Sequence[Meeting]) -> Union[Meeting, Step]:
    """The one meeting that is meant, or the question which. Raises BackendUnavailable.

    `among` are the meetings that the flow can be about; it must not be empty.
    """
    chosen = picked(turn, "meeting") or flow.meeting
    for meeting in among:
        if meeting.id == chosen:
            return meeting
    if flow.asked == "meeting" and turn.intent == "repeat":
        asked = [m for m in among if m.id in flow.candidates] or list(among)
        return _which(flow, turn, facts, asked)
    fitting = [m for m in among if not turn.kinds or m.kind in turn.kinds]
    if not fitting:
        return _which(flow, turn, facts, among, _none_of_kind(turn, facts))
    by_day = named(turn.times, fitting)
    dated = any(mention.dated for mention in turn.times)
    if dated and not by_day and not asks_for_a_time(turn) and flow.name in ("afbud", "missed"):
        return _which(flow, turn, facts, fitting, Part("no_meeting_that_day"))
    fitting = by_day or fitting
    if flow.asked == "meeting" and flow.candidates:
        index = ordinal(turn.text, len(flow.candidates))
        if index is not None:
            fitting = [m for m in among if m.id == flow.candidates[index]] or fitting
        elif turn.intent == "affirm" and len(flow.candidates) == 1:
            fitting = [m for m in among if m.id == flow.candidates[0]] or fitting
    if len(fitting) == 1:
        return fitting[0]
    return _which(flow, turn, facts, fitting)


def _which(flow: Flow, turn: Turn, facts: Facts, meetings: Sequence[Meeting], *said: Part) -> Step:
    """The question which of the meetings is meant, or whether the only one is; `said` comes before it."""
    shown = [show_meeting(meeting, facts.profile, turn.now) for meeting in meetings]
    picks = [
        Pick(Part("choice_meeting", {"meeting": words}), {"meeting": meeting.id})
        for meeting, words in zip(meetings, shown, strict=True)
    ]
    question = Part(f"{flow.name}_which")
    if len(meetings) == 1:
        question = Part("is_it_this_one", {"meeting": shown[0]})
    flow = flow.with_(candidates=tuple(meeting.id for meeting in meetings), meeting=None)
    return ask(flow, turn, "meeting", [*said, question], [*picks, STOP, STAFF])


def _none_of_kind(turn: Turn, facts: Facts) -> Part:
    """A kind was named that the member has no meeting of: said, before another is taken for it."""
    kind = facts.profile.kind(turn.kinds[0])
    key = "no_jobcenter_meeting" if kind.owner == "jobcenter" else "no_meeting_of_kind"
    return Part(key, {"kind": kind, "systems": facts.profile.systems})


def none_to_change(facts: Facts) -> Step:
    """There is no meeting that the flow could be about. Raises BackendUnavailable."""
    book = (start("choice_book", "book_meeting"),) if facts.course().next else ()
    said = say("no_meetings", support=facts.profile.support)
    return Step(None, replace(said, choices=(*book, staff_choice())))
