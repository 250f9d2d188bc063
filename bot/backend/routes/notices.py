"""The outbox over HTTP: the gateway takes what is due, delivers it, and reports."""

from __future__ import annotations

from typing import Annotated, Optional

from fastapi import APIRouter, Depends, Query

from bot.backend import notices, outbox
from bot.backend.contract import Notice, NoticeFailed, NoticeState
from bot.backend.routes.edge import TheHouse, authorized, refused_with
from bot.database import reading

router = APIRouter(dependencies=[Depends(authorized)], tags=["notices"])


@router.get("/notices", responses=refused_with())
def read_notices(
    house: TheHouse,
    due: Annotated[
        Optional[str],
        Query(description="given (`?due`): only what is to be delivered now, in order"),
    ] = None,
    state: Annotated[Optional[NoticeState], Query(description="without `due`")] = None,
    member: Annotated[Optional[str], Query(description="without `due`")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[Notice]:
    """Notices: those that are due in the order of delivery, else the newest first."""
    if due is not None:
        return notices.due(house, limit)
    with reading(house.engine) as session:
        return outbox.in_state(session, state, member, limit)


@router.post("/notices/{notice}/sent", responses=refused_with("not_found"))
def report_sent(house: TheHouse, notice: str) -> Notice:
    """It was delivered. Said again, it is no second report."""
    return notices.report(house, notice, "sent", None)


@router.post("/notices/{notice}/failed", responses=refused_with("not_found"))
def report_failed(house: TheHouse, notice: str, body: Optional[NoticeFailed] = None) -> Notice:
    """It could not be delivered, and staff have to know (`GET /notices?state=failed`)."""
    return notices.report(house, notice, "failed", body.reason if body else None)
