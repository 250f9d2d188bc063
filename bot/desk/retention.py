"""What is kept no longer: conversations, logs and unanswered messages past the profile's days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Optional

from sqlalchemy import delete, exists, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.clock import COPENHAGEN
from bot.database import writing
from bot.desk.directory import drop_cards, forget_card
from bot.desk.looks import record
from bot.desk.tables import looks, member_cards, unanswered
from bot.gateway.sessions import end_all
from bot.gateway.sms import tables as sms
from bot.gateway.tables import choices, conversations, handover_log, messages, notes, turns
from bot.profile import Keep


@dataclass(frozen=True)
class Gone:
    """How many rows were erased, by kind."""

    messages: int
    notes: int
    conversations: int
    logs: int
    unanswered: int
    cards: int

    @property
    def total(self) -> int:
        """Of all kinds."""
        return (
            self.messages + self.notes + self.conversations + self.logs + self.unanswered
            + self.cards
        )  # fmt: skip


def let_go(engine: Engine, keep: Keep, now: datetime) -> Gone:
    """Erase what is older than its days. A conversation that staff have, or that waits, stays whole."""
    said_before = now - timedelta(days=keep.conversations)
    logged_before = now - timedelta(days=keep.logs)
    with writing(engine) as session:
        open_ones = select(conversations.c.id).where(
            conversations.c.state.in_(("waiting", "staff"))
        )
        calm = messages.c.conversation_id.not_in(open_ones)
        old = select(messages.c.id).where(messages.c.at < said_before, calm)
        session.execute(delete(choices).where(choices.c.message_id.in_(old)))
        session.execute(delete(turns).where(turns.c.message_id.in_(old)))
        said = _count(session, delete(messages).where(messages.c.at < said_before, calm))
        noted = _count(
            session,
            delete(notes).where(
                notes.c.at < said_before, notes.c.conversation_id.not_in(open_ones)
            ),
        )
        said += _let_sms_go(session, said_before)
        emptied = _drop_empty(session, said_before)
        logged = _count(session, delete(looks).where(looks.c.at < logged_before))
        logged += _count(
            session,
            delete(handover_log).where(
                handover_log.c.at < logged_before,
                handover_log.c.conversation_id.not_in(open_ones),
            ),
        )
        day = (now - timedelta(days=keep.unanswered)).astimezone(COPENHAGEN).date()
        asked = _count(session, delete(unanswered).where(unanswered.c.day < day))
        cards = drop_cards(session, said_before)
    return Gone(said, noted, emptied, logged, asked, cards)


def erase_member(engine: Engine, member: str, by: str, now: datetime, wall: datetime) -> int:
    """Erase all that the assistant keeps about a member; the number of messages that went.

    Rasa's trackers follow with the next sweep. What stays: that a lead did it and when, and the
    a-kasse's own records, whose keeping is the a-kasse's and not the assistant's.
    """
    with writing(engine) as session:
        found = session.execute(
            select(conversations.c.id, conversations.c.phone).where(
                conversations.c.member == member
            )
        ).one_or_none()
        count = 0
        if found is not None:
            end_all(session, found.id, wall)
            count = _count(session, delete(messages).where(messages.c.conversation_id == found.id))
            _drop(session, found.id)
        _forget_phones(session, member, found.phone if found is not None else None)
        forget_card(session, member)
        record(session, by, "erase", now, member=member)
    return count


def _let_sms_go(session: Session, before: datetime) -> int:
    """Text messages as such: what came in, what went out beside conversations, codes, the simulator's."""
    rows = 0
    for table, column in (
        (sms.inbox, sms.inbox.c.received_at),
        (sms.outbox, sms.outbox.c.at),
        (sms.challenges, sms.challenges.c.issued_at),
        (sms.simulator, sms.simulator.c.at),
    ):
        rows += _count(session, delete(table).where(column < before))
    return rows


def _forget_phones(session: Session, member: str, phone: Optional[str]) -> None:
    """What is known of the member's phones; a phone's STOP stays, or it would be written to again."""
    proven = session.execute(
        select(sms.phones.c.phone).where(sms.phones.c.member == member)
    ).scalars()
    theirs = {*proven, *([phone] if phone else [])}
    for table in (sms.inbox, sms.outbox, sms.challenges, sms.simulator):
        session.execute(delete(table).where(table.c.phone.in_(theirs)))
    session.execute(delete(sms.challenges).where(sms.challenges.c.member == member))
    session.execute(
        update(sms.phones)
        .where(sms.phones.c.phone.in_(theirs))
        .values(member=None, verified_until=None, notice_meeting=None)
    )


def _drop_empty(session: Session, before: datetime) -> int:
    """Conversations of which nothing is left to read."""
    columns = conversations.c
    empty = session.execute(
        select(columns.id, columns.member).where(
            columns.state.in_(("bot", "closed")),
            columns.created_at < before,
            ~exists().where(messages.c.conversation_id == columns.id),
        )
    ).all()
    for row in empty:
        _drop(session, row.id)
        session.execute(delete(member_cards).where(member_cards.c.member == row.member))
    return len(empty)


def _drop(session: Session, conversation: str) -> None:
    """The conversation and all that hangs on it (foreign keys cascade)."""
    session.execute(delete(conversations).where(conversations.c.id == conversation))


def _count(session: Session, statement: Any) -> int:
    return int(session.execute(statement).rowcount)
