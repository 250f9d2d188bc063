"""When notices are due: the profile's clock and quiet hours, pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Optional

from bot.clock import COPENHAGEN
from bot.profile import Notices


def reminder_at(day: date, notices: Notices) -> datetime:
    """The instant at which a reminder of that local day is due, outside quiet hours."""
    return after_quiet(_at(day, notices.at), notices)


def after_quiet(instant: datetime, notices: Notices) -> datetime:
    """The instant itself, or the end of the quiet hours that it lies in."""
    if notices.quiet is None:
        return instant
    begins, ends = notices.quiet
    local = instant.astimezone(COPENHAGEN)
    clock, day = local.time(), local.date()
    if begins < ends:
        return _at(day, ends) if begins <= clock < ends else instant
    if clock >= begins:
        return _at(day + timedelta(days=1), ends)
    return _at(day, ends) if clock < ends else instant


def deadline_reminder(
    book_by: date, made_at: Optional[datetime], now: datetime, notices: Notices
) -> Optional[int]:
    """Which reminder of a deadline holds now, as its days before: the latest that is due.

    None before the first, after the deadline, and for reminders that were due before the invitation
    was made (`made_at` none: it was there all the time): its own message is reminder enough.
    """
    if now.astimezone(COPENHAGEN).date() > book_by:
        return None
    for days in sorted(notices.deadline_days):
        due = reminder_at(book_by - timedelta(days=days), notices)
        if due <= now:
            return days if made_at is None or made_at <= due else None
    return None


def meeting_reminder_due(
    start: datetime, made_at: Optional[datetime], now: datetime, notices: Notices
) -> bool:
    """Whether the reminder of the day before holds now; not for what was booked after it."""
    day = start.astimezone(COPENHAGEN).date()
    due = reminder_at(day - timedelta(days=1), notices)
    return due <= now < start and (made_at is None or made_at <= due)


def farthest(days: Sequence[int]) -> int:
    """The earliest reminder's days before."""
    return max(days, default=0)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, COPENHAGEN).astimezone(timezone.utc)
