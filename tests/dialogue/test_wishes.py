"""Wishes for a time: they add up, and whatever is said to fit one does."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import COPENHAGEN
from bot.dialogue.danish import in_copenhagen
from bot.dialogue.move import move
from bot.dialogue.moves import Begin, TimeMention, WishFor
from bot.dialogue.new_time import offer
from bot.dialogue.state import Flow
from bot.dialogue.turn import Turn
from bot.dialogue.wish import Span, Wish
from tests.dialogue.records import NOW, InMemory, Talk, at, free, meeting, on, turn

HOURS = [(8, 0), (9, 30), (12, 0), (13, 30), (15, 15)]
CALENDAR = [
    free(f"{day}-{hour}", datetime(2026, 11, 24, hour, minute, tzinfo=COPENHAGEN) + timedelta(days=day))
    for day in range(12) for hour, minute in HOURS
    if (datetime(2026, 11, 24) + timedelta(days=day)).weekday() < 5
]  # fmt: skip

_day = st.integers(0, 11).map(
    lambda n: datetime(2026, 11, 24, tzinfo=COPENHAGEN) + timedelta(days=n)
)
_days = st.builds(
    lambda day, n: Span(start=day, end=day + timedelta(days=n)), _day, st.integers(1, 5)
)
_clock = st.sampled_from([time(8), time(9, 30), time(11), time(13), time(16)])
_hours = st.builds(
    lambda a, b: Span(from_hour=min(a, b), to_hour=max(a, b)), _clock, _clock
) | st.builds(lambda a: Span(from_hour=a), _clock)
_weekday = st.builds(lambda n: Span(weekday=n), st.integers(0, 4))
_wishes = st.builds(
    Wish,
    days=st.lists(_days | _weekday, max_size=2).map(tuple),
    hours=st.lists(_hours, max_size=2).map(tuple),
    never=st.lists(_days | _weekday | _hours, max_size=2).map(tuple),
    order=st.sampled_from(["earliest", "latest"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(wish=_wishes, due=st.none() | st.integers(1, 12))
def test_what_is_said_to_fit_the_wish_does(wish: Wish, due: int | None) -> None:
    book_by = NOW.date() + timedelta(days=due) if due is not None else date(2026, 12, 31)
    facts = InMemory(free=CALENDAR, book_by=book_by)
    flow = Flow(name="book", at=NOW, kind="raadighed", wish=wish)
    step = offer(flow, Turn(message_id="m", now=NOW, member="m1"), facts)
    assert step.flow is not None
    keys = [part.key for part in step.reply.parts]
    allowed = [one for one in CALENDAR if wish.allows(in_copenhagen(one.start))]
    if step.flow.chosen is not None or any(key.startswith("times_wished") for key in keys):
        shown = [step.flow.chosen] if step.flow.chosen else list(step.flow.offered)
        assert shown
        assert all(one in allowed for one in shown if one is not None)
    in_time = [one for one in allowed if in_copenhagen(one.start).date() <= book_by]
    if "no_time_as_wished" in keys:
        assert not in_time
        never = Wish(never=wish.never)
        if any(never.allows(in_copenhagen(one.start)) for one in CALENDAR):
            assert step.flow.offered


@given(first=_wishes, second=_wishes)
def test_what_was_left_out_stays_left_out_until_it_is_asked_for(first: Wish, second: Wish) -> None:
    both = first.and_(second)
    assert set(second.never) <= set(both.never)
    for one in CALENDAR:
        start = in_copenhagen(one.start)
        if both.allows(start):
            assert not any(span.holds(start) for span in second.never)
            assert not second.days or any(span.holds(start) for span in second.days)


WEEKS = [free(f"{n}", at(24, "09:00") + timedelta(days=n)) for n in range(1, 15)]


def _talk() -> Talk:
    talk = Talk(InMemory([meeting("x1", at(24))], WEEKS))
    talk.say(turn("reschedule_meeting", "flyt"))
    return talk


def _offered(talk: Talk) -> list[datetime]:
    flow = talk.dialogue.flow
    assert flow is not None
    return [
        in_copenhagen(one.start) for one in ([flow.chosen] if flow.chosen else flow.offered) if one
    ]


def test_days_that_are_left_out_are_not_offered_also_a_turn_later() -> None:
    talk = _talk()
    talk.say(turn("inform", "", does=["wish"], times=(denied(on(25)), denied(on(26)))))
    assert not {25, 26} & {start.day for start in _offered(talk)}
    talk.say(turn("inform", "", does=["wish"], times=(hours(8, 12),)))
    assert not {25, 26} & {start.day for start in _offered(talk)}


def test_either_of_two_days_is_offered() -> None:
    talk = _talk()
    talk.say(turn("inform", "", does=["wish"], times=(on(30), on(1, 12))))
    assert {start.day for start in _offered(talk)} == {30, 1}


def test_another_day_takes_back_the_first() -> None:
    talk = _talk()
    talk.say(turn("inform", "", does=["wish"], times=(on(30), on(1, 12))))
    talk.say(turn("inform", "", does=["refuse", "wish"], times=(on(27), on(2, 12))))
    assert {start.day for start in _offered(talk)} == {27, 2}


@pytest.mark.parametrize(
    ("relations", "days"),
    [(("week_after",), range(30, 37)), (("day_after",), [25]), (("same_week",), range(25, 30))],
)  # fmt: skip
def test_a_time_is_read_from_the_meeting_that_is_spoken_of(
    relations: tuple[str, ...], days: list[int]
) -> None:
    facts = InMemory([meeting("x1", at(24))], WEEKS)
    flow = Flow(name="move", at=NOW, kind="raadighed", meeting="x1", about=at(24))
    moves = (Begin("move"), WishFor(relations=relations))
    step = move(flow, Turn(message_id="m", now=NOW, moves=moves, member="m1"), facts)
    assert step.flow is not None
    shown = [step.flow.chosen] if step.flow.chosen else step.flow.offered
    wanted = {(at(24) + timedelta(days=n - 24)).date() for n in days}
    assert shown
    assert {in_copenhagen(one.start).date() for one in shown if one} <= wanted


def denied(mention: TimeMention) -> TimeMention:
    return TimeMention(mention.start, mention.end, mention.grain, denied=True)


def hours(begin: int, end: int) -> TimeMention:
    return TimeMention(at(23, f"{begin:02}:00"), at(23, f"{end:02}:00"), "minute", dated=False)
