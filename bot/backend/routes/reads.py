"""Reading: members, meetings, course, inbox, log and free times."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Optional

from fastapi import APIRouter, Depends, Query, Response

from bot.backend import calendar_file, course, inbox, log, meetings, members, times
from bot.backend.contract import (
    Course,
    CourseStep,
    Format,
    FreeTime,
    InboxMessage,
    LogRow,
    Lookup,
    Meeting,
    Member,
)
from bot.backend.refusals import Refusal
from bot.backend.routes.edge import TheHouse, authorized, refused_with
from bot.clock import read_instant
from bot.database import reading

router = APIRouter(
    dependencies=[Depends(authorized)], responses=refused_with("not_found"), tags=["reading"]
)

_ISO = r"^\s*\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+ -]\d\d:?\d\d)?)?\s*$"
_LOST_PLUS = re.compile(r" (?=\d\d:?\d\d$)")
_DAY_ONLY = re.compile(r"^\d{4}-\d\d-\d\d$")


@router.post("/members/lookup")
def look_up(body: Lookup, house: TheHouse) -> Member:
    """The member whom the a-kasse knows by that phone number."""
    with reading(house.engine) as session:
        return members.by_phone(session, body.phone)


@router.get("/members/{member}")
def read_member(member: str, house: TheHouse) -> Member:
    """The member."""
    with reading(house.engine) as session:
        return members.find(session, member)


@router.get("/members/{member}/meetings")
def read_meetings(member: str, house: TheHouse) -> list[Meeting]:
    """All meetings, past and cancelled ones too, by start."""
    with reading(house.engine) as session:
        members.find(session, member)
        return meetings.of_member(session, member)


@router.get("/members/{member}/course")
def read_course(member: str, house: TheHouse) -> Course:
    """The contact course as it stands now."""
    with reading(house.engine) as session:
        return course.course(session, house.profile, member, house.clock.now())


@router.get("/members/{member}/course/steps")
def read_course_steps(member: str, house: TheHouse) -> list[CourseStep]:
    """Every meeting that the course asks for: due, invited, booked, held, missed."""
    with reading(house.engine) as session:
        return course.course_steps(session, house.profile, member, house.clock.now())


@router.get("/members/{member}/inbox")
def read_inbox(member: str, house: TheHouse) -> list[InboxMessage]:
    """The inbox on Min side, newest first."""
    with reading(house.engine) as session:
        members.find(session, member)
        return inbox.messages(session, member)


@router.get("/members/{member}/log")
def read_log(member: str, house: TheHouse) -> list[LogRow]:
    """Every change, newest first."""
    with reading(house.engine) as session:
        members.find(session, member)
        return log.of_member(session, member)


@router.get(
    "/members/{member}/meetings/{meeting}/ics",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
def read_calendar_file(member: str, meeting: str, house: TheHouse) -> Response:
    """The meeting as a calendar file (RFC 5545) as it is now; a cancelled one is a cancellation."""
    with reading(house.engine) as session:
        now = house.clock.now()
        found = calendar_file.of_meeting(session, house.profile, house.texts, member, meeting, now)
    disposition = 'attachment; filename="moede.ics"'
    return Response(
        found, headers={"Content-Disposition": disposition}, media_type=calendar_file.MEDIA_TYPE
    )


@router.get("/times", response_model=list[FreeTime])
def read_times(
    house: TheHouse,
    member: str,
    kind: Optional[str] = None,
    format: Optional[Format] = None,
    start: Annotated[
        Optional[str], Query(alias="from", pattern=_ISO, description="ISO 8601, included")
    ] = None,
    end: Annotated[
        Optional[str],
        Query(alias="to", pattern=_ISO, description="ISO 8601, excluded; a date is included whole"),
    ] = None,
    part: Annotated[Optional[times.Part], Query(description="by the local clock")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Free times that the member can be offered, in time order."""
    first, last = _instant("from", start), _instant("to", end, whole_day=True)
    with reading(house.engine) as session:
        who = members.find(session, member)
        now = house.clock.now()
        found = times.free(
            session,
            house.profile,
            who,
            now,
            kind,
            format,
            start=first,
            end=last,
            part=part,
            limit=limit,
        )
    # already of the shape: FastAPI would check and convert every one of them again
    shown = "[" + ",".join(one.json() for one in found) + "]"
    return Response(shown, media_type="application/json")


def _instant(name: str, text: Optional[str], whole_day: bool = False) -> Optional[datetime]:
    """The instant of a query; a plus sign that came as a space (not URL-encoded) is put back.

    `whole_day`: a date without a clock means the end of that day. Raises Refusal invalid.
    """
    if text is None:
        return None
    try:
        if whole_day and _DAY_ONLY.match(text):
            text = (datetime.fromisoformat(text) + timedelta(days=1)).isoformat()
        return read_instant(_LOST_PLUS.sub("+", text.strip()))
    except (ValueError, OverflowError) as error:
        raise Refusal("invalid", name) from error
