"""The messages of a conversation: written in order, read from a cursor."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Optional

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.database import reading
from bot.dialogue.read_aloud import read_aloud
from bot.dialogue.spoken import SpokenChoice
from bot.gateway.attachments import Kept, on_the_wire
from bot.gateway.sms import outgoing
from bot.gateway.tables import choices, conversations, messages, staff, turns

Sender = Literal["member", "bot", "staff", "system"]
State = Literal["bot", "waiting", "staff"]


@dataclass(frozen=True)
class Message:
    """One message as it is kept. `at`: domain clock; `choices`: ids and titles, no payloads.

    `name` is that of the member of staff; `client_id` the member's page's own, to know it again by.
    """

    id: int
    at: datetime
    sender: Sender
    author: Optional[str]
    text: str
    choices: tuple[tuple[str, str], ...]
    sources: tuple[dict[str, str], ...]
    attachments: tuple[Kept, ...]
    name: Optional[str] = None
    client_id: Optional[str] = None

    def wire(self) -> dict[str, Any]:
        """The shape of the chat API; `spoken` is the text as a speech synthesiser reads it well.

        `name`, `client_id`, `cards` and `times` are there only where the message has them.
        """
        own = {"name": self.name, "client_id": self.client_id}
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "from": self.sender,
            "text": self.text,
            "spoken": read_aloud(self.text),
            "choices": [{"id": id_, "title": title} for id_, title in self.choices],
            "sources": list(self.sources),
            **on_the_wire(self.id, self.attachments, self.choices),
            **{key: value for key, value in own.items() if value is not None},
        }


@dataclass(frozen=True)
class View:
    """What a member sees: messages after a cursor, who answers, whether the bot is writing.

    `earlier`: there are older messages than those, where only the last ones were asked for.
    """

    messages: tuple[Message, ...]
    state: State
    typing: bool
    earlier: bool = False


def shown_state(state: str) -> State:
    """A closed hand-over shows as `bot`."""
    return "waiting" if state == "waiting" else "staff" if state == "staff" else "bot"


def touch(session: Session, conversation: str, wall: datetime) -> bool:
    """Mark the conversation as changed, and hold its row until the transaction ends.

    Every writer does this first: so ids of messages rise in the order in which they become visible.
    False when the conversation is gone (a reset).
    """
    done = session.execute(
        update(conversations).where(conversations.c.id == conversation).values(changed_at=wall)
    )
    return bool(done.rowcount)


def append(
    session: Session,
    conversation: str,
    sender: Sender,
    channel: str,
    text: str,
    at: datetime,
    *,
    turn: Optional[str] = None,
    author: Optional[str] = None,
    offered: Sequence[SpokenChoice] = (),
    sources: Sequence[dict[str, str]] = (),
    attachments: Sequence[Kept] = (),
    sent: bool = True,
) -> int:
    """Write one message (after `touch`); its id. Offered choices get ids that nobody can guess.

    One for a phone goes into the outbox in the same transaction, unless `sent` is False.
    """
    written = session.execute(
        insert(messages).values(
            conversation_id=conversation,
            turn_id=turn,
            sender=sender,
            author=author,
            channel=channel,
            text=text,
            sources=list(sources),
            attachments=list(attachments),
            at=at,
        )
    )
    message_id = int(written.inserted_primary_key[0])
    if channel == "sms" and sender != "member" and sent:
        offered = outgoing.put(session, conversation, message_id, sender, text, offered, at, turn)
    for position, choice in enumerate(offered):
        session.execute(
            insert(choices).values(
                id=secrets.token_urlsafe(16),
                conversation_id=conversation,
                message_id=message_id,
                position=position,
                title=choice.title,
                payload=choice.payload,
            )
        )
    return message_id


def view(
    engine: Engine,
    member: str,
    after: int,
    wall: datetime,
    *,
    before: int = 2**62,
    last: Optional[int] = None,
) -> View:
    """The member's conversation between two cursors, of it the `last` messages where that is given.

    Empty and `bot` where there is none yet.
    """
    with reading(engine) as session:
        found = session.execute(
            select(conversations).where(conversations.c.member == member)
        ).one_or_none()
        if found is None:
            return View((), "bot", False)
        typing = found.lease_until is not None and found.lease_until > wall
        first = after + 1 if last is None else _first_of(session, found.id, after, before, last)
        return View(
            read(
                session,
                messages.c.conversation_id == found.id,
                messages.c.id >= first,
                messages.c.id < before,
            ),
            shown_state(found.state),
            typing and found.state != "staff",
            first > after + 1,
        )


def _first_of(session: Session, conversation: str, after: int, before: int, last: int) -> int:
    """The id of the oldest of the `last` messages between the cursors; after + 1: there are no more."""
    found = session.execute(
        select(messages.c.id)
        .where(
            messages.c.conversation_id == conversation,
            messages.c.id > after,
            messages.c.id < before,
        )
        .order_by(messages.c.id.desc())
        .limit(last + 1)
    ).scalars()
    ids = list(found)
    return int(ids[last - 1]) if len(ids) > last else after + 1


def newest(engine: Engine, member: str) -> int:
    """The id of the newest message in the member's conversation, 0 where there is none."""
    with reading(engine) as session:
        found = session.execute(
            select(messages.c.id)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(conversations.c.member == member)
            .order_by(messages.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()
    return int(found or 0)


def read(session: Session, *conditions: Any) -> tuple[Message, ...]:
    """The messages that meet all conditions, in order, with their choices."""
    rows = session.execute(
        select(messages, staff.c.name)
        .outerjoin(staff, staff.c.email == messages.c.author)
        .where(*conditions)
        .order_by(messages.c.id)
    ).all()
    offered: dict[int, list[tuple[str, str]]] = {}
    sent: dict[int, str] = {}
    if rows:
        found = session.execute(
            select(choices.c.message_id, choices.c.id, choices.c.title)
            .join(messages, messages.c.id == choices.c.message_id)
            .where(*conditions)
            .order_by(choices.c.message_id, choices.c.position)
        )
        for message_id, choice_id, title in found:
            offered.setdefault(message_id, []).append((choice_id, title))
        own = (
            select(turns.c.message_id, turns.c.client_id)
            .join(messages, messages.c.id == turns.c.message_id)
            .where(
                turns.c.conversation_id == messages.c.conversation_id,
                turns.c.channel == "min_side",
                *conditions,
            )
        )
        sent = dict(session.execute(own).all())
    return tuple(
        Message(
            id=row.id,
            at=row.at,
            sender=row.sender,
            author=row.author,
            text=row.text,
            choices=tuple(offered.get(row.id, ())),
            sources=tuple(row.sources),
            attachments=tuple(row.attachments),
            name=row.name if row.sender == "staff" else None,
            client_id=sent.get(row.id),
        )
        for row in rows
    )
