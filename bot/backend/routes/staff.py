"""What staff only can do: attendance, assessment, the answer about participation, calling in."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from bot.backend import afbud, attendance, invitations, participation
from bot.backend.contract import (
    AnswerParticipation,
    Assess,
    Attendance,
    Change,
    Invite,
    Invited,
)
from bot.backend.routes.edge import Key, StaffCaller, TheHouse, authorized, changed, refused_with

router = APIRouter(dependencies=[Depends(authorized)], tags=["staff"])

_MEETING = "/members/{member}/meetings/{meeting}"
_HAS = ("forbidden", "not_found", "key_reused", "not_live")


@router.post(
    f"{_MEETING}/attendance",
    response_model=Change,
    responses=refused_with(*_HAS, "jobcenter_owned"),
)
def note_attendance(
    request: Request, member: str, meeting: str, body: Attendance,
    house: TheHouse, who: StaffCaller, key: Key,
) -> JSONResponse:  # fmt: skip
    """Whether the member turned up."""
    return changed(
        request, house, who, key, body, lambda work: attendance.note(work, member, meeting, body)
    )


@router.post(f"{_MEETING}/assessment", response_model=Change, responses=refused_with(*_HAS))
def assess(
    request: Request, member: str, meeting: str, body: Assess,
    house: TheHouse, who: StaffCaller, key: Key,
) -> JSONResponse:  # fmt: skip
    """What the a-kasse decided about an afbud's reason."""
    return changed(
        request, house, who, key, body, lambda work: afbud.assess(work, member, meeting, body)
    )


@router.post(
    f"{_MEETING}/participation/answer",
    response_model=Change,
    responses=refused_with(*_HAS, "begun"),
)
def answer_participation(
    request: Request, member: str, meeting: str, body: AnswerParticipation,
    house: TheHouse, who: StaffCaller, key: Key,
) -> JSONResponse:  # fmt: skip
    """Whether the a-kasse joins a Jobcenter meeting."""
    return changed(
        request, house, who, key, body,
        lambda work: participation.answer(work, member, meeting, body),
    )  # fmt: skip


@router.post(
    "/members/{member}/invitations",
    response_model=Invited,
    responses=refused_with(
        "forbidden", "not_found", "key_reused", "begun", "time_taken", "overlap",
        "kind_mismatch", "format_not_allowed", "jobcenter_owned",
    ),
)  # fmt: skip
def invite(
    request: Request, member: str, body: Invite, house: TheHouse, who: StaffCaller, key: Key
) -> JSONResponse:
    """Call the member in, to book by a date or to a fixed time."""
    return changed(
        request, house, who, key, body, lambda work: invitations.invite(work, member, body)
    )
