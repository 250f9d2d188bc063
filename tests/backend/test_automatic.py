"""The automatic course against a real database: called in when it is time, once, never on loading day."""

from __future__ import annotations

import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.backend import automatic, course, inbox, tables
from bot.backend.automatic import call_in_due_members
from bot.backend.contract import Course
from bot.backend.inbox import load_texts
from bot.backend.log import of_member
from bot.backend.seed import seed
from bot.backend.upkeep import Upkeep
from bot.backend.work import House
from bot.clock import FrozenClock
from bot.database import make_engine, reading
from bot.profile import load_profile

from .conftest import SEED, local

PEOPLE = """
offices: [{id: o, name: "Odense", address: "Havnegade 1"}]
advisers: [{id: a1, name: "Mette", office: o}, {id: a2, name: "Jens", office: o}]
members:
  - {id: new, member_no: "1", name: "Ny", office: o, unemployed_since: "2026-09-01"}
  - {id: half, member_no: "2", name: "Halv", office: o, unemployed_since: "2026-03-20"}
  - {id: long, member_no: "3", name: "Lang", office: o, unemployed_since: "2025-01-01"}
times:
  - {office: o, adviser: a1, kinds: [raadighed], formats: [in_person, digital], start: "2026-09-02 09:00", minutes: 30, repeat: {every: 1wd, count: 60}}
  - {office: o, adviser: a2, kinds: [cv], formats: [in_person], start: "2026-09-02 09:00", minutes: 60, repeat: {every: 1wd, count: 60, at: ["09:00", "11:00"]}}
"""  # noqa: E501
"""`new` is to have the CV-samtale by the 15th, `half` the first rådighedssamtale by the 20th."""


@pytest.fixture
def calls(tmp_path: Path) -> Any:
    """A house of that profile with PEOPLE, loaded on 1 September 2026 at noon."""

    def made(profile: str = "standard") -> House:
        path = tmp_path / "people.yml"
        path.write_text(PEOPLE, "utf-8")
        engine = make_engine(f"sqlite:///{tmp_path / profile}.db")
        house = House(
            engine, FrozenClock(local("2026-09-01T12:00")), load_profile(profile), load_texts()
        )
        seed(engine, path, house.clock, house.profile)
        return house

    return made


def on(house: House, when: str) -> int:
    house.clock.instant = local(when)  # type: ignore[attr-defined]
    return call_in_due_members(house)


def course_of(house: House, member: str) -> Course:
    with reading(house.engine) as session:
        return course.course(session, house.profile, member, house.clock.now())


def step_states(house: House, member: str) -> list[str]:
    with reading(house.engine) as session:
        found = course.course_steps(session, house.profile, member, house.clock.now())
    return [f"{one.kind}:{one.number} {one.status}" for one in found]


def test_what_is_loaded_is_what_they_have(calls: Any) -> None:
    house: House = calls()
    assert on(house, "2026-09-01T12:00") == 0
    assert on(house, "2026-09-01T23:59") == 0
    for member in ("new", "half", "long"):
        found = course_of(house, member)
        assert (found.next, found.invitations, found.meetings) == (None, [], [])


def test_the_cv_samtale_comes_as_a_call_in_with_a_time(calls: Any) -> None:
    house: House = calls()
    assert on(house, "2026-09-02T00:05") == 2
    found = course_of(house, "new")
    [meeting] = found.meetings
    assert (meeting.kind, meeting.format, meeting.start) == (
        "cv", "in_person", local("2026-09-07T09:00"),  # three days' notice, and then a weekend
    )  # fmt: skip
    assert [one.status for one in found.invitations] == ["booked"]
    assert found.next is None
    with reading(house.engine) as session:
        [message] = inbox.messages(session, "new")
        [row] = of_member(session, "new")
    assert message.text == (
        "Du er indkaldt til CV- og vejledningssamtale mandag den 7. september 2026 kl. 09.00 i "
        f"Odense, Havnegade 1 hos Jens. Kvittering: {row.receipt}."
    )
    assert (row.actor, row.action) == ("system", "invite")
    assert step_states(house, "new") == [
        "cv:1 booked", "raadighed:1 later", "raadighed:2 later",
    ]  # fmt: skip


def test_it_is_time_to_book_the_raadighedssamtale(calls: Any) -> None:
    house: House = calls()
    on(house, "2026-09-02T09:00")
    found = course_of(house, "half")
    assert found.next is not None
    assert (found.next.kind, found.next.book_by) == ("raadighed", date(2026, 9, 20))
    with reading(house.engine) as session:
        [message] = inbox.messages(session, "half")
    assert message.text.startswith(
        "Du skal booke en rådighedssamtale senest søndag den 20. september 2026. Kvittering:"
    )
    assert step_states(house, "half")[1] == "raadighed:1 invited"


def test_once_however_often_it_is_looked_at(calls: Any) -> None:
    house: House = calls()
    assert on(house, "2026-09-02T09:00") == 2
    for day in range(2, 30):
        assert on(house, f"2026-09-{day:02}T15:00") == 0, day
    assert step_states(house, "long") == ["cv:1 before", "raadighed:1 before", "raadighed:2 before"]


def test_parallel_looks_call_in_once(calls: Any) -> None:
    house: House = calls()
    house.clock.instant = local("2026-09-02T09:00")  # type: ignore[attr-defined]
    threads = [threading.Thread(target=call_in_due_members, args=(house,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(house.engine) as session:
        made = session.execute(select(func.count()).select_from(tables.invitations)).scalar_one()
    assert made == 2


def test_without_a_free_time_it_stays_due_until_there_is_one(calls: Any, tmp_path: Path) -> None:
    house: House = calls()
    with house.engine.begin() as connection:
        connection.execute(tables.times.update().values(offered=False))
    assert on(house, "2026-09-02T09:00") == 1
    assert step_states(house, "new")[0] == "cv:1 due"
    with house.engine.begin() as connection:
        connection.execute(tables.times.update().values(offered=True))
    assert on(house, "2026-09-02T09:20") == 1
    assert step_states(house, "new")[0] == "cv:1 booked"


def test_another_profile_calls_in_in_its_own_way(calls: Any) -> None:
    """Fjord: the welcome is booked by the member, rådighedssamtaler come with a time in person."""
    house: House = calls("fjord")
    on(house, "2026-09-02T09:00")
    new = course_of(house, "new")
    assert new.next is not None
    assert (new.next.kind, new.next.book_by) == ("cv", date(2026, 9, 22))
    assert course_of(house, "half").invitations[0].kind == "karriere"
    on(house, "2026-10-26T09:00")
    [meeting] = course_of(house, "half").meetings
    assert (meeting.kind, meeting.format, meeting.start) == (
        "raadighed", "in_person", local("2026-11-02T09:00"),
    )  # fmt: skip


def test_the_profile_may_turn_it_off(calls: Any) -> None:
    house: House = calls()
    still = house.profile.course.copy(update={"automatic": False})
    off = house.profile.copy(update={"course": still})
    other = House(house.engine, FrozenClock(local("2026-09-05T09:00")), off, house.texts)
    assert call_in_due_members(other) == 0


def test_more_members_than_a_batch(calls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    house: House = calls()
    monkeypatch.setattr(automatic, "BATCH", 1)
    assert on(house, "2026-09-02T09:00") == 2
    with reading(house.engine) as session:
        days = session.execute(select(tables.members.c.course_checked)).scalars().all()
    assert set(days) == {date(2026, 9, 2)}


def test_the_tests_seed_has_nothing_called_for_when_loaded(tmp_path: Path) -> None:
    for name in ("standard", "fjord"):
        engine = make_engine(f"sqlite:///{tmp_path / name}.db")
        clock = FrozenClock(local("2026-11-25T09:00"))
        house = House(engine, clock, load_profile(name), load_texts())
        seed(engine, SEED, clock, house.profile)
        assert call_in_due_members(house) == 0


def test_the_thread_does_it_by_itself_and_stops(calls: Any) -> None:
    house: House = calls()
    house.clock.instant = local("2026-09-02T09:00")  # type: ignore[attr-defined]
    upkeep = Upkeep(house, 0.05)
    upkeep.start()
    patience = time.monotonic() + 10
    while not course_of(house, "new").meetings:
        assert time.monotonic() < patience
        time.sleep(0.02)
    upkeep.stop()
    assert "upkeep" not in {thread.name for thread in threading.enumerate()}
