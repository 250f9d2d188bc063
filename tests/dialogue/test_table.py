"""The table of open questions and moves, cell by cell: every cell is filled, and does what it says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest

from bot.dialogue import flows
from bot.dialogue.asking import Step
from bot.dialogue.confirming import propose
from bot.dialogue.flows import LEADS, TABLE, Effect, Lead
from bot.dialogue.moves import (
    Accept,
    Begin,
    GiveReason,
    Keep,
    Leave,
    Mean,
    Move,
    NoNewTime,
    Refuse,
    Tell,
    TimeMention,
    Undo,
    WishFor,
)
from bot.dialogue.reply import Part
from bot.dialogue.state import Asked, Flow
from bot.dialogue.turn import Turn
from tests.dialogue.records import NOW, WEEK, InMemory, at, free, meeting

FRIDAY = TimeMention(at(27, "00:00"), at(28, "00:00"), "day")
MOVES: dict[Lead, tuple[Move, ...]] = {
    "leave": (Leave(),), "undo": (Undo(),), "keep": (Keep(),),
    "switch": (Begin("participation"),), "choice": (), "no_new_time": (NoNewTime(),),
    "wish": (WishFor(times=(FRIDAY,)),), "reason": (GiveReason("illness", "syg"),),
    "this": (Mean(kinds=("raadighed",)),), "refuse": (Refuse(),), "accept": (Accept(),),
    "again": (Begin("afbud"),), "tell": (Tell("der er langt"),),
}  # fmt: skip
FACTS = InMemory(
    [meeting("x1", at(24)), meeting("x2", at(26)), meeting("j1", at(30), kind="jobcenter")], WEEK,
    date(2026, 12, 1),
)  # fmt: skip


def _turn(*moves: Move, **choice: object) -> Turn:
    pressed = {"intent": "inform", "menu": "m", **choice} if choice else None
    return Turn(message_id="now", now=NOW, moves=moves, member="m1", verified=True, choice=pressed)


def _open(asked: Asked) -> Flow:
    flow = Flow(
        name="afbud", at=NOW, menu="m", asked=asked, meeting="x1", kind="raadighed", about=at(24),
        reason="illness",
    )  # fmt: skip
    if asked == "meeting":
        return flow.with_(meeting=None, candidates=("x1", "x2"))
    if asked == "reason":
        return flow.with_(reason=None)
    if asked == "warning":
        return flow.with_(reason="holiday")
    if asked == "which_day":
        return flow.with_(readings=(at(26, "00:00"), at(27, "00:00")))
    if asked == "kind":
        return flow.with_(name="book", meeting=None, kind=None, reason=None)
    if asked == "matter":
        return flow.with_(name="move", reason=None)
    flow = flow.with_(offered=tuple(WEEK[:3]))
    if asked == "confirm":
        flow = flow.with_(chosen=WEEK[0])
        proposed: Step = propose(
            flow,
            _turn(),
            FACTS,
            "afbud",
            "x1",
            {"reason": "illness", "new_time": "t1"},
            [Part("stopped")],
        )
        assert proposed.flow is not None
        return proposed.flow.with_(menu="m")
    return flow


_CHOICE = {
    "meeting": {"meeting": "x2"}, "which_day": {"day": 0}, "reason": {"reason": "illness"},
    "warning": {"go_on": True}, "time": {"time": "t2"}, "confirm": {"time": "t2"},
    "kind": {"kind": "raadighed"}, "matter": {"away": "later"},
}  # fmt: skip

CELLS = [(asked, leading) for asked in get_args(Asked) for leading in LEADS]


def test_the_table_has_every_question_and_every_move() -> None:
    assert set(TABLE) == set(get_args(Asked))
    assert all(set(row) == set(get_args(Lead)) == set(LEADS) for row in TABLE.values())
    assert {effect for row in TABLE.values() for effect in row.values()} == set(get_args(Effect))


@pytest.mark.parametrize(("asked", "leading"), CELLS, ids=lambda value: str(value))
def test_a_cell_does_what_it_says(asked: Asked, leading: Lead) -> None:
    flow = _open(asked)
    turn = _turn(*MOVES[leading], **(_CHOICE[asked] if leading == "choice" else {}))
    found = flows.lead(flow, turn)
    if (
        found != leading
    ):  # the same words lead elsewhere here: a reason or no new time settles the matter
        assert (asked, leading, found) in {
            ("matter", "no_new_time", "switch"), ("matter", "reason", "switch"),
            ("matter", "again", "switch"),
            ("kind", "reason", None), ("warning", "choice", "accept"),
        } or (asked, leading) == ("kind", "again")  # fmt: skip
        return
    effect = TABLE[asked][leading]
    step = flows.step(flow, turn, FACTS)
    assert (step.command is not None) is (effect == "carry_out")
    if effect in ("leave", "keep"):
        assert step.flow is None
    elif effect == "other_time":
        assert step.flow is not None
        assert (step.flow.asked, step.flow.proposal, step.flow.chosen) == ("time", None, None)
    elif effect == "which":
        assert [part.key for part in step.reply.parts] == ["which_of_them"]
        assert step.reply.choices
    elif effect == "unanswered":
        assert step.flow is not None
        if asked != "kind":  # only one kind is due here, so the question answers itself
            assert (step.flow.asked, step.flow.tries) == (asked, 1)
    elif effect == "switch":
        assert step.flow is None or step.flow.name != flow.name
    if step.flow is not None and effect != "carry_out":
        assert step.reply.choices, "an open question shows what can be answered"


@pytest.mark.parametrize("asked", get_args(Asked))
def test_nothing_is_changed_without_a_yes(asked: Asked) -> None:
    for leading in LEADS:
        if leading == "accept":
            continue
        turn = _turn(*MOVES[leading], **(_CHOICE[asked] if leading == "choice" else {}))
        if flows.lead(_open(asked), turn) is not None:
            assert flows.step(_open(asked), turn, FACTS).command is None


def test_a_late_yes_changes_nothing() -> None:
    flow = _open("confirm")
    late = Turn(message_id="late", now=NOW + timedelta(hours=2), moves=(Accept(),), member="m1")
    assert flows.step(flow, late, FACTS).command is None


def test_one_time_on_the_table_and_a_yes_is_that_time() -> None:
    flow = _open("time").with_(offered=(free("only", at(25, "09:00")),))
    step = flows.step(flow, _turn(Accept()), FACTS)
    assert step.flow is not None
    assert step.flow.chosen is not None
    assert step.flow.chosen.id == "only"
