"""The chat API: a member's messages in, the conversation out. Contract: docs, Chat API."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Optional

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse
from sqlalchemy.engine import Engine
from sse_starlette.sse import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from bot.clock import Clock
from bot.desk.moves import Moment
from bot.gateway import turns
from bot.gateway.body import BodyTooLarge, BodyUnreadable, json_object
from bot.gateway.door import Door
from bot.gateway.events import cursor, stream
from bot.gateway.hub import Hub
from bot.gateway.incoming import LONGEST_TEXT, EmptyText, Incoming, TextTooLong, clean
from bot.gateway.intake import ClientIdReused, UnknownChoice, accept
from bot.gateway.limits import RateLimit
from bot.gateway.replies import GatewayReplies
from bot.gateway.side_texts import side_texts
from bot.gateway.tokens import Bearer
from bot.gateway.transcript import newest, view
from bot.gateway.worker import Worker
from bot.web import ApiError, envelope

LARGEST_ID = 2**62

MOST_STREAMS = 30
"""Open pages of one member that are told of news; each costs a look into the database at a change."""

MOST_AT_ONCE = 200
"""Messages of one page of the history."""


@dataclass(frozen=True)
class Chat:
    """What the routes work with."""

    engine: Engine
    hub: Hub
    worker: Worker
    clock: Clock
    wall: Clock
    door: Door
    limit: RateLimit
    addresses: RateLimit
    replies: GatewayReplies
    deadline_seconds: float
    stopping: Callable[[], bool]

    def within_limits(self, request: Request) -> None:
        """Dependency of every route: the address has not asked too often. Raises ApiError 429."""
        if not self.addresses.allows(request.client.host if request.client else ""):
            raise ApiError(429, "too_many", side_texts().errors.too_many)

    def moment(self) -> Moment:
        """This instant."""
        return Moment(at=self.clock.now(), wall=self.wall.now())


def chat_routes(chat: Chat) -> APIRouter:
    """`/api/chat/…`."""
    routes = APIRouter(prefix="/api/chat", dependencies=[Depends(chat.within_limits)])
    replies = chat.replies

    proven = Depends(chat.door.proven)

    @routes.post("/messages", openapi_extra=_BODY)
    async def write(request: Request, who: Bearer = proven) -> JSONResponse:
        incoming = await _read(request, who.member, replies)
        if not chat.limit.allows(who.member):
            return envelope(429, "too_many", replies.too_many)
        until = time.monotonic() + chat.deadline_seconds
        with chat.hub.listening(who.member) as listener:
            accepted = await run_in_threadpool(_accept, chat, incoming)
            while True:
                now = await run_in_threadpool(turns.progress, chat.engine, accepted)
                if now.settled:
                    break
                left = until - time.monotonic()
                if left <= 0 or chat.stopping():
                    return JSONResponse(
                        {"messages": [], "state": now.state, "pending": True}, status_code=202
                    )
                await listener.wait(left)
        return JSONResponse(
            {"messages": [message.wire() for message in now.messages], "state": now.state}
        )

    @routes.get("/messages")
    def history(
        after: int = Query(0, ge=0, le=LARGEST_ID),
        before: int = Query(LARGEST_ID, ge=1, le=LARGEST_ID),
        last: Optional[int] = Query(None, ge=1, le=MOST_AT_ONCE),
        who: Bearer = proven,
    ) -> dict[str, Any]:
        now = view(chat.engine, who.member, after, chat.wall.now(), before=before, last=last)
        shown = {"messages": [message.wire() for message in now.messages], "state": now.state}
        return shown if last is None else {**shown, "earlier": now.earlier}

    @routes.get("/events")
    def events(
        after: Optional[int] = Query(None, ge=0, le=LARGEST_ID),
        last_event_id: Optional[str] = Header(None),
        who: Bearer = proven,
    ) -> EventSourceResponse:
        if chat.hub.count(who.member) >= MOST_STREAMS:
            raise ApiError(429, "too_many", replies.too_many)
        start = cursor(last_event_id, after)
        if start is None:
            start = newest(chat.engine, who.member)
        return EventSourceResponse(
            stream(chat.engine, chat.hub, chat.wall, who, start, chat.stopping),
            ping=15,
            sep="\n",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return routes


def _accept(chat: Chat, incoming: Incoming) -> str:
    """Store, wake the worker and the member's other pages; the turn's id."""
    try:
        accepted = accept(chat.engine, incoming, chat.moment())
    except ClientIdReused:
        raise ApiError(409, "client_id_reused", chat.replies.client_id_reused) from None
    except UnknownChoice:
        raise ApiError(404, "unknown_choice", chat.replies.unknown_choice) from None
    chat.worker.wake(accepted.conversation)
    chat.hub.wake(incoming.member or accepted.conversation)
    return accepted.turn


async def _read(request: Request, member: str, replies: GatewayReplies) -> Incoming:
    """The message in a request's body. Raises ApiError."""
    too_long = replies.fill("too_long", limit=LONGEST_TEXT)
    try:
        body = await json_object(request)
    except BodyTooLarge:
        raise ApiError(413, "too_long", too_long) from None
    except BodyUnreadable:
        raise ApiError(400, "bad_request", replies.unreadable) from None
    try:
        client_id = str(uuid.UUID(_text(body, "client_id")))
    except ValueError:
        raise ApiError(422, "invalid", replies.client_id) from None
    if ("text" in body) == ("choice" in body):
        raise ApiError(422, "invalid", replies.one_of)
    try:
        if "choice" in body:
            return Incoming(member, "min_side", client_id, choice=_choice(_text(body, "choice")))
        return Incoming(member, "min_side", client_id, text=clean(_text(body, "text")))
    except EmptyText:
        raise ApiError(422, "empty", replies.empty) from None
    except TextTooLong:
        raise ApiError(413, "too_long", too_long) from None
    except LookupError:
        raise ApiError(404, "unknown_choice", replies.unknown_choice) from None
    except ValueError:
        raise ApiError(422, "invalid", replies.unreadable) from None


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise ValueError(name)
    return value


def _choice(choice: str) -> str:
    """An id as we make them; anything else was never offered. Raises LookupError."""
    if not (0 < len(choice) <= 32 and choice.isascii() and choice.isprintable()):
        raise LookupError
    return choice


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["client_id"],
                    "properties": {
                        "client_id": {"type": "string", "format": "uuid"},
                        "text": {"type": "string", "maxLength": LONGEST_TEXT},
                        "choice": {"type": "string"},
                    },
                    "description": "Just one of text and choice.",
                }
            }
        },
    }
}
