"""The steps of the contact course: which meetings a member is to have, by when, and where each stands.

Pure. The dates come from the profile's kinds (F3, F8, F12); how early a step is called for, and how far
apart the meetings of a pair lie, are the profile's assumptions. Days are local.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Optional

from bot.backend.contract import CourseStep, Meeting, StepStatus
from bot.backend.rules import Call, call_status, months_later
from bot.profile import MeetingKind, Profile


@dataclass(frozen=True)
class Step:
    """The number-th meeting of a kind: called for from `opens`, to be held by `due`."""

    kind: str
    number: int
    opens: date
    due: date

    @property
    def name(self) -> str:
        """What the invitation to it is known by, such as `raadighed:1`."""
        return f"{self.kind}:{self.number}"


@dataclass(frozen=True)
class Standing:
    """A step, and what there is of it; `before`: it was over when the member's records began here."""

    step: Step
    status: StepStatus
    meeting: Optional[str] = None
    invitation: Optional[str] = None

    def shown(self) -> CourseStep:
        """As the contract shows it."""
        return CourseStep(
            kind=self.step.kind,
            number=self.step.number,
            status=self.status,
            opens=self.step.opens,
            due=self.step.due,
            meeting=self.meeting,
            invitation=self.invitation,
        )


def steps(unemployed_since: date, profile: Profile) -> list[Step]:
    """Every step of the a-kasse's own kinds, in the order in which they fall due."""
    found = [
        step
        for name, kind in profile.kinds.items()
        if kind.owner == "akasse" and kind.timing is not None
        for step in _of_kind(name, kind, unemployed_since, profile.course.invite_days)
    ]
    return sorted(found, key=lambda step: (step.due, step.kind, step.number))


def _of_kind(name: str, kind: MeetingKind, since: date, invite_days: int) -> Iterator[Step]:
    for number, due in enumerate(_due_days(kind, since), start=1):
        opens = max(since, due - timedelta(days=invite_days))
        assert kind.timing is not None
        if kind.timing.within_days is not None and number == 1:
            opens = since  # from the first day: the days until it are the time to hold it in
        yield Step(name, number, opens, due)


def _due_days(kind: MeetingKind, since: date) -> Iterator[date]:
    timing, count = kind.timing, kind.count or 1
    assert timing is not None
    if timing.every_months is not None:
        for number in range(1, count + 1):
            months = timing.every_months * number
            if timing.before_month is None or months < timing.before_month:
                yield months_later(since, months)
        return
    if timing.within_days is not None:
        first = since + timedelta(days=timing.within_days)
    else:
        assert timing.around_months is not None  # the profile: one of the three
        first = months_later(since, timing.around_months)
    for number in range(count):
        yield first + timedelta(days=number * timing.apart_days)


def standings(
    unemployed_since: date,
    profile: Profile,
    meetings: Sequence[Meeting],
    calls: Sequence[Call],
    today: date,
    records_from: date,
) -> list[Standing]:
    """Where each step stands on that local day, in the order in which they fall due.

    Meetings fill the steps of their kind in the order of their starts; those that answer a call-in
    because of doubt (F13) are beside the course. `records_from`: the day since which the records of
    this member are whole; a step that was over by then is not asked about.
    """
    beside = {call.meeting for call in calls if call.source == "staff"}
    had = [
        meeting
        for meeting in sorted(meetings, key=lambda one: (one.start, one.id))
        if meeting.owner == "akasse" and meeting.status != "cancelled" and meeting.id not in beside
    ]
    asked = [call for call in calls if call.source != "staff"]
    found: list[Standing] = []
    all_steps = steps(unemployed_since, profile)
    for kind in dict.fromkeys(step.kind for step in all_steps):
        of_kind = [step for step in all_steps if step.kind == kind]
        filled = _filled(of_kind, [one for one in had if one.kind == kind], asked)
        waiting = _waiting(of_kind, [one for one in asked if one.kind == kind], filled)
        found += _of_one_kind(of_kind, filled, waiting, today, records_from)
    return sorted(found, key=lambda one: (one.step.due, one.step.kind, one.step.number))


def _filled(
    of_kind: Sequence[Step], had: Sequence[Meeting], calls: Sequence[Call]
) -> dict[str, Meeting]:
    """The meeting of each step that has one: by its invitation, the others in the order of starts."""
    step_of = {call.meeting: call.step for call in calls if call.covered and call.step}
    found = {step_of[one.id] or "": one for one in had if one.id in step_of}
    others = iter(one for one in had if one.id not in step_of)
    for step in of_kind:
        if step.name not in found:
            meeting = next(others, None)
            if meeting is not None:
                found[step.name] = meeting
    return found


def _waiting(
    of_kind: Sequence[Step], calls: Sequence[Call], filled: dict[str, Meeting]
) -> dict[str, Call]:
    """The unanswered invitation of each step that has one, in the same way."""
    unanswered = sorted(
        (call for call in calls if not call.covered), key=lambda call: (call.book_by, call.id)
    )
    found = {call.step: call for call in unanswered if call.step}
    others = iter(call for call in unanswered if not call.step)
    for step in of_kind:
        if step.name not in found and step.name not in filled:
            call = next(others, None)
            if call is not None:
                found[step.name] = call
    return found


_AS_HAD: dict[str, StepStatus] = {"held": "held", "missed": "missed", "booked": "booked"}


def _of_one_kind(
    of_kind: Sequence[Step],
    filled: dict[str, Meeting],
    waiting: dict[str, Call],
    today: date,
    records_from: date,
) -> Iterator[Standing]:
    before_done = True
    for step in of_kind:
        meeting, call = filled.get(step.name), waiting.get(step.name)
        if meeting is not None:
            yield Standing(step, _AS_HAD[meeting.status], meeting.id)
            before_done = meeting.status != "booked"
        elif call is not None:
            is_open = call_status(call, today) == "open"
            yield Standing(step, "invited" if is_open else "expired", None, call.id)
            before_done = False
        elif step.due < records_from:
            yield Standing(step, "before")
        else:
            opens = max(step.opens, records_from + timedelta(days=1))
            yield Standing(step, "due" if before_done and today >= opens else "later")
            before_done = False


def to_call(
    standings: Iterable[Standing], calls: Sequence[Call], meetings: Sequence[Meeting], today: date
) -> list[Step]:
    """The steps that the member is to be called in to now: due, and nothing of that kind is under way.

    Not where a live meeting of the kind is ahead, nor where the newest call ran out or is still open:
    who let a deadline pass has to contact the a-kasse (F24), and staff call in anew.
    """
    found = []
    for one in standings:
        kind = one.step.kind
        newest = max(
            (call for call in calls if call.kind == kind),
            key=lambda call: call.book_by,
            default=None,
        )
        under_way = newest is not None and not newest.covered
        booked = any(each.kind == kind and each.status == "booked" for each in meetings)
        if one.status == "due" and not under_way and not booked:
            found.append(one.step)
    return found


def last_day(step: Step, profile: Profile, today: date) -> date:
    """By when a step that is called for today is to be booked and held."""
    return max(step.due, today + timedelta(days=profile.course.book_days))
