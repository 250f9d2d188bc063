"""Over any sequence of calls the invariants hold, and the log replays to the state."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.backend import afbud, attendance, bookings, log, meetings, tables
from bot.backend.contract import (
    Attendance,
    Book,
    ChangeFormat,
    GiveAfbud,
    Move,
    RegisterContact,
    Wire,
)
from bot.backend.idempotency import once
from bot.backend.refusals import Refusal
from bot.backend.work import Caller, House, Work
from bot.clock import FrozenClock
from bot.database import reading

from .conftest import NOW, restore

MEMBERS = ("m1", "m2")
KEYS = count()

calls = st.tuples(
    st.sampled_from(["book", "afbud", "afbud_new", "move", "format", "contact", "held", "later"]),
    st.sampled_from(MEMBERS),
    st.integers(0, 7),
    st.integers(0, 11),
    st.sampled_from(["in_person", "digital"]),
)


def call(what: str, meeting: str, time: str, format: Any) -> tuple[Wire, Callable[..., Wire]]:
    """The body and the operation of a call on (work, member)."""
    if what == "book":
        book = Book(time=time, format=format)
        return book, lambda work, member: bookings.book(work, member, book)
    if what == "afbud":
        give = GiveAfbud(reason="illness", note="ondt i ryggen")
        return give, lambda work, member: afbud.give(work, member, meeting, give)
    if what == "afbud_new":
        give = GiveAfbud(reason="holiday", new_time=time, new_format=format)
        return give, lambda work, member: afbud.give(work, member, meeting, give)
    if what == "move":
        move = Move(new_time=time, format=format)
        return move, lambda work, member: bookings.move(work, member, meeting, move)
    if what == "format":
        form = ChangeFormat(format=format)
        return form, lambda work, member: bookings.change_format(work, member, meeting, form)
    if what == "held":
        held = Attendance(status="held")
        return held, lambda work, member: attendance.note(work, member, meeting, held)
    contact = RegisterContact(at=NOW)
    return contact, lambda work, member: attendance.register_contact(work, member, meeting, contact)


def shown(house: House, member: str) -> dict[str, dict[str, Any]]:
    """The member's meetings as the log writes them: without the member's own words."""
    with reading(house.engine) as session:
        found = {one.id: json.loads(one.json()) for one in meetings.of_member(session, member)}
    for one in found.values():
        if one["afbud"]:
            one["afbud"]["note"] = None
    return found


def replayed(house: House, member: str, state: dict[str, dict[str, Any]]) -> dict[str, Any]:
    with reading(house.engine) as session:
        rows = log.of_member(session, member)
    for row in reversed(rows):
        for after in (row.after, (row.detail or {}).get("replaced")):
            if after is not None:
                state[after["id"]] = after
    return state


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(calls, max_size=12))
def test_any_sequence_of_calls(house: House, snapshot: Path, sequence: list[Any]) -> None:
    clock = FrozenClock(NOW)
    house = House(house.engine, clock, house.profile, house.texts)
    restore(snapshot, Path(house.engine.url.database))
    before = {member: shown(house, member) for member in MEMBERS}
    with reading(house.engine) as session:
        times = [row.id for row in session.execute(
            tables.times.select().where(tables.times.c.office_id == "odense")
            .order_by(tables.times.c.starts_at, tables.times.c.id).limit(12)
        )]  # fmt: skip
    for what, member, which, time, format in sequence:
        if what == "later":
            clock.instant += timedelta(hours=4 * which)
            continue
        own = sorted(shown(house, member))
        body, operation = call(what, own[which % len(own)], times[time], format)

        def run(work: Work, operation: Any = operation, member: str = member) -> Wire:
            answer: Wire = operation(work, member)
            return answer

        with suppress(Refusal):
            once(house, Caller("system", "desk"), f"k{next(KEYS)}", member, body, run)
        _invariants(house)
    for member in MEMBERS:
        assert replayed(house, member, before[member]) == shown(house, member)


def _invariants(house: House) -> None:
    with reading(house.engine) as session:
        one_each = session.execute(text(
            "SELECT count(*) FROM (SELECT 1 FROM meetings WHERE status='booked' AND time_id "
            "IS NOT NULL GROUP BY time_id HAVING count(*) > 1)"
        )).scalar()  # fmt: skip
        apart = session.execute(text(
            "SELECT count(*) FROM meetings a JOIN meetings b ON a.member_id = b.member_id "
            "AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at "
            "WHERE a.status='booked' AND b.status='booked'"
        )).scalar()  # fmt: skip
        proof = session.execute(text(
            "SELECT (SELECT count(*) FROM log), (SELECT count(DISTINCT receipt) FROM log), "
            "(SELECT count(*) FROM inbox)"
        )).one()  # fmt: skip
    assert (one_each, apart) == (0, 0)
    assert proof[0] == proof[1] == proof[2]
