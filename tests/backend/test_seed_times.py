"""Time expressions of a seed file, as tables."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backend.seed_times import TimeExpressionError, day, instant, repeated
from bot.clock import COPENHAGEN, read_instant

WEDNESDAY, FRIDAY, SATURDAY = "2026-11-25T09:00", "2026-11-27T09:00", "2026-11-28T09:00"


@pytest.mark.parametrize(
    ("expression", "now", "local"),
    [
        ("+0d 09:00", WEDNESDAY, "2026-11-25T09:00"),
        ("+0d 08:00", WEDNESDAY, "2026-11-25T08:00"),
        ("-1d 23:59", WEDNESDAY, "2026-11-24T23:59"),
        ("+1d 9:30", FRIDAY, "2026-11-28T09:30"),
        ("+1wd 10:00", FRIDAY, "2026-11-30T10:00"),
        ("+1wd 10:00", SATURDAY, "2026-11-30T10:00"),
        ("+0wd 10:00", SATURDAY, "2026-11-30T10:00"),
        ("-1wd 10:00", SATURDAY, "2026-11-27T10:00"),
        ("+5wd 10:00", WEDNESDAY, "2026-12-02T10:00"),
        ("-5wd 10:00", WEDNESDAY, "2026-11-18T10:00"),
        ("+3d", WEDNESDAY, "2026-11-28T09:00"),
        ("+30min", WEDNESDAY, "2026-11-25T09:30"),
        ("-90min", WEDNESDAY, "2026-11-25T07:30"),
        ("2027-01-02T10:00", WEDNESDAY, "2027-01-02T10:00"),
        ("2027-01-02T10:00:00+00:00", WEDNESDAY, "2027-01-02T11:00"),
        # summer time ends on 25 October 2026 and begins on 28 March 2027: the clock stays
        ("+1d 10:00", "2026-10-24T12:00", "2026-10-25T10:00"),
        ("+1d 10:00", "2027-03-27T12:00", "2027-03-28T10:00"),
        # ... and minutes are real minutes
        ("+120min", "2027-03-28T01:00", "2027-03-28T04:00"),
        ("+1wd 10:00", "2026-12-31T09:00", "2027-01-01T10:00"),
        ("+1d 10:00", "2028-02-28T09:00", "2028-02-29T10:00"),
        # late in the evening it is tomorrow in Copenhagen already, in UTC not yet
        ("+0d 09:00", "2026-06-10T00:30", "2026-06-10T09:00"),
    ],
)
def test_instant(expression: str, now: str, local: str) -> None:
    assert instant(expression, read_instant(now)) == read_instant(local)


@pytest.mark.parametrize(
    "expression",
    ["", "tomorrow", "+2 wd 10:00", "+2wd 25:00", "+2wd 10:60", "2wd 10:00", "+2wd10:00",
     "+2w 10:00", "++2d", "+99999wd", "2026-13-01", "+1h", "0001-01-01T00:00+14:00"],
)  # fmt: skip
def test_bad_expressions_are_refused(expression: str) -> None:
    with pytest.raises(TimeExpressionError):
        instant(expression, read_instant("9990-01-01T10:00"))


def test_a_clock_that_summer_time_skips_is_refused() -> None:
    with pytest.raises(TimeExpressionError, match="summer time"):
        instant("+1d 02:30", read_instant("2027-03-27T12:00"))


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [("-150d", date(2026, 6, 28)), ("+10d", date(2026, 12, 5)), ("2026-12-24", date(2026, 12, 24)),
     ("+1wd 23:59", date(2026, 11, 26)), ("+960min", date(2026, 11, 26))],
)  # fmt: skip
def test_day(expression: str, wanted: date) -> None:
    assert day(expression, read_instant(WEDNESDAY)) == wanted


@pytest.mark.parametrize(
    ("start", "every", "count", "clocks", "wanted"),
    [
        (FRIDAY, "1wd", 3, [], ["2026-11-27T09:00", "2026-11-30T09:00", "2026-12-01T09:00"]),
        (SATURDAY, "1wd", 2, [], ["2026-11-28T09:00", "2026-11-30T09:00"]),
        (
            FRIDAY, "2wd", 2, ["10:00", "13:30"],
            ["2026-11-27T10:00", "2026-11-27T13:30", "2026-12-01T10:00", "2026-12-01T13:30"],
        ),
        (
            "2026-10-24T10:00", "1d", 3, [],
            ["2026-10-24T10:00", "2026-10-25T10:00", "2026-10-26T10:00"],
        ),
        (
            "2027-03-21T10:00", "7d", 2, ["09:00"],
            ["2027-03-21T09:00", "2027-03-28T09:00"],
        ),
    ],
)  # fmt: skip
def test_repeated(start: str, every: str, count: int, clocks: list[str], wanted: list[str]) -> None:
    found = repeated(read_instant(start), every, count, clocks)
    assert found == [read_instant(text) for text in wanted]


@pytest.mark.parametrize("every", ["0d", "wd", "1h", "-1d", "1 d"])
def test_bad_distances_are_refused(every: str) -> None:
    with pytest.raises(TimeExpressionError):
        repeated(read_instant(FRIDAY), every, 2, [])


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(timezone.utc)),
    count=st.integers(-300, 300),
)
def test_weekdays_are_weekdays_at_that_clock_in_order(now: datetime, count: int) -> None:
    found = instant(f"{count:+d}wd 10:00", now).astimezone(COPENHAGEN)
    assert found.weekday() < 5
    assert (found.hour, found.minute) == (10, 0)
    assert instant(f"{count + 1:+d}wd 10:00", now) >= found
    today = now.astimezone(COPENHAGEN).date()
    assert abs(found.date() - today) <= timedelta(days=abs(count) * 7 // 5 + 3)
