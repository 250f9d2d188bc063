"""What is old is erased, what is under way is not; and a member's data goes when a lead says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.engine import Engine

from bot.clock import read_instant
from bot.database import make_engine, migrate, reading, writing
from bot.desk.retention import erase_member, let_go
from bot.desk.tables import looks, member_cards, unanswered
from bot.gateway.app import MIGRATIONS
from bot.gateway.sms import tables as sms
from bot.gateway.tables import (
    choices,
    conversations,
    ended_sessions,
    handover_log,
    messages,
    notes,
    rasa_sessions,
    turns,
)
from bot.profile import Keep

NOW = read_instant("2026-11-25T09:00")
OLD, NEW = NOW - timedelta(days=31), NOW - timedelta(days=29)
KEEP = Keep(conversations=30, absence_notes=30, logs=40, unanswered=30)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = make_engine(f"sqlite:///{tmp_path / 'gateway.db'}")
    migrate(made, MIGRATIONS)
    return made


def rows(engine: Engine, table: Any) -> list[Any]:
    with reading(engine) as session:
        return list(session.execute(select(table)).all())


def conversation(engine: Engine, name: str, state: str, *times: datetime) -> None:
    """A conversation with a message, a choice, a turn and a note at each of the times."""
    with writing(engine) as session:
        session.execute(
            insert(conversations).values(
                id=name, member=name, phone="+4520000001", state=state, channel="min_side",
                created_at=times[0], changed_at=NOW,
            )
        )  # fmt: skip
        session.execute(
            insert(rasa_sessions).values(conversation_id=name, channel="sms", number=1, turns=1)
        )
        for number, at in enumerate(times):
            written = session.execute(
                insert(messages).values(
                    conversation_id=name, sender="member", channel="min_side", text="hej",
                    sources=[], attachments=[], at=at,
                )
            )  # fmt: skip
            message = written.inserted_primary_key[0]
            session.execute(
                insert(choices).values(
                    id=f"{name}{number}", conversation_id=name, message_id=message, position=0,
                    title="x", payload={},
                )
            )  # fmt: skip
            session.execute(
                insert(turns).values(
                    id=f"{name}{number}", conversation_id=name, message_id=message,
                    channel="min_side", client_id=str(number), body_hash="x", text="hej",
                    received_at=at, status="done", told=False, attempts=0,
                )
            )  # fmt: skip
            session.execute(
                insert(notes).values(conversation_id=name, author="a", text="note", at=at)
            )
            session.execute(
                insert(handover_log).values(
                    conversation_id=name, who="bot", from_state="bot", to_state="waiting",
                    why="asked", at=at,
                )
            )  # fmt: skip


@pytest.mark.parametrize("state", ["bot", "closed"])
def test_old_messages_go_and_new_ones_stay(engine: Engine, state: str) -> None:
    conversation(engine, "a", state, OLD, NEW)
    gone = let_go(engine, KEEP, NOW)
    assert (gone.messages, gone.notes, gone.conversations) == (1, 1, 0)
    for table in (messages, notes, choices, turns):
        assert len(rows(engine, table)) == 1
    assert len(rows(engine, handover_log)) == 2, "logs are kept for longer"


def test_a_conversation_of_which_nothing_is_left_goes_whole(engine: Engine) -> None:
    conversation(engine, "a", "bot", OLD)
    with writing(engine) as session:
        session.execute(
            insert(member_cards).values(member="a", member_no="1", name="A", read_at=NOW)
        )
    assert let_go(engine, KEEP, NOW).conversations == 1
    for table in (conversations, messages, turns, choices, notes, handover_log, member_cards):
        assert rows(engine, table) == []
    assert let_go(engine, KEEP, NOW).total == 0


@pytest.mark.parametrize("state", ["waiting", "staff"])
def test_what_people_work_on_stays_whole(engine: Engine, state: str) -> None:
    conversation(engine, "a", state, OLD, NEW)
    assert let_go(engine, KEEP, NOW).total == 0
    assert len(rows(engine, messages)) == 2


def test_logs_and_unanswered_have_days_of_their_own(engine: Engine) -> None:
    with writing(engine) as session:
        for days in (29, 31, 39, 41):
            at = NOW - timedelta(days=days)
            session.execute(insert(looks).values(staff="s", member="m", what="member", at=at))
            session.execute(insert(unanswered).values(day=at.date(), guess="x", text=str(days)))
            session.execute(
                insert(sms.inbox).values(
                    provider="p", provider_id=str(days), phone="+45", text="x", fingerprint="x",
                    received_at=at, received_wall=at, status="done",
                )
            )  # fmt: skip
    gone = let_go(engine, KEEP, NOW)
    assert (gone.logs, gone.unanswered, gone.messages) == (1, 3, 3)
    assert [row.text for row in rows(engine, unanswered)] == ["29"]
    assert len(rows(engine, looks)) == 3


def test_a_member_is_erased_and_nobody_else(engine: Engine) -> None:
    conversation(engine, "a", "staff", OLD, NEW)
    with writing(engine) as session:
        session.execute(conversations.update().values(phone="+4520000009"))
        session.execute(insert(sms.phones).values(phone="+4520000009", member="a", stopped_at=NOW))
        session.execute(
            insert(sms.simulator).values(
                ref="r", phone="+4520000009", text="hej", segments=1, at=NOW, status="sent",
                ends_as="sent",
            )
        )  # fmt: skip
    conversation(engine, "b", "bot", NEW)
    assert erase_member(engine, "a", "lead@x", NOW, NOW) == 2
    assert [row.id for row in rows(engine, conversations)] == ["b"]
    assert {row.conversation_id for row in rows(engine, messages)} == {"b"}
    assert [row.session for row in rows(engine, ended_sessions)] == ["a.sms.1"]
    assert rows(engine, sms.simulator) == []
    (phone,) = rows(engine, sms.phones)
    assert (phone.member, phone.stopped_at) == (None, NOW), "a STOP outlives everything"
    (look,) = rows(engine, looks)
    assert (look.staff, look.member, look.what) == ("lead@x", "a", "erase")
    assert erase_member(engine, "nobody", "lead@x", NOW, NOW) == 0
