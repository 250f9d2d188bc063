"""Rasa sessions: one per conversation and channel, capped, so that a turn's cost does not grow.

The sender is `<conversation>.<channel>.<n>`. An ended session gets the next n; its tracker is
deleted through Rasa soon after, and again later where that failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.database import reading, writing
from bot.gateway.tables import ended_sessions, rasa_sessions

CALM_TURNS = 30
"""After more turns than this a session ends as soon as no flow is under way."""
MOST_TURNS = 150
"""After more turns than this it ends in any case."""
FORGET_AFTER = timedelta(seconds=20)
"""A turn that is still running in Rasa would write the tracker anew."""
FORGET_AGAIN = timedelta(minutes=2)


def name_of(conversation: str, channel: str, number: int) -> str:
    """The sender that Rasa knows the session by."""
    return f"{conversation}.{channel}.{number}"


def current(session: Session, conversation: str, channel: str) -> str:
    """The name of the session that the next turn belongs to; the first one is made here."""
    number = session.execute(
        select(rasa_sessions.c.number).where(*_which(conversation, channel))
    ).scalar_one_or_none()
    if number is None:
        number = 1
        session.execute(
            insert(rasa_sessions).values(
                conversation_id=conversation, channel=channel, number=number, turns=0
            )
        )
    return name_of(conversation, channel, number)


def count_turn(
    session: Session, conversation: str, channel: str, flow_open: bool, wall: datetime
) -> None:
    """One more turn was answered; the session ends here when it is full."""
    session.execute(
        update(rasa_sessions)
        .where(*_which(conversation, channel))
        .values(turns=rasa_sessions.c.turns + 1)
    )
    turns = session.execute(
        select(rasa_sessions.c.turns).where(*_which(conversation, channel))
    ).scalar_one_or_none()
    if turns is not None and (turns > MOST_TURNS or (turns > CALM_TURNS and not flow_open)):
        _end(session, conversation, [channel], wall)


def end_all(session: Session, conversation: str, wall: datetime) -> None:
    """The bot takes up afresh on every channel: no stale flow goes on."""
    channels = session.execute(
        select(rasa_sessions.c.channel).where(rasa_sessions.c.conversation_id == conversation)
    ).scalars()
    _end(session, conversation, list(channels), wall)


def end(session: Session, conversation: str, channel: str, wall: datetime) -> None:
    """The bot takes up afresh on one channel."""
    _end(session, conversation, [channel], wall)


def due_to_forget(engine: Engine, wall: datetime, most: int = 20) -> list[str]:
    """Ended sessions whose trackers are to be deleted now."""
    with reading(engine) as session:
        due = session.execute(
            select(ended_sessions.c.session)
            .where(ended_sessions.c.due_at <= wall)
            .order_by(ended_sessions.c.due_at)
            .limit(most)
        )
        return list(due.scalars())


def forgotten(engine: Engine, name: str) -> None:
    """Rasa has deleted the tracker."""
    with writing(engine) as session:
        session.execute(delete(ended_sessions).where(ended_sessions.c.session == name))


def forget_later(engine: Engine, name: str, wall: datetime) -> None:
    """Rasa could not be asked; try again after a while."""
    with writing(engine) as session:
        session.execute(
            update(ended_sessions)
            .where(ended_sessions.c.session == name)
            .values(attempts=ended_sessions.c.attempts + 1, due_at=wall + FORGET_AGAIN)
        )


def _end(session: Session, conversation: str, channels: Sequence[str], wall: datetime) -> None:
    for channel in channels:
        name = current(session, conversation, channel)
        session.execute(
            insert(ended_sessions).values(session=name, attempts=0, due_at=wall + FORGET_AFTER)
        )
        session.execute(
            update(rasa_sessions)
            .where(*_which(conversation, channel))
            .values(number=rasa_sessions.c.number + 1, turns=0)
        )


def _which(conversation: str, channel: str) -> tuple[object, object]:
    columns = rasa_sessions.c
    return columns.conversation_id == conversation, columns.channel == channel
