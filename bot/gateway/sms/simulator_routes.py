"""The simulator's own side, in development: its phones' messages, how it behaves, and a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse

from bot.gateway.replies import GatewayReplies
from bot.gateway.sms.numbers import phone_number
from bot.gateway.sms.providers.simulator import Behaviour, Simulator
from bot.web import ApiError

_PAGE = Path(__file__).parent / "static" / "phone.html"


def simulator_routes(simulator: Simulator, replies: GatewayReplies) -> APIRouter:
    """`/sms/simulator/messages?to=&after=`, `/sms/simulator/behaviour`, and the page `/sms/phone`."""
    routes = APIRouter(prefix="/sms")

    @routes.get("/simulator/messages")
    def messages(
        to: Optional[str] = None, after: int = Query(0, ge=0, le=2**62)
    ) -> list[dict[str, Any]]:
        return [each.wire() for each in simulator.on_phone(_number(to), after)]

    @routes.get("/simulator/behaviour")
    def behaviour() -> Behaviour:
        return simulator.behaviour

    @routes.post("/simulator/behaviour")
    def behave(wanted: Behaviour) -> Behaviour:
        simulator.behaviour = wanted
        return wanted

    @routes.get("/phone", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(_PAGE, media_type="text/html; charset=utf-8")

    def _number(written: Optional[str]) -> Optional[str]:
        """The number of a query, whose plus sign may have come as a space."""
        if not written:
            return None
        try:
            return phone_number(written.strip())
        except ValueError:
            raise ApiError(422, "invalid", replies.unreadable) from None

    return routes
