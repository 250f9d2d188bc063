"""A meeting as a calendar file (RFC 5545), to be opened in the member's own calendar.

A meeting that took another's place keeps that one's UID and has a higher SEQUENCE, so that the entry
in the calendar moves instead of doubling; a cancelled meeting is a cancellation of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, Event
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.backend import inbox, meetings, tables
from bot.backend.contract import Meeting
from bot.backend.inbox import Texts
from bot.clock import COPENHAGEN
from bot.profile import Profile

MEDIA_TYPE = "text/calendar; charset=utf-8"

_CHANGES = ("afbud", "move", "format")
"""Actions of the log after which the calendar's entry may look different."""

_STATUS = {"booked": "CONFIRMED", "held": "CONFIRMED", "missed": "CONFIRMED"}


def of_meeting(
    session: Session, profile: Profile, texts: Texts, member: str, meeting: str, now: datetime
) -> bytes:
    """The file of a member's meeting as it is now. Raises Refusal not_found."""
    found = meetings.own(session, member, meeting)
    chain = _chain(session, found.id)
    return file(found, chain[-1], _sequence(session, chain), profile, texts, now)


def file(
    meeting: Meeting, first: str, sequence: int, profile: Profile, texts: Texts, now: datetime
) -> bytes:
    """The file; `first` is the id of the first meeting of the entry, now and then the same one."""
    words = inbox.places(texts, profile, "", meeting, None, None)
    words["akasse"] = profile.name
    summary = texts.calendar.summary.format_map(words)
    event = Event()
    event.add("uid", f"{first}@moedeklar")
    event.add("sequence", sequence)
    event.add("dtstamp", now)
    event.add("dtstart", meeting.start.astimezone(COPENHAGEN))
    event.add("dtend", meeting.end.astimezone(COPENHAGEN))
    event.add("summary", summary[:1].upper() + summary[1:])
    event.add("description", texts.calendar.description.format_map(words))
    event.add("location", meeting.place or texts.calendar.digital)
    event.add("status", _STATUS.get(meeting.status, "CANCELLED"))
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Moedeklar//Meetings//DA")
    calendar.add("method", "CANCEL" if meeting.status == "cancelled" else "PUBLISH")
    calendar.add_component(event)
    day = meeting.start.astimezone(COPENHAGEN).date()
    around = timedelta(days=400)  # so that both changes of the clock beside the meeting are in it
    calendar.add_missing_timezones(day - around, day + around)
    return bytes(calendar.to_ical())


def _chain(session: Session, meeting: str) -> list[str]:
    """The meeting, the one that it replaced, and so on to the first."""
    chain = [meeting]
    while True:
        before = session.execute(
            select(tables.meetings.c.replaces).where(tables.meetings.c.id == chain[-1])
        ).scalar()
        if before is None:
            return chain
        chain.append(before)


def _sequence(session: Session, chain: list[str]) -> int:
    """How often the entry has changed; the change that put another in its place is the other's."""
    log, table = tables.log, tables.meetings
    changes = select(func.count()).where(log.c.meeting_id.in_(chain), log.c.action.in_(_CHANGES))
    count: int = session.execute(changes).scalar_one()
    replaced = select(table.c.id).where(table.c.replaces == chain[0])
    return count if session.execute(replaced).first() is None else count - 1
