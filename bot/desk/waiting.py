"""What a member who waits for staff is told, and what they may do: ask their place, leave the queue."""

from __future__ import annotations

import math
import statistics
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Mapping, Optional

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot.desk.moves import Moment, move
from bot.desk.opening import Opening
from bot.desk.words import DeskWords, Said
from bot.dialogue.danish import clock, day, in_copenhagen, when
from bot.dialogue.spoken import SpokenChoice
from bot.gateway.tables import conversations, handover_log
from bot.gateway.transcript import append
from bot.profile import Profile

Wish = Literal["place", "leave"]

RECENT = 20
"""So many of the last waits say how long one waits now."""
_ROUND_MINUTES = 5


@dataclass(frozen=True)
class Waiting:
    """The queue's side towards members, for one a-kasse."""

    profile: Profile
    words: DeskWords

    @property
    def opening(self) -> Opening:
        """When somebody answers."""
        return Opening(self.profile)

    def wish(self, text: Optional[str], payload: Optional[Mapping[str, Any]]) -> Optional[Wish]:
        """What a message says about the queue: a choice made here, or just these words."""
        if payload is not None:
            pressed = payload.get("queue")
            return pressed if pressed in ("place", "leave") else None
        plain = _plain(text or "")
        if plain in self.words.told.leave_words:
            return "leave"
        return "place" if plain in self.words.told.place_words else None

    def tell_place(
        self, session: Session, conversation: str, channel: str, when: Moment, turn: str,
        english: bool = False,
    ) -> None:  # fmt: skip
        """Say how things stand: place and time, or the case and when it is answered."""
        talk = self._talk(session, conversation)
        said = self._standing(session, conversation, talk, when.at)
        choices = self._choices(channel, english) if talk else []
        append(
            session, conversation, "system", channel, said.on(channel, english), when.at,
            turn=turn, offered=choices,
        )  # fmt: skip

    def grant(
        self, session: Session, conversation: str, member: str, wish: Wish, channel: str,
        when: Moment, turn: str, english: bool = False,
    ) -> None:  # fmt: skip
        """Do what the member wants of the queue; who does not wait (any longer) is told so."""
        if wish == "place" and _waits(session, conversation):
            self.tell_place(session, conversation, channel, when, turn, english)
            return
        left = wish == "leave" and move(
            session, conversation, "leave", f"member:{member}", "left the queue", when
        )
        said = self.words.said("left" if left else "not_waiting")
        text = said.on(channel, english)
        append(session, conversation, "system", channel, text, when.at, turn=turn)

    def _standing(self, session: Session, conversation: str, talk: bool, at: datetime) -> Said:
        place, case = place_of(session, conversation), case_number(session, conversation)
        values: dict[str, Any] = {
            "place": place, "case": case, "phone": self.profile.support.phone,
        }  # fmt: skip
        expected = self.opening.after(at, self._usual_minutes(session))
        opens = self.opening.next_opening(at)
        if expected is None or opens is None:
            return self.words.said("never_open", **values)
        today = in_copenhagen(at).date()
        values["day"] = day(in_copenhagen(expected).date(), today)
        if not talk:
            return self.words.said("follow_up", **values)
        if not self.opening.is_open(at):
            return self.words.said("case_made", opens=when(opens, at).long, **values)
        hours = self.opening.hours(today)
        assert hours is not None  # it is open
        if expected >= hours[1] or in_copenhagen(expected).date() != today:
            later = self.opening.next_opening(hours[1])
            assert later is not None  # it is open today, and so in a week
            values["opens"] = when(later, at).long
            return self.words.said("queued_late", closes=clock(hours[1]), **values)
        minutes = (expected - at).total_seconds() / 60
        rounded = _ROUND_MINUTES * max(1, math.ceil(round(minutes, 3) / _ROUND_MINUTES))
        return self.words.said("queued", minutes=rounded, **values)

    def _usual_minutes(self, session: Session) -> float:
        """The median of the last waits in opening minutes, but never less than the profile's."""
        waits = [
            self.opening.minutes_between(since, at)
            for since, at in _last_waits(session)
            if since <= at
        ]
        usual = statistics.median(waits) if waits else 0.0
        return max(float(self.profile.desk.answer_minutes), usual)

    def _talk(self, session: Session, conversation: str) -> bool:
        reason = session.execute(
            select(conversations.c.handover_reason).where(conversations.c.id == conversation)
        ).scalar_one()
        return self.words.words.reason(reason).talk

    def _choices(self, channel: str, english: bool) -> list[SpokenChoice]:
        """Pressed without the bot, so that a choice itself says in which language it was put."""
        language = {"english": True} if english else {}
        return [
            SpokenChoice(
                title=self.words.said(f"choice_{wish}").on(channel, english),
                payload={"queue": wish, **language},
            )
            for wish in ("place", "leave")
        ]


def _waits(session: Session, conversation: str) -> bool:
    state = session.execute(
        select(conversations.c.state).where(conversations.c.id == conversation)
    ).scalar_one()
    return bool(state == "waiting")


def place_of(session: Session, conversation: str) -> int:
    """The place in the queue, 1 is next: the most urgent first, then the longest waiting."""
    mine = session.execute(select(conversations).where(conversations.c.id == conversation)).one()
    columns = conversations.c
    urgency = func.coalesce(columns.handover_urgency, 2)
    own = mine.handover_urgency or 2
    before = or_(
        urgency < own,
        and_(urgency == own, columns.handover_since < mine.handover_since),
        and_(
            urgency == own,
            columns.handover_since == mine.handover_since,
            columns.id < mine.id,
        ),
    )
    ahead = session.execute(
        select(func.count()).select_from(conversations).where(columns.state == "waiting", before)
    ).scalar_one()
    return int(ahead) + 1


def case_number(session: Session, conversation: str) -> int:
    """The number of the hand-over under way, or of the last one: what members and staff name it by."""
    number = session.execute(
        select(func.max(handover_log.c.id)).where(
            handover_log.c.conversation_id == conversation,
            handover_log.c.to_state == "waiting",
            handover_log.c.from_state.in_(("bot", "closed")),
        )
    ).scalar_one()
    return int(number or 0)


def _last_waits(session: Session) -> list[tuple[datetime, datetime]]:
    """Since when the last claimed conversations had waited, and when they were claimed."""
    claims = session.execute(
        select(handover_log.c.id, handover_log.c.conversation_id, handover_log.c.at)
        .where(handover_log.c.from_state == "waiting", handover_log.c.to_state == "staff")
        .order_by(handover_log.c.id.desc())
        .limit(RECENT)
    ).all()
    waits = []
    for claim in claims:
        since = session.execute(
            select(handover_log.c.at)
            .where(
                handover_log.c.conversation_id == claim.conversation_id,
                handover_log.c.to_state == "waiting",
                handover_log.c.id < claim.id,
            )
            .order_by(handover_log.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        if since is not None:
            waits.append((since, claim.at))
    return waits


def _plain(text: str) -> str:
    """Letters and single blanks, small: 'Forlad køen!' is 'forlad køen'."""
    kept = (c if c.isalnum() else " " for c in unicodedata.normalize("NFC", text).casefold())
    return " ".join("".join(kept).split())
