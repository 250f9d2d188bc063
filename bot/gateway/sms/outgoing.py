"""A message of a conversation on its way to a phone: rendered, and put into the outbox once a turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Optional

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import gsm7
from bot.dialogue.spoken import SpokenChoice
from bot.gateway.sms import outbox as box
from bot.gateway.sms.rendering import MOST_SEGMENTS, portions, render
from bot.gateway.sms.tables import outbox
from bot.gateway.sms.words import sms_replies
from bot.gateway.tables import conversations, messages


def put(
    session: Session,
    conversation: str,
    message_id: int,
    sender: Literal["bot", "staff", "system"],
    text: str,
    offered: Sequence[SpokenChoice],
    at: datetime,
    turn: Optional[str],
) -> Sequence[SpokenChoice]:
    """Put a message of that conversation into the outbox; the choices that the phone is shown.

    What a turn says in several messages goes out as one, where it fits into one.
    """
    phone = session.execute(
        select(conversations.c.phone).where(conversations.c.id == conversation)
    ).scalar_one_or_none()
    if phone is None:
        return offered
    if sender == "staff":
        box.enqueue(
            session, phone, portions(text), "staff", at,
            conversation=conversation, message_id=message_id,
        )  # fmt: skip
        return offered
    rendered = render(text, offered, sms_replies().more_elsewhere)
    if turn is None or not _joined(session, turn, rendered.text):
        box.enqueue(
            session, phone, [rendered.text], sender, at,
            conversation=conversation, message_id=message_id,
        )  # fmt: skip
    return offered[: rendered.listed]


def _joined(session: Session, turn: str, text: str) -> bool:
    """Add to what the same turn has waiting, untried, if both fit into one answer."""
    waiting = session.execute(
        select(outbox.c.id, outbox.c.text)
        .join(messages, messages.c.id == outbox.c.message_id)
        .where(
            messages.c.turn_id == turn,
            outbox.c.status == "queued",
            outbox.c.attempts == 0,
            outbox.c.kind.in_(("bot", "system")),
        )
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).one_or_none()
    if waiting is None:
        return False
    joined = f"{waiting.text}\n{text}"
    if gsm7.segments(joined) > MOST_SEGMENTS:
        return False
    added = session.execute(
        update(outbox)
        .where(outbox.c.id == waiting.id, outbox.c.status == "queued", outbox.c.attempts == 0)
        .values(text=joined, segments=gsm7.segments(joined))
    )
    return bool(added.rowcount)
