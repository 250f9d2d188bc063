"""The matrix flow x step x interruption: whatever comes in between, the open question is asked again,
nothing settled is lost, nothing is changed, and the answer then leads to where it would have led."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.dialogue.reading import Evidence
from bot.dialogue.state import Flow
from tests.dialogue.records import WEEK, InMemory, Talk, at, meeting, on, turn

TWO = [meeting("x1", at(24)), meeting("x2", at(26, "13:00"))]
JOBCENTER = [
    meeting("j1", at(25, "12:00"), kind="jobcenter"),
    meeting("j2", at(27, "12:00"), kind="jobcenter"),
]
MISSED = [meeting("x8", at(20)), meeting("x9", at(19))]

Opening = tuple[
    Callable[[], InMemory], list[tuple[str, dict[str, object]]], tuple[str, dict[str, object]]
]


def _afbud(**other: object) -> tuple[str, dict[str, object]]:
    return "afbud", {"text": "jeg kan ikke komme i morgen", "times": (on(24),), **other}


ILL = {"reasons": ("illness",)}
BOTH_THURSDAYS = on(3, month=12, other=at(26, "00:00"))

STEPS: dict[str, Opening] = {
    "afbud/meeting": (lambda: InMemory(TWO, WEEK), [("afbud", ILL)], ("inform", {"text": "den første"})),
    "afbud/reason": (lambda: InMemory(TWO, WEEK), [_afbud()], ("inform", {"text": "syg", **ILL})),
    "afbud/warning": (
        lambda: InMemory(TWO, WEEK), [_afbud(reasons=("holiday",))], ("affirm", {"text": "ja"}),
    ),
    "afbud/time": (lambda: InMemory(TWO, WEEK), [_afbud(**ILL)], ("inform", {"text": "2"})),
    "afbud/which_day": (
        lambda: InMemory(TWO, WEEK),
        [_afbud(**ILL), ("inform", {"text": "næste torsdag", "times": (BOTH_THURSDAYS,)})],
        ("inform", {"text": "den første"}),
    ),
    "afbud/confirm": (
        lambda: InMemory(TWO, WEEK), [_afbud(**ILL), ("inform", {"text": "2"})], ("affirm", {"text": "ja"}),
    ),
    "move/meeting": (
        lambda: InMemory(TWO, WEEK), [("reschedule_meeting", {})], ("inform", {"text": "den sidste"}),
    ),
    "move/time": (
        lambda: InMemory(TWO[:1], WEEK), [("reschedule_meeting", {})], ("inform", {"text": "nr 1"}),
    ),
    "move/confirm": (
        lambda: InMemory(TWO[:1], WEEK),
        [("reschedule_meeting", {}), ("inform", {"text": "1"})],
        ("affirm", {"text": "ja"}),
    ),
    "book/time": (
        lambda: InMemory([], WEEK, date(2026, 11, 27)), [("book_meeting", {})], ("inform", {"text": "3"}),
    ),
    "book/confirm": (
        lambda: InMemory([], WEEK, date(2026, 11, 27)),
        [("book_meeting", {}), ("inform", {"text": "1"})],
        ("affirm", {"text": "ja"}),
    ),
    "format/meeting": (
        lambda: InMemory(TWO), [("change_format", {"formats": ("digital",)})], ("inform", {"text": "1"}),
    ),
    "format/confirm": (
        lambda: InMemory(TWO[:1]), [("change_format", {"formats": ("digital",)})], ("affirm", {}),
    ),
    "participation/meeting": (
        lambda: InMemory(JOBCENTER), [("request_participation", {})], ("inform", {"text": "den anden"}),
    ),
    "participation/confirm": (
        lambda: InMemory(JOBCENTER[:1]), [("request_participation", {})], ("affirm", {"text": "ja"}),
    ),
    "missed/meeting": (lambda: InMemory(MISSED), [("missed_meeting", {})], ("inform", {"text": "1"})),
}  # fmt: skip

INTERRUPTIONS: dict[str, Callable[[], Evidence]] = {
    "question": lambda: turn("faq_no_show", "hvad sker der hvis man bliver væk?"),
    "greeting": lambda: turn("greet", "hej"),
    "thanks": lambda: turn("thanks", "tak"),
    "beyond": lambda: turn("out_of_scope", "hvad er dagpengesatsen?"),
    "unsure": lambda: turn("nlu_fallback", "hvad nu hvis?", ranking=(("faq_joblog", 0.3),)),
    "own meetings": lambda: turn("ask_next_meeting", "hvornår er mit møde?"),
    "own deadline": lambda: turn("ask_booking_deadline", "hvad er min frist?"),
    "own course": lambda: turn("ask_my_course", "hvor langt er jeg?"),
    "repeat": lambda: turn("repeat", "sig det igen"),
}


def _open(step: str) -> Talk:
    facts, turns, _ = STEPS[step]
    talk = Talk(facts())
    for intent, values in turns:
        talk.say(turn(intent, **values))
    flow = talk.dialogue.flow
    assert flow is not None
    assert f"{flow.name}/{flow.asked}" == step
    return talk


def _settled(flow: Flow | None) -> dict[str, object]:
    assert flow is not None
    return flow.dict(exclude={"menu", "at", "proposal", "tries"})


def _answer(talk: Talk, step: str) -> list[str]:
    intent, values = STEPS[step][2]
    return talk.say(turn(intent, **values))


@pytest.mark.parametrize("interruption", INTERRUPTIONS)
@pytest.mark.parametrize("step", STEPS)
def test_the_open_question_survives(step: str, interruption: str) -> None:
    undisturbed, talk = _open(step), _open(step)
    titles = talk.titles
    talk.say(INTERRUPTIONS[interruption]())
    assert talk.commands == undisturbed.commands
    assert _settled(talk.dialogue.flow) == _settled(undisturbed.dialogue.flow)
    assert talk.titles == titles
    assert _answer(talk, step) == _answer(undisturbed, step)
    assert [(c.action, c.meeting) for c in talk.commands] == [
        (c.action, c.meeting) for c in undisturbed.commands
    ]


@pytest.mark.parametrize("step", STEPS)
def test_stop_ends_it_with_nothing_changed(step: str) -> None:
    talk = _open(step)
    assert talk.say(turn("stop", "glem det")) == ["stopped"]
    assert talk.dialogue.flow is None
    assert talk.commands == []


@pytest.mark.parametrize("step", STEPS)
def test_a_person_ends_it_with_nothing_changed(step: str) -> None:
    talk = _open(step)
    assert talk.say(turn("handoff", "jeg vil tale med nogen")) == ["handed_over"]
    assert talk.dialogue.flow is None
    assert talk.commands == []


@pytest.mark.parametrize("step", [name for name in STEPS if not name.startswith("book")])
def test_another_matter_switches(step: str) -> None:
    talk = _open(step)
    talk.say(turn("book_meeting", "jeg vil booke en tid"))
    flow = talk.dialogue.flow
    stays = step.startswith(("afbud", "move"))  # there it speaks of the new time
    assert flow is None or flow.name == (step.split("/")[0] if stays else "book")
    assert talk.commands == []
