"""The one outbox: what is to be sent, in order per phone, each once as far as a provider lets us.

Before a message is handed over it is marked `sending`; whatever ends that without an answer (a lost
answer, a killed process) leaves it `unsure`: then a delivery report is waited for, and only without
one it is sent again.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Optional

from sqlalchemy import and_, false, func, insert, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, aliased

from bot import gsm7
from bot.database import reading, writing
from bot.desk.moves import Moment
from bot.gateway.sms.ports import NotNow, Refused, Report, SendFailed, TextMessage, Unsure
from bot.gateway.sms.rendering import storable
from bot.gateway.sms.tables import outbox, phones
from bot.gateway.tables import conversations

Kind = Literal["bot", "staff", "system", "code", "notice"]

LEASE = timedelta(seconds=30)
"""Longer than a provider's time-outs together."""
WAIT_FOR_REPORT = timedelta(minutes=2)
"""How long a report is waited for, before a message that may have been taken is sent again."""
FIRST_DELAY, LONGEST_DELAY = 2.0, 300.0
GIVE_UP_AFTER = timedelta(hours=24)
"""A provider that is down for that long makes dead letters."""

_DIGITS = re.compile(r"\d{6}")
_UNDER_WAY = ("queued", "sending")
_UNSETTLED = ("queued", "sending", "unsure")


@dataclass(frozen=True)
class Entry:
    """A message that was claimed for sending."""

    message: TextMessage
    kind: Kind
    segments: int
    attempts: int


@dataclass(frozen=True)
class Dead:
    """A message that will not arrive, for those who must know: staff, and of notices the back end."""

    conversation: Optional[str]
    kind: Kind


@dataclass(frozen=True)
class Undelivered:
    """A text message that did not arrive, as staff see it. `at`: domain clock."""

    message_id: Optional[int]
    kind: str
    phone: str
    segments: int
    status: str
    detail: Optional[str]
    at: datetime

    def wire(self) -> dict[str, Any]:
        """The shape of the desk API; the number is for staff's eyes."""
        return {**vars(self), "at": self.at.isoformat()}


def enqueue(
    session: Session,
    phone: Optional[str],
    texts: Sequence[str],
    kind: Kind,
    at: datetime,
    *,
    conversation: Optional[str] = None,
    message_id: Optional[int] = None,
    notice: Optional[str] = None,
    expires: Optional[datetime] = None,
) -> None:
    """Keep messages (GSM-7) for sending, in the transaction of what they are about.

    To a phone that said STOP, or to none, nothing goes out: kept as `stopped`, so that it can be seen.
    """
    stopped = session.execute(
        select(phones.c.phone).where(phones.c.phone == phone, phones.c.stopped_at.is_not(None))
    ).first()
    for text in texts:
        session.execute(
            insert(outbox).values(
                ref=str(uuid.uuid4()), conversation_id=conversation, message_id=message_id,
                notice_id=notice, phone=phone or "", kind=kind, text=text,
                segments=gsm7.segments(text), at=at, expires_at=expires, attempts=0,
                status="queued" if phone and stopped is None else "stopped",
            )
        )  # fmt: skip


def stop(session: Session, phone: str) -> None:
    """Nothing that waits goes out any more."""
    session.execute(
        update(outbox)
        .where(outbox.c.phone == phone, outbox.c.status.in_(("queued", "unsure")))
        .values(status="stopped")
    )


def claim(engine: Engine, when: Moment, quiet: bool = False) -> Optional[Entry]:
    """The next message to be sent, marked as being sent; None where none is due.

    The oldest of its phone goes first. While `quiet`, notices wait.
    """
    with reading(engine) as session:
        waits = _looks_due(session, when.wall)
    if not waits:
        return None
    with writing(engine) as session:
        _expire(session, when.at)
        _lost_ones(session, when.wall)
        row = session.execute(_next(when.wall, quiet)).first()
        return _entry(row) if row is not None and _begin(session, row, when.wall) else None


def taken(engine: Engine, entry: Entry, provider_id: str) -> None:
    """The provider has it. What a faster report said stays."""
    with writing(engine) as session:
        session.execute(
            update(outbox)
            .where(outbox.c.ref == entry.message.ref, outbox.c.status.in_(_UNSETTLED))
            .values(status="sent", due_at=None, detail=None)
        )
        session.execute(
            update(outbox)
            .where(outbox.c.ref == entry.message.ref)
            .values(provider_id=provider_id[:100], text=_wiped(entry.kind, entry.message.text))
        )


def failed(engine: Engine, entry: Entry, failure: SendFailed, wall: datetime) -> Optional[Dead]:
    """It was not handed over: again later, or never. The dead letter, if it is one now."""
    with writing(engine) as session:
        row = session.execute(
            select(outbox).where(outbox.c.ref == entry.message.ref, outbox.c.status == "sending")
        ).one_or_none()
        if row is None:
            return None
        if isinstance(failure, Refused) or row.give_up_at <= wall:
            _set(session, row.ref, status="failed", detail=failure.why[:200])
            return Dead(row.conversation_id, row.kind)
        if isinstance(failure, Unsure):
            again, status = wall + WAIT_FOR_REPORT, "unsure"
        else:
            wait = delay(row.attempts, random.random())  # spreads retries, keeps no secret
            if isinstance(failure, NotNow):
                wait = max(wait, timedelta(seconds=failure.after_seconds))
            again, status = wall + wait, "queued"
        _set(session, row.ref, status=status, due_at=again, detail=failure.why[:200])
        return None


def reported(engine: Engine, report: Report) -> Optional[Dead]:
    """What the provider says became of a message; what is known better already stays.

    Delivered is never undone, and an earlier stage never overwrites a later one.
    """
    before = {
        "sent": _UNSETTLED,
        "failed": (*_UNSETTLED, "sent"),
        "delivered": (*_UNSETTLED, "sent", "failed", "stopped"),
    }[report.status]
    detail, provider_id = storable(report.detail)[:200], storable(report.provider_id)[:100]
    with writing(engine) as session:
        row = session.execute(
            select(outbox).where(outbox.c.ref == storable(report.ref), outbox.c.status.in_(before))
        ).one_or_none()
        if row is None:
            return None
        _set(
            session, row.ref,
            status=report.status, due_at=None, detail=detail or None,
            provider_id=provider_id, text=_wiped(row.kind, row.text),
        )  # fmt: skip
        return Dead(row.conversation_id, row.kind) if report.status == "failed" else None


def delay(attempts: int, chance: float) -> timedelta:
    """Wait before the next try: doubling, bounded; `chance` (0 to 1) spreads it over half of it."""
    whole = min(FIRST_DELAY * 2.0 ** min(attempts, 10), LONGEST_DELAY)
    return timedelta(seconds=whole * (0.5 + chance / 2))


def is_members(session: Session, conversation: str) -> bool:
    """Whether the conversation is a member's, not one of a phone that anybody may hold."""
    member = session.execute(
        select(conversations.c.member).where(conversations.c.id == conversation)
    ).scalar_one_or_none()
    return member is not None


def undelivered(engine: Engine, most: int = 200) -> list[Undelivered]:
    """The dead letters, newest first."""
    with reading(engine) as session:
        rows = session.execute(
            select(outbox)
            .where(outbox.c.status.in_(("failed", "expired")))
            .order_by(outbox.c.id.desc())
            .limit(most)
        )
        return [
            Undelivered(
                row.message_id, row.kind, row.phone, row.segments, row.status, row.detail, row.at
            )
            for row in rows
        ]  # fmt: skip


def _looks_due(session: Session, wall: datetime) -> bool:
    due = or_(outbox.c.due_at.is_(None), outbox.c.due_at <= wall)
    found = session.execute(
        select(outbox.c.id).where(outbox.c.status.in_(_UNSETTLED), due).limit(1)
    )
    return found.first() is not None


def _next(wall: datetime, quiet: bool) -> Any:
    """The oldest message that is due and does not overtake another one to the same phone."""
    before = aliased(outbox)
    overtakes = (
        select(before.c.id)
        .where(
            before.c.phone == outbox.c.phone,
            before.c.status.in_(_UNDER_WAY),
            before.c.kind != "notice",  # one that is held in quiet hours holds nothing up
            before.c.id < outbox.c.id,
        )
        .exists()
    )
    due = or_(outbox.c.due_at.is_(None), outbox.c.due_at <= wall)
    held = outbox.c.kind == "notice" if quiet else false()
    return (
        select(outbox)
        .where(outbox.c.status == "queued", due, ~held, ~overtakes)
        .order_by(outbox.c.id)
        .limit(1)
    )


def _begin(session: Session, row: Any, wall: datetime) -> bool:
    begun = session.execute(
        update(outbox)
        .where(outbox.c.id == row.id, outbox.c.status == "queued")
        .values(
            status="sending", due_at=wall + LEASE, attempts=outbox.c.attempts + 1,
            give_up_at=func.coalesce(outbox.c.give_up_at, wall + GIVE_UP_AFTER),
        )
    )  # fmt: skip
    return bool(begun.rowcount)


def _expire(session: Session, now: datetime) -> None:
    old = session.execute(
        select(outbox).where(outbox.c.status.in_(("queued", "unsure")), outbox.c.expires_at <= now)
    ).all()
    for row in old:
        _set(session, row.ref, status="expired", text=_wiped(row.kind, row.text))


def _lost_ones(session: Session, wall: datetime) -> None:
    """Sending that nobody came back from, and waiting for a report that has been long enough."""
    overdue = and_(outbox.c.due_at.is_not(None), outbox.c.due_at <= wall)
    session.execute(
        update(outbox).where(outbox.c.status == "unsure", overdue).values(status="queued")
    )
    session.execute(
        update(outbox)
        .where(outbox.c.status == "sending", overdue)
        .values(status="unsure", due_at=wall + WAIT_FOR_REPORT, detail="no answer")
    )


def _set(session: Session, ref: str, **values: Any) -> None:
    session.execute(update(outbox).where(outbox.c.ref == ref).values(**values))


def _wiped(kind: str, text: str) -> str:
    return _DIGITS.sub("******", text) if kind == "code" else text


def _entry(row: Any) -> Entry:
    message = TextMessage(row.ref, row.phone, row.text)
    return Entry(message, row.kind, row.segments, row.attempts + 1)
