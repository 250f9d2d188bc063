"""A move of the state machine in the database: one conditional update and its row in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, update
from sqlalchemy.orm import Session

from bot.desk.states import Move, after, starts_of
from bot.gateway.tables import conversations, handover_log


@dataclass(frozen=True)
class Moment:
    """One instant on both clocks, UTC: `at` (domain) is what people see, `wall` the machinery."""

    at: datetime
    wall: datetime


@dataclass(frozen=True)
class Request:
    """Why staff are wanted. `urgency` 1 (high) to 3; `summary` in Danish, for staff's eyes."""

    reason: str
    urgency: int
    summary: str


def move(
    session: Session,
    conversation: str,
    wanted: Move,
    who: str,
    why: str,
    when: Moment,
    **values: Any,
) -> bool:
    """Make the move if the state allows it; False, and nothing changed, where it does not."""
    for start in starts_of(wanted):
        target = after(start, wanted)
        done = session.execute(
            update(conversations)
            .where(conversations.c.id == conversation, conversations.c.state == start)
            .values(state=target, changed_at=when.wall, **values)
        )
        if done.rowcount:
            session.execute(
                insert(handover_log).values(
                    conversation_id=conversation,
                    who=who,
                    from_state=start,
                    to_state=target,
                    why=why,
                    at=when.at,
                )
            )
            return True
    return False


def request(session: Session, conversation: str, who: str, wish: Request, when: Moment) -> None:
    """Put the conversation into the staff's queue.

    One that waits already keeps its place; its reason and summary become the newer ones, its
    urgency the higher. One that staff have already is left as it is.
    """
    told = {"handover_reason": wish.reason, "handover_summary": wish.summary}
    entered = move(
        session,
        conversation,
        "request",
        who,
        wish.reason,
        when,
        handover_urgency=wish.urgency,
        handover_since=when.at,
        assigned_to=None,
        **told,
    )
    if entered:
        return
    urgency = conversations.c.handover_urgency
    session.execute(
        update(conversations)
        .where(conversations.c.id == conversation, conversations.c.state == "waiting")
        .values(
            handover_urgency=case(
                (func.coalesce(urgency, wish.urgency) < wish.urgency, urgency), else_=wish.urgency
            ),
            changed_at=when.wall,
            **told,
        )
    )
