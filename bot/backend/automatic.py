"""The automatic course: calls members in to the steps that are due, each once, as the days pass.

Every member is looked at once a local day. Who cannot be given a time yet stays due, and is looked at
again the next time. On the day when a member's records are loaded nothing is called for: what is
loaded is what they have.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Optional

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.backend import invitations, meetings, members, rules, steps, tables, times
from bot.backend.contract import FreeTime, Meeting, Member
from bot.backend.refusals import Refusal
from bot.backend.rules import Call
from bot.backend.seed_times import at_midnight
from bot.backend.steps import Step
from bot.backend.work import Caller, House, Work
from bot.database import reading, writing
from bot.profile import Profile

log = logging.getLogger(__name__)

BATCH = 50
"""Members a transaction: a booking waits for no more than that."""

_members = tables.members
_SYSTEM = Caller("system", "min_side")


def call_in_due_members(house: House) -> int:
    """Look at every member who was not looked at today; gives how many were called in."""
    if not house.profile.course.automatic:
        return 0
    called, after = 0, ""
    while True:
        found, last = _next_batch(house, after)
        called += found
        if last is None:
            return called
        after = last


def _next_batch(house: House, after: str) -> tuple[int, Optional[str]]:
    """Look at the next members by id; how many were called in, and the last id of a full batch."""
    now = house.clock.now()
    today = rules.local_day(now)
    with reading(
        house.engine
    ) as session:  # most have nothing due: nobody waits for finding that out
        ids = _unchecked(session, today, after)
        due = _with_something_due(session, house.profile, ids, today)
    if not ids:
        return 0, None
    called, waiting = 0, []
    with writing(house.engine) as session:
        session.connection()
        work = Work(session, now, house.profile, house.texts, _SYSTEM)
        for member in due:
            made, all_called = _look_at(work, member)
            called += made
            if not all_called:
                waiting.append(member)
        looked_at = _members.c.id.in_([member for member in ids if member not in waiting])
        session.execute(
            update(_members)
            .where(looked_at, _members.c.course_from.is_(None))
            .values(course_from=today)
        )
        session.execute(update(_members).where(looked_at).values(course_checked=today))
    return called, ids[-1] if len(ids) == BATCH else None


def _with_something_due(
    session: Session, profile: Profile, ids: list[str], today: date
) -> list[str]:
    calls, had = invitations.calls_of(session, ids), meetings.of_members(session, ids)
    rows = session.execute(
        select(_members.c.id, _members.c.unemployed_since, _members.c.course_from)
        .where(_members.c.id.in_(ids))
        .order_by(_members.c.id)
    )
    return [
        row.id
        for row in rows
        if _due(
            profile, row.unemployed_since, had[row.id], calls[row.id], today,
            row.course_from or today,
        )
    ]  # fmt: skip


def _due(
    profile: Profile,
    unemployed_since: date,
    had: list[Meeting],
    calls: list[Call],
    today: date,
    records_from: date,
) -> list[Step]:
    found = steps.standings(unemployed_since, profile, had, calls, today, records_from)
    return steps.to_call(found, calls, had, today)


def _unchecked(session: Session, today: date, after: str) -> list[str]:
    """The next members who were not looked at on that day; a clock that was set back counts too."""
    rows = session.execute(
        select(_members.c.id)
        .where(
            _members.c.id > after,
            or_(_members.c.course_checked.is_(None), _members.c.course_checked != today),
        )
        .order_by(_members.c.id)
        .limit(BATCH)
    )
    return [row.id for row in rows]


def _look_at(work: Work, member: str) -> tuple[int, bool]:
    """Call one member in to what is due; how often, and whether nothing was left for want of a time."""
    session, today = work.session, work.today
    who = members.hold(session, member)
    had, calls = meetings.of_member(session, member), invitations.calls(session, member)
    begun = members.records_from(session, member, today)
    called, whole = 0, True
    for step in _due(work.profile, who.unemployed_since, had, calls, today, begun):
        try:
            with work.session.begin_nested():
                made = _call(work, who, step)
        except Refusal as refusal:
            log.warning("step %s of a member waits: %s", step.name, refusal.code)
            made = False
        except IntegrityError as error:
            if tables.ONE_PER_STEP not in str(error.orig) and "invitations.step" not in str(
                error.orig
            ):
                raise
            continue  # called in to this step before: once is once
        called += made
        whole = whole and made
    return called, whole


def _call(work: Work, who: Member, step: Step) -> bool:
    """Call the member in to the step; false where there is no time to call in to."""
    kind, last = work.profile.kind(step.kind), steps.last_day(step, work.profile, work.today)
    if kind.booked_by == "member":
        invitations.call_to_book(work, who.id, step.kind, "", last, source="course", step=step.name)
        return True
    time = first_time(work.session, work.profile, who, step.kind, work.now, last)
    if time is None:
        return False
    invitations.call_in(work, who.id, step.kind, "", time, None, source="course", step=step.name)
    return True


def first_time(
    session: Session, profile: Profile, who: Member, kind: str, now: datetime, last: date
) -> Optional[FreeTime]:
    """The first free time that leaves the member notice and lies within the last day."""
    earliest = rules.local_day(now) + timedelta(days=profile.course.notice_days)
    found = times.free(
        session, profile, who, now, kind,
        start=at_midnight(earliest), end=at_midnight(last + timedelta(days=1)), limit=1,
    )  # fmt: skip
    return found[0] if found else None
