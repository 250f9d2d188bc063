"""Server-sent events of one member: what differs between two looks into the database."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Engine
from starlette.concurrency import run_in_threadpool

from bot.clock import Clock
from bot.gateway.hub import Hub
from bot.gateway.tokens import Bearer
from bot.gateway.transcript import view

LOOK_SECONDS = 10.0
"""A look without a wake-up, so that an expired token or a reset is noticed."""

Gone = Callable[[], bool]


def cursor(last_event_id: str | None, after: int | None) -> int | None:
    """The message from which to go on: the browser's own cursor first; None: from now on."""
    if last_event_id is not None and last_event_id.isascii() and last_event_id.isdigit():
        return min(int(last_event_id[:18]), 2**62)
    return after


async def stream(
    engine: Engine, hub: Hub, wall: Clock, bearer: Bearer, after: int, gone: Gone
) -> AsyncIterator[dict[str, Any]]:
    """Events until the token expires or the process stops: `message`, then `state` and `typing`.

    The state comes first of all once, so that a page knows where it stands.
    """
    state: str | None = None
    typing = False
    with hub.listening(bearer.member) as listener:
        while not gone() and wall.now() < bearer.until:
            now = await run_in_threadpool(view, engine, bearer.member, after, wall.now())
            for message in now.messages:
                after = message.id
                yield _event("message", message.wire(), str(message.id))
            if now.state != state:
                state = now.state
                yield _event("state", {"state": state})
            if now.typing != typing:
                typing = now.typing
                yield _event("typing", {"typing": typing})
            await listener.wait(min(LOOK_SECONDS, _seconds_left(bearer.until, wall.now())))


def _event(kind: str, data: dict[str, Any], id_: str | None = None) -> dict[str, Any]:
    event: dict[str, Any] = {"event": kind, "data": json.dumps(data, ensure_ascii=False)}
    if id_ is not None:
        event["id"] = id_
    return event


def _seconds_left(until: datetime, now: datetime) -> float:
    return (until - now).total_seconds()
