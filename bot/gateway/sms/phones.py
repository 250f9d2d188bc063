"""What is known of a phone: who was proven to hold it, and whether it wants messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Optional

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.gateway.sms.tables import phones


def hold(session: Session, phone: str) -> Any:
    """The phone's row, made where it is missing, held until the transaction ends."""
    which = phones.c.phone == phone
    if not session.execute(update(phones).where(which).values(phone=phone)).rowcount:
        session.execute(insert(phones).values(phone=phone))
    return session.execute(select(phones).where(which)).one()


def note(session: Session, phone: str, **values: Any) -> None:
    """Write what was learned into the held row."""
    session.execute(update(phones).where(phones.c.phone == phone).values(**values))


def proven_member(row: Any, now: datetime) -> Optional[str]:
    """Who holds the phone, while the proof is good. `now`: domain clock."""
    if row.member is None or row.verified_until is None or row.verified_until <= now:
        return None
    return str(row.member)
