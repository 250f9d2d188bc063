"""What a turn wishes of a new time: its mentions, and times named by the one spoken of, as a `Wish`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Optional, Sequence

from bot.clock import COPENHAGEN
from bot.dialogue.danish import in_copenhagen
from bot.dialogue.moves import TimeMention, WishFor
from bot.dialogue.state import Flow
from bot.dialogue.wish import Span, Wish

_MINUTE = timedelta(minutes=1)


def midnight_after(local: date) -> datetime:
    """The end of a local day, as an instant of Copenhagen time."""
    return datetime.combine(local + timedelta(days=1), time(0), tzinfo=COPENHAGEN)


def midnight_of(local: date) -> datetime:
    """The beginning of a local day, as an instant of Copenhagen time."""
    return datetime.combine(local, time(0), tzinfo=COPENHAGEN)


def wish_of(mentions: Sequence[TimeMention], wished: WishFor, flow: Flow) -> Wish:
    """What a turn wishes: days one of which must hold, hours one of which must hold, and what must not be."""
    days: list[Span] = []
    hours: list[Span] = []
    never: list[Span] = []
    for mention in mentions:
        span = _span(mention)
        if (
            mention.denied
            and mention.weekday
            and mention.grain == "day"
            and mention.start is not None
        ):
            never.append(
                Span(weekday=mention.start.weekday())
            )  # "ikke fredag" is no other Friday either
        elif mention.denied:
            never.append(span)
        elif mention.dated:
            days.append(span)
        else:
            hours.append(span)
    for weekday, denied in wished.weekdays:
        (never if denied else days).append(Span(weekday=weekday))
    anchor = _anchor(flow)
    for relation in wished.relations if anchor is not None else ():
        assert anchor is not None
        related = _related(relation, in_copenhagen(anchor))
        (days if related.dated else hours).append(related)
    return Wish(
        days=tuple(days), hours=tuple(hours), never=tuple(never), order=wished.order or "earliest"
    )


def _span(mention: TimeMention) -> Span:
    if mention.dated:
        return Span(start=mention.start, end=mention.end)
    begin, end = mention.hours()
    if mention.exact and begin is not None:
        end = (datetime.combine(datetime.min, begin) + _MINUTE).time()
    return Span(from_hour=begin, to_hour=end)


def _anchor(flow: Flow) -> Optional[datetime]:
    """What "ugen efter" is counted from: the time on the table, else the meeting that is spoken of."""
    if flow.chosen is not None:
        return flow.chosen.start
    if flow.about is not None:
        return flow.about
    return flow.offered[0].start if flow.offered else None


def _related(relation: str, anchor: datetime) -> Span:
    """A stretch of time named by the meeting or time at `anchor` (Copenhagen)."""
    day = anchor.date()
    monday = day - timedelta(days=day.weekday())
    if relation == "same_hour":
        clock = anchor.time()
        return Span(from_hour=clock, to_hour=(datetime.combine(day, clock) + _MINUTE).time())
    if relation == "earlier_that_day":
        return Span(start=midnight_of(day), end=anchor)
    if relation == "later_that_day":
        return Span(start=anchor + _MINUTE, end=midnight_after(day))
    first, length = {
        "week_after": (monday + timedelta(days=7), 7),
        "same_week": (monday, 7),
        "day_after": (day + timedelta(days=1), 1),
        "same_day": (day, 1),
    }[relation]
    return Span(start=midnight_of(first), end=midnight_of(first + timedelta(days=length)))
