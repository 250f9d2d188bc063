"""Rasa sessions end when they are full, and their trackers are deleted."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, update

from bot.database import migrate, reading, writing
from bot.gateway import sessions
from bot.gateway.app import MIGRATIONS
from bot.gateway.sessions import CALM_TURNS, MOST_TURNS
from bot.gateway.tables import conversations, ended_sessions, rasa_sessions
from tests.gateway.fake_rasa import FakeRasa, spoken
from tests.gateway.house import House, wait_for

WALL = datetime(2026, 11, 25, 8, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("turns", "flow_open", "number"),
    [
        (0, False, 1),
        (CALM_TURNS - 1, False, 1),
        (CALM_TURNS, False, 2),
        (CALM_TURNS, True, 1),
        (MOST_TURNS - 1, True, 1),
        (MOST_TURNS, True, 2),
    ],
)
def test_when_a_session_ends(own_house: House, turns: int, flow_open: bool, number: int) -> None:
    migrate(own_house.engine, MIGRATIONS)
    with writing(own_house.engine) as session:
        session.execute(
            insert(conversations).values(
                id="c", member="m", state="bot", channel="min_side", created_at=WALL,
                changed_at=WALL,
            )
        )  # fmt: skip
        assert sessions.current(session, "c", "min_side") == "c.min_side.1"
        session.execute(update(rasa_sessions).values(turns=turns))
        sessions.count_turn(session, "c", "min_side", flow_open, WALL)
        assert sessions.current(session, "c", "min_side") == f"c.min_side.{number}"
        assert sessions.current(session, "c", "sms") == "c.sms.1"
    ended = [row.session for row in own_house.rows(ended_sessions)]
    assert ended == (["c.min_side.1"] if number == 2 else [])


def test_the_ended_session_is_forgotten_at_rasa(
    own_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "CALM_TURNS", 1)
    monkeypatch.setattr(sessions, "FORGET_AFTER", timedelta(0))
    own_house.start()
    rasa, member = own_house.rasa, own_house.member()
    rasa.answer = lambda _: {"messages": [spoken("ja")], "flow": None}
    for text in ("en", "to", "tre"):
        member.say(text)
    names = [each["session"] for each in rasa.of(member.name)]
    assert [name.rsplit(".", 1)[1] for name in names] == ["1", "1", "2"]
    wait_for(lambda: rasa.forgotten == [names[0]])
    wait_for(lambda: not own_house.rows(ended_sessions))


def test_a_session_that_rasa_does_not_forget_is_tried_again(own_house: House) -> None:
    migrate(own_house.engine, MIGRATIONS)
    with writing(own_house.engine) as session:
        session.execute(insert(ended_sessions).values(session="x.sms.1", attempts=0, due_at=WALL))
    assert sessions.due_to_forget(own_house.engine, WALL) == ["x.sms.1"]
    sessions.forget_later(own_house.engine, "x.sms.1", WALL)
    assert sessions.due_to_forget(own_house.engine, WALL) == []
    later = WALL + sessions.FORGET_AGAIN
    assert sessions.due_to_forget(own_house.engine, later) == ["x.sms.1"]
    sessions.forgotten(own_house.engine, "x.sms.1")
    with reading(own_house.engine):
        assert own_house.rows(ended_sessions) == []


def test_an_open_flow_keeps_its_session(own_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "CALM_TURNS", 1)
    own_house.start()
    rasa: FakeRasa = own_house.rasa
    rasa.answer = lambda _: {"messages": [spoken("hvornår?")], "flow": "book"}
    member = own_house.member()
    for text in ("en", "to", "tre"):
        member.say(text)
    assert len({each["session"] for each in rasa.of(member.name)}) == 1
