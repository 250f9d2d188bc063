"""The contact course: where a member stands, and what has to be booked next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.backend import invitations, meetings, members, rules, steps
from bot.backend.contract import Course, CourseStep, NextStep
from bot.profile import Profile


def course(session: Session, profile: Profile, member: str, now: datetime) -> Course:
    """The course as it stands at `now`; `next` is the open invitation with the earliest deadline.

    Raises Refusal not_found.
    """
    who, today = members.find(session, member), rules.local_day(now)
    waiting = rules.open_calls(invitations.calls(session, member), today)
    return Course(
        unemployed_since=who.unemployed_since,
        phase=rules.phase(who.unemployed_since, profile, today),
        next=NextStep(kind=waiting[0].kind, book_by=waiting[0].book_by) if waiting else None,
        invitations=invitations.of_member(session, member, today),
        meetings=meetings.of_member(session, member),
    )


def course_steps(
    session: Session, profile: Profile, member: str, now: datetime
) -> list[CourseStep]:
    """Every step of the course and where it stands at `now`, in the order in which they fall due.

    Raises Refusal not_found.
    """
    who, today = members.find(session, member), rules.local_day(now)
    found = steps.standings(
        who.unemployed_since,
        profile,
        meetings.of_member(session, member),
        invitations.calls(session, member),
        today,
        members.records_from(session, member, today),
    )
    return [standing.shown() for standing in found]
