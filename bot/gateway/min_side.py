"""`GET /api/demo/side`: what the demo of Min side shows of one member, in words for the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends

from bot.backend.contract import InboxMessage, Meeting
from bot.backend.failures import BackendRefusal, BackendUnavailable
from bot.clock import Clock
from bot.gateway.door import Door
from bot.gateway.own_records import OwnRecords
from bot.gateway.side_texts import SideTexts, profile_places
from bot.gateway.tokens import Bearer
from bot.gateway.way import way
from bot.profile import Profile
from bot.web import ApiError


def side_routes(
    records: OwnRecords, door: Door, profile: Profile, texts: SideTexts, clock: Clock
) -> APIRouter:
    """Development only, and for the holder of the token alone."""
    routes = APIRouter(include_in_schema=False)
    proven = Depends(door.proven)

    @routes.get("/api/demo/side")
    def side(who: Bearer = proven) -> dict[str, Any]:
        now = clock.now()
        try:
            member = records.member(who.member)
            course = records.course(who.member)
            steps = records.course_steps(who.member)
            inbox = records.inbox(who.member)
        except (BackendRefusal, BackendUnavailable):
            raise ApiError(503, "unavailable", texts.errors.unavailable) from None
        return {
            "akasse": profile.name,
            "phone": profile.support.phone,
            "now": now.isoformat(),
            "member": {
                "name": member.name,
                "number": member.member_no,
                "office": member.office.name,
                "since": member.unemployed_since.isoformat(),
            },
            "meetings": shown_meetings(course.meetings, profile, texts, now),
            "inbox": [_letter(message) for message in inbox],
            "way": way(course, steps, profile, texts.way, now),
        }

    return routes


def next_of(
    records: OwnRecords, profile: Profile, texts: SideTexts, clock: Clock, member: str
) -> str:
    """The next stop on a member's way in a few words; empty where the records can't be read."""
    try:
        course, steps = records.course(member), records.course_steps(member)
    except (BackendRefusal, BackendUnavailable):
        return ""
    stops = way(course, steps, profile, texts.way, clock.now())
    return next((f"{s['title']}: {s['note']}" for s in stops if s["place"] == "next"), "")


def shown_meetings(
    meetings: Sequence[Meeting], profile: Profile, texts: SideTexts, now: datetime
) -> list[dict[str, Any]]:
    """What is to come by start, then what lies behind, the newest first."""
    coming = [m for m in meetings if m.start > now and m.status == "booked"]
    rest = [m for m in meetings if m not in coming]
    in_order = [
        *sorted(coming, key=lambda m: m.start),
        *sorted(rest, key=lambda m: m.start, reverse=True),
    ]
    return [_meeting(meeting, profile, texts, now) for meeting in in_order]


def _meeting(meeting: Meeting, profile: Profile, texts: SideTexts, now: datetime) -> dict[str, Any]:
    page, name = texts.page, profile.kind(meeting.kind).name
    status = "begun" if meeting.status == "booked" and meeting.start <= now else meeting.status
    if meeting.format == "digital":
        where = page.digital
    else:
        where = page.in_person.format(place=meeting.place) if meeting.place else ""
    notes = []
    if meeting.adviser:
        notes.append(page.adviser.format(adviser=meeting.adviser))
    if meeting.owner == "jobcenter" and status == "booked":
        notes.append(page.jobcenter.format_map(profile_places(profile)))
    if meeting.participation is not None:
        notes.append(getattr(page.participation, meeting.participation))
    return {
        "id": meeting.id,
        "title": name[:1].upper() + name[1:],
        "start": meeting.start.isoformat(),
        "end": meeting.end.isoformat(),
        "where": where or page.in_person_no_place,
        "notes": notes,
        "status": status,
        "status_text": getattr(page.statuses, status),
        "coming": status == "booked",
        "can_change": status == "booked" and meeting.owner == "akasse",
    }


def _letter(message: InboxMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "at": message.at.isoformat(),
        "title": message.title,
        "text": message.text,
        "receipt": message.receipt,
    }
