"""Who writes? Asked when something personal is wanted from a phone that nobody has proven to hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Optional

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.desk.moves import Moment
from bot.gateway.incoming import Incoming
from bot.gateway.intake import Accepted, accept_in
from bot.gateway.sms import codes, outbox, phones
from bot.gateway.sms.codes import CodeRules, Issued, NewCode
from bot.gateway.sms.words import Words
from bot.gateway.tables import turns
from bot.gateway.transcript import append

MOST_WAITING = 5
"""Turns that one code releases; what is older is asked again by the member."""
HIDDEN = "******"
"""What the conversation shows where the phone got, or sent, a code."""


@dataclass(frozen=True)
class Holder:
    """Whom the records know by a number; `asked` False: they could not be asked."""

    member: Optional[str]
    asked: bool = True


@dataclass(frozen=True)
class Asking:
    """What is needed to ask who writes: the rules of the codes, and the words."""

    rules: CodeRules
    words: Words

    def ask(
        self,
        session: Session,
        conversation: str,
        turn: str,
        phone: str,
        holder: Holder,
        new: NewCode,
        when: Moment,
    ) -> None:
        """Answer a turn that wanted something personal: with a code, or why there is none."""
        if not holder.asked or holder.member is None:
            occasion = "unknown_number" if holder.asked else "lookup_down"
            self.say(session, conversation, occasion, when.at, turn)
            return
        challenge = codes.open_challenge(session, phone)
        if challenge is not None and when.at - challenge.issued_at < codes.SOON:
            _wait(session, turn, challenge.id)
            self.say(session, conversation, "code_first", when.at, turn)
            return
        issued = codes.issue(session, phone, holder.member, new, self.rules, when.at)
        if issued is None:
            self.say(session, conversation, "code_cap", when.at, turn)
            return
        if challenge is not None:
            _wait_on(session, challenge.id, issued.challenge)
        _wait(session, turn, issued.challenge)
        self._send(session, conversation, "code", phone, issued, when.at, turn)

    def renew(
        self, session: Session, conversation: str, challenge: str, phone: str, member: str,
        new: NewCode, when: Moment,
    ) -> None:  # fmt: skip
        """The right moment for the code is over: a new one, for the same questions."""
        issued = codes.issue(session, phone, member, new, self.rules, when.at)
        if issued is None:
            self.say(session, conversation, "code_cap", when.at)
            return
        _wait_on(session, challenge, issued.challenge)
        self._send(session, conversation, "code_again", phone, issued, when.at)

    def proven(
        self, session: Session, challenge: str, phone: str, member: str, when: Moment
    ) -> list[Accepted]:
        """The code was right: the phone is the member's for a while, and what waited goes on."""
        phones.note(session, phone, member=member, verified_until=when.at + self.rules.session)
        waited = session.execute(
            select(turns)
            .where(turns.c.challenge_id == challenge)
            .order_by(turns.c.message_id.desc())
            .limit(MOST_WAITING)
        ).all()
        return [
            accept_in(
                session,
                Incoming(
                    member, "sms", f"proven:{turn.id}", turn.text,
                    phone=phone, payload=turn.payload,
                ),
                when,
                received_at=turn.received_at,
            )
            for turn in reversed(waited)
        ]  # fmt: skip

    def say(
        self, session: Session, conversation: str, occasion: str, at: datetime,
        turn: Optional[str] = None, **values: object,
    ) -> None:  # fmt: skip
        """One of our texts, into the conversation and out to its phone."""
        text = self.words.say(occasion, **values)
        append(session, conversation, "system", "sms", text, at, turn=turn)

    def _send(
        self, session: Session, conversation: str, occasion: str, phone: str, issued: Issued,
        at: datetime, turn: Optional[str] = None,
    ) -> None:  # fmt: skip
        """The code goes to the phone; the conversation shows that one was sent."""
        minutes = round(self.rules.lasts.total_seconds() / 60)
        shown = self.words.say(occasion, code=HIDDEN, minutes=minutes)
        message_id = append(
            session, conversation, "system", "sms", shown, at, turn=turn, sent=False
        )
        outbox.enqueue(
            session, phone, [self.words.say(occasion, code=issued.code, minutes=minutes)], "code",
            at, conversation=conversation, message_id=message_id, expires=issued.expires,
        )  # fmt: skip


def _wait(session: Session, turn: str, challenge: str) -> None:
    session.execute(update(turns).where(turns.c.id == turn).values(challenge_id=challenge))


def _wait_on(session: Session, before: str, challenge: str) -> None:
    session.execute(
        update(turns).where(turns.c.challenge_id == before).values(challenge_id=challenge)
    )
