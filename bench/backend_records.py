"""Records by the thousand for measuring the back end: written straight into its tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.engine import Engine

from bot.backend import tables
from bot.backend.seed_times import at_clock, clock
from bot.database import migrate, writing

MEMBERS_AN_OFFICE, ADVISERS, DAYS = 2000, 4, 40
CLOCKS = ("09:00", "10:00", "11:00", "13:00", "14:00", "15:00")
_ROWS = 5000


def fill(engine: Engine, members: int, now: datetime) -> None:
    """An a-kasse of that size: an office for every 2,000 members, with 960 times to come each.

    Every member has a held CV-samtale, two changes in log, inbox and outbox; one in four has a live
    meeting, one in four an open invitation; of an office's times two in five are taken.
    """
    migrate(engine, tables.MIGRATIONS)
    offices = max(1, members // MEMBERS_AN_OFFICE)
    today = now.date()
    _put(engine, tables.offices, (
        {"id": f"o{n}", "name": f"Kontor {n}", "address": f"Vej {n}"} for n in range(offices)
    ))  # fmt: skip
    _put(engine, tables.advisers, (
        {"id": f"o{n}a{a}", "name": f"Rådgiver {n}.{a}", "office_id": f"o{n}"}
        for n in range(offices) for a in range(ADVISERS)
    ))  # fmt: skip
    _put(engine, tables.members, (
        {
            "id": f"m{n}", "member_no": f"{n:07}", "name": f"Medlem {n}", "phone": f"+45{n:08}",
            "office_id": f"o{n % offices}", "unemployed_since": today - timedelta(days=n % 500),
            "course_from": today, "course_checked": today,
        }
        for n in range(members)
    ))  # fmt: skip
    _put(engine, tables.times, _times(offices, today))
    _put(engine, tables.time_kinds, (
        {"time_id": row["id"], "kind": "raadighed", "place": 0} for row in _times(offices, today)
    ))  # fmt: skip
    _put(engine, tables.meetings, _held(members, now))
    _put(engine, tables.meetings, _live(members, offices, today))
    _put(engine, tables.invitations, (
        {"id": f"i{n}", "member_id": f"m{n}", "kind": "raadighed", "reason": "",
         "book_by": today + timedelta(days=n % 41), "told_at": now}
        for n in range(1, members, 4)
    ))  # fmt: skip
    _proof(engine, members, now)


def _times(offices: int, today: date) -> Iterator[dict[str, Any]]:
    days = [day for day in (today + timedelta(days=n) for n in range(1, 80)) if day.weekday() < 5]
    for office in range(offices):
        for adviser in range(ADVISERS):
            for number, day in enumerate(days[:DAYS]):
                for place, at in enumerate(CLOCKS):
                    starts = at_clock(day, clock(at))
                    yield {
                        "id": f"t{office}-{adviser}-{number}-{place}", "office_id": f"o{office}",
                        "adviser_id": f"o{office}a{adviser}", "starts_at": starts,
                        "ends_at": starts + timedelta(minutes=45), "in_person": True,
                        "digital": True, "offered": True,
                    }  # fmt: skip


def _held(members: int, now: datetime) -> Iterator[dict[str, Any]]:
    for n in range(members):
        starts = now - timedelta(days=200 + n % 90)
        yield _meeting(f"h{n}", n, "cv", starts, "held", None)


def _live(members: int, offices: int, today: date) -> Iterator[dict[str, Any]]:
    """The first times of every office are taken first, as they are in life."""
    taken = int(ADVISERS * DAYS * len(CLOCKS) * 0.4)
    per_office: dict[int, list[dict[str, Any]]] = {}
    for row in _times(offices, today):
        per_office.setdefault(int(row["office_id"][1:]), []).append(row)
    for office, rows in per_office.items():
        soonest = sorted(rows, key=lambda row: (row["starts_at"], row["id"]))[:taken]
        people = range(office, members, offices)[::4]
        for n, row in zip(people, soonest, strict=False):
            yield _meeting(f"l{n}", n, "raadighed", row["starts_at"], "booked", row["id"])


def _meeting(
    id: str, member: int, kind: str, starts: datetime, status: str, time: Any
) -> dict[str, Any]:
    return {
        "id": id, "member_id": f"m{member}", "kind": kind, "owner": "akasse", "starts_at": starts,
        "ends_at": starts + timedelta(minutes=45), "format": "in_person", "place": "Kontor",
        "status": status, "time_id": time,
    }  # fmt: skip


def _proof(engine: Engine, members: int, now: datetime) -> None:
    changes = [(n, part) for n in range(members) for part in range(2)]
    _put(engine, tables.log, (
        {"at": now, "member_id": f"m{n}", "actor": f"member:m{n}", "channel": "min_side",
         "action": "format", "meeting_id": f"h{n}", "receipt": f"MK-{n:06}-{part}",
         "before": {"id": f"h{n}"}, "after": {"id": f"h{n}"}, "detail": None}
        for n, part in changes
    ))  # fmt: skip
    _put(engine, tables.inbox, (
        {"at": now, "member_id": f"m{n}", "title": "Mødets form er ændret", "text": "…" * 60,
         "receipt": f"MK-{n:06}-{part}"}
        for n, part in changes
    ))  # fmt: skip
    _put(engine, tables.notices, (
        {"key": f"receipt:MK-{n:06}-{part}", "member_id": f"m{n}", "kind": "receipt",
         "subject": f"MK-{n:06}-{part}", "due_at": now, "title": "…", "text": "…", "sms": "…",
         "state": "sent", "reported_at": now}
        for n, part in changes
    ))  # fmt: skip
    _put(engine, tables.idempotency_keys, (
        {"key": f"old-{n}-{part}", "fingerprint": "0" * 64, "at": now, "status": 200,
         "answer": {"receipt": f"MK-{n:06}-{part}"}}
        for n, part in changes
    ))  # fmt: skip


def _put(engine: Engine, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, _ROWS)):
        with writing(engine) as session:
            session.execute(insert(table), batch)
