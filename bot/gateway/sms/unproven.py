"""A turn that wants something personal, from a phone that nobody has proven to hold: who is it?"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.desk.moves import Moment
from bot.dialogue.spoken import TurnAnswer
from bot.gateway import turns
from bot.gateway.ports import DirectoryUnavailable, MemberDirectory
from bot.gateway.sms import codes
from bot.gateway.sms.asking import Asking, Holder

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unproven:
    """Settles such turns. A known and an unknown number go the same way and take the same time."""

    asking: Asking
    directory: MemberDirectory

    def concerns(self, job: turns.Job, answer: TurnAnswer) -> bool:
        """Whether the answer is that it must first be known who writes."""
        return (
            job.member is None
            and job.phone is not None
            and any(spoken.verify for spoken in answer.messages)
        )

    def settle(self, engine: Engine, job: turns.Job, when: Moment) -> None:
        """Look the number up, and answer with a code or with why there is none."""
        phone = job.phone
        assert phone is not None  # see `concerns`
        holder, new = self._holder(phone), codes.new_code()

        def ask(session: Session) -> None:
            self.asking.ask(session, job.conversation, job.turn, phone, holder, new, when)

        turns.settle_otherwise(engine, job, ask, when)

    def _holder(self, phone: str) -> Holder:
        try:
            return Holder(self.directory.holder(phone))
        except DirectoryUnavailable:
            log.warning("the records can't be asked whose number it is")
            return Holder(None, asked=False)
