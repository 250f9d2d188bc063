"""What staff see: the queue, their own conversations, and one conversation whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Optional

from sqlalchemy import insert, select
from sqlalchemy.engine import Engine

from bot.database import reading, writing
from bot.desk.handover import UnknownCase
from bot.gateway.tables import conversations, handover_log, messages, notes, reads, staff
from bot.gateway.transcript import Message, read, shown_state

READ_ONCE = timedelta(minutes=10)
"""A page that stays open and refreshes is one look."""


@dataclass(frozen=True)
class Case:
    """A conversation in the queue or with staff. `urgency` 1 (high) to 3; `since` in UTC."""

    id: str
    member: str
    state: str
    channel: str
    reason: Optional[str]
    urgency: Optional[int]
    since: Optional[datetime]
    summary: Optional[str]
    assigned_to: Optional[str]

    def wire(self) -> dict[str, Any]:
        """The shape of the desk API."""
        return {
            "id": self.id,
            "member": self.member,
            "state": self.state,
            "channel": self.channel,
            "reason": self.reason,
            "urgency": self.urgency,
            "since": None if self.since is None else self.since.isoformat(),
            "summary": self.summary,
        }


@dataclass(frozen=True)
class Note:
    """What staff wrote for each other."""

    author: str
    text: str
    at: datetime

    def wire(self) -> dict[str, str]:
        """The shape of the desk API."""
        return {"author": self.author, "text": self.text, "at": self.at.isoformat()}


@dataclass(frozen=True)
class Step:
    """A change of who answers."""

    who: str
    to_state: str
    why: str
    at: datetime

    def wire(self) -> dict[str, str]:
        """The shape of the desk API."""
        return {"who": self.who, "to": self.to_state, "why": self.why, "at": self.at.isoformat()}


@dataclass(frozen=True)
class WholeCase:
    """A case with everything said, shown, noted and changed in it."""

    case: Case
    transcript: tuple[Message, ...]
    notes: tuple[Note, ...]
    steps: tuple[Step, ...]
    names: dict[str, str]

    def wire(self) -> dict[str, Any]:
        """The shape of the desk API."""
        return {
            **self.case.wire(),
            "assigned_to": self.case.assigned_to,
            "transcript": [message.wire() for message in self.transcript],
            "notes": [each.wire() for each in self.notes],
            "log": [step.wire() for step in self.steps],
        }


def open_cases(engine: Engine, state: Optional[Literal["waiting", "staff"]] = None) -> list[Case]:
    """Waiting and claimed conversations, or one of both: the most urgent first, then the oldest."""
    states = ("waiting", "staff") if state is None else (state,)
    with reading(engine) as session:
        rows = session.execute(
            select(conversations)
            .where(conversations.c.state.in_(states))
            .order_by(
                conversations.c.handover_urgency,
                conversations.c.handover_since,
                conversations.c.id,
            )
        ).all()
    return [_case(row) for row in rows]


def whole_case(engine: Engine, case: str, reader: str, at: datetime) -> WholeCase:
    """One conversation, and a row in the log of who looked at it. Raises UnknownCase."""
    with reading(engine) as session:
        found = session.execute(
            select(conversations).where(conversations.c.id == case)
        ).one_or_none()
        if found is None:
            raise UnknownCase
        noted = session.execute(
            select(notes).where(notes.c.conversation_id == case).order_by(notes.c.id)
        ).all()
        steps = session.execute(
            select(handover_log)
            .where(handover_log.c.conversation_id == case)
            .order_by(handover_log.c.id)
        ).all()
        whole = WholeCase(
            case=_case(found),
            transcript=read(session, messages.c.conversation_id == case),
            notes=tuple(Note(row.author, row.text, row.at) for row in noted),
            steps=tuple(Step(row.who, row.to_state, row.why, row.at) for row in steps),
            names=dict(session.execute(select(staff.c.email, staff.c.name)).all()),
        )
        looked = session.execute(
            select(reads.c.id)
            .where(
                reads.c.conversation_id == case,
                reads.c.staff == reader,
                reads.c.at > at - READ_ONCE,
            )
            .limit(1)
        ).one_or_none()
    if looked is None:
        with writing(engine) as session:
            session.execute(insert(reads).values(conversation_id=case, staff=reader, at=at))
    return whole


def _case(row: Any) -> Case:
    return Case(
        id=row.id,
        member=row.member,
        state=shown_state(row.state),
        channel=row.channel,
        reason=row.handover_reason,
        urgency=row.handover_urgency,
        since=row.handover_since,
        summary=row.handover_summary,
        assigned_to=row.assigned_to,
    )
