"""The turns of a conversation: worked on one at a time, in order, by whoever holds its lease.

A turn ends once, by one conditional update: answered, silenced as staff took over, or given up.
Whatever fails before that leaves it pending, so nothing of it is lost and nothing doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Optional

from sqlalchemy import func, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.database import reading, writing
from bot.desk.moves import Moment, Request, request
from bot.desk.unanswered import keep_unanswered
from bot.desk.waiting import Waiting, Wish
from bot.dialogue.spoken import TurnAnswer, TurnMetadata, TurnRequest
from bot.gateway import sessions
from bot.gateway.attachments import kept_with
from bot.gateway.neutral import neutral
from bot.gateway.tables import conversations, messages, turns
from bot.gateway.transcript import Message, State, append, read, shown_state, touch

LEASE = timedelta(seconds=15)
"""Longer than Rasa's time-outs together; after a crash work goes on when it has run out."""
PATIENCE = timedelta(hours=1)
"""After failing for so long a turn is given up and goes to staff."""
SMS_PATIENCE = timedelta(minutes=5)
"""Nobody sits and waits for a text message: a short failure passes without one more of ours."""


@dataclass(frozen=True)
class Job:
    """The oldest waiting turn of a leased conversation, and what to ask Rasa.

    `member` is None for a phone (`phone`) that nobody has proven to be theirs.
    """

    turn: str
    conversation: str
    member: Optional[str]
    attempts: int
    request: TurnRequest
    state: str
    phone: Optional[str] = None

    @property
    def listens(self) -> str:
        """Whom the hub knows by this: the member, or for want of one the conversation."""
        return self.member or self.conversation


@dataclass(frozen=True)
class Told:
    """The system's texts for a turn that failed: the first one, each further one, and the end.

    `summary` tells staff why the conversation came to them; `waiting` says how the queue stands.
    """

    kept: str
    kept_too: str
    given_up: str
    summary: str
    waiting: Waiting


@dataclass(frozen=True)
class Progress:
    """What a turn has led to so far; `settled` once the member has an answer of some kind."""

    messages: tuple[Message, ...]
    state: State
    settled: bool


def progress(engine: Engine, turn: str) -> Progress:
    """The turn's answer by now. A turn that is gone (a reset) counts as settled without one."""
    with reading(engine) as session:
        found = session.execute(
            select(turns.c.status, turns.c.told, conversations.c.state)
            .join(conversations, conversations.c.id == turns.c.conversation_id)
            .where(turns.c.id == turn)
        ).one_or_none()
        if found is None:
            return Progress((), "bot", True)
        return Progress(
            read(session, messages.c.turn_id == turn),
            shown_state(found.state),
            found.status != "pending" or found.told,
        )


def due(engine: Engine, wall: datetime, most: int = 200) -> list[str]:
    """Conversations with a turn to be tried now that nobody holds."""
    with reading(engine) as session:
        found = session.execute(
            select(conversations.c.id)
            .where(
                conversations.c.due_at <= wall,
                or_(conversations.c.lease_until.is_(None), conversations.c.lease_until <= wall),
            )
            .order_by(conversations.c.due_at)
            .limit(most)
        )
        return list(found.scalars())


def changed_since(engine: Engine, wall: datetime) -> set[str]:
    """Members whose conversation changed at or after an instant."""
    with reading(engine) as session:
        changed = session.execute(
            select(conversations.c.member).where(
                conversations.c.changed_at >= wall, conversations.c.member.is_not(None)
            )
        )
        return set(changed.scalars())


def take(engine: Engine, conversation: str, owner: str, wall: datetime) -> Optional[Job]:
    """The turn to work on now, the conversation leased (anew) to `owner` for it.

    None: another owner has the lease, or nothing is due; a lease of one's own is then given back.
    """
    with writing(engine) as session:
        held = session.execute(
            select(conversations).where(conversations.c.id == conversation).with_for_update()
        ).one_or_none()
        if held is None or (held.lease_owner not in (None, owner) and held.lease_until > wall):
            return None
        head = None
        if held.due_at is not None and held.due_at <= wall:
            head = session.execute(
                select(turns).where(*_pending(conversation)).order_by(turns.c.message_id).limit(1)
            ).one_or_none()
        if head is None:
            _free_lease(session, conversation, owner, wall)
            return None
        session.execute(
            update(conversations)
            .where(conversations.c.id == conversation)
            .values(lease_owner=owner, lease_until=wall + LEASE, changed_at=wall)
        )
        name = sessions.current(session, conversation, head.channel)
        request = _request(head, held, name)
        return Job(
            head.id, conversation, held.member, head.attempts, request, held.state, held.phone
        )


def release(engine: Engine, conversation: str, owner: str, wall: datetime) -> None:
    """Give the lease back, whatever is due."""
    with writing(engine) as session:
        _free_lease(session, conversation, owner, wall)


def settle_wish(engine: Engine, job: Job, wish: Wish, told: Told, when: Moment) -> None:
    """The turn was about the queue: answered here, without the bot, which may be down."""
    with writing(engine) as session:
        if not touch(session, job.conversation, when.wall) or not _end(session, job, "done"):
            return
        channel = job.request.metadata.channel
        english = bool((job.request.payload or {}).get("english"))
        told.waiting.grant(
            session, job.conversation, job.member or "?", wish, channel, when, job.turn, english
        )
        _schedule(session, job.conversation, when.wall)


def settle_otherwise(
    engine: Engine, job: Job, answer: Callable[[Session], None], when: Moment
) -> None:
    """End the turn with something else than the bot's answer, said by `answer` in the transaction."""
    with writing(engine) as session:
        if not touch(session, job.conversation, when.wall) or not _end(session, job, "done"):
            return
        answer(session)
        sessions.count_turn(
            session, job.conversation, job.request.metadata.channel, False, when.wall
        )
        _schedule(session, job.conversation, when.wall)


def settle(engine: Engine, job: Job, answer: TurnAnswer, told: Told, when: Moment) -> None:
    """Store the bot's answer and end the turn; nothing at all where it has ended meanwhile."""
    with writing(engine) as session:
        if not touch(session, job.conversation, when.wall) or not _end(session, job, "done"):
            return
        channel = job.request.metadata.channel
        for spoken in answer.messages:
            append(
                session,
                job.conversation,
                "bot",
                channel,
                spoken.sms if channel == "sms" else spoken.text,
                when.at,
                turn=job.turn,
                offered=spoken.choices,
                sources=[source.dict() for source in spoken.sources],
                attachments=kept_with(spoken),
            )
            if spoken.handover is not None:
                wish = Request(**spoken.handover.dict())
                request(session, job.conversation, "bot", wish, when)
            if spoken.unanswered is not None and job.request.text:
                keep_unanswered(session, job.request.text, spoken.unanswered, when.at)
        wishes = {spoken.queue for spoken in answer.messages}
        handed_over = any(spoken.handover is not None for spoken in answer.messages)
        english = any(spoken.english for spoken in answer.messages)
        if handed_over or "place" in wishes:
            told.waiting.tell_place(session, job.conversation, channel, when, job.turn, english)
        elif "leave" in wishes and job.member is not None:
            told.waiting.grant(
                session, job.conversation, job.member, "leave", channel, when, job.turn, english
            )
        sessions.count_turn(session, job.conversation, channel, answer.flow is not None, when.wall)
        _schedule(session, job.conversation, when.wall)


def postpone(engine: Engine, job: Job, told: Told, when: Moment, again: datetime) -> None:
    """The turn failed: tell the member in that very turn, and try again at `again` (wall clock).

    What waits behind it is told too. After PATIENCE all of it goes to staff.
    """
    with writing(engine) as session:
        if not touch(session, job.conversation, when.wall):
            return
        failed = session.execute(
            update(turns)
            .where(turns.c.id == job.turn, turns.c.status == "pending")
            .values(
                attempts=turns.c.attempts + 1,
                failing_since=func.coalesce(turns.c.failing_since, when.wall),
            )
        )
        if not failed.rowcount:
            return
        waiting = session.execute(
            select(turns).where(*_pending(job.conversation)).order_by(turns.c.message_id)
        ).all()
        if waiting[0].failing_since <= when.wall - PATIENCE:
            _give_up(session, job.conversation, waiting, told, when)
            return
        known = any(turn.told for turn in waiting)
        for turn in waiting:
            if not turn.told and not _may_pass(turn, waiting[0], when.wall):
                text = told.kept_too if known else told.kept
                _tell(session, turn, text, when)
                session.execute(update(turns).where(turns.c.id == turn.id).values(told=True))
                known = True
        _schedule(session, job.conversation, again)


def silence(session: Session, conversation: str) -> None:
    """Staff have the conversation: what the bot was to answer, also now, it does not answer."""
    session.execute(update(turns).where(*_pending(conversation)).values(status="done"))
    _schedule(session, conversation, None)


def fresh_start(engine: Engine, wall: datetime) -> None:
    """At start: what was kept is tried at once, and has its whole patience again."""
    with writing(engine) as session:
        session.execute(
            update(turns)
            .where(turns.c.status == "pending", turns.c.failing_since.is_not(None))
            .values(failing_since=wall, attempts=0)
        )
        session.execute(
            update(conversations).where(conversations.c.due_at.is_not(None)).values(due_at=wall)
        )


def _free_lease(session: Session, conversation: str, owner: str, wall: datetime) -> None:
    session.execute(
        update(conversations)
        .where(conversations.c.id == conversation, conversations.c.lease_owner == owner)
        .values(lease_owner=None, lease_until=None, changed_at=wall)
    )


def _may_pass(turn: Any, oldest: Any, wall: datetime) -> bool:
    """Whether a failure is young enough to say nothing of it yet."""
    return bool(turn.channel == "sms" and oldest.failing_since > wall - SMS_PATIENCE)


def _request(turn: Any, conversation: Any, name: str) -> TurnRequest:
    member: Optional[str] = conversation.member
    return TurnRequest(
        session=name,
        message_id=turn.id,
        text=turn.text if turn.payload is not None else neutral(turn.text),
        payload=turn.payload,
        metadata=TurnMetadata(
            member=member,
            channel=turn.channel,
            verified=member is not None,  # by the member's token, or by a phone's one-time code
            now=turn.received_at.isoformat(),
            waiting=conversation.state == "waiting",
        ),
    )


def _give_up(
    session: Session, conversation: str, waiting: Sequence[Any], told: Told, when: Moment
) -> None:
    """All that waits goes to staff: answered late and out of its context it would only confuse."""
    _tell(session, waiting[0], told.given_up, when)
    session.execute(
        update(turns).where(*_pending(conversation)).values(status="given_up", told=True)
    )
    _schedule(session, conversation, None)
    wish = Request("bot_failed", 1, told.summary)
    request(session, conversation, "system", wish, when)
    last = waiting[0]
    told.waiting.tell_place(session, conversation, last.channel, when, last.id)


def _tell(session: Session, turn: Any, text: str, when: Moment) -> None:
    append(session, turn.conversation_id, "system", turn.channel, text, when.at, turn=turn.id)


def _end(session: Session, job: Job, status: str) -> bool:
    ended = session.execute(
        update(turns)
        .where(turns.c.id == job.turn, turns.c.status == "pending")
        .values(status=status)
    )
    return bool(ended.rowcount)


def _schedule(session: Session, conversation: str, again: Optional[datetime]) -> None:
    """When the oldest waiting turn is to be tried; never, if none waits."""
    waits = select(turns.c.id).where(*_pending(conversation)).limit(1)
    if again is not None and session.execute(waits).one_or_none() is None:
        again = None
    session.execute(
        update(conversations).where(conversations.c.id == conversation).values(due_at=again)
    )


def _pending(conversation: str) -> tuple[Any, Any]:
    return turns.c.conversation_id == conversation, turns.c.status == "pending"
