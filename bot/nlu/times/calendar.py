"""Dates relative to today: pure arithmetic on the Danish (ISO) calendar in Copenhagen time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from bot.clock import COPENHAGEN

DAY_MINUTES = 24 * 60


def moment(day: date, minutes: int = 0) -> datetime:
    """The instant a clock shows so many minutes past midnight that day; 1440 is the next midnight.

    In the hour that the clock skips in March it is the instant that hour later, as clocks then go.
    """
    days, rest = divmod(minutes, DAY_MINUTES)
    local = datetime.combine(
        day + timedelta(days=days), time(rest // 60, rest % 60), tzinfo=COPENHAGEN
    )
    return local.astimezone(timezone.utc).astimezone(COPENHAGEN)


def monday_of(day: date) -> date:
    """The Monday of the day's ISO week."""
    return day - timedelta(days=day.weekday())


def weekday_after(today: date, weekday: int) -> date:
    """The first day with that weekday (Monday 0) after today, never today itself."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def weekday_before(today: date, weekday: int) -> date:
    """The last day with that weekday before today, never today itself."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def week_numbered(today: date, number: int, year: int | None = None) -> date | None:
    """Monday of the next ISO week with that number, this week included; None if there is none.

    Week 53 is that of the next year that has one.
    """
    years = [year] if year else range(today.isocalendar()[0], today.isocalendar()[0] + 8)
    for candidate in years:
        try:
            monday = date.fromisocalendar(candidate, number, 1)
        except ValueError:
            continue
        if year or monday >= monday_of(today):
            return monday
    return None


def next_date(today: date, day: int, month: int) -> date | None:
    """The next such date, today included (29 February: in the next leap year); None if never."""
    for year in range(today.year, today.year + 9):
        found = real_date(year, month, day)
        if found and found >= today:
            return found
    return None


def next_day_of_month(today: date, day: int) -> date | None:
    """The next day with that number in its month, today included, months too short passed over."""
    for ahead in range(13):
        first = add_months(today.replace(day=1), ahead)
        found = real_date(first.year, first.month, day)
        if found and found >= today:
            return found
    return None


def real_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_months(first: date, months: int) -> date:
    """The first of the month so many months on."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
