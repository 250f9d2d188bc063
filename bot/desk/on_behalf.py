"""What staff change for a member in the a-kasse's records, in their own name, and what is said of it.

Every change carries the key of its form, so that a form sent twice is one change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine

from bot.backend.client import BackendClient
from bot.backend.contract import (
    AnswerParticipation,
    Assess,
    Attendance,
    Book,
    Change,
    GiveAfbud,
    Invite,
    Move,
)
from bot.clock import COPENHAGEN
from bot.database import writing
from bot.desk.moves import Moment
from bot.desk.tables import staff_replies
from bot.desk.words import DeskWords, Said
from bot.dialogue.danish import day, show_meeting
from bot.gateway.tables import conversations
from bot.gateway.transcript import append
from bot.profile import Profile

KEY = Field(..., min_length=8, max_length=36, regex=r"^[0-9a-zA-Z-]+$")


class BookFor(Book):
    """Book a time for the member."""

    key: str = KEY


class MoveFor(Move):
    """Move a meeting of the member."""

    key: str = KEY


class AfbudFor(GiveAfbud):
    """Give afbud for the member, perhaps with a new time."""

    key: str = KEY


class AssessFor(Assess):
    """Decide about an afbud's reason."""

    key: str = KEY


class AttendanceFor(Attendance):
    """Whether the member turned up."""

    key: str = KEY


class AnswerFor(AnswerParticipation):
    """Whether the a-kasse joins the Jobcenter meeting."""

    key: str = KEY


class InviteFor(Invite):
    """Call the member in."""

    key: str = KEY


@dataclass(frozen=True)
class Done:
    """A change that the back end has made: its receipt, and what the member is told of it."""

    receipt: str
    said: Said


@dataclass(frozen=True)
class OnBehalf:
    """Changes of one member's records in the name of one of staff.

    `name` is how the member is told who did it. Every method raises BackendUnavailable and
    BackendRefusal, and then says nothing.
    """

    backend: BackendClient
    member: str
    name: str
    profile: Profile
    words: DeskWords
    now: datetime

    def book(self, body: BookFor) -> Done:
        """Take a free time."""
        change = self.backend.book(
            self.member, body.time, body.format, key=body.key, kind=body.kind
        )
        return self._done("did_book", change)

    def move(self, meeting: str, body: MoveFor) -> Done:
        """Move a meeting to a free time."""
        change = self.backend.move(
            self.member, meeting, body.new_time, key=body.key, format=body.format
        )
        return self._done("did_move", change)

    def afbud(self, meeting: str, body: AfbudFor) -> Done:
        """Give a meeting up; with a new time both happen or neither."""
        change = self.backend.afbud(
            self.member, meeting, body.reason, key=body.key, note=body.note,
            new_time=body.new_time, new_format=body.new_format,
        )  # fmt: skip
        return self._done("did_afbud_with_time" if change.replaced else "did_afbud", change)

    def assess(self, meeting: str, body: AssessFor) -> Done:
        """Decide about an afbud's reason; the member reads the decision in the inbox, not here."""
        decided = Assess(assessment=body.assessment)
        change = self.backend.assess(self.member, meeting, decided, key=body.key)
        return self._done("did_assess", change)

    def attendance(self, meeting: str, body: AttendanceFor) -> Done:
        """Note that a meeting was held or missed."""
        noted = Attendance(status=body.status)
        change = self.backend.note_attendance(self.member, meeting, noted, key=body.key)
        return self._done("did_attendance", change)

    def answer_participation(self, meeting: str, body: AnswerFor) -> Done:
        """Say whether the a-kasse joins a Jobcenter meeting."""
        answer = AnswerParticipation(participation=body.participation)
        change = self.backend.answer_participation(self.member, meeting, answer, key=body.key)
        return self._done(
            "did_accept" if body.participation == "accepted" else "did_decline", change
        )

    def invite(self, body: InviteFor) -> Done:
        """Call the member in, by a date or to a fixed time."""
        wanted = Invite(**body.dict(exclude={"key"}))
        invited = self.backend.invite(self.member, wanted, key=body.key)
        values: dict[str, Any] = {"staff": self.name, "receipt": invited.receipt}
        if invited.meeting is not None:
            shown = show_meeting(invited.meeting, self.profile, self.now)
            said = self.words.said("did_invite_fixed", meeting=shown, **values)
        else:
            kind = self.profile.kind(invited.invitation.kind)
            today = self.now.astimezone(COPENHAGEN).date()
            values["day"] = day(invited.invitation.book_by, today)
            said = self.words.said("did_invite", kind=f"{kind.article} {kind.name}", **values)
        return Done(invited.receipt, said)

    def _done(self, key: str, change: Change) -> Done:
        values: dict[str, Any] = {
            "staff": self.name,
            "receipt": change.receipt,
            "meeting": show_meeting(change.meeting, self.profile, self.now),
        }
        if change.replaced is not None:
            values["old"] = show_meeting(change.replaced, self.profile, self.now)
        return Done(change.receipt, self.words.said(key, **values))


def tell(engine: Engine, member: str, key: str, said: Said, when: Moment) -> None:
    """Say in the member's conversation, if there is one, what was changed; once for each key."""
    with writing(engine) as session:
        found = session.execute(
            select(conversations.c.id, conversations.c.channel).where(
                conversations.c.member == member
            )
        ).one_or_none()
        known = session.execute(
            select(staff_replies.c.client_id).where(staff_replies.c.client_id == key)
        ).one_or_none()
        if found is None or known is not None:
            return
        session.execute(
            update(conversations).where(conversations.c.id == found.id).values(changed_at=when.wall)
        )
        session.execute(insert(staff_replies).values(client_id=key, conversation_id=found.id))
        append(session, found.id, "system", found.channel, said.on(found.channel), when.at)
