"""The choices that stand open in a conversation: what a number or a choice's own words can mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Optional

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.tables import choices, messages


@dataclass(frozen=True)
class Offered:
    """A choice as it was shown, and the payload behind it."""

    title: str
    payload: dict[str, Any]


def offered_now(session: Session, conversation: str, channel: str) -> list[Offered]:
    """The choices of the last answer in the channel, in their order; staff's answers have none."""
    newest = session.execute(
        select(messages.c.id, messages.c.turn_id)
        .where(
            messages.c.conversation_id == conversation,
            messages.c.channel == channel,
            messages.c.sender != "member",
        )
        .order_by(messages.c.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return []
    said = [newest.id]
    if newest.turn_id is not None:
        said = list(
            session.execute(
                select(messages.c.id).where(messages.c.turn_id == newest.turn_id)
            ).scalars()
        )
    found = session.execute(
        select(choices.c.message_id, choices.c.title, choices.c.payload)
        .where(choices.c.message_id.in_(said))
        .order_by(choices.c.message_id, choices.c.position)
    ).all()
    return [
        Offered(str(row.title), dict(row.payload))
        for row in found
        if row.message_id == found[-1].message_id
    ]


def in_its_words(text: str, offered: list[Offered]) -> Optional[dict[str, Any]]:
    """The payload of the choice whose title was typed ("behold mødet"), or None."""
    said = _words(text)
    return next((one.payload for one in offered if said and _words(one.title) == said), None)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
