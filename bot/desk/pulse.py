"""One small look that tells a desk's page whether anything has changed since its last one."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Optional

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.database import reading
from bot.desk.opening import Opening
from bot.gateway.sms.tables import outbox
from bot.gateway.tables import conversations


def beat(engine: Engine, opening: Opening, now: datetime, case: Optional[str]) -> dict[str, Any]:
    """`{"version", "waiting", "newest"}`: a version is equal where the page would look the same.

    `newest` is when the latest of the waiting ones came (ISO, UTC), so that a page can tell new work
    from old. Minutes of waiting are not part of the version; what is overdue is.
    """
    columns = conversations.c
    with reading(engine) as session:
        open_ones = session.execute(
            select(columns.id, columns.state, columns.handover_since, columns.changed_at)
            .where(columns.state.in_(("waiting", "staff")))
            .order_by(columns.id)
        ).all()
        looked_at = session.execute(
            select(columns.state, columns.changed_at).where(columns.id == case)
        ).one_or_none()
        delivered = session.execute(
            select(outbox.c.status, func.count())
            .where(outbox.c.conversation_id == case)
            .group_by(outbox.c.status)
            .order_by(outbox.c.status)
        ).all()
    waiting = [row for row in open_ones if row.state == "waiting"]
    late = [is_late(opening, row.handover_since, now) for row in waiting]
    seen = repr((open_ones, looked_at, delivered, late, opening.is_open(now)))
    newest = max((row.handover_since for row in waiting), default=None)
    return {
        "version": hashlib.sha256(seen.encode()).hexdigest()[:16],
        "waiting": len(waiting),
        "newest": None if newest is None else newest.isoformat(),
    }


def is_late(opening: Opening, since: Optional[datetime], now: datetime) -> bool:
    """Whether nobody has claimed for longer than the profile allows, in opening minutes."""
    if since is None:
        return False
    most = opening.profile.support.escalate_minutes
    return opening.minutes_between(since, now) >= most
