"""Empty the gateway: for `seed --reset`, also while the gateway runs."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine

from bot.database import writing
from bot.desk.tables import looks, member_cards, staff_replies, unanswered
from bot.gateway.sessions import name_of
from bot.gateway.sms.tables import challenges, inbox, outbox, phones, simulator
from bot.gateway.tables import (
    choices,
    conversations,
    ended_sessions,
    handover_log,
    messages,
    notes,
    rasa_sessions,
    staff,
    staff_sessions,
    turns,
)

_CHILDREN_FIRST = (
    outbox, inbox, challenges, phones, simulator, choices, turns, messages, rasa_sessions,
    handover_log, notes, staff_replies, conversations, ended_sessions, looks, member_cards,
    unanswered, staff_sessions, staff,
)  # fmt: skip


def reset_gateway(engine: Engine) -> list[str]:
    """Delete every conversation and all staff; returns the sessions that Rasa is to forget.

    One transaction: a turn that is at Rasa just now finds nothing to be stored in. Ids of messages
    go on rising, so that an open page's cursor stays right.
    """
    with writing(engine) as session:
        live = session.execute(
            select(rasa_sessions.c.conversation_id, rasa_sessions.c.channel, rasa_sessions.c.number)
        ).all()
        ended = session.execute(select(ended_sessions.c.session)).scalars().all()
        for table in _CHILDREN_FIRST:
            session.execute(delete(table))
    return [name_of(row.conversation_id, row.channel, row.number) for row in live] + list(ended)
