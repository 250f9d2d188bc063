"""Notices of the back end: fetched when due, said on Min side and by text message, reported back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional, Protocol

from sqlalchemy import and_, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.clock import COPENHAGEN
from bot.database import reading, writing
from bot.desk.moves import Moment, Request, request
from bot.gateway.intake import conversation_of
from bot.gateway.sms import outbox as box
from bot.gateway.sms import phones
from bot.gateway.sms.numbers import hidden, phone_number
from bot.gateway.sms.rendering import sendable
from bot.gateway.sms.tables import outbox
from bot.gateway.sms.words import Words
from bot.gateway.transcript import append
from bot.profile import Notices as NoticeRules

log = logging.getLogger(__name__)

_ENDED = ("sent", "delivered", "failed", "expired", "stopped")


@dataclass(frozen=True)
class Notice:
    """A notice that is due. `meeting`: it is about this one.

    `text` is for Min side, None where it stands there already; `sms` says nothing personal, and goes
    to `phone`: None where the member has none, or has been told by text message already.
    """

    id: str
    member: str
    phone: Optional[str]
    text: Optional[str]
    sms: str
    meeting: Optional[str]


class Notices(Protocol):
    """The back end's outbox. Every method may raise DirectoryUnavailable."""

    def due(self) -> Sequence[Notice]:
        """What is to be delivered now; the same again until it is reported."""
        ...

    def sent(self, notice: str) -> None:
        """The member has been told."""
        ...

    def failed(self, notice: str, reason: str) -> None:
        """The text message will not arrive."""
        ...


def quiet_now(rules: NoticeRules, now: datetime) -> bool:
    """Whether members are to be left in peace: also by a notice that was held up on its way."""
    if rules.quiet is None:
        return False
    begins, ends = rules.quiet
    clock = now.astimezone(COPENHAGEN).time()
    return begins <= clock < ends if begins <= ends else clock >= begins or clock < ends


def fetch(engine: Engine, source: Notices, words: Words, when: Moment) -> list[str]:
    """Deliver what is due; the members who were told just now. Raises DirectoryUnavailable."""
    return [
        notice.member
        for notice in source.due()
        if _deliver(engine, notice, words, when)
    ]  # fmt: skip


def tell_back(engine: Engine, source: Notices, failed_summary: str, when: Moment) -> None:
    """Tell the back end what became of text messages; failed ones go to staff.

    Raises DirectoryUnavailable; what was not told is told at the next call.
    """
    for row in _untold(engine):
        bad = row.status in ("failed", "expired")
        if bad:
            source.failed(row.notice_id, row.detail or row.status)
        else:
            source.sent(row.notice_id)
        with writing(engine) as session:
            told = "failed" if bad else "sent"
            session.execute(update(outbox).where(outbox.c.id == row.id).values(told=told))
            if bad and row.conversation_id is not None:
                wish = Request("notice_failed", 2, failed_summary)
                request(session, row.conversation_id, "system", wish, when)


def _untold(engine: Engine) -> Sequence[Any]:
    ended = or_(
        and_(outbox.c.told.is_(None), outbox.c.status.in_(_ENDED)),
        and_(outbox.c.told == "sent", outbox.c.status == "failed"),
    )
    with reading(engine) as session:
        rows = session.execute(
            select(outbox)
            .where(outbox.c.notice_id.is_not(None), ended)
            .order_by(outbox.c.id)
            .limit(100)
        )
        return list(rows)


def _deliver(engine: Engine, notice: Notice, words: Words, when: Moment) -> bool:
    with writing(engine) as session:
        known = session.execute(select(outbox.c.id).where(outbox.c.notice_id == notice.id))
        if known.first() is not None:
            return False
        _put(session, notice, words, when)
        return True


def _put(session: Session, notice: Notice, words: Words, when: Moment) -> None:
    """Into the conversation, and into the outbox: one with the other, once."""
    conversation, _ = conversation_of(session, notice.member, None, "min_side", when)
    message_id = None
    if notice.text is not None:
        message_id = append(session, conversation, "system", "min_side", notice.text, when.at)
    text, phone = sendable(notice.sms), _number(notice)
    if notice.meeting is not None and phone is not None:
        text = f"{text} {words.say('answer_afbud')}"
        if phones.hold(session, phone).stopped_at is None:
            phones.note(session, phone, notice_meeting=notice.meeting)
    box.enqueue(
        session, phone, [text], "notice", when.at,
        conversation=conversation, message_id=message_id, notice=notice.id,
    )  # fmt: skip


def _number(notice: Notice) -> Optional[str]:
    if notice.phone is None:
        return None
    try:
        return phone_number(notice.phone)
    except ValueError:
        log.warning("notice %s: %s is no phone number", notice.id, hidden(notice.phone))
        return None
