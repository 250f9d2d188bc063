"""A member's message comes in: kept before anything else happens to it, and kept once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.database import writing
from bot.desk.moves import Moment, move
from bot.gateway.incoming import Incoming
from bot.gateway.offered import in_its_words, offered_now
from bot.gateway.tables import choices, conversations, turns
from bot.gateway.transcript import append


class ClientIdReused(Exception):
    """The client_id came before, with another body."""


class UnknownChoice(Exception):
    """No such choice was offered in this conversation."""


@dataclass(frozen=True)
class Accepted:
    """The turn that a message became, now or when it came first."""

    turn: str
    conversation: str


def accept(engine: Engine, incoming: Incoming, when: Moment) -> Accepted:
    """Store the message and its turn, or find the turn of a repeat.

    Raises ClientIdReused and UnknownChoice; then nothing is stored.
    """
    try:
        return _accept(engine, incoming, when)
    except IntegrityError:
        # two first messages of a member at once: the other one made the conversation
        return _accept(engine, incoming, when)


def _accept(engine: Engine, incoming: Incoming, when: Moment) -> Accepted:
    with writing(engine) as session:
        return accept_in(session, incoming, when)


def accept_in(
    session: Session, incoming: Incoming, when: Moment, received_at: Optional[datetime] = None
) -> Accepted:
    """`accept` inside a transaction of the caller's. `received_at` (domain clock): if not now."""
    conversation, state = conversation_of(
        session, incoming.member, incoming.phone, incoming.channel, when
    )
    known = session.execute(
        select(turns.c.id, turns.c.body_hash).where(
            turns.c.conversation_id == conversation, turns.c.client_id == incoming.client_id
        )
    ).one_or_none()
    if known is not None:
        if known.body_hash != incoming.body_hash:
            raise ClientIdReused
        return Accepted(known.id, conversation)
    text, payload = _content(session, conversation, incoming)
    if state == "closed":
        who = "phone" if incoming.member is None else f"member:{incoming.member}"
        move(session, conversation, "resume", who, "wrote", when)
    message_id = append(session, conversation, "member", incoming.channel, text, when.at)
    turn = str(uuid.uuid4())
    asked = state != "staff"
    session.execute(
        insert(turns).values(
            id=turn,
            conversation_id=conversation,
            message_id=message_id,
            channel=incoming.channel,
            client_id=incoming.client_id,
            body_hash=incoming.body_hash,
            text=text,
            payload=payload,
            received_at=received_at or when.at,
            status="pending" if asked else "done",
            told=False,
            attempts=0,
        )
    )
    # a new message is also a reason to try at once what has failed before it
    session.execute(
        update(conversations)
        .where(conversations.c.id == conversation)
        .values(channel=incoming.channel, due_at=when.wall if asked else None)
    )
    return Accepted(turn, conversation)


def conversation_of(
    session: Session, member: Optional[str], phone: Optional[str], channel: str, when: Moment
) -> tuple[str, str]:
    """Id and state of the member's one conversation, or of the phone's own while `member` is None.

    Made where it is missing; its row is held until the transaction ends. A phone that is given is
    where the conversation's text messages go from now on.
    """
    which = (
        (conversations.c.member == member,)
        if member is not None
        else (conversations.c.member.is_(None), conversations.c.phone == phone)
    )
    reached = {} if phone is None else {"phone": phone}
    held = session.execute(
        update(conversations).where(*which).values(changed_at=when.wall, **reached)
    )
    if held.rowcount:
        found = session.execute(
            select(conversations.c.id, conversations.c.state).where(*which)
        ).one()
        return str(found.id), str(found.state)
    conversation = str(uuid.uuid4())
    session.execute(
        insert(conversations).values(
            id=conversation,
            member=member,
            phone=phone,
            state="bot",
            channel=channel,
            created_at=when.at,
            changed_at=when.wall,
        )
    )
    return conversation, "bot"


def _content(session: Session, conversation: str, incoming: Incoming) -> tuple[str, Any]:
    """What the member's message shows, and the payload behind it if a choice was pressed or typed."""
    if incoming.text is not None:
        open_choices = offered_now(session, conversation, incoming.channel)
        typed = incoming.payload or in_its_words(incoming.text, open_choices)
        return incoming.text, typed
    offered = session.execute(
        select(choices.c.title, choices.c.payload).where(
            choices.c.id == incoming.choice, choices.c.conversation_id == conversation
        )
    ).one_or_none()
    if offered is None:
        raise UnknownChoice
    return str(offered.title), offered.payload
