"""The demo of Min side, in development only: choose a member, and be them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse
from starlette.concurrency import run_in_threadpool

from bot.gateway.body import BodyTooLarge, BodyUnreadable, json_object
from bot.gateway.headers import STRICTER
from bot.gateway.ports import DemoMember, DemoMembers, DirectoryUnavailable
from bot.gateway.tokens import mint_token
from bot.settings import Settings
from bot.web import ApiError

log = logging.getLogger(__name__)

_PAGE = Path(__file__).parent / "pages" / "min_side.html"


def demo_routes(
    settings: Settings, members: DemoMembers, special: Callable[[str], str]
) -> APIRouter:
    """`/`, `GET /api/demo/members`, `POST /api/demo/login {"member"}` -> `{"token", "member"}`.

    `special` says in a few words what is special about a member, for whom the seed file says nothing.
    """
    routes = APIRouter(include_in_schema=False)

    def known() -> dict[str, DemoMember]:
        try:
            return {member.id: member for member in members()}
        except DirectoryUnavailable:
            log.warning("the demo members can't be read")
            raise ApiError(
                503, "unavailable", "Demomedlemmerne kan ikke hentes lige nu. Prøv igen om lidt."
            ) from None

    @routes.get("/")
    def page() -> FileResponse:
        return FileResponse(
            _PAGE,
            media_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": STRICTER},
        )

    @routes.get("/api/demo/members")
    def listed() -> dict[str, object]:
        found = known().values()
        return {"members": [{**_wire(one), "note": one.note or special(one.id)} for one in found]}

    @routes.post("/api/demo/login")
    async def login(request: Request) -> JSONResponse:
        try:
            wanted = (await json_object(request)).get("member")
        except (BodyTooLarge, BodyUnreadable):
            raise ApiError(400, "bad_request", "Forespørgslen kunne ikke læses.") from None
        member = (await run_in_threadpool(known)).get(wanted) if isinstance(wanted, str) else None
        if member is None:
            raise ApiError(404, "unknown_member", "Det demomedlem findes ikke.")
        return JSONResponse({"token": mint_token(settings, member.id), "member": _wire(member)})

    return routes


def _wire(member: DemoMember) -> dict[str, str]:
    return {"id": member.id, "name": member.name, "note": member.note}
