"""Reading: members, meetings, course, inbox, log and free times."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Optional

from fastapi import APIRouter, Depends, Query

from bot.backend import course, inbox, log, meetings, members, times
from bot.backend.contract import (
    Course,
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

_LOST_PLUS = re.compile(r" (?=\d\d:?\d\d$)")
_DAY_ONLY = re.compile(r"^\d{4}-\d\d-\d\d$")


@router.get("/members/{member}")
def read_member(member: str, house: TheHouse) -> Member:
    """The member."""
    with reading(house.engine) as session:
        return members.find(session, member)


@router.post("/members/lookup")
def look_up(body: Lookup, house: TheHouse) -> Member:
    """The member whom the a-kasse knows by that phone number."""
    with reading(house.engine) as session:
        return members.by_phone(session, body.phone)


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


@router.get("/times")
def read_times(
    house: TheHouse,
    member: str,
    kind: Optional[str] = None,
    format: Optional[Format] = None,
    start: Annotated[Optional[str], Query(alias="from", description="ISO 8601, included")] = None,
    end: Annotated[
        Optional[str], Query(alias="to", description="ISO 8601, excluded; a date is included whole")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[FreeTime]:
    """Free times that the member can be offered, in time order."""
    first, last = _instant("from", start), _instant("to", end, whole_day=True)
    with reading(house.engine) as session:
        who = members.find(session, member)
        now = house.clock.now()
        return times.free(
            session, house.profile, who, now, kind, format, start=first, end=last, limit=limit
        )


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
