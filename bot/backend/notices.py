"""Notices as the gateway meets them: what is due, and the report of what came of it."""

from __future__ import annotations

from typing import Optional

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.backend import log, notice_plan, outbox, tables
from bot.backend.contract import Notice, NoticeState
from bot.backend.refusals import Refusal
from bot.backend.work import House
from bot.database import reading, writing

_notices = tables.notices
_HIGHEST_ID = 2**62


def due(house: House, limit: int) -> list[Notice]:
    """What is to be delivered now, in order; the same ones until they are reported."""
    now = house.clock.now()
    notice_plan.bring_up_to_date(house.engine, house.profile, house.texts, now)
    with reading(house.engine) as session:
        return outbox.waiting(session, now, limit)


def report(house: House, notice: str, state: NoticeState, reason: Optional[str]) -> Notice:
    """What came of a notice, `sent` or `failed`; the same report again changes nothing.

    Every failure, and every reminder that was sent, stands in the member's log. A receipt's sending
    does not: the change itself does. Raises Refusal not_found.
    """
    with writing(house.engine) as session:
        session.connection()
        found = _one(session, notice)
        if found.state == state:
            return found
        now = house.clock.now()
        session.execute(
            update(_notices)
            .where(_notices.c.id == int(notice))
            .values(state=state, reported_at=now, reason=reason or None)
        )
        told = _one(session, notice)
        if state == "failed" or told.kind != "receipt":
            log.record_notice(session, told, now)
        return told


def _one(session: Session, notice: str) -> Notice:
    known = notice.isascii() and notice.isdigit() and int(notice) < _HIGHEST_ID
    row = None
    if known:
        row = session.execute(select(_notices).where(_notices.c.id == int(notice))).first()
    if row is None:
        raise Refusal("not_found")
    return outbox.shown(row)
