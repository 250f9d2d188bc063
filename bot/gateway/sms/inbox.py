"""What comes in by text message is kept first, once, and no more of it than a person writes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Optional

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.database import reading, writing
from bot.desk.moves import Moment
from bot.gateway.cpr import mask_cpr
from bot.gateway.incoming import LONGEST_TEXT
from bot.gateway.sms import outbox, phones
from bot.gateway.sms.ports import Received
from bot.gateway.sms.rendering import storable
from bot.gateway.sms.tables import inbox

Kept = Literal["kept", "known", "too_many"]

WARN_AGAIN = timedelta(hours=1)
REPEATS_WITHIN = timedelta(hours=1)
MOST_REPEATS = 2
"""The same words come once more than this: a machine is answering us, and gets no answer."""
_TOO_SHORT_FOR_A_MACHINE = 15


@dataclass(frozen=True)
class Limits:
    """Most messages that are taken from one number."""

    per_minute: int
    per_day: int


def keep(
    engine: Engine, provider: str, message: Received, limits: Limits, too_much: str, when: Moment
) -> Kept:
    """Store a message; a redelivery is known. Beyond the limits it is dropped, and that is said
    once an hour."""
    text = mask_cpr(storable(message.text)[: LONGEST_TEXT + 1])
    provider_id = storable(message.id)
    row = {
        "provider": provider, "provider_id": provider_id, "phone": message.phone, "text": text,
        "fingerprint": _fingerprint(text), "received_at": when.at, "received_wall": when.wall,
        "status": "new",
    }  # fmt: skip
    try:
        with writing(engine) as session:
            if _is_known(session, provider, provider_id):
                return "known"
            if _is_too_much(session, message.phone, limits, when.wall):
                _warn(session, message.phone, too_much, when)
                return "too_many"
            session.execute(insert(inbox).values(**row))
            return "kept"
    except IntegrityError:
        return "known"  # the same message twice at once: the other one was faster


def waiting_phones(engine: Engine, most: int = 200) -> list[str]:
    """Phones with messages that were not worked on, the longest waiting first."""
    with reading(engine) as session:
        found = session.execute(
            select(inbox.c.phone)
            .where(inbox.c.status == "new")
            .group_by(inbox.c.phone)
            .order_by(func.min(inbox.c.id))
            .limit(most)
        )
        return list(found.scalars())


def next_of(session: Session, phone: str) -> Optional[Any]:
    """The phone's oldest message that was not worked on (after `phones.hold`)."""
    return session.execute(
        select(inbox)
        .where(inbox.c.phone == phone, inbox.c.status == "new")
        .order_by(inbox.c.id)
        .limit(1)
    ).one_or_none()


def done(session: Session, row: Any) -> None:
    """Worked on, in this transaction; the text now stands in the conversation alone."""
    session.execute(update(inbox).where(inbox.c.id == row.id).values(status="done", text=""))


def repeats_itself(session: Session, row: Any, shortest: int = _TOO_SHORT_FOR_A_MACHINE) -> bool:
    """Whether the same words came so often lately that no person wrote them.

    Below `shortest` characters everything may be repeated: "ja", "2".
    """
    if len(row.text) < shortest:
        return False
    before = session.execute(
        select(func.count())
        .select_from(inbox)
        .where(
            inbox.c.phone == row.phone,
            inbox.c.fingerprint == row.fingerprint,
            inbox.c.received_wall > row.received_wall - REPEATS_WITHIN,
            inbox.c.id < row.id,
        )
    ).scalar_one()
    return bool(before >= MOST_REPEATS)


def _is_known(session: Session, provider: str, provider_id: str) -> bool:
    found = session.execute(
        select(inbox.c.id).where(inbox.c.provider == provider, inbox.c.provider_id == provider_id)
    )
    return found.first() is not None


def _is_too_much(session: Session, phone: str, limits: Limits, wall: datetime) -> bool:
    spans = ((timedelta(minutes=1), limits.per_minute), (timedelta(days=1), limits.per_day))
    return any(
        session.execute(
            select(func.count())
            .select_from(inbox)
            .where(inbox.c.phone == phone, inbox.c.received_wall > wall - span)
        ).scalar_one()
        >= most
        for span, most in spans
    )


def _warn(session: Session, phone: str, too_much: str, when: Moment) -> None:
    row = phones.hold(session, phone)
    if row.warned_at is None or row.warned_at <= when.wall - WARN_AGAIN:
        phones.note(session, phone, warned_at=when.wall)
        outbox.enqueue(session, phone, [too_much], "system", when.at)


def _fingerprint(text: str) -> str:
    words = " ".join(text.casefold().split())
    return hashlib.sha256(words.encode()).hexdigest()
