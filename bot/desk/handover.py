"""What staff do with a conversation: take it, answer, give it back. Each is one transaction."""

from __future__ import annotations

from typing import Literal, Optional

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.database import writing
from bot.desk.moves import Moment, move
from bot.desk.people import Person
from bot.desk.refusals import AlreadyClaimed, UnknownCase
from bot.desk.states import IllegalTransition, Move
from bot.desk.tables import staff_replies
from bot.desk.words import DeskWords
from bot.gateway.sessions import end_all
from bot.gateway.tables import conversations, notes
from bot.gateway.transcript import append, touch
from bot.gateway.turns import silence

Outcome = Literal["solved", "callback", "no_answer", "other"]


def claim(engine: Engine, case: str, person: Person, greeting: str, when: Moment) -> Optional[str]:
    """Take a waiting conversation; the bot falls silent, also where it is thinking just now.

    Returns the member. Raises UnknownCase, AlreadyClaimed, IllegalTransition.
    """
    with writing(engine) as session:
        taken = move(
            session,
            case,
            "claim",
            f"staff:{person.email}",
            "claimed",
            when,
            assigned_to=person.email,
        )
        if not taken:
            _refuse(session, case, "claim", person)
        silence(session, case)
        return _say(session, case, "system", greeting, when)


def reply(
    engine: Engine, case: str, person: Person, text: str, when: Moment,
    client_id: Optional[str] = None,
) -> Optional[str]:  # fmt: skip
    """Answer the member, whose id is returned. The same `client_id` again is said once.

    Raises UnknownCase, AlreadyClaimed, IllegalTransition.
    """
    with writing(engine) as session:
        if client_id is not None and _sent(session, case, client_id):
            return _known(session, case)[0]
        held = session.execute(
            update(conversations)
            .where(
                conversations.c.id == case,
                conversations.c.state == "staff",
                conversations.c.assigned_to == person.email,
            )
            .values(changed_at=when.wall)
        )
        if not held.rowcount:
            _refuse(session, case, "reply", person)
        if client_id is not None:
            session.execute(insert(staff_replies).values(client_id=client_id, conversation_id=case))
        return _say(session, case, "staff", text, when, author=person.email)


def note(engine: Engine, case: str, person: Person, text: str, when: Moment) -> None:
    """Write something that only staff see, in whatever state. Raises UnknownCase."""
    with writing(engine) as session:
        _known(session, case)
        touch(session, case, when.wall)
        session.execute(
            insert(notes).values(conversation_id=case, author=person.email, text=text, at=when.at)
        )


def requeue(
    engine: Engine, case: str, person: Person, words: DeskWords, when: Moment
) -> Optional[str]:
    """Put the conversation back into the queue for a colleague; a lead may do so with another's.

    Returns the member; raises as `reply` does.
    """
    with writing(engine) as session:
        free = _held_by(session, case) == person.email or person.lead
        who = f"staff:{person.email}"
        if not free or not move(session, case, "requeue", who, "requeued", when, assigned_to=None):
            _refuse(session, case, "requeue", person)
        end_all(session, case, when.wall)  # while the member waits again, the bot starts afresh
        channel = _known(session, case)[1]
        told = words.said("back_in_queue").on(channel)
        return _say(session, case, "system", told, when)


def handback(
    engine: Engine, case: str, person: Person, farewell: str, when: Moment
) -> Optional[str]:
    """Give the conversation back to the bot. Returns the member; raises as `reply` does."""
    return _leave(engine, case, person, "handback", "handed back", farewell, when)


def close(
    engine: Engine, case: str, person: Person, outcome: Outcome, farewell: str, when: Moment
) -> Optional[str]:
    """End the hand-over with an outcome. Returns the member; raises as `reply` does."""
    return _leave(engine, case, person, "close", outcome, farewell, when)


def _leave(
    engine: Engine, case: str, person: Person, how: Move, why: str, farewell: str, when: Moment
) -> Optional[str]:
    with writing(engine) as session:
        mine = _held_by(session, case) == person.email
        if not mine or not move(session, case, how, f"staff:{person.email}", why, when):
            _refuse(session, case, how, person)
        end_all(session, case, when.wall)  # the bot takes up afresh
        return _say(session, case, "system", farewell, when)


def _held_by(session: Session, case: str) -> Optional[str]:
    """Whose it is, the row held until the transaction ends."""
    held: Optional[str] = session.execute(
        select(conversations.c.assigned_to).where(conversations.c.id == case).with_for_update()
    ).scalar_one_or_none()
    return held


def _sent(session: Session, case: str, client_id: str) -> bool:
    known = session.execute(
        select(staff_replies.c.client_id).where(
            staff_replies.c.client_id == client_id, staff_replies.c.conversation_id == case
        )
    ).one_or_none()
    return known is not None


def _say(
    session: Session,
    case: str,
    sender: Literal["staff", "system"],
    text: str,
    when: Moment,
    author: Optional[str] = None,
) -> Optional[str]:
    found = _known(session, case)
    append(session, case, sender, found[1], text, when.at, author=author)
    return found[0]


def _refuse(session: Session, case: str, wanted: str, person: Person) -> None:
    """Say why a move was not possible; always raises."""
    _known(session, case)
    found = session.execute(
        select(conversations.c.state, conversations.c.assigned_to).where(conversations.c.id == case)
    ).one()
    if found.state == "staff" and (wanted == "claim" or found.assigned_to != person.email):
        raise AlreadyClaimed
    raise IllegalTransition(f"{wanted} from {found.state}")


def _known(session: Session, case: str) -> tuple[Optional[str], str]:
    """Member (None: a phone that nobody vouches for) and last channel. Raises UnknownCase."""
    found = session.execute(
        select(conversations.c.member, conversations.c.channel).where(conversations.c.id == case)
    ).one_or_none()
    if found is None:
        raise UnknownCase
    return found.member, found.channel
