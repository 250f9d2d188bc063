"""Meetings in the database: how they are shown, made, and changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Optional
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.backend import tables
from bot.backend.contract import Afbud, Contact, Format, FreeTime, Meeting, Office
from bot.backend.refusals import Refusal

_meetings, _advisers = tables.meetings, tables.advisers
_WITH_ADVISER = select(_meetings, _advisers.c.name.label("adviser_name")).outerjoin(
    _advisers, _advisers.c.id == _meetings.c.adviser_id
)


def of_member(session: Session, member: str) -> list[Meeting]:
    """All meetings of a member, also past and cancelled ones, by start."""
    rows = session.execute(
        _WITH_ADVISER.where(_meetings.c.member_id == member).order_by(
            _meetings.c.starts_at, _meetings.c.id
        )
    )
    return [_shown(row) for row in rows]


def of_members(session: Session, members: Sequence[str]) -> dict[str, list[Meeting]]:
    """All meetings of several members, each one's by start."""
    found: dict[str, list[Meeting]] = {member: [] for member in members}
    rows = session.execute(
        _WITH_ADVISER.where(_meetings.c.member_id.in_(members)).order_by(
            _meetings.c.member_id, _meetings.c.starts_at, _meetings.c.id
        )
    )
    for row in rows:
        found[row.member_id].append(_shown(row))
    return found


def own(session: Session, member: str, meeting: str) -> Meeting:
    """The member's meeting of that id; a foreign one is as unknown as one that never was.

    Raises Refusal not_found.
    """
    row = session.execute(
        _WITH_ADVISER.where(_meetings.c.id == meeting, _meetings.c.member_id == member)
    ).first()
    if row is None:
        raise Refusal("not_found")
    return _shown(row)


def take(
    session: Session,
    member: str,
    time: FreeTime,
    kind: str,
    format: Format,
    now: datetime,
    replaces: Optional[str] = None,
) -> Meeting:
    """Make a live meeting of a free time. Whether it is free is the database's to say, not ours.

    Raises Refusal time_taken or overlap.
    """
    made = uuid4().hex
    adviser = select(tables.times.c.adviser_id).where(tables.times.c.id == time.id)
    try:
        session.execute(
            insert(_meetings).values(
                id=made,
                member_id=member,
                kind=kind,
                owner="akasse",
                starts_at=time.start,
                ends_at=time.end,
                format=format,
                place=place_of(time.office, format),
                adviser_id=adviser.scalar_subquery(),
                time_id=time.id,
                status="booked",
                replaces=replaces,
                made_at=now,
            )
        )
    except IntegrityError as error:
        raise _refused(error) from error
    return own(session, member, made)


def change(session: Session, member: str, meeting: str, **values: Any) -> Meeting:
    """Set columns of a meeting; gives it as it is afterwards."""
    session.execute(update(_meetings).where(_meetings.c.id == meeting).values(**values))
    return own(session, member, meeting)


def time_id(session: Session, meeting: str) -> Optional[str]:
    """The free time that the meeting holds; none for one that was never among them."""
    found = session.execute(select(_meetings.c.time_id).where(_meetings.c.id == meeting)).scalar()
    return None if found is None else str(found)


def place_of(office: Office, format: Format) -> Optional[str]:
    """Where an a-kasse's meeting is held; a digital one has no place."""
    return f"{office.name}, {office.address}" if format == "in_person" else None


def _refused(error: Any) -> Any:
    """The two invariants by name: SQLite names a partial index by its column, PostgreSQL by itself."""
    said = str(error.orig)
    if tables.NO_OVERLAP in said:
        return Refusal("overlap")
    if tables.ONE_PER_TIME in said or "meetings.time_id" in said:
        return Refusal("time_taken")
    return error


def _shown(row: Any) -> Meeting:
    return Meeting(
        id=row.id,
        kind=row.kind,
        owner=row.owner,
        start=row.starts_at,
        end=row.ends_at,
        format=row.format,
        place=row.place,
        adviser=row.adviser_name,
        status=row.status,
        afbud=_afbud(row),
        contact=_contact(row),
        participation=row.participation,
    )


def _afbud(row: Any) -> Optional[Afbud]:
    if row.afbud_at is None:
        return None
    return Afbud(
        reason=row.afbud_reason,
        note=row.afbud_note,
        assessment=row.afbud_assessment,
        at=row.afbud_at,
    )


def _contact(row: Any) -> Optional[Contact]:
    if row.contact_at is None:
        return None
    return Contact(at=row.contact_at, channel=row.contact_channel)
