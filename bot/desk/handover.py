"""What staff do with a conversation: take it, answer, give it back. Each is one transaction."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.database import writing
from bot.desk.moves import Moment, move
from bot.desk.people import Person
from bot.desk.states import IllegalTransition, Move
from bot.gateway.sessions import end_all
from bot.gateway.tables import conversations, notes
from bot.gateway.transcript import append
from bot.gateway.turns import silence

Outcome = Literal["solved", "callback", "no_answer", "other"]


class UnknownCase(Exception):
    """There is no conversation of that id."""


class AlreadyClaimed(Exception):
    """Another member of staff has it, or was faster."""


def claim(engine: Engine, case: str, person: Person, greeting: str, when: Moment) -> str:
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


def reply(engine: Engine, case: str, person: Person, text: str, when: Moment) -> str:
    """Answer the member, whose id is returned.

    Raises UnknownCase, AlreadyClaimed, IllegalTransition.
    """
    with writing(engine) as session:
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
        return _say(session, case, "staff", text, when, author=person.email)


def note(engine: Engine, case: str, person: Person, text: str, when: Moment) -> None:
    """Write something that only staff see, in whatever state. Raises UnknownCase."""
    with writing(engine) as session:
        _known(session, case)
        session.execute(
            insert(notes).values(conversation_id=case, author=person.email, text=text, at=when.at)
        )


def handback(engine: Engine, case: str, person: Person, farewell: str, when: Moment) -> str:
    """Give the conversation back to the bot. Returns the member; raises as `reply` does."""
    return _leave(engine, case, person, "handback", "handed back", farewell, when)


def close(
    engine: Engine, case: str, person: Person, outcome: Outcome, farewell: str, when: Moment
) -> str:
    """End the hand-over with an outcome. Returns the member; raises as `reply` does."""
    return _leave(engine, case, person, "close", outcome, farewell, when)


def _leave(
    engine: Engine, case: str, person: Person, how: Move, why: str, farewell: str, when: Moment
) -> str:
    with writing(engine) as session:
        assigned = session.execute(
            select(conversations.c.assigned_to).where(conversations.c.id == case).with_for_update()
        ).scalar_one_or_none()
        mine = assigned == person.email
        if not mine or not move(session, case, how, f"staff:{person.email}", why, when):
            _refuse(session, case, how, person)
        end_all(session, case, when.wall)  # the bot takes up afresh
        return _say(session, case, "system", farewell, when)


def _say(
    session: Session,
    case: str,
    sender: Literal["staff", "system"],
    text: str,
    when: Moment,
    author: str | None = None,
) -> str:
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


def _known(session: Session, case: str) -> tuple[str, str]:
    """Member and last channel. Raises UnknownCase."""
    found = session.execute(
        select(conversations.c.member, conversations.c.channel).where(conversations.c.id == case)
    ).one_or_none()
    if found is None:
        raise UnknownCase
    return str(found.member), found.channel
