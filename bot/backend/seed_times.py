"""The time expressions of a seed file, against the domain clock: `+2wd 10:00`, `-90min`, `-150d`, ISO.

`d` are days, `wd` are Monday to Friday: `+1wd` on a Friday or at a weekend is Monday, and `+0wd` at a
weekend is Monday too. Clocks are Copenhagen's and stay the same over a change to or from summer time.
Without a clock an instant keeps the present one.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

from bot.clock import COPENHAGEN, read_instant

GRAMMAR = "'+2wd 10:00', '-3d', '-30min' or ISO 8601"

_DAYS = re.compile(r"^([+-])(\d{1,5})(d|wd)(?: (\d{1,2}):(\d{2}))?$")
_MINUTES = re.compile(r"^([+-])(\d{1,7})min$")
_EVERY = re.compile(r"^(\d{1,4})(d|wd)$")
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})$")
_SATURDAY = 5


class TimeExpressionError(ValueError):
    """Not an expression of the grammar, or a clock that this day does not have."""


def instant(expression: str, now: datetime) -> datetime:
    """The aware UTC instant that an expression means at `now`. Raises TimeExpressionError."""
    minutes = _MINUTES.match(expression)
    if minutes:
        sign, count = minutes.groups()
        return now.replace(microsecond=0) + timedelta(minutes=int(sign + count))
    local = now.astimezone(COPENHAGEN)
    days = _DAYS.match(expression)
    if days:
        sign, count, unit, hour, minute = days.groups()
        day = _step(local.date(), int(sign + count), unit)
        at = time(local.hour, local.minute) if hour is None else _time(hour, minute, expression)
        return at_clock(day, at)
    try:
        return read_instant(expression)
    except (ValueError, OverflowError) as error:
        raise TimeExpressionError(f"{expression!r} is no time; write {GRAMMAR}") from error


def day(expression: str, now: datetime) -> date:
    """The local day that an expression means at `now`. Raises TimeExpressionError."""
    try:
        return date.fromisoformat(expression)
    except ValueError:
        return instant(expression, now).astimezone(COPENHAGEN).date()


def repeated(start: datetime, every: str, count: int, clocks: list[str]) -> list[datetime]:
    """`count` days from start's, that one included, `every` ('1wd', '7d') apart.

    On each day at every one of `clocks` ('09:00'), or at start's own clock where there is none.
    Raises TimeExpressionError.
    """
    stride = _EVERY.match(every)
    if stride is None or int(stride.group(1)) == 0:
        raise TimeExpressionError(f"{every!r} is no distance; write '1wd' or '7d'")
    local = start.astimezone(COPENHAGEN)
    at = [clock(text) for text in clocks] or [local.time()]
    found, on = [], local.date()
    for _ in range(count):
        found += [at_clock(on, each) for each in at]
        on = _step(on, int(stride.group(1)), stride.group(2))
    return found


def clock(text: str) -> time:
    """'09:00' to a local time of day. Raises TimeExpressionError."""
    parts = _CLOCK.match(text)
    if parts is None:
        raise TimeExpressionError(f"{text!r} is no clock; write '09:00'")
    return _time(parts.group(1), parts.group(2), text)


def at_clock(on: date, at: time) -> datetime:
    """That local day and clock as an instant in UTC; of a repeated hour the first.

    Raises TimeExpressionError for a clock that is skipped on that day.
    """
    found = datetime.combine(on, at, COPENHAGEN).astimezone(timezone.utc)
    if found.astimezone(COPENHAGEN).time() != at:
        raise TimeExpressionError(f"{on} has no {at:%H:%M}: summer time begins")
    return found


def at_midnight(on: date) -> datetime:
    """The instant, in UTC, at which that local day begins."""
    return datetime.combine(on, time(0), COPENHAGEN).astimezone(timezone.utc)


def _time(hour: str, minute: str, whole: str) -> time:
    try:
        return time(int(hour), int(minute))
    except ValueError as error:
        raise TimeExpressionError(f"{whole!r}: the clock goes from 00:00 to 23:59") from error


def _step(start: date, count: int, unit: str) -> date:
    try:
        return start + timedelta(days=count) if unit == "d" else _weekdays(start, count)
    except OverflowError as error:
        raise TimeExpressionError(f"{count}{unit} is too far away") from error


def _weekdays(start: date, count: int) -> date:
    forward = timedelta(days=1 if count >= 0 else -1)
    on = start
    for _ in range(abs(count)):
        on = _weekday(on + forward, forward)
    return _weekday(on, forward)


def _weekday(on: date, forward: timedelta) -> date:
    while on.weekday() >= _SATURDAY:
        on += forward
    return on
