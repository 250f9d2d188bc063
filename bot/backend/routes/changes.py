"""What a member can change about their meetings, also when staff do it for them."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from bot.backend import afbud, attendance, bookings, participation
from bot.backend.contract import (
    Book,
    Change,
    ChangeFormat,
    GiveAfbud,
    Move,
    RegisterContact,
    RequestParticipation,
)
from bot.backend.routes.edge import Key, MemberCaller, TheHouse, authorized, changed, refused_with

router = APIRouter(dependencies=[Depends(authorized)], tags=["changes"])

_MEETING = "/members/{member}/meetings/{meeting}"
_TAKES = ("begun", "time_taken", "overlap", "kind_mismatch", "format_not_allowed")
_HAS = ("not_found", "key_reused", "not_live", "jobcenter_owned")


@router.post(
    "/members/{member}/meetings",
    response_model=Change,
    responses=refused_with("not_found", "key_reused", "after_deadline", *_TAKES),
)
def book(
    request: Request, member: str, body: Book, house: TheHouse, who: MemberCaller, key: Key
) -> JSONResponse:
    """Book a free time."""
    return changed(request, house, who, key, body, lambda work: bookings.book(work, member, body))


@router.post(f"{_MEETING}/afbud", response_model=Change, responses=refused_with(*_HAS, *_TAKES))
def give_afbud(
    request: Request, member: str, meeting: str, body: GiveAfbud,
    house: TheHouse, who: MemberCaller, key: Key,
) -> JSONResponse:  # fmt: skip
    """Give afbud; with a new time both happen or neither."""
    return changed(
        request, house, who, key, body, lambda work: afbud.give(work, member, meeting, body)
    )


@router.post(f"{_MEETING}/move", response_model=Change, responses=refused_with(*_HAS, *_TAKES))
def move(
    request: Request, member: str, meeting: str, body: Move,
    house: TheHouse, who: MemberCaller, key: Key,
) -> JSONResponse:  # fmt: skip
    """Move a meeting to another free time."""
    return changed(
        request, house, who, key, body, lambda work: bookings.move(work, member, meeting, body)
    )


@router.post(
    f"{_MEETING}/format",
    response_model=Change,
    responses=refused_with(*_HAS, "begun", "format_not_allowed"),
)
def change_format(
    request: Request, member: str, meeting: str, body: ChangeFormat,
    house: TheHouse, who: MemberCaller, key: Key,
) -> JSONResponse:  # fmt: skip
    """Hold a meeting digitally, or in person."""
    return changed(
        request, house, who, key, body,
        lambda work: bookings.change_format(work, member, meeting, body),
    )  # fmt: skip


@router.post(
    f"{_MEETING}/contact",
    response_model=Change,
    responses=refused_with("not_found", "key_reused", "not_live"),
)
def register_contact(
    request: Request, member: str, meeting: str, body: RegisterContact,
    house: TheHouse, who: MemberCaller, key: Key,
) -> JSONResponse:  # fmt: skip
    """Register that the member got in touch after a missed meeting, a Jobcenter's too."""
    return changed(
        request, house, who, key, body,
        lambda work: attendance.register_contact(work, member, meeting, body),
    )  # fmt: skip


@router.post(
    f"{_MEETING}/participation",
    response_model=Change,
    responses=refused_with("not_found", "key_reused", "not_live", "begun", "kind_mismatch"),
)
def request_participation(
    request: Request, member: str, meeting: str, body: RequestParticipation,
    house: TheHouse, who: MemberCaller, key: Key,
) -> JSONResponse:  # fmt: skip
    """Ask the a-kasse to join a Jobcenter meeting."""
    return changed(
        request, house, who, key, body, lambda work: participation.request(work, member, meeting)
    )
