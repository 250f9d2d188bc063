"""What the database refuses by itself, and that the migrations make these tables."""

from __future__ import annotations

import io
import re
import threading
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import event, func, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.backend import bookings, course, inbox, log, notices, tables, times
from bot.backend.contract import Book, Change
from bot.backend.idempotency import once
from bot.backend.members import find
from bot.backend.refusals import Refusal
from bot.backend.work import Caller, House
from bot.database import UtcInstant, make_engine, reading, writing

from .conftest import NOW


def insert_meeting(house: House, **values: Any) -> None:
    row = {
        "id": uuid4().hex, "member_id": "m1", "kind": "raadighed", "owner": "akasse",
        "starts_at": NOW + timedelta(days=40), "ends_at": NOW + timedelta(days=40, minutes=45),
        "format": "in_person", "status": "booked",
    }  # fmt: skip
    with writing(house.engine) as session:
        session.execute(tables.meetings.insert().values(**{**row, **values}))


def any_free_time(house: House) -> str:
    with reading(house.engine) as session:
        member = find(session, "m1")
        return times.free(session, house.profile, member, NOW, kind="raadighed")[0].id


def test_the_migrations_make_exactly_these_tables(house: House) -> None:
    def same_type(_context: Any, _column: Any, _meta: Any, _found: Any, wanted: Any) -> Any:
        return False if isinstance(wanted, UtcInstant) else None

    with house.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": same_type})
        assert compare_metadata(context, tables.metadata) == []


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [(-45, 0, False), (45, 90, False), (-30, 15, True), (30, 75, True), (10, 20, True),
     (-10, 90, True), (0, 45, True)],
)  # fmt: skip
def test_two_live_meetings_of_a_member_may_touch_and_not_overlap(
    house: House, start: int, end: int, refused: bool
) -> None:
    first = NOW + timedelta(days=30)
    insert_meeting(house, starts_at=first, ends_at=first + timedelta(minutes=45))
    second = {
        "starts_at": first + timedelta(minutes=start), "ends_at": first + timedelta(minutes=end),
    }  # fmt: skip
    insert_meeting(house, member_id="m2", **second)
    insert_meeting(house, status="cancelled", **second)
    if refused:
        with pytest.raises(IntegrityError, match=tables.NO_OVERLAP):
            insert_meeting(house, **second)
    else:
        insert_meeting(house, **second)


def test_a_cancelled_meeting_does_not_come_back_over_another(house: House) -> None:
    insert_meeting(house, id="old", status="cancelled")
    insert_meeting(house)
    with pytest.raises(IntegrityError, match=tables.NO_OVERLAP), writing(house.engine) as session:
        session.execute(
            update(tables.meetings).where(tables.meetings.c.id == "old").values(status="booked")
        )


def test_foreign_keys_and_statuses_are_checked(house: House) -> None:
    for wrong in ({"member_id": "nobody"}, {"status": "maybe"}, {"time_id": "none"},
                  {"afbud_reason": "illness"}, {"ends_at": NOW}):  # fmt: skip
        with pytest.raises(IntegrityError):
            insert_meeting(house, **wrong)


def race(house: House, time: str) -> list[str]:
    """Two members take one time at once; what each was answered."""
    answers: list[str] = []
    ready = threading.Barrier(2)

    def take(member: str) -> None:
        body = Book(time=time, format="in_person")
        ready.wait()
        try:
            answer = once(
                house, Caller(f"member:{member}", "min_side"), f"key-{member}", member, body,
                lambda work: bookings.book(work, member, body),
            )  # fmt: skip
            answers.append(Change.parse_obj(answer).meeting.status)
        except Refusal as refusal:
            answers.append(refusal.code)

    threads = [threading.Thread(target=take, args=(member,)) for member in ("m1", "m2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def live_on(house: House, time: str) -> int:
    meetings = tables.meetings
    with reading(house.engine) as session:
        return int(session.execute(
            select(func.count()).where(meetings.c.time_id == time, meetings.c.status == "booked")
        ).scalar_one())  # fmt: skip


def test_without_the_index_two_members_get_the_same_time(house: House) -> None:
    time = any_free_time(house)
    with writing(house.engine) as session:
        session.execute(text(f"DROP INDEX {tables.ONE_PER_TIME}"))
    assert race(house, time) == ["booked", "booked"]
    assert live_on(house, time) == 2


def test_with_the_index_one_member_gets_it(house: House) -> None:
    time = any_free_time(house)
    assert race(house, time) == ["booked", "time_taken"]
    assert live_on(house, time) == 1


def test_postgresql_gets_an_exclusion_constraint() -> None:
    sql = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": sql}
    )
    first = import_module("bot.backend.migrations.versions.0001_course_and_changes")
    with Operations.context(context):
        first.upgrade()
    assert "EXCLUDE USING gist (member_id WITH =, tsrange(starts_at, ends_at) WITH &&)" in (
        sql.getvalue()
    )
    assert "CREATE UNIQUE INDEX one_live_meeting_per_time ON meetings (time_id) WHERE" in (
        sql.getvalue()
    )


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT * FROM meetings WHERE member_id='m1' ORDER BY starts_at", "meetings_of_member"),
        ("SELECT * FROM times WHERE office_id='o' AND starts_at > '2026'", "times_of_office"),
        ("SELECT * FROM log WHERE member_id='m1' ORDER BY id DESC", "log_of_member"),
        ("SELECT * FROM meetings WHERE time_id='t' AND status='booked'", tables.ONE_PER_TIME),
        (
            "SELECT * FROM meetings WHERE status='booked' AND starts_at > '2026' AND starts_at < '2027'",
            "live_meetings_by_start",
        ),
        (
            "SELECT * FROM notices WHERE state='waiting' AND due_at <= '2026' ORDER BY due_at, id",
            "notices_by_state",
        ),
    ],
)
def test_queries_use_an_index(house: House, query: str, index: str) -> None:
    with house.engine.connect() as connection:
        plan = " ".join(row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}")))
    assert index in plan


def test_what_the_calls_read_is_found_by_an_index(house: House) -> None:
    """Every SELECT of reading and of laying out notices: none goes through a whole table."""
    heard: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            heard.append((statement, parameters))

    event.listen(house.engine, "before_cursor_execute", hear)
    now = house.clock.now()
    with reading(house.engine) as session:
        member = find(session, "m1")
        times.free(session, house.profile, member, now, kind="raadighed", format="digital")
        course.course(session, house.profile, "m1", now)
        course.course_steps(session, house.profile, "m1", now)
        inbox.messages(session, "m1")
        log.of_member(session, "m1")
    notices.due(house, 10)
    assert len(heard) > 12
    used: set[str] = set()
    with house.engine.connect() as connection:
        for statement, parameters in heard:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row[3] for row in plan]
            assert not [step for step in steps if step.startswith("SCAN")], (statement, steps)
            used.update(re.findall(r"INDEX (\w+)", " ".join(steps)))
    assert {"invitations_by_deadline", "untold_invitations", "live_meetings_by_start"} <= used


def test_records_of_an_older_version_are_kept(tmp_path: Any) -> None:
    """Up from the first revision with a row in it, and down again."""
    engine = make_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(tables.MIGRATIONS))
    for revision, move in (("0001", command.upgrade), ("head", command.upgrade),
                           ("0001", command.downgrade), ("head", command.upgrade)):  # fmt: skip
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            move(config, revision)
            if revision == "0001" and move is command.upgrade:
                connection.execute(text("INSERT INTO offices VALUES ('o', 'Odense', 'Vej 1')"))
                connection.execute(
                    text(
                        "INSERT INTO members (id, member_no, name, office_id, unemployed_since) "
                        "VALUES ('old', '1', 'Anna', 'o', '2026-01-01')"
                    )
                )
                connection.execute(
                    text(
                        "INSERT INTO invitations (id, member_id, kind, reason, book_by) "
                        "VALUES ('i', 'old', 'raadighed', '', '2026-12-01')"
                    )
                )
    with reading(engine) as session:
        assert find(session, "old").name == "Anna"
        assert session.execute(select(tables.invitations.c.source)).scalar_one() == "given"
