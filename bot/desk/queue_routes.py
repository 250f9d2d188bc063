"""The desk API for what a page looks at again and again: the queue, the pulse, the length of a text."""

from __future__ import annotations

from typing import Any, Literal, Optional
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from bot import gsm7
from bot.desk.cases import open_cases
from bot.desk.guard import Desk
from bot.desk.pulse import beat
from bot.gateway.incoming import LONGEST_TEXT
from bot.gateway.sms.rendering import portions


class Draft(BaseModel):
    """A text that staff are writing."""

    text: str = Field(..., max_length=LONGEST_TEXT)

    class Config:
        extra = "forbid"


def queue_routes(desk: Desk) -> APIRouter:
    """`GET /api/desk/conversations`, `GET /api/desk/pulse`, `POST /api/desk/segments`."""
    routes = APIRouter(prefix="/api/desk")
    signed_in, acting = Depends(desk.reader), Depends(desk.writer)

    @routes.get("/conversations", dependencies=[signed_in])
    def listed(state: Optional[Literal["waiting", "staff"]] = None) -> list[dict[str, Any]]:
        return [case.wire() for case in open_cases(desk.engine, state)]

    @routes.get("/pulse", dependencies=[signed_in])
    def pulse(case: Optional[UUID] = None) -> dict[str, Any]:
        return beat(desk.engine, desk.opening, desk.clock.now(), str(case) if case else None)

    @routes.post("/segments", dependencies=[acting])
    def segments(draft: Draft) -> dict[str, int]:
        return {"segments": sum(gsm7.segments(part) for part in portions(draft.text))}

    return routes
