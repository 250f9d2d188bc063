"""What to suggest to a member who opens the chat: what lies nearest in their own course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from babel.dates import format_date

from bot.backend.contract import Course, Meeting
from bot.dialogue.danish import clock, in_copenhagen
from bot.gateway.side_texts import Suggestion, Suggestions
from bot.profile import Profile

MOST = 5
"""Suggestions that fit a phone's screen without scrolling."""

MISSED_DAYS = 7
"""So long after a meeting that nobody heard about it is still the first thing to talk about."""


def general(texts: Suggestions) -> list[Suggestion]:
    """What fits everybody, for when the records can't be read."""
    return [texts.meetings, texts.afbud, texts.course, texts.staff]


def fitting(
    texts: Suggestions,
    profile: Profile,
    meetings: Sequence[Meeting],
    course: Course,
    now: datetime,
) -> list[Suggestion]:
    """At most MOST, the most pressing first, the way to a person always last."""
    coming = sorted((m for m in meetings if _coming(m, now)), key=lambda m: m.start)
    found: list[Suggestion] = []
    if any(_missed(meeting, now) for meeting in meetings):
        found.append(texts.missed)
    found += _of_next(texts, coming, now)
    if course.next is not None and profile.kind(course.next.kind).booked_by == "member":
        found.append(_filled(texts.book, _deadline(course, profile)))
    if coming:
        found.append(texts.meetings)
    if any(meeting.owner == "akasse" for meeting in coming):
        found.append(texts.afbud)
    if profile.akasse_joins_jobcenter and any(_may_join(meeting) for meeting in coming):
        found.append(texts.participation)
    found.append(texts.course)
    return [*found[: MOST - 1], texts.staff]


def _of_next(texts: Suggestions, coming: Sequence[Meeting], now: datetime) -> list[Suggestion]:
    if not coming:
        return []
    first = coming[0]
    days = (in_copenhagen(first.start).date() - in_copenhagen(now).date()).days
    if days > 1:
        return []
    when, cannot = (
        (texts.meeting_today, texts.cannot_today)
        if days == 0
        else (texts.meeting_tomorrow, texts.cannot_tomorrow)
    )
    about = _filled(when, {"clock": clock(first.start)})
    return [about, cannot] if first.owner == "akasse" else [about]


def _coming(meeting: Meeting, now: datetime) -> bool:
    return meeting.status == "booked" and meeting.start > now


def _missed(meeting: Meeting, now: datetime) -> bool:
    """Begun within the last days, not known to be held, and nothing heard from the member."""
    return (
        meeting.status in ("booked", "missed")
        and meeting.contact is None
        and timedelta(0) <= now - meeting.start < timedelta(days=MISSED_DAYS)
    )


def _may_join(meeting: Meeting) -> bool:
    return meeting.owner == "jobcenter" and meeting.participation is None


def _deadline(course: Course, profile: Profile) -> Mapping[str, str]:
    assert course.next is not None
    kind = profile.kind(course.next.kind)
    day = str(format_date(course.next.book_by, "d. MMMM", locale="da"))
    return {"kind": kind.name, "definite": kind.definite, "day": day}


def _filled(suggestion: Suggestion, places: Mapping[str, str]) -> Suggestion:
    return Suggestion(
        title=suggestion.title.format_map(places), text=suggestion.text.format_map(places)
    )
