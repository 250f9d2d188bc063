"""Times, places and meetings as a Dane writes them, for the placeholders of `data/replies`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Optional

from babel.dates import format_date, format_datetime

from bot.backend.contract import Format, FreeTime, Meeting
from bot.clock import COPENHAGEN
from bot.profile import Profile

_WEEKDAYS_SHORT = ("man", "tir", "ons", "tor", "fre", "lør", "søn")


@dataclass(frozen=True)
class When:
    """An instant in words: `long` for Min side, `short` for text messages, both with the weekday."""

    long: str
    short: str


@dataclass(frozen=True)
class Raw:
    """A meeting or free time as data, for cards: instants in UTC, names as they are."""

    start: datetime
    end: datetime
    format: Format
    place: Optional[str]
    adviser: Optional[str]
    owner: Literal["akasse", "jobcenter"]


@dataclass(frozen=True)
class Shown:
    """A meeting or free time in words, for the templates of `data/replies`; `raw` is what they say."""

    name: str
    one: str
    definite: str
    when: str
    short: str
    where: str
    adviser: str
    owner: str
    raw: Raw

    @property
    def near(self) -> str:
        """`where` without the address, for text messages."""
        return self.where.partition(" (")[0]


def in_copenhagen(instant: datetime) -> datetime:
    """The same instant with Copenhagen's clock."""
    return instant.astimezone(COPENHAGEN)


def when(instant: datetime, now: datetime) -> When:
    """'i morgen, torsdag den 26. november kl. 10.00' and 'tor 26/11 kl. 10.00'; the year if it differs."""
    local, today = in_copenhagen(instant), in_copenhagen(now)
    pattern = "EEEE 'den' d. MMMM" + (" y" if local.year != today.year else "") + " 'kl.' HH.mm"
    words = str(format_datetime(local, pattern, locale="da"))
    return When(long=_near(local.date(), today.date()) + words, short=short_when(instant))


def short_when(instant: datetime) -> str:
    """'tor 26/11 kl. 10.00'."""
    local = in_copenhagen(instant)
    weekday = _WEEKDAYS_SHORT[local.weekday()]
    return f"{weekday} {local.day}/{local.month} kl. {local:%H.%M}"


def clock(instant: datetime) -> str:
    """'10.00', 24 hours."""
    return in_copenhagen(instant).strftime("%H.%M")


def day(value: date, today: date) -> str:
    """'torsdag den 26. november'; the year if it differs from today's."""
    pattern = "EEEE 'den' d. MMMM" + (" y" if value.year != today.year else "")
    return str(format_date(value, pattern, locale="da"))


def show_meeting(meeting: Meeting, profile: Profile, now: datetime) -> Shown:
    """A meeting in words."""
    kind = profile.kind(meeting.kind)
    said = when(meeting.start, now)
    return Shown(
        name=kind.name,
        one=f"{kind.article} {kind.name}",
        definite=kind.definite,
        when=said.long,
        short=said.short,
        where=_where(meeting.format, meeting.place),
        adviser=f" med {meeting.adviser}" if meeting.adviser else "",
        owner="Jobcenteret" if meeting.owner == "jobcenter" else "a-kassen",
        raw=Raw(
            meeting.start,
            meeting.end,
            meeting.format,
            meeting.place,
            meeting.adviser,
            meeting.owner,
        ),
    )


def show_time(
    time: FreeTime, kind: str, format: Optional[Format], profile: Profile, now: datetime
) -> Shown:
    """A free time in words, as the meeting that it would become."""
    chosen = format or time.formats[0]
    place = f"{time.office.name}, {time.office.address}"
    said = when(time.start, now)
    return Shown(
        name=profile.kind(kind).name,
        one=f"{profile.kind(kind).article} {profile.kind(kind).name}",
        definite=profile.kind(kind).definite,
        when=said.long,
        short=said.short,
        where=_where(chosen, place),
        adviser=f" med {time.adviser}" if time.adviser else "",
        owner="a-kassen",
        raw=Raw(time.start, time.end, chosen, place, time.adviser or None, "akasse"),
    )


def _where(format: Format, place: Optional[str]) -> str:
    if format == "digital":
        return "digitalt"
    if not place:
        return "ved fremmøde"
    name, _, address = place.partition(", ")
    return f"i {name} ({address})" if address else f"i {name}"


def _near(local: date, today: date) -> str:
    if local == today:
        return "i dag, "
    return "i morgen, " if local == today + timedelta(days=1) else ""
