"""A member's contact course as a picture of the way: what lies behind, what is next, what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal, Optional

from babel.dates import format_date

from bot.backend.contract import Course, CourseStep, Invitation, Meeting
from bot.dialogue.danish import in_copenhagen
from bot.gateway.side_texts import Stop, Way, profile_places
from bot.profile import Profile

Place = Literal["behind", "next", "ahead"]
Tone = Literal["plain", "done", "warning", "booked", "deadline", "expected"]

EXPECTED = ("later", "due")
"""Steps in these states have no meeting and no invitation yet that would stand on the way."""


@dataclass(frozen=True)
class Mark:
    """One stop. `at` is an instant where a clock time is known, else None; `day` is local."""

    day: date
    at: Optional[datetime]
    tone: Tone
    title: str
    note: str
    behind: bool

    def wire(self, place: Place) -> dict[str, Any]:
        """For the page."""
        return {
            "day": self.day.isoformat(),
            "at": None if self.at is None else self.at.isoformat(),
            "place": place,
            "tone": self.tone,
            "title": self.title,
            "note": self.note,
        }


def way(
    course: Course, steps: Sequence[CourseStep], profile: Profile, texts: Way, now: datetime
) -> list[dict[str, Any]]:
    """The stops in order; the first that is not behind is `next`."""
    drawing = _Drawing(course, steps, profile, texts, now)
    marks = sorted(drawing.marks(), key=lambda mark: (not mark.behind, mark.day, mark.tone))
    behind = sum(mark.behind for mark in marks)
    return [
        mark.wire("behind" if at < behind else "next" if at == behind else "ahead")
        for at, mark in enumerate(marks)
    ]


class _Drawing:
    def __init__(
        self,
        course: Course,
        steps: Sequence[CourseStep],
        profile: Profile,
        texts: Way,
        now: datetime,
    ) -> None:
        self._course, self._steps, self._profile = course, steps, profile
        self._texts, self._now = texts, now
        self._today = in_copenhagen(now).date()
        self._places = profile_places(profile)

    def marks(self) -> Iterator[Mark]:
        start = self._course.unemployed_since
        yield self._mark(self._texts.unemployed, start, "plain", behind=True)
        for meeting in self._course.meetings:
            if meeting.status != "cancelled":
                yield self._meeting(meeting)
        for invitation in self._course.invitations:
            if invitation.status != "booked":
                yield self._invitation(invitation)
        for step in self._steps:
            if step.status in EXPECTED:
                yield self._expected(step)

    def _meeting(self, meeting: Meeting) -> Mark:
        begun = meeting.start <= self._now
        stop, tone = self._held_or_not(meeting) if begun else self._booked(meeting)
        name = (meeting.place or "").partition(", ")[0]
        where = self._texts.place.format(place=name) if name else self._texts.in_person
        if meeting.format == "digital":
            where = self._texts.digital
        day = in_copenhagen(meeting.start).date()
        return self._mark(
            stop,
            day,
            tone,
            at=meeting.start,
            behind=begun,
            kind=meeting.kind,
            values={"where": where},
        )

    def _held_or_not(self, meeting: Meeting) -> tuple[Stop, Tone]:
        if meeting.status == "held":
            return self._texts.held, "done"
        if meeting.contact is not None:
            return self._texts.missed_contact, "warning"
        return (self._texts.missed, "warning") if meeting.status == "missed" else (
            self._texts.begun, "plain",
        )  # fmt: skip

    def _booked(self, meeting: Meeting) -> tuple[Stop, Tone]:
        theirs = meeting.owner == "jobcenter"
        return self._texts.jobcenter if theirs else self._texts.booked, "booked"

    def _invitation(self, invitation: Invitation) -> Mark:
        kind = self._profile.kind(invitation.kind)
        stop = (
            self._texts.deadline if kind.booked_by == "member" else self._texts.deadline_called_in
        )
        if invitation.status == "expired":
            stop = self._texts.expired
        behind = invitation.status == "expired"
        tone: Tone = "warning" if behind else "deadline"
        return self._mark(stop, invitation.book_by, tone, behind=behind, kind=invitation.kind)

    def _expected(self, step: CourseStep) -> Mark:
        """What will come and has not been called for yet."""
        timing = self._profile.kind(step.kind).timing
        stop, values = self._texts.later, dict[str, str]()
        if timing is not None and timing.within_days is not None:
            stop, values = self._texts.within_days, {"days": str(timing.within_days)}
        elif timing is not None and timing.around_months is not None:
            stop, values = self._texts.around_months, {"months": str(timing.around_months)}
        day = max(step.due, self._today)
        return self._mark(stop, day, "expected", behind=False, kind=step.kind, values=values)

    def _mark(
        self,
        stop: Stop,
        day: date,
        tone: Tone,
        *,
        behind: bool,
        at: Optional[datetime] = None,
        kind: Optional[str] = None,
        values: Mapping[str, str] = MappingProxyType({}),
    ) -> Mark:
        places = {
            **self._places,
            **values,
            "day": str(format_date(day, "d. MMMM", locale="da")),
        }
        if kind is not None:
            known = self._profile.kind(kind)
            places |= {"kind": known.name, "definite": known.definite}
        return Mark(
            day, at, tone, _capital(stop.title.format_map(places)), stop.note.format_map(places),
            behind,
        )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
