"""`POST /sms/<provider>`: a call is proven, kept and acknowledged here; worked on it is elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, Optional

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from bot.desk.guard import Desk
from bot.gateway.replies import GatewayReplies
from bot.gateway.sms import outbox
from bot.gateway.sms.carrier import Carrier
from bot.gateway.sms.ports import NotSigned, Provider, Unreadable
from bot.web import ApiError

log = logging.getLogger(__name__)

LARGEST_CALL = 64 * 1024
"""Bytes. A message has at most some thousand characters."""


def webhook_routes(
    providers: Iterable[Provider], carrier: Carrier, replies: GatewayReplies
) -> APIRouter:
    """Where each provider calls."""
    routes = APIRouter(prefix="/sms")
    for provider in providers:
        routes.add_api_route(
            f"/{provider.name}",
            _webhook(provider, carrier, replies),
            methods=["POST"],
            status_code=provider.acknowledged,
            name=f"sms_{provider.name}",
        )
    return routes


def undelivered_routes(desk: Desk) -> APIRouter:
    """`GET /api/desk/sms/undelivered`: the dead letters, for staff."""
    routes = APIRouter(prefix="/api/desk/sms")

    @routes.get("/undelivered", dependencies=[Depends(desk.reader)])
    def undelivered(limit: int = Query(200, ge=1, le=1000)) -> list[dict[str, Any]]:
        return [each.wire() for each in outbox.undelivered(desk.engine, limit)]

    return routes


def _webhook(provider: Provider, carrier: Carrier, replies: GatewayReplies) -> Any:
    async def call(request: Request) -> JSONResponse:
        body = await _body(request)
        if body is None:
            raise ApiError(413, "too_large", replies.unreadable)
        try:
            event = provider.read(request.headers, body)
        except NotSigned:
            raise ApiError(401, "unauthorized", replies.unreadable) from None
        except Unreadable as error:
            log.warning("a call of %s can't be read: %s", provider.name, error)
            raise ApiError(422, "invalid", replies.unreadable) from None
        if event is not None:
            await run_in_threadpool(carrier.take, provider.name, event)
        return JSONResponse({"status": "ok"}, status_code=provider.acknowledged)

    return call


async def _body(request: Request) -> Optional[bytes]:
    """The whole body; None where it is larger than any real call."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_CALL:
            return None
    return bytes(body)
