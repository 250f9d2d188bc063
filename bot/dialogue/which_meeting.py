"""Which of the member's meetings is meant: by choice, day, kind, owner or name; asked where several fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Sequence, Union

from bot.backend.contract import Meeting
from bot.clock import COPENHAGEN
from bot.dialogue.asking import STAFF, STOP, Pick, Step, ask, picked, staff_choice, start
from bot.dialogue.danish import show_meeting
from bot.dialogue.facts import Facts
from bot.dialogue.moves import Mean, Repeat, TimeMention
from bot.dialogue.reply import Part, say
from bot.dialogue.state import Flow
from bot.dialogue.turn import Turn
from bot.nlu.spelling import fold


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
    """The times wished that name none of the meetings' days: what is wished, not what is given up."""
    wished = turn.wish.times if turn.wish else ()
    return tuple(m for m in wished if not any(on_day(m, meeting) for meeting in meetings))


def settle(flow: Flow, turn: Turn, facts: Facts, among: Sequence[Meeting]) -> Union[Meeting, Step]:
    """The one meeting that is meant, or the question which. Raises BackendUnavailable.

    `among` are the meetings that the flow can be about; it must not be empty.
    """
    chosen = picked(turn, "meeting") or flow.meeting
    meant = turn.means or Mean(plainly=False)
    elsewhere = _another(flow, meant, among) if chosen == flow.meeting else None
    if elsewhere is not None:
        return elsewhere
    for meeting in among:
        if meeting.id == chosen:
            return meeting
    if flow.asked == "meeting" and (not turn.moves or turn.has(Repeat)):
        asked = [m for m in among if m.id in flow.candidates] or list(among)
        return _which(flow, turn, facts, asked)
    fitting = [m for m in among if not meant.kinds or m.kind in meant.kinds]
    if not fitting:
        return _which(flow, turn, facts, among, _none_of_kind(meant, facts))
    if meant.ours:
        fitting = [m for m in fitting if m.owner == "akasse"] or fitting
    fitting = _with(meant, fitting) or fitting
    meant_times = [m for m in meant.times if not m.denied or flow.name in ("afbud", "missed")]
    by_day = named(meant_times, fitting)
    dated = any(mention.dated for mention in meant_times)
    if (
        dated
        and not by_day
        and turn.wish is None
        and meant.plainly
        and flow.name in ("afbud", "missed")
    ):
        return _which(flow, turn, facts, fitting, Part("no_meeting_that_day"))
    fitting = by_day or fitting
    if flow.asked == "meeting" and turn.accepts and len(flow.candidates) == 1:
        fitting = [m for m in among if m.id == flow.candidates[0]] or fitting
    if len(fitting) == 1:
        return fitting[0]
    return _which(flow, turn, facts, fitting)


def _another(flow: Flow, meant: Mean, among: Sequence[Meeting]) -> Union[Meeting, None]:
    """The meeting that the member corrects to ("nej, det den 11."), where it is another than the settled."""
    if flow.meeting is None or not meant.plainly:
        return None
    denied = [m for m in meant.times if m.denied]
    plain = [m for m in meant.times if not m.denied]
    left = [m for m in among if not any(on_day(d, m) for d in denied)]
    found = named(plain, left)
    if not found and (meant.kinds or meant.ours) and not plain:
        found = [
            m for m in left
            if (not meant.kinds or m.kind in meant.kinds) and (not meant.ours or m.owner == "akasse")
        ]  # fmt: skip
    return found[0] if len(found) == 1 and found[0].id != flow.meeting else None


def _with(meant: Mean, meetings: Sequence[Meeting]) -> list[Meeting]:
    """The meetings with somebody who is named ("mødet med Friis")."""
    return [
        meeting for meeting in meetings
        if meeting.adviser and set(fold(meeting.adviser).split()) & set(meant.names)
    ]  # fmt: skip


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


def _none_of_kind(meant: Mean, facts: Facts) -> Part:
    """A kind was named that the member has no meeting of: said, before another is taken for it."""
    kind = facts.profile.kind(meant.kinds[0])
    key = "no_jobcenter_meeting" if kind.owner == "jobcenter" else "no_meeting_of_kind"
    return Part(key, {"kind": kind, "systems": facts.profile.systems})


def none_to_change(facts: Facts) -> Step:
    """There is no meeting that the flow could be about. Raises BackendUnavailable."""
    if facts.course().next is not None:
        due = facts.course().next
        assert due is not None
        book = start("choice_book", "book_meeting")
        said = say("no_meetings_but_due", kind=facts.profile.kind(due.kind))
        return Step(None, replace(said, choices=(book, staff_choice()), yes=book.payload))
    said = say("no_meetings", support=facts.profile.support)
    return Step(None, replace(said, choices=(staff_choice(),)))
