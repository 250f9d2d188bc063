"""The log of looks: every time that staff see a member's data, who, whose, what and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Optional

from sqlalchemy import insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.database import reading, writing
from bot.desk.tables import looks

What = Literal["conversation", "member", "search", "case_file", "member_file", "erase"]

ONE_LOOK = timedelta(minutes=10)
"""A page that stays open and refreshes is one look. Files, searches and erasures count each time."""


@dataclass(frozen=True)
class Look:
    """One row of the log."""

    staff: str
    member: Optional[str]
    what: str
    at: datetime


def looked(
    engine: Engine,
    staff: str,
    what: What,
    at: datetime,
    *,
    member: Optional[str] = None,
    conversation: Optional[str] = None,
) -> None:
    """Write the look down; an open page that is looked at again within ONE_LOOK is no new row."""
    if what in ("conversation", "member"):
        with reading(engine) as session:
            recent = session.execute(
                select(looks.c.id)
                .where(
                    looks.c.staff == staff,
                    looks.c.what == what,
                    looks.c.member == member,
                    looks.c.conversation_id == conversation,
                    looks.c.at > at - ONE_LOOK,
                )
                .limit(1)
            ).first()
        if recent is not None:
            return
    with writing(engine) as session:
        record(session, staff, what, at, member=member, conversation=conversation)


def record(
    session: Session,
    staff: str,
    what: What,
    at: datetime,
    *,
    member: Optional[str] = None,
    conversation: Optional[str] = None,
) -> None:
    """The same inside a transaction under way."""
    session.execute(
        insert(looks).values(
            staff=staff, what=what, at=at, member=member, conversation_id=conversation
        )
    )


def latest(engine: Engine, member: Optional[str] = None, most: int = 200) -> list[Look]:
    """The newest looks, of one member where given."""
    query = select(looks).order_by(looks.c.id.desc()).limit(most)
    if member is not None:
        query = query.where(looks.c.member == member)
    with reading(engine) as session:
        rows = session.execute(query).all()
    return [Look(row.staff, row.member, row.what, row.at) for row in rows]
