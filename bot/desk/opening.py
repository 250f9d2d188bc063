"""When the desk is open, from the a-kasse's profile: weekdays' hours, holidays and closing days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Optional

from bot.clock import COPENHAGEN
from bot.profile import WEEKDAYS, Profile

FURTHEST_DAYS = 60
"""No desk is closed for longer; a profile without any hours is never open."""


@dataclass(frozen=True)
class Opening:
    """The opening hours of one a-kasse. All instants are aware; days are local."""

    profile: Profile

    def hours(self, day: date) -> Optional[tuple[datetime, datetime]]:
        """When it opens and closes on a day, in UTC; None on a day that is closed."""
        hours = self.profile.support.hours.get(WEEKDAYS[day.weekday()])
        if hours is None or self.profile.is_closed(day):
            return None
        opens, closes = (
            datetime.combine(day, end, tzinfo=COPENHAGEN).astimezone(timezone.utc)
            for end in (hours.opens, hours.closes)
        )
        return opens, closes

    def is_open(self, at: datetime) -> bool:
        """Whether somebody can be expected to answer at that instant."""
        hours = self.hours(at.astimezone(COPENHAGEN).date())
        return hours is not None and hours[0] <= at < hours[1]

    def next_opening(self, at: datetime) -> Optional[datetime]:
        """The instant itself if it is open, else the next opening; None where it never opens."""
        for opens, _ in self._spans(at):
            return max(opens, at)
        return None

    def after(self, at: datetime, minutes: float) -> Optional[datetime]:
        """The instant at which so many minutes of opening have passed since."""
        left = timedelta(minutes=minutes)
        for opens, closes in self._spans(at):
            begin = max(opens, at)
            if begin + left <= closes:
                return begin + left
            left -= closes - begin
        return None

    def minutes_between(self, begin: datetime, end: datetime) -> float:
        """The minutes of opening between two instants; those of FURTHEST_DAYS at most."""
        total = timedelta()
        for opens, closes in self._spans(begin):
            if opens >= end:
                break
            total += min(closes, end) - max(opens, begin)
        return total.total_seconds() / 60

    def _spans(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans of opening that end after an instant, in order."""
        first = at.astimezone(COPENHAGEN).date()
        for number in range(FURTHEST_DAYS):
            hours = self.hours(first + timedelta(days=number))
            if hours is not None and hours[1] > at:
                yield hours
