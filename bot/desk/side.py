"""The member at the side of a conversation: meetings, course and changes, as the records say now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Optional

from bot.backend.client import BackendClient
from bot.backend.contract import Course, FreeTime, LogRow, Meeting, Member
from bot.backend.failures import BackendError

MOST_TIMES = 40


@dataclass(frozen=True)
class Side:
    """What is shown of a member. `fault`: why nothing is; the rest is empty then."""

    member: Optional[Member] = None
    course: Optional[Course] = None
    coming: Sequence[Meeting] = ()
    past: Sequence[Meeting] = ()
    log: Sequence[LogRow] = field(default=())
    fault: Optional[str] = None

    def meeting(self, meeting: str) -> Optional[Meeting]:
        """One of the member's meetings."""
        return next((one for one in (*self.coming, *self.past) if one.id == meeting), None)


def read_side(backend: BackendClient, member: str, now: datetime, keep_notes: int) -> Side:
    """The member's records; a back end that can't be asked, or a member it lacks, is a `fault`.

    `keep_notes`: days after which the member's own words about an afbud are shown no longer.
    """
    try:
        who = backend.member(member)
        course = backend.course(member)
        log = backend.log(member)
    except BackendError as error:
        return Side(fault=type(error).__name__)
    meetings = [without_old_note(one, now, keep_notes) for one in course.meetings]
    coming = [one for one in meetings if one.status == "booked" and one.end > now]
    past = [one for one in meetings if one not in coming]
    return Side(who, course, coming, sorted(past, key=_start, reverse=True), log)


def without_old_note(meeting: Meeting, now: datetime, keep_days: int) -> Meeting:
    """The meeting without what the member wrote about an afbud long ago: it may be health data."""
    afbud = meeting.afbud
    if afbud is None or afbud.note is None or afbud.at > now - timedelta(days=keep_days):
        return meeting
    return meeting.copy(update={"afbud": afbud.copy(update={"note": None})})


def free_times(backend: BackendClient, member: str, kind: Optional[str]) -> list[FreeTime]:
    """The next free times of a kind of meeting. Raises BackendError."""
    return backend.times(member, kind=kind, limit=MOST_TIMES)


def _start(meeting: Meeting) -> datetime:
    return meeting.start
