"""The table of states, as a table; and the database never leaves it, whatever is tried."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from bot.clock import read_instant
from bot.database import make_engine, migrate, reading, writing
from bot.desk.moves import Moment, move
from bot.desk.states import MOVES, STATES, TRANSITIONS, IllegalTransition, Move, after, starts_of
from bot.gateway.app import MIGRATIONS
from bot.gateway.tables import conversations, handover_log

NOW = Moment(at=read_instant("2026-11-25T09:00"), wall=read_instant("2026-11-25T09:00"))
LEGAL = {
    "bot": {"request": "waiting"},
    "waiting": {"claim": "staff", "leave": "bot"},
    "staff": {"handback": "bot", "close": "closed", "requeue": "waiting"},
    "closed": {"request": "waiting", "resume": "bot"},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("wanted", MOVES)
def test_every_move_from_every_state(state, wanted) -> None:
    target = LEGAL[state].get(wanted)
    if target is None:
        with pytest.raises(IllegalTransition):
            after(state, wanted)
        assert state not in starts_of(wanted)
    else:
        assert after(state, wanted) == target
        assert state in starts_of(wanted)


def test_every_state_is_reached_and_left() -> None:
    assert {target for target in TRANSITIONS.values()} == set(STATES)
    assert {state for state, _ in TRANSITIONS} == set(STATES)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory):
    path: Path = tmp_path_factory.mktemp("states") / "gateway.db"
    made = make_engine(f"sqlite:///{path}")
    migrate(made, MIGRATIONS)
    with writing(made) as session:
        session.execute(
            insert(conversations).values(
                id="c", member="m", state="bot", channel="min_side", created_at=NOW.at,
                changed_at=NOW.wall,
            )
        )  # fmt: skip
    return made


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(walk=st.lists(st.sampled_from(MOVES), max_size=12))
def test_a_walk_stays_in_the_table_and_is_logged(engine, walk: list[Move]) -> None:
    expected, steps = "bot", []
    with writing(engine) as session:
        session.execute(handover_log.delete())
        session.execute(update(conversations).values(state="bot"))
        for wanted in walk:
            moved = move(session, "c", wanted, "system", "walk", NOW)
            target = LEGAL[expected].get(wanted)
            assert moved is (target is not None)
            if target is not None:
                steps.append((expected, target))
                expected = target
    with reading(engine) as session:
        assert session.execute(select(conversations.c.state)).scalar_one() == expected
        log = session.execute(select(handover_log).order_by(handover_log.c.id)).all()
    assert [(row.from_state, row.to_state) for row in log] == steps
