"""The times of one message: what was found in it, put together and resolved against its `now`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.clock import COPENHAGEN
from bot.nlu.times import calendar
from bot.nlu.times.canonical import canonical
from bot.nlu.times.clocks import clock_atoms, part_atoms
from bot.nlu.times.days import day_atoms
from bot.nlu.times.found import TimeFound
from bot.nlu.times.joining import Atom, Mention, mentions_of
from bot.nlu.times.meaning import Days
from bot.nlu.times.words import PARTS

_UNTIL = re.compile(r" ?(?P<op>til og med|til|og|-) ?(?:paa |d\.? ?|den )?")
_BOUND = re.compile(
    r"\b(?P<op>efter|foer|inden|senest|tidligst|indtil|til og med|frem til(?: og med)?|fra og med|fra|mellem)"
    r" (?:paa |d\.? ?|den |i )?$"
)
_ONWARDS = re.compile(r" og (?:frem(?:efter|ad)?|derefter|senere)\b")
_MOVING = re.compile(r"\b(?:flyt|ryk|skub|aendr|udskyd|udsaet|byt|skift)")


def read_times(text: str, now: datetime) -> list[TimeFound]:
    """Every time that a message names, in its order, resolved against `now` (aware).

    The rules are the intent catalogue's "How a time is read". Pure: same text and now, same answer.
    """
    here = now.astimezone(COPENHAGEN)
    typed = canonical(text)
    atoms = _atoms(typed.text, here)
    mentions = mentions_of(typed.text, atoms)
    found: list[TimeFound] = []
    place = 0
    while place < len(mentions):
        mention, after = mentions[place], mentions[place + 1 : place + 2]
        resolved, used = _with_bounds(typed.text, mention, after[0] if after else None, here)
        place += used
        begin, stop = typed.span(resolved.begin, resolved.stop)
        found.append(replace(resolved, begin=begin, stop=stop))
    return found


def _atoms(text: str, now: datetime) -> list[Atom]:
    days = day_atoms(text, now)
    taken = [(atom.begin, atom.stop) for atom in days]
    clocks = clock_atoms(text, taken)
    parts = part_atoms(text, taken)
    return sorted([*days, *clocks, *parts], key=lambda atom: atom.begin)


def _with_bounds(
    text: str, mention: Mention, after: Mention | None, now: datetime
) -> tuple[TimeFound, int]:
    """The mention (with the next one where both are a range) resolved, and how many were used."""
    before = _BOUND.search(text, 0, mention.begin)
    before = before if before and before.end() == mention.begin else None
    op = before.group("op") if before else None
    first = _resolved(mention, now)
    if after is not None and mention.days and after.days and not first.is_interval:
        link = _UNTIL.fullmatch(text, mention.stop, after.begin)
        last = _resolved(_no_earlier(after, mention.days), now) if link else first
        if (
            link
            and last.start
            and first.start
            and last.start > first.start
            and not last.is_interval
        ):
            moving = _MOVING.search(text) is not None and op != "mellem"
            if (link.group("op") != "og" and not moving) or op == "mellem":
                begin = (
                    before.start()
                    if before and op in ("fra", "mellem", "fra og med")
                    else mention.begin
                )
                end = last.end if after.clock is None else last.start
                grain = "minute" if "minute" in (first.grain, last.grain) else first.grain
                return replace(first, end=end, is_interval=True, grain=grain, other=None,
                               begin=begin, stop=after.stop), 2  # fmt: skip
    onwards = _ONWARDS.match(text, mention.stop)
    if onwards and not first.is_interval:
        return replace(first, end=None, is_interval=True, stop=onwards.end()), 1
    if (
        before is None
        or op in (None, "mellem")
        or not _bindable(mention, first, str(op), text, now)
    ):
        return first, 1
    begin = before.start()
    if op in ("fra", "tidligst", "fra og med"):
        return replace(first, end=None, is_interval=True, begin=begin), 1
    if op == "efter":
        start = first.end if mention.clock is None else first.start
        return replace(first, start=start, end=None, is_interval=True, begin=begin), 1
    end = first.start if op in ("inden", "foer") or mention.clock else first.end
    return replace(first, start=None, end=end, is_interval=True, begin=begin), 1


def _no_earlier(last: Mention, first: Days) -> Mention:
    """The end of a range, read as the next one after its beginning ("fra mandag til onsdag")."""
    days = last.days
    if days is None or not days.single or days.start > first.start:
        return last
    if days.weekday is not None:
        day = calendar.weekday_after(first.start, days.weekday)
    else:
        day = calendar.next_day_of_month(first.start, days.start.day) or days.start
    return replace(last, days=Days(day, day + timedelta(days=1)))


def _bindable(mention: Mention, first: TimeFound, op: str, text: str, now: datetime) -> bool:
    """Whether "efter", "fra" ... makes an open interval of this: not "brevet fra i går"."""
    if mention.clock is not None and mention.clock.is_range:
        return False
    if mention.days is None:
        return False
    past = first.start is not None and first.start < now and mention.days.stop <= now.date()
    return not (op == "fra" and (past or _MOVING.search(text)))


def _resolved(mention: Mention, now: datetime) -> TimeFound:
    begin, stop = mention.begin, mention.stop
    if mention.instant:
        end = mention.instant + timedelta(minutes=1)
        return TimeFound(mention.instant, end, "minute", False, True, True, None, begin, stop)
    days = mention.days
    if mention.clock is None and mention.part is None:
        assert days is not None
        interval = days.grain == "day" and not days.single
        other = calendar.moment(days.other) if days.other else None
        return TimeFound(calendar.moment(days.start), calendar.moment(days.stop), days.grain,
                         interval, True, False, other, begin, stop)  # fmt: skip
    if mention.clock is not None:
        start, last = mention.clock.bounds(mention.part)
    else:
        start, last = PARTS[str(mention.part)]
    day = days.start if days else _next_showing(start, now)
    interval = mention.clock is None or mention.clock.is_range
    from_, to = calendar.moment(day, start), calendar.moment(day, last)
    if not interval:
        to = from_ + timedelta(minutes=1)
    other = calendar.moment(days.other, start) if days and days.other else None
    return TimeFound(from_, to, "minute", interval, days is not None, mention.clock is not None,
                     other, begin, stop)  # fmt: skip


def _next_showing(minutes: int, now: datetime) -> date:
    """The day on which a clock next shows that time, this very minute included."""
    today = now.date()
    this_minute = now.replace(second=0, microsecond=0)
    return today if calendar.moment(today, minutes) >= this_minute else today + timedelta(days=1)
