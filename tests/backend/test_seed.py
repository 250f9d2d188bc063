"""The seed file: every fault with its line, all or nothing, and the demo members on any day."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.backend import tables
from bot.backend.course import course
from bot.backend.log import of_member
from bot.backend.meetings import of_member as meetings_of
from bot.backend.members import find
from bot.backend.seed import is_empty, seed
from bot.backend.seed_file import Known, read
from bot.backend.seed_rows import appointments, slots
from bot.backend.times import free
from bot.backend.work import House
from bot.clock import FrozenClock
from bot.database import make_engine, migrate, reading
from bot.profile import Profile, load_profile
from bot.settings import ROOT
from bot.yaml_source import SourceError

from .conftest import NOW, SEED, local

DEMO = ROOT / "data" / "demo" / "members.yml"
STANDARD = load_profile("standard")

GOOD = {
    "offices": ['{id: o, name: "Odense", address: "Havnegade 1"}'],
    "advisers": ['{id: a1, name: "Mette", office: o}', '{id: a2, name: "Jens", office: o}'],
    "members": ['{id: m1, member_no: "1", name: "Anna", phone: "+4520000001", office: o, unemployed_since: -150d}'],  # noqa: E501
    "times": ['{office: o, adviser: a1, kinds: [raadighed], formats: [digital], start: "+1wd 10:00", minutes: 45}'],  # noqa: E501
    "meetings": ['{id: x1, member: m1, kind: raadighed, start: "+2wd 10:00", format: in_person}'],
    "invitations": ["{member: m1, kind: raadighed, book_by: +10d}"],
    "staff": ['{email: "s@a.example", name: "Sofie", password: "kun-til-udvikling"}'],
}  # fmt: skip


def written(folder: Path, **sections: list[str]) -> Path:
    """A seed file: GOOD with some sections replaced, an entry a line."""
    path = folder / "seed.yml"
    lines: list[str] = []
    for name, entries in {**GOOD, **sections}.items():
        lines += [f"{name}:", *(f"  - {entry}" for entry in entries)] if entries else []
    path.write_text("\n".join(lines), "utf-8")
    return path


def checked(path: Path, now: datetime) -> None:
    """Everything that is checked before the database is touched."""
    source = read(path, STANDARD, Known())
    slots(source, now)
    appointments(source, now, STANDARD)
    source.raise_faults()


def faults(path: Path) -> list[str]:
    with pytest.raises(SourceError) as error:
        checked(path, NOW)
    return str(error.value).splitlines()


def replaced(entry: str, old: str, new: str) -> str:
    assert old in entry
    return entry.replace(old, new)


@pytest.mark.parametrize(
    ("section", "old", "new", "line", "says"),
    [
        ("advisers", "office: o", "office: nowhere", 4, "no office 'nowhere'; there are: o"),
        ("members", "office: o", "office: x", 7, "no office 'x'"),
        ("members", '"+4520000001"', "+4520000001", 7, "quote it: \"+4520000001\""),
        ("members", "-150d", "yesterday", 7, "'yesterday' is no time"),
        ("members", "office: o", "office: o, offce: o", 7, "is not known here"),
        ("times", "adviser: a1", "adviser: a9", 9, "no adviser 'a9'; there are: a1, a2"),
        ("times", "raadighed", "radighed", 9, "allowed: cv, raadighed"),
        ("times", "[raadighed]", "[]", 9, "kinds"),
        ("times", "digital", "phone", 9, "formats"),
        ("times", "+1wd 10:00", "+1wd 25:00", 9, "from 00:00 to 23:59"),
        ("times", "minutes: 45", "minutes: 0", 9, "minutes"),
        ("times", "45}", "45, repeat: {every: 1h, count: 2}}", 9, "'1h' is no distance"),
        ("times", "45}", '45, repeat: {every: 1wd, count: 2, at: ["9"]}}', 9, "is no clock"),
        ("times", "45}", "45, repeat: {every: 1wd, count: 0}}", 9, "count"),
        ("times", "45}", '45, repeat: {every: 1wd, count: 2, at: ["10:00", "10:30"]}}', 9,
         "has two times at 2026-11-26 10:30"),
        ("meetings", "member: m1", "member: m7", 11, "no member 'm7'"),
        ("meetings", "raadighed", "samtale", 11, "is no kind of the profile's"),
        ("meetings", "+2wd", "2wd", 11, "is no time"),
        ("meetings", "in_person", "in person", 11, "in_person"),
        ("meetings", "in_person", "in_person, status: done", 11, "booked"),
        ("invitations", "+10d", "10 days", 13, "is no time"),
        ("invitations", "raadighed", "jobcenter", 13, "is no kind of the a-kasse's"),
        ("staff", "s@a.example", "sofie", 15, "email"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(
    tmp_path: Path, section: str, old: str, new: str, line: int, says: str
) -> None:
    path = written(
        tmp_path, **{section: [replaced(GOOD[section][0], old, new), *GOOD[section][1:]]}
    )
    found = faults(path)
    assert len(found) == 1
    assert found[0].startswith(f"{path}:{line}: {section}.0")
    assert says in found[0]


@pytest.mark.parametrize(
    ("section", "again", "says"),
    [
        ("offices", '{id: o, name: "B", address: "C"}', "'o' is there already, in line 2"),
        ("members", '{id: m2, member_no: "1", name: "B", office: o, unemployed_since: -1d}',
         "'1' is there already"),
        ("members", '{id: m2, member_no: "2", name: "B", phone: "+4520000001", office: o, unemployed_since: -1d}',  # noqa: E501
         "'+4520000001' is there already"),
        ("meetings", '{id: x1, member: m1, kind: cv, start: "+3wd 10:00", format: in_person}',
         "'x1' is there already"),
        ("meetings", '{id: x2, member: m1, kind: cv, start: "+2wd 10:30", format: in_person}',
         "overlaps meeting 'x1'"),
        ("times", '{office: o, adviser: a1, kinds: [cv], formats: [in_person], start: "+1wd 10:30", minutes: 60}',  # noqa: E501
         "(the other one: line 9)"),
        ("staff", '{email: "s@a.example", name: "B", password: "x"}', "is there already"),
    ],
)  # fmt: skip
def test_two_entries_that_clash(tmp_path: Path, section: str, again: str, says: str) -> None:
    found = faults(written(tmp_path, **{section: [*GOOD[section], again]}))
    assert len(found) == 1
    assert says in found[0]


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        advisers=[replaced(GOOD["advisers"][0], "office: o", "office: x"), GOOD["advisers"][1]],
        invitations=[replaced(GOOD["invitations"][0], "m1", "m9")],
        meetings=[replaced(GOOD["meetings"][0], "raadighed", "samtale")],
    )
    assert [fault.split(":")[1] for fault in faults(path)] == ["4", "11", "13"]


def test_advisers_work_in_parallel(tmp_path: Path) -> None:
    other = replaced(GOOD["times"][0], "a1", "a2")
    read(written(tmp_path, times=[*GOOD["times"], other]), STANDARD, Known()).raise_faults()


def rows(house: House) -> dict[str, int]:
    with reading(house.engine) as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        }


def test_nothing_is_half_loaded(house: House, tmp_path: Path) -> None:
    before = rows(house)
    bad = written(tmp_path, invitations=["{member: m9, kind: cv, book_by: +1d}"])
    for reset in (True, False):
        with pytest.raises(SourceError):
            seed(house.engine, bad, house.clock, house.profile, reset=reset)
    assert rows(house) == before


def test_what_is_there_already_is_a_fault_without_reset(house: House) -> None:
    before = rows(house)
    with pytest.raises(SourceError) as error:
        seed(house.engine, SEED, house.clock, house.profile)
    assert f"{SEED}:2: offices.0.id: 'odense' is in the database already" in str(error.value)
    assert rows(house) == before
    seed(house.engine, SEED, house.clock, house.profile, reset=True)
    assert rows(house) == before


def test_a_second_file_builds_on_the_first(house: House, tmp_path: Path) -> None:
    path = written(
        tmp_path, offices=[], advisers=[], members=[], staff=[], invitations=[],
        times=['{office: odense, adviser: a1, kinds: [cv], formats: [in_person], start: "+1wd 16:00", minutes: 45}'],  # noqa: E501
        meetings=['{id: new, member: m3, kind: cv, start: "+1wd 16:00", format: in_person}'],
    )  # fmt: skip
    seed(house.engine, path, house.clock, house.profile)
    with reading(house.engine) as session:
        assert [one.id for one in meetings_of(session, "m3")] == ["new"]
    busy = written(
        tmp_path, offices=[], advisers=[], members=[], staff=[], invitations=[], meetings=[],
        times=['{office: odense, adviser: a1, kinds: [cv], formats: [in_person], start: "+1wd 16:30", minutes: 45}'],  # noqa: E501
    )  # fmt: skip
    with pytest.raises(SourceError, match="in the database already"):
        seed(house.engine, busy, house.clock, house.profile)
    clash = written(
        tmp_path, offices=[], advisers=[], members=[], staff=[], invitations=[], times=[],
        meetings=['{id: y, member: m1, kind: cv, start: "+3wd 10:30", format: in_person}'],
    )  # fmt: skip
    with pytest.raises(SourceError, match="overlaps a meeting that the member has in the database"):
        seed(house.engine, clash, house.clock, house.profile)


def test_a_meeting_takes_the_matching_time_or_one_that_is_never_offered(
    tmp_path: Path, profile: Profile
) -> None:
    engine, clock = make_engine(f"sqlite:///{tmp_path / 'b.db'}"), FrozenClock(NOW)
    line = GOOD["times"][0]
    path = written(
        tmp_path,
        times=[line, replaced(line, "+1wd", "+2wd"), replaced(line, "+1wd", "+3wd")],
        meetings=[
            '{id: fits, member: m1, kind: raadighed, start: "+1wd 10:00", format: digital}',
            '{id: own, member: m1, kind: raadighed, start: "+2wd 10:15", format: digital, adviser: a1}',
        ],
    )
    seed(engine, path, clock, profile)
    with reading(engine) as session:
        own = {one.id: one for one in meetings_of(session, "m1")}
        assert own["fits"].adviser == "Mette"
        offered = free(session, profile, find(session, "m1"), NOW)
        assert [time.start for time in offered] == [local("2026-11-30T10:00")]


def test_iso_times_and_what_yaml_reads_as_times(tmp_path: Path, profile: Profile) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'b.db'}")
    starts = ["2026-12-01T10:00:00", "2026-12-02T10:00:00+00:00", '"2026-12-03 10:00"']
    seed(
        engine,
        written(
            tmp_path, times=[], invitations=["{member: m1, kind: cv, book_by: 2026-12-01}"],
            meetings=[
                f"{{id: x{number}, member: m1, kind: cv, start: {start}, format: in_person}}"
                for number, start in enumerate(starts)
            ],
        ),
        FrozenClock(NOW), profile,
    )  # fmt: skip
    with reading(engine) as session:
        found = course(session, profile, "m1", NOW)
    assert [one.start for one in found.meetings] == [
        local("2026-12-01T10:00"), local("2026-12-02T11:00"), local("2026-12-03T10:00"),
    ]  # fmt: skip
    assert found.invitations[0].book_by == date(2026, 12, 1)


def test_is_empty(tmp_path: Path, profile: Profile) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'b.db'}")
    migrate(engine, tables.MIGRATIONS)
    assert is_empty(engine)
    loaded = seed(engine, DEMO, FrozenClock(NOW), profile)
    assert not is_empty(engine)
    assert (loaded.members, loaded.times, loaded.meetings, loaded.invitations) == (8, 251, 8, 2)
    assert all(len(one.password) >= 12 for one in loaded.staff)


@settings(max_examples=8, deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(timezone.utc)))
def test_the_demo_members_load_at_any_time(now: datetime) -> None:
    checked(DEMO, now)


def test_the_demo_members_are_in_their_situations(tmp_path: Path, profile: Profile) -> None:
    engine, clock = make_engine(f"sqlite:///{tmp_path / 'b.db'}"), FrozenClock(NOW)
    seed(engine, DEMO, clock, profile)

    def live(member: str) -> list[tuple[str, str]]:
        with reading(engine) as session:
            return [
                (one.owner, str(one.start.date()))
                for one in meetings_of(session, member)
                if one.status == "booked"
            ]

    def offered(member: str, until: date) -> list[Any]:
        end = local(f"{until + timedelta(days=1)}T00:00")
        with reading(engine) as session:
            who = find(session, member)
            return free(session, profile, who, NOW, kind="raadighed", end=end)

    assert live("m1") == [("akasse", "2026-11-26")]
    assert [owner for owner, _ in live("m2")] == ["akasse", "jobcenter"]
    assert [owner for owner, _ in live("m3")] == ["akasse", "akasse"]
    assert live("m4") == live("m6") == live("m8") == []
    assert live("m7") == [("akasse", "2026-11-25")]
    with reading(engine) as session:
        steps = {one: course(session, profile, one, NOW).next for one in ("m4", "m6", "m8")}
        assert of_member(session, "m1") == []
    assert steps["m6"] is None
    assert steps["m4"] is not None
    assert steps["m8"] is not None
    assert offered("m4", steps["m4"].book_by)
    assert not offered("m8", steps["m8"].book_by)
