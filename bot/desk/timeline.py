"""Everything of one conversation in the order in which it happened: said, noted, handed over, delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Optional

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.database import reading
from bot.desk.cases import WholeCase
from bot.gateway.sms.tables import outbox
from bot.gateway.transcript import Message

Kind = Literal["message", "note", "step"]


@dataclass(frozen=True)
class Delivery:
    """A text message that went out for a message, and what became of it."""

    status: str
    segments: int
    at: datetime
    detail: Optional[str]


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `who`: member, bot, staff, system, or who made the move."""

    kind: Kind
    at: datetime
    who: str
    text: str
    name: Optional[str] = None
    message: Optional[Message] = None
    to_state: Optional[str] = None
    deliveries: Sequence[Delivery] = ()


def timeline(whole: WholeCase, delivered: Mapping[int, Sequence[Delivery]]) -> list[Entry]:
    """Messages, notes and moves in one row, by time; of the same instant, what was said comes first."""
    said = [
        Entry(
            "message", each.at, each.sender, each.text, whole.names.get(each.author or ""), each,
            deliveries=delivered.get(each.id, ()),
        )
        for each in whole.transcript
    ]  # fmt: skip
    noted = [
        Entry("note", each.at, "staff", each.text, whole.names.get(each.author, each.author))
        for each in whole.notes
    ]
    steps = [
        Entry(
            "step", step.at, step.who, step.why,
            whole.names.get(step.who.removeprefix("staff:")), to_state=step.to_state,
        )
        for step in whole.steps
    ]  # fmt: skip
    return sorted([*said, *steps, *noted], key=lambda entry: entry.at)


def deliveries(engine: Engine, conversation: str) -> dict[int, list[Delivery]]:
    """What went out as text messages, by the message's id."""
    with reading(engine) as session:
        rows = session.execute(
            select(outbox)
            .where(outbox.c.conversation_id == conversation, outbox.c.message_id.is_not(None))
            .order_by(outbox.c.id)
        ).all()
    found: dict[int, list[Delivery]] = {}
    for row in rows:
        found.setdefault(row.message_id, []).append(
            Delivery(row.status, row.segments, row.at, row.detail)
        )
    return found


def entry_wire(entry: Entry) -> dict[str, Any]:
    """An entry as a file for machines has it."""
    wire: dict[str, Any] = {
        "at": entry.at.isoformat(), "kind": entry.kind, "who": entry.who, "text": entry.text,
    }  # fmt: skip
    if entry.name:
        wire["name"] = entry.name
    if entry.to_state:
        wire["to"] = entry.to_state
    if entry.message is not None:
        shown = entry.message.wire()
        for name in ("choices", "sources", "attachments"):
            wire[name] = shown[name]
    if entry.deliveries:
        wire["deliveries"] = [
            {"status": each.status, "segments": each.segments, "at": each.at.isoformat()}
            for each in entry.deliveries
        ]
    return wire
