"""What the chat needs before a word is said: its own texts, and what to suggest to this member."""

from __future__ import annotations

import gzip
import json
import logging
from typing import Any

from fastapi import APIRouter, Depends, Header
from fastapi.responses import Response

from bot.backend.failures import BackendRefusal, BackendUnavailable
from bot.clock import Clock
from bot.gateway.door import Door
from bot.gateway.own_records import OwnRecords
from bot.gateway.side_texts import SideTexts, Suggestion
from bot.gateway.tokens import Bearer
from bot.gateway.welcome import fitting, general
from bot.profile import Profile

log = logging.getLogger(__name__)


def first_contact_routes(
    records: OwnRecords, door: Door, profile: Profile, texts: SideTexts, clock: Clock
) -> APIRouter:
    """`GET /api/chat/texts` for everybody, `GET /api/chat/welcome` for the member."""
    routes = APIRouter(prefix="/api/chat")
    proven = Depends(door.proven)
    words = json.dumps(texts.for_widget(profile), ensure_ascii=False).encode()
    packed = gzip.compress(words, mtime=0)

    @routes.get("/texts")
    def chat_texts(accept_encoding: str = Header("")) -> Response:
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if "gzip" not in accept_encoding:
            return Response(words, media_type="application/json", headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(packed, media_type="application/json", headers=headers)

    @routes.get("/welcome")
    def welcome(who: Bearer = proven) -> dict[str, Any]:
        now = clock.now()
        found = _suggestions(who.member)
        return {"now": now.isoformat(), "suggestions": [each.dict() for each in found]}

    def _suggestions(member: str) -> list[Suggestion]:
        try:
            course = records.course(member)
        except (BackendUnavailable, BackendRefusal) as error:
            log.warning("nothing of a member's own to suggest: %s", type(error).__name__)
            return general(texts.suggestions)
        return fitting(texts.suggestions, profile, course.meetings, course, clock.now())

    return routes
