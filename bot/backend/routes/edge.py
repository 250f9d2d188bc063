"""What every route shares: the service token, who is asking, idempotency, documented errors."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Annotated, Any, Optional

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.backend.contract import Channel, ErrorEnvelope, Wire
from bot.backend.idempotency import once
from bot.backend.refusals import STATUS, Refusal
from bot.backend.work import Caller, House, Work

ACTOR = r"^(member:[^\s:]{1,64}|staff:[^\s@]{1,64}@[^\s@]{1,240}|system)$"

_bearer = HTTPBearer(auto_error=False, description="The service token.")


def house(request: Request) -> House:
    """The process's database, clock, profile and texts."""
    found: House = request.app.state.house
    return found


def authorized(
    request: Request,
    token: Annotated[Optional[HTTPAuthorizationCredentials], Depends(_bearer)],
) -> None:
    """Only who knows the service token comes in, compared in constant time. Raises Refusal."""
    wanted: str = request.app.state.service_token
    given = token.credentials if token is not None else ""
    if not hmac.compare_digest(given.encode("utf-8"), wanted.encode("utf-8")):
        raise Refusal("unauthorized")


def caller(
    x_actor: Annotated[
        str,
        Header(
            pattern=ACTOR,
            description="member:<id>, staff:<email>, system",
            examples=["member:m1"],
        ),
    ],
    x_channel: Annotated[Channel, Header(examples=["min_side"])],
) -> Caller:
    """Who asks for the change and from where."""
    return Caller(x_actor, x_channel)


Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="The id of the proposal: however often it is sent, there is one change.",
        examples=["5b1d2b3e-3f0a-4c1e-8f6d-0d6f3a9c2a11"],
    ),
]


def member_caller(member: str, who: Annotated[Caller, Depends(caller)], _key: Key) -> Caller:
    """A member reaches their own records only: another's are as unknown as none. Raises Refusal.

    The key is asked for here too, so that a call without one is told so first.
    """
    if not who.may_act_for(member):
        raise Refusal("not_found")
    return who


def staff_caller(who: Annotated[Caller, Depends(caller)], _key: Key) -> Caller:
    """Staff and the system only. Raises Refusal."""
    if who.is_member:
        raise Refusal("forbidden")
    return who


TheHouse = Annotated[House, Depends(house)]
MemberCaller = Annotated[Caller, Depends(member_caller)]
StaffCaller = Annotated[Caller, Depends(staff_caller)]


def changed(
    request: Request,
    where: House,
    who: Caller,
    key: str,
    body: Wire,
    operation: Callable[[Work], Wire],
) -> JSONResponse:
    """Run a change once under its key and answer with its proof."""
    path = f"{request.method} {request.url.path}"
    return JSONResponse(once(where, who, key, path, body, operation))


def refused_with(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route for its OpenAPI document, an example for each code."""
    by_status: dict[int, list[str]] = {}
    for code in ("unauthorized", "invalid", "unavailable", *codes):
        by_status.setdefault(STATUS[code], []).append(code)
    return {
        status: {
            "model": ErrorEnvelope,
            "description": ", ".join(found),
            "content": {
                "application/json": {
                    "examples": {
                        code: {"value": {"error": {"code": code, "message": "…"}}} for code in found
                    }
                }
            },
        }
        for status, found in by_status.items()
    }
