"""Exactly once over real HTTP: repeats of a key, and many at once for one time."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from sqlalchemy import insert, select

from bot.backend import tables
from bot.backend.client import BackendClient
from bot.backend.failures import BackendRefusal
from bot.database import reading, writing

from .asking import at, live, refused
from .conftest import Backend


def test_a_repeat_has_the_note_and_the_key_has_it_not(backend: Backend) -> None:
    client = backend.client()
    give = lambda: client.afbud("m1", "x1", "illness", key="p1", note="ondt i knæet")  # noqa: E731
    first = give()
    assert first.meeting.afbud is not None
    assert first.meeting.afbud.note == "ondt i knæet"
    assert give() == first
    with reading(backend.engine) as session:
        kept = session.execute(select(tables.idempotency_keys.c.answer)).scalar_one()
    assert kept["receipt"] == first.receipt
    assert "knæet" not in str(kept)


def test_twenty_parallel_repeats_are_one_change(backend: Backend) -> None:
    time = at(backend, "2026-12-01T13:30")

    def yes(_number: int) -> str:
        client = backend.client(deadline=30)
        return client.afbud("m1", "x1", "illness", key="proposal", new_time=time).json()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(yes, range(20)))
    assert len(answers) == 1
    client = backend.client()
    assert len(client.log("m1")) == len(client.inbox("m1")) == 1
    assert len(live(backend)) == 2


def test_a_key_names_one_call(backend: Backend) -> None:
    client = backend.client()
    first, second = (at(backend, when) for when in ("2026-12-03T09:00", "2026-12-04T09:00"))
    booked = client.book("m1", first, "in_person", key="p1")
    assert client.book("m1", first, "in_person", key="p1") == booked
    assert refused(lambda: client.book("m1", second, "in_person", key="p1")) == (409, "key_reused")
    assert refused(lambda: client.move("m1", "x1", first, key="p1")) == (409, "key_reused")


def test_a_refusal_stays_the_answer_of_its_key(backend: Backend) -> None:
    client, other = backend.client(), backend.client("member:m2")
    time = at(backend, "2026-11-26T09:00")
    taken = other.book("m2", time, "in_person", key="other")
    assert refused(lambda: client.book("m1", time, "in_person", key="p1")) == (409, "time_taken")
    other.afbud("m2", taken.meeting.id, "illness", key="other2")
    assert refused(lambda: client.book("m1", time, "in_person", key="p1")) == (409, "time_taken")
    assert client.book("m1", time, "in_person", key="p2").meeting.status == "booked"


def test_fifty_members_race_for_one_time(backend: Backend) -> None:
    """All at once: one wins, 49 hear that it is taken, and each of them gets another time after it."""
    with writing(backend.engine) as session:
        session.execute(
            insert(tables.members),
            [
                {"id": f"r{number}", "member_no": f"9{number}", "name": f"Medlem {number}",
                 "office_id": "odense", "unemployed_since": date(2026, 6, 1)}
                for number in range(50)
            ],
        )  # fmt: skip
    time, ready = at(backend, "2026-12-01T09:00"), Barrier(50)

    def take(number: int) -> str:
        client: BackendClient = backend.client(f"member:r{number}", deadline=60)
        ready.wait()
        try:
            client.book(f"r{number}", time, "in_person", key=f"k{number}")
        except BackendRefusal as refusal:
            offered = {one.id for one in client.times(f"r{number}", kind="raadighed")}
            assert offered
            assert time not in offered
            return refusal.code
        return "booked"

    with ThreadPoolExecutor(50) as pool:
        answers = Counter(pool.map(take, range(50)))
    assert answers == {"booked": 1, "time_taken": 49}
    with reading(backend.engine) as session:
        held = select(tables.meetings.c.id).where(
            tables.meetings.c.time_id == time, tables.meetings.c.status == "booked"
        )
        assert len(session.execute(held).all()) == 1
