"""What a way of naming days means: one function a kind of rule of `bot.nlu.times.days`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone

from bot.clock import COPENHAGEN
from bot.nlu.times import calendar
from bot.nlu.times.found import Grain
from bot.nlu.times.words import (
    FEASTS,
    MONTH_ABBREVIATIONS,
    MONTHS,
    NUMBERS,
    ORDINALS,
    WEEKDAYS,
)


@dataclass(frozen=True)
class Days:
    """Whole days [`start`, `stop`). `other`: first day of the second reading of "næste <weekday>".

    `weekday` is set where the text named nothing else, so that a date or a week may say which one;
    `of_week` likewise of "midt på ugen": its days counted from Monday, half open.
    """

    start: date
    stop: date
    grain: Grain = "day"
    other: date | None = None
    weekday: int | None = None
    next_week: bool = False
    of_week: tuple[int, int] | None = None

    @property
    def single(self) -> bool:
        """Whether it is one day, which a clock time can belong to."""
        return self.grain == "day" and self.stop - self.start == timedelta(days=1)


NEAR: dict[str, tuple[int, str | None]] = {
    "i dag": (0, None), "dags dato": (0, None), "d.d.": (0, None), "i morgen": (1, None),
    "morgendagen": (1, None), "morgendagens": (1, None),
    "i overmorgen": (2, None), "overmorgen": (2, None), "i gaar": (-1, None), "gaars": (-1, None),
    "gaarsdagen": (-1, None), "i forgaars": (-2, None), "forgaars": (-2, None),
    "i aftes": (-1, "aften"), "i gaar aftes": (-1, "aften"),
    "i morges": (0, "morgen"), "i dag morges": (0, "morgen"), "i formiddag": (0, "formiddag"),
    "i formiddags": (0, "formiddag"), "i eftermiddag": (0, "eftermiddag"),
    "i eftermiddags": (0, "eftermiddag"), "i aften": (0, "aften"), "i nat": (0, "nat"),
}  # fmt: skip


def one(day: date, **more: object) -> Days:
    """A single day."""
    return replace(Days(day, day + timedelta(days=1)), **more)  # type: ignore[arg-type]


def week_of(monday: date) -> Days:
    """An ISO week."""
    return Days(monday, monday + timedelta(days=7), "week")


def _number(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return 2 if word == "et par" else NUMBERS.get(word) or ORDINALS[word]


def _month(word: str) -> int:
    if word in MONTHS:
        return MONTHS.index(word) + 1
    return MONTH_ABBREVIATIONS.get(word) or _number(word)


def date_meant(match: re.Match[str], now: datetime) -> Days | None:
    groups = match.groupdict()
    day, month = _number(groups["day"].strip(".")), _month(groups["month"])
    if month > 12:
        return None
    year = groups.get("year") or groups.get("yy")
    if not year:
        found = calendar.next_date(now.date(), day, month)
    else:
        full = int(year) if len(year) == 4 else 2000 + int(year)
        found = calendar.real_date(full, month, day) if 2000 <= full < 2100 else None
        if found and abs((found - now.date()).days) > 3 * 366:
            return None
    return one(found) if found else None


def day_of_month_meant(match: re.Match[str], now: datetime) -> Days | None:
    found = calendar.next_day_of_month(now.date(), _number(match.group("day")))
    return one(found) if found else None


def weekday_meant(match: re.Match[str], now: datetime) -> Days:
    number = WEEKDAYS.index(match.group("wd"))
    first = calendar.weekday_after(now.date(), number)
    return one(first, weekday=number)


def weekday_ahead_meant(match: re.Match[str], now: datetime) -> Days:
    ahead = match.group("ahead")
    if "uge" in ahead:
        return one(weekday_meant(match, now).start + timedelta(weeks=_number(ahead.split()[1])))
    weeks = 1 if re.search("otte|8", ahead) else 2
    return one(weekday_meant(match, now).start + timedelta(weeks=weeks))


def next_weekday_meant(match: re.Match[str], now: datetime) -> Days:
    number = WEEKDAYS.index(match.group("wd"))
    first = calendar.weekday_after(now.date(), number)
    chosen = calendar.monday_of(now.date()) + timedelta(days=7 + number)
    return one(chosen, other=first if first != chosen else None, next_week=True)


def past_weekday_meant(match: re.Match[str], now: datetime) -> Days:
    return one(calendar.weekday_before(now.date(), WEEKDAYS.index(match.group("wd"))))


def near_meant(match: re.Match[str], now: datetime) -> Days | tuple[Days, str]:
    shift, part = NEAR[match.group("near")]
    day = now.date() + timedelta(days=shift)
    if match.group("near") == "i nat" and now.hour >= 12:
        day += timedelta(days=1)
    ahead = match.groupdict().get("ahead")
    if ahead:
        day += timedelta(
            days=7 if re.search("otte|8|en uge|1", ahead) and "14" not in ahead else 14
        )
    return (one(day), part) if part else one(day)


def week_meant(match: re.Match[str], now: datetime) -> Days | None:
    groups = match.groupdict()
    if groups["number"]:
        year = groups.get("year")
        monday = calendar.week_numbered(
            now.date(), _number(groups["number"]), int(year) if year else None
        )
        return week_of(monday) if monday else None
    shift = {"sidste": -7, "forrige": -7, "denne": 0, "den her": 0, None: 0}.get(groups["which"], 7)
    return week_of(calendar.monday_of(now.date()) + timedelta(days=shift))


def part_of_week_meant(match: re.Match[str], now: datetime) -> Days | None:
    week = week_meant(match, now)
    if week is None:
        return None
    place = match.group("place")
    first, last = (
        (0, 2) if re.match("foerst|start|begynd", place) else (2, 3) if "mid" in place else (3, 5)
    )
    start, stop = (week.start + timedelta(days=days) for days in (first, last))
    if match.group("this") and stop - timedelta(days=1) <= now.date():
        start, stop = start + timedelta(days=7), stop + timedelta(days=7)
    return Days(start, stop, of_week=(first, last) if match.group("this") else None)


def month_named_meant(match: re.Match[str], now: datetime) -> Days:
    number, year = _month(match.group("month")), match.groupdict().get("year")
    first = date(int(year) if year else now.year, number, 1)
    if not year and (number < now.month):
        first = first.replace(year=now.year + 1)
    return Days(first, calendar.add_months(first, 1), "month")


def month_near_meant(match: re.Match[str], now: datetime) -> Days:
    shift = {"sidste": -1, "forrige": -1, "denne": 0}.get(match.group("which"), 1)
    first = calendar.add_months(now.date(), shift)
    return Days(first, calendar.add_months(first, 1), "month")


def counted_meant(match: re.Match[str], now: datetime) -> Days | datetime | None:
    """ "om 3 dage", "for en time siden": the unit is the grain."""
    sign = -1 if match.group(0).startswith("for ") else 1
    unit, said = match.group("unit"), match.group("n")
    count = 1.5 if said == "halvanden" else 0.5 if match.group("half") else _number(said)
    if unit.startswith(("min", "kvarter", "tim")):
        per = 1 if unit.startswith("min") else 15 if unit.startswith("kvarter") else 60
        utc = now.astimezone(timezone.utc).replace(second=0, microsecond=0)
        return (utc + timedelta(minutes=sign * per * count)).astimezone(COPENHAGEN)
    whole = sign * int(count)
    if unit.startswith("dag"):
        return one(now.date() + timedelta(days=whole))
    if unit.startswith("uge"):
        return week_of(calendar.monday_of(now.date()) + timedelta(weeks=whole))
    first = calendar.add_months(now.date(), whole)
    return Days(first, calendar.add_months(first, 1), "month")


def weekend_meant(match: re.Match[str], now: datetime) -> Days:
    saturday = calendar.monday_of(now.date()) + timedelta(days=5)
    which = match.group("which")
    if which == "naeste" or (which == "kommende" and now.weekday() >= 5):
        saturday += timedelta(days=7)
    elif which in ("sidste", "forrige"):
        saturday -= timedelta(days=7)
    return Days(saturday, saturday + timedelta(days=2))


def feast_meant(match: re.Match[str], now: datetime) -> Days | None:
    month, day = FEASTS[match.group("feast")]
    found = calendar.next_date(now.date(), day, month)
    return one(found) if found else None
