"""The odd days of the calendar: in the database, in JSON, in text and in the calendar file."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import text

from bot.backend import times
from bot.backend.members import find
from bot.backend.seed import seed
from bot.backend.work import House
from bot.clock import COPENHAGEN, FrozenClock
from bot.database import make_engine, reading
from bot.profile import Profile, load_profile

from .asking import refused
from .conftest import Backend, local

PEOPLE = """
offices: [{id: o, name: "Odense", address: "Havnegade 1"}]
advisers: [{id: a1, name: "Mette", office: o}, {id: a2, name: "Jens", office: o}]
members: [{id: m1, member_no: "1", name: "Anna", office: o, unemployed_since: "2026-01-01"}]
"""


def seeded(backend: Backend, folder: Path, now: str, rest: str) -> None:
    """The running back end at that local time, with the rest of a seed file."""
    path = folder / "days.yml"
    path.write_text(PEOPLE + rest, "utf-8")
    backend.clock.instant = local(now)
    seed(backend.engine, path, backend.clock, backend.profile, reset=True)


@pytest.mark.parametrize(
    ("start", "utc", "said"),
    [
        ("2026-10-24T10:00", "2026-10-24 08:00", "lørdag den 24. oktober 2026 kl. 10.00"),
        ("2026-10-25T10:00", "2026-10-25 09:00", "søndag den 25. oktober 2026 kl. 10.00"),
        ("2026-10-25T02:30+02:00", "2026-10-25 00:30", "søndag den 25. oktober 2026 kl. 02.30"),
        ("2026-10-25T02:30+01:00", "2026-10-25 01:30", "søndag den 25. oktober 2026 kl. 02.30"),
        ("2026-12-28T09:00", "2026-12-28 08:00", "mandag den 28. december 2026 kl. 09.00"),
        ("2026-12-31T23:30", "2026-12-31 22:30", "torsdag den 31. december 2026 kl. 23.30"),
        ("2027-01-01T00:15", "2026-12-31 23:15", "fredag den 1. januar 2027 kl. 00.15"),
        ("2027-03-27T10:00", "2027-03-27 09:00", "lørdag den 27. marts 2027 kl. 10.00"),
        ("2027-03-28T03:00", "2027-03-28 01:00", "søndag den 28. marts 2027 kl. 03.00"),
        ("2028-02-29T09:00", "2028-02-29 08:00", "tirsdag den 29. februar 2028 kl. 09.00"),
    ],
)
def test_a_meeting_on_an_odd_day(
    backend: Backend, tmp_path: Path, start: str, utc: str, said: str
) -> None:
    seeded(
        backend, tmp_path, "2026-10-20T09:00",
        f'meetings: [{{id: x1, member: m1, kind: raadighed, start: "{start}", minutes: 45, adviser: a1}}]',
    )  # fmt: skip
    client = backend.client()
    with backend.engine.connect() as connection:
        kept = connection.execute(text("SELECT starts_at FROM meetings")).scalar_one()
    assert str(kept).startswith(utc)
    meeting = client.meetings("m1")[0]
    assert meeting.start == datetime.fromisoformat(utc).replace(tzinfo=timezone.utc)
    assert meeting.end - meeting.start == timedelta(minutes=45)
    client.change_format("m1", "x1", "digital", key="p1")
    assert (
        f"Din rådighedssamtale {said} bliver nu holdt digitalt hos Mette."
        in client.inbox("m1")[0].text
    )
    day = date.fromisoformat(start[:10])
    assert meeting.start.astimezone(COPENHAGEN).date() == day
    [event] = Calendar.from_ical(client.ics("m1", "x1")).walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    wall = datetime.fromisoformat(start).replace(tzinfo=None)
    assert event["DTSTART"].to_ical().decode() == f"{wall:%Y%m%dT%H%M%S}"


def test_week_53_and_new_year_in_free_times(backend: Backend, tmp_path: Path) -> None:
    """A time every day at 10 over week 53: none on the closing days, all at 10 on the wall."""
    seeded(
        backend, tmp_path, "2026-12-20T12:00",
        'times: [{office: o, adviser: a1, kinds: [raadighed], formats: [digital], '
        'start: "2026-12-21 10:00", minutes: 45, repeat: {every: 1d, count: 15}}]',
    )  # fmt: skip
    days = [time.start.date() for time in backend.client().times("m1", limit=100)]
    closed = {date(2026, 12, day) for day in (24, 25, 26, 31)} | {date(2027, 1, 1)}
    every = {date(2026, 12, 21) + timedelta(days=number) for number in range(15)}
    assert days == sorted(every - closed)
    assert {day.isocalendar()[1] for day in days} == {52, 53, 1}
    in_53 = backend.client().times(
        "m1", start=local("2026-12-28T00:00"), end=local("2027-01-04T00:00")
    )
    assert [time.start.date().day for time in in_53] == [28, 29, 30, 2, 3]


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-10-25", 25), ("2027-03-28", 23), ("2028-02-29", 24)]
)
def test_a_whole_day_is_as_long_as_it_is(
    backend: Backend, tmp_path: Path, day: str, hours: int
) -> None:
    before, after = (date.fromisoformat(day) + timedelta(days=step) for step in (-1, 1))
    seeded(
        backend, tmp_path, "2026-10-20T09:00",
        "times:\n" + "".join(
            f'  - {{office: o, adviser: a{1 + number % 2}, kinds: [raadighed], formats: [digital], '
            f'start: "{when}", minutes: 15}}\n'
            for number, when in enumerate(
                [f"{before} 23:45", f"{day} 00:00", f"{day} 23:45", f"{after} 00:00"]
            )
        ),
    )  # fmt: skip
    open_daily = backend.profile.copy(update={"holidays": None})  # 28 March 2027 is Easter Sunday
    with reading(backend.engine) as session:
        found = times.free(
            session, open_daily, find(session, "m1"), backend.clock.now(),
            start=local(day), end=local(str(after)),
        )  # fmt: skip
    assert len(found) == 2
    assert found[1].start - found[0].start == timedelta(hours=hours, minutes=-15)


@pytest.mark.parametrize(
    ("profile", "day", "closed"),
    [
        ("standard", "2027-03-25", True),  # skærtorsdag
        ("standard", "2027-03-29", True),  # 2. påskedag
        ("standard", "2027-04-23", False),  # store bededag is no more
        ("standard", "2028-02-29", False),
        ("standard", "2029-12-24", True),  # its own, every year
        ("standard", "2026-12-23", False),
        ("fjord", "2031-12-23", True),
    ],
)
def test_closing_days(profile: str, day: str, closed: bool) -> None:
    assert load_profile(profile).is_closed(date.fromisoformat(day)) is closed


def test_a_closed_day_can_not_be_booked_either(backend: Backend, tmp_path: Path) -> None:
    seeded(
        backend, tmp_path, "2027-03-20T12:00",
        'times: [{office: o, adviser: a1, kinds: [raadighed], formats: [digital], '
        'start: "2027-03-25 10:00", minutes: 45}]',
    )  # fmt: skip
    assert backend.client().times("m1") == []
    with reading(backend.engine) as session:
        id = session.execute(text("SELECT id FROM times")).scalar_one()
    call = lambda: backend.client().book("m1", id, "digital", key="p1")  # noqa: E731
    assert refused(call) == (409, "time_taken")


@pytest.mark.parametrize(("part", "hours"), [("morning", {9, 10}), ("afternoon", {13, 15})])
def test_times_of_a_part_of_the_day(house: House, part: times.Part, hours: set[int]) -> None:
    with reading(house.engine) as session:
        member = find(session, "m1")
        found = times.free(
            session, house.profile, member, house.clock.now(), "raadighed", part=part, limit=50
        )
    assert {one.start.astimezone(COPENHAGEN).hour for one in found} == hours


def test_closed_and_other_times_are_passed_over_page_by_page(tmp_path: Path) -> None:
    """More closed days in a row than a page has rows, and a limit in the middle of a page."""
    own: Profile = load_profile("standard").copy(
        update={"closing_days": tuple(date(2027, 2, 1) + timedelta(days=n) for n in range(60))}
    )
    path = tmp_path / "many.yml"
    path.write_text(
        PEOPLE + 'times: [{office: o, adviser: a1, kinds: [raadighed], formats: [digital], '
        'start: "2027-02-01 08:00", minutes: 15, repeat: {every: 1d, count: 70, '
        'at: ["08:00", "08:15", "08:30"]}}]', "utf-8",
    )  # fmt: skip
    clock = FrozenClock(local("2027-01-31T12:00"))
    engine = make_engine(f"sqlite:///{tmp_path / 'many.db'}")
    seed(engine, path, clock, own)
    with reading(engine) as session:
        member = find(session, "m1")
        first = times.free(session, own, member, clock.now(), limit=4)
        every = times.free(session, own, member, clock.now(), limit=1000)
    assert [one.id for one in first] == [one.id for one in every[:4]]
    assert len({one.id for one in every}) == len(every) == 30
    assert every[0].start == local("2027-04-02T08:00")
