"""The steps of the course, as tables: both profiles, every month's end, and what fills a step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backend.contract import Meeting
from bot.backend.rules import Call
from bot.backend.steps import last_day, standings, steps, to_call
from bot.profile import load_profile

from .conftest import local

STANDARD, FJORD = load_profile("standard"), load_profile("fjord")
SINCE = date(2026, 1, 15)
LONG_AGO = date(2000, 1, 1)


def meeting(kind: str, day: str, status: Any = "held", id: str = "x") -> Meeting:
    start = local(f"{day}T10:00")
    return Meeting(
        id=id, kind=kind, owner="akasse", start=start, end=start + timedelta(minutes=45),
        format="in_person", place=None, adviser=None, status=status,
    )  # fmt: skip


def stands(
    today: str,
    *had: Meeting,
    calls: tuple[Call, ...] = (),
    since: date = SINCE,
    begun: date = LONG_AGO,
    profile: Any = STANDARD,
) -> list[str]:
    found = standings(since, profile, had, calls, date.fromisoformat(today), begun)
    return [f"{one.step.name} {one.status}" for one in found]


def called(
    today: str, *had: Meeting, calls: tuple[Call, ...] = (), begun: date = LONG_AGO,
    since: date = SINCE, profile: Any = STANDARD,
) -> list[str]:  # fmt: skip
    on = date.fromisoformat(today)
    found = standings(since, profile, had, calls, on, begun)
    return [step.name for step in to_call(found, calls, had, on)]


def test_the_standard_profile() -> None:
    assert [(one.name, str(one.opens), str(one.due)) for one in steps(SINCE, STANDARD)] == [
        ("cv:1", "2026-01-15", "2026-01-29"),
        ("raadighed:1", "2026-06-24", "2026-07-15"),
        ("raadighed:2", "2026-07-24", "2026-08-14"),
    ]


def test_another_profile_with_other_kinds() -> None:
    assert [(one.name, str(one.opens), str(one.due)) for one in steps(SINCE, FJORD)] == [
        ("cv:1", "2026-01-15", "2026-02-05"),
        ("raadighed:1", "2026-04-17", "2026-05-15"),
        ("karriere:1", "2026-05-18", "2026-06-15"),
        ("karriere:2", "2026-06-17", "2026-07-15"),
        ("raadighed:2", "2026-08-18", "2026-09-15"),
        ("raadighed:3", "2026-12-18", "2027-01-15"),
    ]


@pytest.mark.parametrize(
    ("since", "mark"),
    [("2027-08-31", "2028-02-29"), ("2026-08-31", "2027-02-28"), ("2028-02-29", "2028-08-29"),
     ("2026-06-30", "2026-12-30"), ("2026-07-01", "2027-01-01")],
)  # fmt: skip
def test_months_end_where_the_month_does(since: str, mark: str) -> None:
    first = next(
        one for one in steps(date.fromisoformat(since), STANDARD) if one.name == "raadighed:1"
    )
    assert str(first.due) == mark


CV = meeting("cv", "2026-01-25", id="c")
FIRST = meeting("raadighed", "2026-07-10", id="r1")
OPEN = Call("i", "raadighed", date(2026, 7, 15), covered=False)


@pytest.mark.parametrize(
    ("today", "had", "calls", "wanted"),
    [
        ("2026-01-15", (), (), "due later later"),
        ("2026-03-01", (CV,), (), "held later later"),
        ("2026-06-23", (CV,), (), "held later later"),
        ("2026-06-24", (CV,), (), "held due later"),
        ("2026-06-24", (CV,), (OPEN,), "held invited later"),
        ("2026-07-16", (CV,), (OPEN,), "held expired later"),
        ("2026-06-24", (CV, meeting("raadighed", "2026-07-10", "booked")), (), "held booked later"),
        ("2026-07-23", (CV, FIRST), (), "held held later"),
        ("2026-07-24", (CV, FIRST), (), "held held due"),
        ("2026-07-24", (CV, meeting("raadighed", "2026-07-10", "missed")), (), "held missed due"),
        ("2026-07-24", (CV, meeting("raadighed", "2026-07-10", "cancelled")), (), "held due later"),
        ("2026-07-24", (CV, meeting("raadighed", "2026-07-30", "booked")), (), "held booked later"),
    ],
)
def test_where_each_step_stands(
    today: str, had: tuple[Meeting, ...], calls: tuple[Call, ...], wanted: str
) -> None:
    assert [one.split()[1] for one in stands(today, *had, calls=calls)] == wanted.split()


def test_a_call_in_because_of_doubt_is_beside_the_course() -> None:
    doubt = Call("i", "raadighed", date(2026, 3, 1), True, meeting="d", source="staff")
    had = (CV, meeting("raadighed", "2026-03-01", id="d"))
    assert stands("2026-06-24", *had, calls=(doubt,))[1] == "raadighed:1 due"
    assert called("2026-06-24", *had, calls=(doubt,)) == ["raadighed:1"]


def test_a_meeting_fills_the_step_that_it_was_called_to() -> None:
    second = Call(
        "i", "raadighed", date(2026, 8, 14), True, meeting="r2", source="course", step="raadighed:2"
    )
    had = (meeting("raadighed", "2026-08-01", id="r2"),)
    assert stands("2026-08-10", *had, calls=(second,), begun=date(2026, 8, 1)) == [
        "cv:1 before", "raadighed:1 before", "raadighed:2 held",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("today", "begun", "wanted"),
    [
        ("2026-06-24", "2026-06-24", []),  # the day on which the records are loaded
        ("2026-06-25", "2026-06-24", ["raadighed:1"]),
        ("2026-07-15", "2026-07-14", ["raadighed:1"]),
        ("2026-07-17", "2026-07-16", []),  # it was over by then: what happened is not known here
        ("2026-07-24", "2026-07-16", ["raadighed:2"]),
        ("2026-01-20", "2026-01-20", []),
        ("2026-01-21", "2026-01-20", ["cv:1"]),
    ],
)
def test_records_that_began_in_the_middle(today: str, begun: str, wanted: list[str]) -> None:
    assert called(today, begun=date.fromisoformat(begun)) == wanted


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        (OPEN, []),
        (Call("i", "raadighed", date(2026, 5, 1), False), []),  # it ran out: staff call in anew
        (Call("i", "raadighed", date(2026, 5, 1), False, source="staff"), []),
        (Call("i", "raadighed", date(2026, 5, 1), True, "d", "staff"), ["raadighed:1"]),
        (Call("i", "cv", date(2026, 8, 1), False), ["raadighed:1"]),
    ],
)
def test_nothing_is_called_for_while_something_is_under_way(call: Call, wanted: Any) -> None:
    assert called("2026-06-24", CV, calls=(call,)) == wanted


def test_the_member_has_days_enough() -> None:
    first = next(one for one in steps(SINCE, STANDARD) if one.name == "raadighed:1")
    assert last_day(first, STANDARD, date(2026, 6, 24)) == date(2026, 7, 15)
    assert last_day(first, STANDARD, date(2026, 7, 10)) == date(2026, 7, 24)


@given(
    st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.integers(0, 500),
    st.lists(st.tuples(
        st.sampled_from(["cv", "raadighed", "karriere"]), st.integers(0, 500),
        st.sampled_from(["held", "missed", "booked", "cancelled"]),
    ), max_size=6),
    st.sampled_from([STANDARD, FJORD]), st.one_of(st.none(), st.integers(0, 500)),
)  # fmt: skip
def test_whatever_was_held(
    since: date, days: int, had: list[Any], profile: Any, begun: Optional[int]
) -> None:
    """Every step has one standing, no meeting fills two, and at most one call a kind is made."""
    meetings = [
        meeting(kind, str(since + timedelta(days=after)), status, id=f"x{number}")
        for number, (kind, after, status) in enumerate(had)
    ]
    today = since + timedelta(days=days)
    from_day = LONG_AGO if begun is None else since + timedelta(days=begun)
    found = standings(since, profile, meetings, (), today, from_day)
    assert [one.step for one in found] == steps(since, profile)
    filled = [one.meeting for one in found if one.meeting]
    assert len(filled) == len(set(filled))
    calls = to_call(found, (), meetings, today)
    assert len(calls) == len({step.kind for step in calls})
    assert all(step.opens <= today and step.due >= from_day for step in calls)
