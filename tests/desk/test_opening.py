"""Opening hours of the profile as instants: weekdays, holidays, summer time, minutes that count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import read_instant
from bot.desk.opening import Opening
from bot.profile import load_profile

OPENING = Opening(load_profile("standard"))  # Mon-Wed 9-15.30, Thu 9-17, Fri 9-14
NEVER = Opening(
    OPENING.profile.copy(update={"support": OPENING.profile.support.copy(update={"hours": {}})})
)


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        ("2026-11-25T09:00", True, "2026-11-25T09:00"),
        ("2026-11-25T15:29:59", True, "2026-11-25T15:29:59"),
        ("2026-11-25T15:30", False, "2026-11-26T09:00"),
        ("2026-11-25T08:59", False, "2026-11-25T09:00"),
        ("2026-11-26T16:59", True, "2026-11-26T16:59"),
        ("2026-11-27T14:00", False, "2026-11-30T09:00"),  # Friday: over the week-end
        ("2026-11-28T12:00", False, "2026-11-30T09:00"),
        ("2026-12-23T15:45", False, "2026-12-28T09:00"),  # closing days and Christmas
        ("2026-04-02T10:00", False, "2026-04-07T09:00"),  # Maundy Thursday to Easter Monday
    ],
)
def test_open_and_the_next_opening(at: str, is_open: bool, opens: str) -> None:
    assert OPENING.is_open(read_instant(at)) is is_open
    assert OPENING.next_opening(read_instant(at)) == read_instant(opens)


@pytest.mark.parametrize(
    ("at", "minutes", "then"),
    [
        ("2026-11-25T09:00", 20, "2026-11-25T09:20"),
        ("2026-11-25T15:20", 20, "2026-11-26T09:10"),
        ("2026-11-25T15:10", 20, "2026-11-25T15:30"),
        ("2026-11-27T18:00", 30, "2026-11-30T09:30"),
        ("2026-11-25T09:00", 6.5 * 60 + 8 * 60 + 1, "2026-11-27T09:01"),
    ],
)
def test_after_so_many_minutes_of_opening(at: str, minutes: float, then: str) -> None:
    assert OPENING.after(read_instant(at), minutes) == read_instant(then)
    assert OPENING.minutes_between(read_instant(at), read_instant(then)) == minutes


def test_hours_are_local_in_summer_and_winter() -> None:
    for day in (date(2026, 10, 22), date(2026, 10, 29)):
        hours = OPENING.hours(day)
        assert hours is not None
        assert hours[0] == read_instant(f"{day}T09:00")


def test_a_desk_that_never_opens_says_so() -> None:
    at = read_instant("2026-11-25T09:00")
    assert not NEVER.is_open(at)
    assert NEVER.next_opening(at) is None
    assert NEVER.after(at, 1) is None
    assert NEVER.minutes_between(at, at + timedelta(days=9)) == 0


@given(
    start=st.datetimes(
        min_value=read_instant("2026-01-01").replace(tzinfo=None),
        max_value=read_instant("2027-06-01").replace(tzinfo=None),
    ),
    minutes=st.integers(1, 3000),
)
def test_minutes_after_and_between_are_each_others_inverse(start, minutes) -> None:
    at = read_instant(start.isoformat())
    then = OPENING.after(at, minutes)
    assert then is not None
    assert OPENING.minutes_between(at, then) == pytest.approx(minutes)
