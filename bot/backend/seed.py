"""Load a seed file into the back end's database: all of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Optional
from uuid import uuid4

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.backend import tables
from bot.backend.contract import Office
from bot.backend.rules import local_day
from bot.backend.seed_file import Known, SeedStaff, Source, read
from bot.backend.seed_rows import Slot, appointments, slots
from bot.backend.seed_times import day
from bot.clock import Clock
from bot.database import migrate, reading, writing
from bot.profile import Profile


@dataclass(frozen=True)
class Seeded:
    """How many of each were loaded, and the staff, whom the gateway keeps."""

    members: int
    times: int
    meetings: int
    invitations: int
    staff: list[SeedStaff]


def seed(
    engine: Engine, source: Path, clock: Clock, profile: Profile, reset: bool = False
) -> Seeded:
    """Check a seed file and load it in one transaction; `reset` empties the back end first.

    The schema is brought up to date before. Nothing is replaced: an id, a phone or an adviser's
    time that is there already is a fault. Raises SourceError with every fault's line.
    """
    migrate(engine, tables.MIGRATIONS)
    now = clock.now()
    file = read(source, profile, Known() if reset else _known(engine))
    times, meetings = slots(file, now), appointments(file, now, profile)
    file.raise_faults()
    with writing(engine) as session:
        if reset:
            clear(session)
        _already_there(session, file, times)
        file.raise_faults()
        _people(session, file, now)
        _put_times(session, times)
        _put_meetings(session, file, meetings)
        _put_invitations(session, file, now)
    said = file.file
    return Seeded(
        members=len(said.members),
        times=len(times),
        meetings=len(meetings),
        invitations=len(said.invitations),
        staff=said.staff,
    )


def is_empty(engine: Engine) -> bool:
    """True for a database without a member."""
    with reading(engine) as session:
        return session.execute(select(tables.members.c.id).limit(1)).first() is None


def clear(session: Session) -> None:
    """Empty every table of the back end."""
    session.execute(update(tables.meetings).values(replaces=None))
    for table in reversed(tables.metadata.sorted_tables):
        session.execute(delete(table))


def _known(engine: Engine) -> Known:
    with reading(engine) as session:
        offices = session.execute(select(tables.offices)).all()
        advisers = session.execute(select(tables.advisers.c.id)).all()
        members = session.execute(select(tables.members.c.id, tables.members.c.office_id)).all()
    return Known(
        offices={row.id: Office(id=row.id, name=row.name, address=row.address) for row in offices},
        advisers={row.id for row in advisers},
        office_of_member={row.id: row.office_id for row in members},
    )


def _already_there(session: Session, source: Source, slots: list[Slot]) -> None:
    for section, table, field in (
        ("offices", tables.offices, "id"), ("advisers", tables.advisers, "id"),
        ("members", tables.members, "id"), ("members", tables.members, "member_no"),
        ("members", tables.members, "phone"), ("meetings", tables.meetings, "id"),
    ):  # fmt: skip
        there = {value for (value,) in session.execute(select(table.c[field]))}
        for number, entry in enumerate(getattr(source.file, section)):
            value = getattr(entry, field)
            if value is not None and value in there:
                source.fault(
                    f"{value!r} is in the database already; use another, or seed with --reset",
                    section, number, field,
                )  # fmt: skip
    for slot in slots:
        if slot.row["adviser_id"] in source.known.advisers and _busy(session, slot):
            source.fault(
                f"adviser {slot.row['adviser_id']!r} has a time then in the database already",
                "times", slot.number,
            )  # fmt: skip
            return  # one is enough: a whole calendar would repeat it


def _busy(session: Session, slot: Slot) -> bool:
    times = tables.times
    query = select(times.c.id).where(
        times.c.adviser_id == slot.row["adviser_id"],
        times.c.starts_at < slot.ends,
        times.c.ends_at > slot.starts,
    )
    return session.execute(query).first() is not None


def _people(session: Session, source: Source, now: datetime) -> None:
    file = source.file
    _insert(session, tables.offices, [entry.dict() for entry in file.offices])
    _insert(
        session, tables.advisers,
        [{"id": one.id, "name": one.name, "office_id": one.office} for one in file.advisers],
    )  # fmt: skip
    _insert(
        session,
        tables.members,
        [
            {
                "id": entry.id,
                "member_no": entry.member_no,
                "name": entry.name,
                "phone": entry.phone,
                "office_id": entry.office,
                "unemployed_since": day(entry.unemployed_since, now),
                "course_from": local_day(now),
            }
            for entry in file.members
        ],
    )


def _put_times(session: Session, slots: list[Slot]) -> None:
    _insert(session, tables.times, [slot.row for slot in slots])
    _insert(
        session,
        tables.time_kinds,
        [
            {"time_id": slot.row["id"], "kind": kind, "place": place}
            for slot in slots
            for place, kind in enumerate(slot.kinds)
        ],
    )


def _put_meetings(session: Session, source: Source, rows: list[dict[str, Any]]) -> None:
    """A live a-kasse meeting takes the matching free time; else its adviser is busy meanwhile."""
    for number, row in enumerate(rows):
        if row["owner"] == "akasse" and row["status"] == "booked":
            found = _matching(session, row, source.office(row["member_id"]).id)
            if found is not None:
                row["time_id"], row["adviser_id"] = found.id, found.adviser_id
        try:
            session.execute(insert(tables.meetings).values(**row))
        except IntegrityError as error:
            if tables.NO_OVERLAP not in str(error.orig):
                raise
            source.fault(
                "overlaps a meeting that the member has in the database; move it",
                "meetings", number, "start",
            )  # fmt: skip
            source.raise_faults()
        if row["time_id"] is None and row["adviser_id"] and row["status"] == "booked":
            _withdraw(session, row)


def _matching(session: Session, row: dict[str, Any], office: str) -> Optional[Any]:
    times, kinds, meetings = tables.times, tables.time_kinds, tables.meetings
    query = select(times.c.id, times.c.adviser_id).where(
        times.c.office_id == office,
        times.c.starts_at == row["starts_at"],
        times.c.ends_at == row["ends_at"],
        times.c[row["format"]],
        exists().where(kinds.c.time_id == times.c.id, kinds.c.kind == row["kind"]),
        ~exists().where(meetings.c.time_id == times.c.id, meetings.c.status == "booked"),
    )
    if row["adviser_id"]:
        query = query.where(times.c.adviser_id == row["adviser_id"])
    return session.execute(query.order_by(times.c.id)).first()


def _withdraw(session: Session, row: dict[str, Any]) -> None:
    times = tables.times
    session.execute(
        update(times)
        .where(
            times.c.adviser_id == row["adviser_id"],
            times.c.starts_at < row["ends_at"],
            times.c.ends_at > row["starts_at"],
        )
        .values(offered=False)
    )


def _put_invitations(session: Session, source: Source, now: datetime) -> None:
    _insert(
        session,
        tables.invitations,
        [
            {
                "id": uuid4().hex,
                "member_id": entry.member,
                "kind": entry.kind,
                "reason": entry.reason,
                "book_by": day(entry.book_by, now),
            }
            for entry in source.file.invitations
        ],
    )


def _insert(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)
