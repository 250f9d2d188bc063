"""Invitations: the calls to book that a member has, and staff's call-in (F13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Optional
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.backend import log, meetings, members, rules, tables, times
from bot.backend.contract import Format, FreeTime, Invitation, Invite, Invited, Meeting
from bot.backend.rules import Call
from bot.backend.work import Work

_invitations = tables.invitations


def calls(session: Session, member: str) -> list[Call]:
    """The member's invitations as the rules see them, the earliest deadline first."""
    rows = session.execute(
        select(_invitations)
        .where(_invitations.c.member_id == member)
        .order_by(_invitations.c.book_by, _invitations.c.id)
    )
    return [_call(row) for row in rows]


def calls_of(session: Session, members: Sequence[str]) -> dict[str, list[Call]]:
    """The invitations of several members."""
    found: dict[str, list[Call]] = {member: [] for member in members}
    for row in session.execute(select(_invitations).where(_invitations.c.member_id.in_(members))):
        found[row.member_id].append(_call(row))
    return found


def of_member(session: Session, member: str, today: date) -> list[Invitation]:
    """The member's invitations as they are shown on that local day, the earliest deadline first."""
    rows = session.execute(
        select(_invitations)
        .where(_invitations.c.member_id == member)
        .order_by(_invitations.c.book_by, _invitations.c.id)
    )
    return [shown(row, today) for row in rows]


def cover(work: Work, invitation: str, meeting: str) -> Invitation:
    """The invitation is answered by that meeting."""
    work.session.execute(
        update(_invitations).where(_invitations.c.id == invitation).values(meeting_id=meeting)
    )
    return _one(work, invitation)


def pass_on(work: Work, old: str, new: str) -> Optional[Invitation]:
    """What the old meeting answered, the new one answers now."""
    found = _of_meeting(work, old)
    return None if found is None else cover(work, found.id, new)


def reopen(work: Work, member: str, meeting: Meeting) -> Invitation:
    """The member has to book anew: the meeting's invitation opens again, or one is made."""
    found = _of_meeting(work, meeting.id)
    book_by = rules.rebook_by(found.book_by if found else None, work.today, work.profile)
    if found is None:
        return _make(work, member, meeting.kind, "", book_by, "afbud")
    work.session.execute(
        update(_invitations)
        .where(_invitations.c.id == found.id)
        .values(meeting_id=None, book_by=book_by)
    )
    return _one(work, found.id)


def invite(work: Work, member: str, body: Invite) -> Invited:
    """Staff call the member in, to book by a date, or to a time that is taken at once.

    Raises Refusal not_found, jobcenter_owned, invalid, begun, kind_mismatch, format_not_allowed,
    time_taken, overlap.
    """
    who = members.hold(work.session, member)
    rules.may_call_in(body.kind, body.book_by, work.profile, work.today)
    if body.time is None:
        assert body.book_by is not None  # the contract: one of the two
        return call_to_book(work, member, body.kind, body.reason, body.book_by, "staff")
    time = times.one(work.session, work.profile, who, body.time)
    rules.not_begun(time.start, work.now)
    rules.kind_fits(body.kind, time.kinds)
    return call_in(work, member, body.kind, body.reason, time, body.format, "staff")


def call_to_book(
    work: Work,
    member: str,
    kind: str,
    reason: str,
    book_by: date,
    source: str,
    step: Optional[str] = None,
) -> Invited:
    """It is time to book: an open invitation with its message and proof."""
    invitation = _make(work, member, kind, reason, book_by, source, step)
    receipt = log.record(work, member, "invite", "invite", invitation=invitation)
    return Invited(receipt=receipt, at=work.now, invitation=invitation)


def call_in(
    work: Work,
    member: str,
    kind: str,
    reason: str,
    time: FreeTime,
    format: Optional[Format],
    source: str,
    step: Optional[str] = None,
) -> Invited:
    """A call-in with a time, which is taken at once; without a format the kind's first that fits.

    Raises Refusal format_not_allowed, time_taken, overlap.
    """
    allowed = [form for form in work.profile.kind(kind).formats if form in time.formats]
    wanted = format or (allowed[0] if allowed else time.formats[0])
    rules.format_fits(kind, wanted, time.formats, work.profile)
    meeting = meetings.take(work.session, member, time, kind, wanted, work.now)
    made = _make(work, member, kind, reason, rules.local_day(meeting.start), source, step)
    invitation = cover(work, made.id, meeting.id)
    receipt = log.record(
        work, member, "invite", "invite_fixed", after=meeting, invitation=invitation
    )
    return Invited(receipt=receipt, at=work.now, invitation=invitation, meeting=meeting)


def _make(
    work: Work,
    member: str,
    kind: str,
    reason: str,
    book_by: date,
    source: str,
    step: Optional[str] = None,
) -> Invitation:
    made = uuid4().hex
    work.session.execute(
        insert(_invitations).values(
            id=made,
            member_id=member,
            kind=kind,
            reason=reason,
            book_by=book_by,
            source=source,
            step=step,
            made_at=work.now,
        )
    )
    return _one(work, made)


def _of_meeting(work: Work, meeting: str) -> Optional[Invitation]:
    row = work.session.execute(
        select(_invitations).where(_invitations.c.meeting_id == meeting)
    ).first()
    return None if row is None else shown(row, work.today)


def _one(work: Work, invitation: str) -> Invitation:
    row = work.session.execute(select(_invitations).where(_invitations.c.id == invitation)).one()
    return shown(row, work.today)


def _call(row: Any) -> Call:
    return Call(
        row.id,
        row.kind,
        row.book_by,
        covered=row.meeting_id is not None,
        meeting=row.meeting_id,
        source=row.source,
        step=row.step,
    )


def shown(row: Any, today: date) -> Invitation:
    """A row as the contract shows it on that local day."""
    return Invitation(
        id=row.id,
        kind=row.kind,
        reason=row.reason,
        book_by=row.book_by,
        status=rules.call_status(_call(row), today),
    )
