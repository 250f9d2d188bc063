"""The outbox: one row a notice, with a key that no second one can have."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Optional

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.backend import tables
from bot.backend.contract import Channel, Notice, NoticeKind, NoticeState
from bot.backend.inbox import Texts

_notices = tables.notices
_ABOUT = {"time_to_book": "invitation", "deadline": "invitation", "meeting_tomorrow": "meeting"}


def put(
    session: Session,
    texts: Texts,
    member: str,
    kind: NoticeKind,
    subject: str,
    due: datetime,
    places: dict[str, str],
    *,
    days_before: Optional[int] = None,
    book_by: Optional[date] = None,
    said_in: Optional[Channel] = None,
) -> None:
    """Lay a notice out for delivery; one of that key that is there already stays as it is."""
    template = texts.notices[kind]
    parts = (kind, days_before, subject, book_by)
    row = {
        "key": ":".join(str(part) for part in parts if part is not None),
        "member_id": member,
        "kind": kind,
        "subject": subject,
        "days_before": days_before,
        "book_by": book_by,
        "due_at": due,
        "title": template.title.format_map(places),
        "text": " ".join(template.text.format_map(places).split()),
        "sms": " ".join(template.sms.format_map(places).split()),
        "said_in": said_in,
        "state": "waiting",
    }
    try:
        with session.begin_nested():
            session.execute(insert(_notices).values(**row))
    except IntegrityError:
        found = select(_notices.c.id).where(_notices.c.key == row["key"])
        if session.execute(found).first() is None:
            raise


def waiting(session: Session, now: datetime, limit: int) -> list[Notice]:
    """What is due, in the order in which it is to be delivered."""
    rows = session.execute(
        select(_notices)
        .where(_notices.c.state == "waiting", _notices.c.due_at <= now)
        .order_by(_notices.c.due_at, _notices.c.id)
        .limit(limit)
    )
    return [shown(row) for row in rows]


def in_state(
    session: Session, state: Optional[NoticeState], member: Optional[str], limit: int
) -> list[Notice]:
    """Notices, the newest first."""
    query = select(_notices).order_by(_notices.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(_notices.c.state == state)
    if member is not None:
        query = query.where(_notices.c.member_id == member)
    return [shown(row) for row in session.execute(query)]


def shown(row: Any) -> Notice:
    """A row as the contract shows it."""
    about = {"meeting": None, "invitation": None, "receipt": None}
    about[_ABOUT.get(row.kind, "receipt")] = row.subject
    return Notice(
        id=str(row.id),
        kind=row.kind,
        member=row.member_id,
        due=row.due_at,
        title=row.title,
        text=row.text,
        sms=row.sms,
        said_in=row.said_in,
        state=row.state,
        reported_at=row.reported_at,
        reason=row.reason,
        **about,
    )
