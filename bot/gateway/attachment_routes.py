"""`GET /api/chat/attachments/<message>`: the calendar file of a meeting that a message is about."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.backend.failures import BackendRefusal, BackendUnavailable
from bot.database import reading
from bot.gateway.attachments import calendar_meeting
from bot.gateway.door import Door
from bot.gateway.own_records import OwnRecords
from bot.gateway.side_texts import Errors
from bot.gateway.tables import conversations, messages
from bot.gateway.tokens import Bearer
from bot.web import ApiError

LARGEST_ID = 2**62


def attachment_routes(engine: Engine, door: Door, records: OwnRecords, errors: Errors) -> APIRouter:
    """The member's own messages only; anything else is 404."""
    routes = APIRouter(prefix="/api/chat/attachments")
    proven = Depends(door.proven)

    @routes.get(
        "/{message}",
        response_class=Response,
        responses={200: {"content": {"text/calendar": {}}}},
    )
    def calendar_file(
        message: int = Path(..., ge=1, le=LARGEST_ID), who: Bearer = proven
    ) -> Response:
        meeting = _meeting_of(engine, who.member, message)
        if meeting is None:
            raise ApiError(404, "not_found", errors.no_attachment)
        try:
            file = records.ics(who.member, meeting)
        except BackendRefusal:
            raise ApiError(404, "not_found", errors.no_attachment) from None
        except BackendUnavailable:
            raise ApiError(503, "unavailable", errors.unavailable) from None
        return Response(
            file,
            media_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="moede.ics"'},
        )

    return routes


def _meeting_of(engine: Engine, member: str, message: int) -> str | None:
    with reading(engine) as session:
        kept = session.execute(
            select(messages.c.attachments)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(conversations.c.member == member, messages.c.id == message)
        ).scalar_one_or_none()
    return None if kept is None else calendar_meeting(kept)
