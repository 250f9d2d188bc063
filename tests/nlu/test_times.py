"""The golden table of times, and what holds of every time whatever the day."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies
from ruamel.yaml import YAML

from bot.clock import COPENHAGEN
from bot.nlu.times import TimeFound, read_times
from bot.nlu.times.words import MONTHS

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=COPENHAGEN)


def golden() -> Iterator[tuple[str, str, str]]:
    tree = YAML(typ="base").load(Path(__file__).with_name("golden_times.yml"))
    for group in tree:
        for phrase, meaning in group["phrases"].items():
            yield group["now"], phrase, meaning


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


def said(found: TimeFound) -> str:
    def short(instant: datetime | None) -> str:
        if instant is None:
            return ".."
        return instant.strftime(
            "%Y-%m-%d" if instant.strftime("%H%M") == "0000" else "%Y-%m-%dT%H:%M"
        )

    text = f"{short(found.start)}/{short(found.end)}" if found.is_interval else short(found.start)
    return f"{text} {found.grain}" + (f" or {short(found.other)}" if found.other else "")


@pytest.mark.parametrize(("now", "phrase", "meaning"), list(golden()))
def test_golden_table(now: str, phrase: str, meaning: str) -> None:
    assert " + ".join(said(found) for found in read_times(phrase, at(now))) == meaning.replace(
        "none", ""
    )


def test_golden_table_is_large_enough() -> None:
    rows = list(golden())
    assert len(rows) >= 300
    assert sum(meaning == "none" for _, _, meaning in rows) >= 60


days = strategies.dates(date(2026, 1, 1), date(2031, 12, 31))


def written(day: date) -> list[str]:
    """Twenty and more ways in which Danes write a date within the coming year."""
    d, m, y, month = day.day, day.month, day.year, MONTHS[day.month - 1]
    weekday = WEEKDAYS[day.weekday()]
    return [
        "den 24/7" if (d, m) == (24, 7) else f"{d}/{m}", f"d. {d}/{m}", f"den {d}/{m}",
        f"{d}/{m}-{y % 100:02}", f"{d}/{m} {y}",
        f"{d}/{m}/{y}", f"{d:02}/{m:02}-{y}", f"{d}-{m}-{y}", f"{d:02}-{m:02}-{y}", f"{d}.{m}.{y}",
        f"{d:02}.{m:02}.{y}", f"{d}.{m}.", f"d. {d}.{m}.", day.isoformat(), f"{d}. {month}",
        f"{d} {month}", f"den {d}. {month}", f"d. {d} {month}", f"d.{d}.{month}",
        f"{d}. {month[:3]}." if month not in ("maj", "marts") else f"{d}. {month}",
        f"den {d}. {month} {y}", f"{weekday} den {d}. {month}", f"{weekday} d. {d}/{m}",
        f"{weekday.upper()} DEN {d}. {month.upper()}", f"{weekday}, {d}. {month} {y}",
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(today=days, ahead=strategies.integers(0, 300))
def test_a_date_comes_back_however_it_is_written(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    now = datetime(today.year, today.month, today.day, 8, 0, tzinfo=COPENHAGEN)
    for text in written(day):
        found = read_times(f"kan jeg komme {text}?", now)
        assert [(each.start and each.start.date(), each.grain) for each in found] == [
            (day, "day")
        ], text


@settings(max_examples=80, deadline=None)
@given(today=days, hour=strategies.integers(0, 23), weekday=strategies.sampled_from(WEEKDAYS))
def test_a_weekday_is_within_the_next_seven_days(today: date, hour: int, weekday: str) -> None:
    now = datetime(today.year, today.month, today.day, hour, 30, tzinfo=COPENHAGEN)
    (found,) = read_times(f"på {weekday}", now)
    assert found.start is not None
    assert found.end is not None
    assert 1 <= (found.start.date() - now.date()).days <= 7
    assert WEEKDAYS[found.start.weekday()] == weekday
    assert found.end.date() - found.start.date() == timedelta(days=1)


@settings(max_examples=80, deadline=None)
@given(
    now=strategies.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1)),
    hour=strategies.integers(7, 23),
    minute=strategies.sampled_from((0, 5, 10, 15, 30, 45)),
)
def test_an_undated_clock_time_is_the_next_that_clocks_show(
    now: datetime, hour: int, minute: int
) -> None:
    here = now.replace(tzinfo=COPENHAGEN)
    (found,) = read_times(f"kl. {hour}.{minute:02}", here)
    assert found.start is not None
    assert (found.start.hour, found.start.minute) == (hour, minute)
    assert found.start >= here.replace(second=0, microsecond=0)
    assert found.start - here <= timedelta(hours=25)
    assert found.clock
    assert not found.dated


@pytest.mark.parametrize(
    ("now", "hours"), [("2027-03-27T12:00", 23), ("2027-10-30T12:00", 25), ("2027-05-05T12:00", 24)]
)
def test_a_day_has_as_many_hours_as_the_clocks_give_it(now: str, hours: int) -> None:
    (found,) = read_times("i morgen", at(now))
    assert found.start is not None
    assert found.end is not None
    assert (found.end.timestamp() - found.start.timestamp()) / 3600 == hours


def test_the_hour_that_is_skipped_in_march_is_read_as_clocks_then_go() -> None:
    (found,) = read_times("i morgen kl. 2.30 om natten", at("2027-03-27T12:00"))
    assert found.as_parsed() == {"value": "2027-03-28T03:30:00+02:00", "grain": "minute"}


def test_om_en_time_counts_real_hours_over_a_clock_change() -> None:
    (found,) = read_times("om to timer", at("2027-03-28T01:00"))
    assert found.as_parsed()["value"] == "2027-03-28T04:00:00+02:00"


def test_spans_are_code_points_of_what_was_typed() -> None:
    text = "Åh nej 😀 jeg når ikke mødet på LØRDAG kl. 10, sorry"
    (found,) = read_times(text, NOW)
    assert text[found.begin : found.stop] == "LØRDAG kl. 10"


@settings(max_examples=200, deadline=None)
@given(text=strategies.text(max_size=80))
def test_any_text_is_read_without_fault_and_spans_lie_inside_it(text: str) -> None:
    for found in read_times(text, NOW):
        assert 0 <= found.begin < found.stop <= len(text)


def test_the_entity_value_holds_half_open_bounds_and_the_contract() -> None:
    (found,) = read_times("næste torsdag kl. 10", NOW)
    assert found.as_value() == {
        "start": "2026-12-03T10:00:00+01:00",
        "end": "2026-12-03T10:01:00+01:00",
        "grain": "minute",
        "dated": True,
        "clock": True,
        "other": "2026-11-26T10:00:00+01:00",
        "parse": {"value": "2026-12-03T10:00:00+01:00", "grain": "minute"},
    }


def test_an_open_interval_has_no_bound_on_that_side() -> None:
    (found,) = read_times("inden fredag", NOW)
    assert found.as_parsed() == {"from": None, "to": "2026-11-27T00:00:00+01:00", "grain": "day"}
    assert found.as_value()["start"] is None


def test_a_message_is_read_in_under_three_milliseconds() -> None:
    texts = [phrase for _, phrase, _ in golden()]
    spent = []
    for text in texts:
        before = time.process_time()
        read_times(text, NOW)
        spent.append(time.process_time() - before)
    assert statistics.median(spent) < 0.003
