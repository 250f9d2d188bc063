"""Members as the a-kasse knows them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.backend import tables
from bot.backend.contract import Member, Office
from bot.backend.refusals import Refusal

_members, _offices = tables.members, tables.offices
_WITH_OFFICE = select(
    _members, _offices.c.name.label("office_name"), _offices.c.address.label("office_address")
).join(_offices, _offices.c.id == _members.c.office_id)


def find(session: Session, member: str) -> Member:
    """The member of that id. Raises Refusal not_found."""
    return _one(session, _WITH_OFFICE.where(_members.c.id == member))


def by_phone(session: Session, phone: str) -> Member:
    """The member whom the a-kasse knows by that number (E.164). Raises Refusal not_found."""
    return _one(session, _WITH_OFFICE.where(_members.c.phone == phone))


def hold(session: Session, member: str) -> Member:
    """`find`, and no other change to this member until the transaction ends.

    On SQLite the writing transaction itself is the lock; on PostgreSQL the member's row is.
    """
    session.execute(select(_members.c.id).where(_members.c.id == member).with_for_update())
    return find(session, member)


def records_from(session: Session, member: str, today: date) -> date:
    """The local day since which the member's records here are whole; today for who has none yet."""
    found = session.execute(select(_members.c.course_from).where(_members.c.id == member)).scalar()
    return today if found is None else found


def _one(session: Session, query: Any) -> Member:
    row = session.execute(query).first()
    if row is None:
        raise Refusal("not_found")
    return Member(
        id=row.id,
        member_no=row.member_no,
        name=row.name,
        phone=row.phone,
        office=Office(id=row.office_id, name=row.office_name, address=row.office_address),
        unemployed_since=row.unemployed_since,
    )
