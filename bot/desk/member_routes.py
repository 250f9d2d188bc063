"""The desk API for members: find, see, hand out and erase what is kept. Changes: `change_routes`."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Depends, Query, Response

from bot.desk.change_routes import Designed
from bot.desk.guard import Desk
from bot.desk.logins import Login
from bot.desk.looks import looked
from bot.desk.member_file import member_file
from bot.desk.people import Person
from bot.desk.retention import erase_member
from bot.desk.side import read_side
from bot.web import ApiError


def member_routes(desk: Desk) -> APIRouter:
    """`/api/desk/members…`."""
    routes = APIRouter(prefix="/api/desk/members")
    signed_in, leading = Depends(desk.reader), Depends(desk.leading)

    @routes.get("")
    def find(q: str = Query(..., max_length=100), login: Login = signed_in) -> list[dict[str, Any]]:
        with Designed():
            found = desk.directory.find(q)
        for card in found:
            looked(desk.engine, login.person.email, "search", desk.clock.now(), member=card.member)
        return [
            {"member": card.member, "member_no": card.member_no, "name": card.name}
            for card in found
        ]

    @routes.get("/{member}")
    def see(member: str, login: Login = signed_in) -> dict[str, Any]:
        person, now = login.person, desk.clock.now()
        keep = desk.profile.desk.keep.absence_notes
        side = read_side(desk.records(person), member, now, keep)
        if side.member is None or side.course is None:
            raise ApiError(404, "not_found", "Medlemmet kan ikke vises lige nu.")
        looked(desk.engine, person.email, "member", now, member=member)
        return {
            "member": json.loads(side.member.json()),
            "course": json.loads(side.course.json()),
            "log": [json.loads(row.json()) for row in side.log],
        }

    @routes.get("/{member}/export")
    def export(member: str, login: Login = signed_in) -> Response:
        desk.lead(login.person)
        now = desk.clock.now()
        file = member_file(desk.engine, desk.backend, member, login.person.email, now)
        looked(desk.engine, login.person.email, "member_file", now, member=member)
        return Response(
            json.dumps(file, ensure_ascii=False, indent=1),
            media_type="application/json",
            headers={"Content-Disposition": 'attachment; filename="medlem.json"'},
        )

    @routes.post("/{member}/erase")
    def erase(member: str, person: Person = leading) -> dict[str, int]:
        when = desk.moment()
        gone = erase_member(desk.engine, member, person.email, when.at, when.wall)
        desk.hub.wake(member)
        return {"messages": gone}

    return routes
