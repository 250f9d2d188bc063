"""One message from a phone, worked on: what it is decides who answers, in one transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Optional

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.database import writing
from bot.desk.moves import Moment, Request, request
from bot.dialogue.reading.exact import ordinal
from bot.gateway import sessions
from bot.gateway.incoming import EmptyText, Incoming, TextTooLong, clean
from bot.gateway.intake import Accepted, accept_in, conversation_of
from bot.gateway.offered import offered_now
from bot.gateway.sms import codes, inbox, outbox, phones
from bot.gateway.sms.asking import HIDDEN, Asking
from bot.gateway.sms.words import Words, code_in
from bot.gateway.transcript import append

_PICTURE = "[MMS]"
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Worked:
    """What came of a message: turns for the bot, and whose pages show something new."""

    turns: tuple[Accepted, ...] = ()
    member: Optional[str] = None


@dataclass(frozen=True)
class Work:
    """What is needed to work on messages."""

    asking: Asking
    words: Words

    def next(self, engine: Engine, phone: str, now: Moment) -> Optional[Worked]:
        """Work on the phone's oldest waiting message; None where there is none."""
        with writing(engine) as session:
            row = phones.hold(session, phone)
            message = inbox.next_of(session, phone)
            if message is None:
                return None
            received = Moment(at=message.received_at, wall=now.wall)
            member = phones.proven_member(row, received.at)
            conversation, _ = conversation_of(session, member, phone, "sms", received)
            case = _Case(self, session, row, message, member, conversation, received, now)
            worked = case.worked()
            inbox.done(session, message)
            return worked


@dataclass(frozen=True)
class _Case:
    """One message with all that is known about it, inside its transaction.

    What the member wrote counts from when it was received; what we say, from now.
    """

    work: Work
    session: Session
    phone: Any
    message: Any
    member: Optional[str]
    conversation: str
    received: Moment
    now: Moment

    def worked(self) -> Worked:
        try:
            text = clean(self.message.text)
        except EmptyText:
            return self._no_text()
        except TextTooLong:
            return self._too_long()
        word = self.work.words.word(text)
        if word is not None:
            return self._stop(text) if word == "stop" else self._start(text)
        if self.work.words.from_a_machine(text) or inbox.repeats_itself(self.session, self.message):
            return self._kept(text)
        if self.phone.stopped_at is not None:
            return self._stopped(text)
        if self.work.words.announces_a_picture(text):
            return self._kept(text, "only_text")
        code = code_in(text)
        if code is not None and self.member is None:
            tried = self._code(code)
            if tried is not None:
                return tried
        return self._turn(text)

    def _stop(self, text: str) -> Worked:
        """Said once, then nothing more; what was under way is over, and nothing was changed."""
        if self.phone.stopped_at is not None:
            return self._kept(text)
        outbox.stop(self.session, self.phone.phone)
        worked = self._kept(text, "stopped")
        codes.spoil(self.session, self.phone.phone)
        phones.note(
            self.session, self.phone.phone, stopped_at=self.now.at, member=None,
            verified_until=None,
        )  # fmt: skip
        sessions.end(self.session, self.conversation, "sms", self.now.wall)
        return worked

    def _start(self, text: str) -> Worked:
        phones.note(self.session, self.phone.phone, stopped_at=None)
        return self._kept(text, "started")

    def _stopped(self, text: str) -> Worked:
        """No answer, as was wished; but what a member writes is not lost: staff can call."""
        summary = self.work.words.say("stopped_summary", phone=self.phone.phone)
        wish = Request("stopped_writes", 2, summary)
        request(self.session, self.conversation, "system", wish, self.now)
        return self._kept(text)

    def _no_text(self) -> Worked:
        if self.phone.stopped_at is not None or inbox.repeats_itself(
            self.session, self.message, shortest=0
        ):
            return self._kept(_PICTURE)
        return self._kept(_PICTURE, "only_text")

    def _too_long(self) -> Worked:
        text = clean(self.message.text[:1000])
        if self.phone.stopped_at is not None:
            return self._stopped(text)
        return self._kept(text, "too_long")

    def _code(self, code: str) -> Optional[Worked]:
        """A message that is a code, while one is waited for; None where none is."""
        challenge = codes.open_challenge(self.session, self.phone.phone)
        if challenge is None:
            return None
        self._keep(HIDDEN)
        tried = codes.attempt(self.session, challenge, code, self.received.at)
        asking, phone, member = self.work.asking, self.phone.phone, str(challenge.member)
        if tried == "right":
            accepted = asking.proven(self.session, challenge.id, phone, member, self.now)
            return Worked(tuple(accepted), member)
        if tried == "expired":
            asking.renew(
                self.session, self.conversation, challenge.id, phone, member,
                codes.new_code(), self.now,
            )  # fmt: skip
        else:
            left = codes.MOST_TRIES - challenge.tries - 1
            occasion = "code_wrong" if tried == "wrong" else "code_dead"
            asking.say(self.session, self.conversation, occasion, self.now.at, tries=left)
        return Worked()

    def _turn(self, text: str) -> Worked:
        incoming = Incoming(
            self.member, "sms", f"sms:{self.message.id}", text,
            phone=self.phone.phone, payload=self._payload(text),
        )  # fmt: skip
        return Worked((accept_in(self.session, incoming, self.received),), self.member)

    def _payload(self, text: str) -> Optional[dict[str, Any]]:
        """What a keyword, or the number of a choice, stands for; None: the words themselves."""
        intent = self.work.words.keyword(text)
        if intent is not None:
            about = {"meeting": self.phone.notice_meeting} if intent == "afbud" else {}
            known = {name: value for name, value in about.items() if value is not None}
            return {"intent": intent, "start": True, **known}
        offered = offered_now(self.session, self.conversation, "sms")
        listed = [one.payload for one in offered]
        # words for a place in the list mean the offered times, which the dialogue knows better
        if not _DIGIT.search(text) and not all(payload.get("start") for payload in listed):
            return None
        index = ordinal(text, len(listed))
        return None if index is None else listed[index]

    def _keep(self, text: str) -> None:
        append(self.session, self.conversation, "member", "sms", text, self.received.at)

    def _kept(self, text: str, occasion: Optional[str] = None) -> Worked:
        """Into the conversation, past the bot; with one of our texts as the answer, if any."""
        self._keep(text)
        if occasion is not None:
            self.work.asking.say(self.session, self.conversation, occasion, self.now.at)
        return Worked((), self.member)
