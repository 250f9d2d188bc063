"""What staff see: the queue, their own conversations, and one conversation whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Optional

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.database import reading
from bot.desk.looks import looked
from bot.desk.people import names
from bot.desk.refusals import UnknownCase
from bot.desk.waiting import case_number
from bot.gateway.tables import conversations, handover_log, messages, notes
from bot.gateway.transcript import Message, read, shown_state


@dataclass(frozen=True)
class Case:
    """A conversation in the queue or with staff. `urgency` 1 (high) to 3; instants in UTC.

    `member` is None for a phone that nobody has proven to be theirs. `unanswered_since`: when the
    member wrote what nobody has answered yet.
    """

    id: str
    member: Optional[str]
    state: str
    channel: str
    reason: Optional[str]
    urgency: Optional[int]
    since: Optional[datetime]
    summary: Optional[str]
    assigned_to: Optional[str]
    number: int = 0
    unanswered_since: Optional[datetime] = None

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
    from_state: str
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
            "number": self.case.number,
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
        return [_case(session, row) for row in rows]


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
        shown = _case(session, found)
        transcript = read(session, messages.c.conversation_id == case)
    whole = WholeCase(
        case=shown,
        transcript=transcript,
        notes=tuple(Note(row.author, row.text, row.at) for row in noted),
        steps=tuple(Step(row.who, row.from_state, row.to_state, row.why, row.at) for row in steps),
        names=names(engine),
    )
    looked(engine, reader, "conversation", at, member=shown.member, conversation=case)
    return whole


def conversation_of(engine: Engine, member: str) -> Optional[str]:
    """The id of the member's conversation, if there is one."""
    with reading(engine) as session:
        found = session.execute(
            select(conversations.c.id).where(conversations.c.member == member)
        ).scalar_one_or_none()
    return None if found is None else str(found)


def find_case(engine: Engine, number: int) -> Optional[str]:
    """The conversation that has (or had) the case of that number."""
    with reading(engine) as session:
        found = session.execute(
            select(handover_log.c.conversation_id).where(
                handover_log.c.id == min(number, 2**62),
                handover_log.c.to_state == "waiting",
                handover_log.c.from_state.in_(("bot", "closed")),
            )
        ).scalar_one_or_none()
    return None if found is None else str(found)


def _case(session: Session, row: Any) -> Case:
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
        number=case_number(session, row.id),
        unanswered_since=_unanswered_since(session, row) if row.state == "staff" else None,
    )


def _unanswered_since(session: Session, row: Any) -> Optional[datetime]:
    """The member's first message after the last one of staff (or the claim)."""
    last = (
        select(messages.c.id)
        .where(messages.c.conversation_id == row.id, messages.c.sender.in_(("staff", "system")))
        .order_by(messages.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found: Optional[datetime] = session.execute(
        select(messages.c.at)
        .where(
            messages.c.conversation_id == row.id,
            messages.c.sender == "member",
            messages.c.id > last,
        )
        .order_by(messages.c.id)
        .limit(1)
    ).scalar_one_or_none()
    return found
