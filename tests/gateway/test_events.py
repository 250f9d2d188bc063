"""Server-sent events: catch-up by cursor, live messages, state and typing."""

from __future__ import annotations

import threading
from itertools import islice
from typing import Any

import pytest

from bot.gateway.events import cursor
from tests.gateway.fake_rasa import FakeRasa, spoken
from tests.gateway.house import House, Member, wait_for


def test_catch_up_by_query_and_by_header(member: Member) -> None:
    member.say("en")
    member.say("to")
    history = member.history()["messages"]
    second = history[1]["id"]
    for events in (
        member.events(f"?after={second}"),
        member.events(**{"Last-Event-ID": str(second)}),
        member.events("?after=0", **{"Last-Event-ID": str(second)}),
    ):
        got = list(islice(events, 3))
        assert [(kind, id_, data) for kind, id_, data in got[:2]] == [
            ("message", str(each["id"]), each) for each in history[2:]
        ]
        assert got[2][0] == "state"
        assert got[2][2] == {"state": "bot"}


def test_without_a_cursor_only_what_is_new(member: Member) -> None:
    member.say("gammelt")
    events = member.events()
    assert next(events)[0] == "state"
    member.say("nyt")
    got = list(islice((data for kind, _, data in events if kind == "message"), 2))
    assert [each["text"] for each in got] == ["nyt", "Svar på: nyt"]


def test_typing_and_state_while_the_bot_works(member: Member, rasa: FakeRasa) -> None:
    wish = {"reason": "asked", "urgency": 2, "summary": "x"}
    rasa.answer = lambda _: {"messages": [spoken("Vent", handover=wish)], "flow": None}
    rasa.hold = threading.Event()
    events = member.events("?after=0")
    assert next(events)[2] == {"state": "bot"}
    poster = threading.Thread(target=member.post, kwargs={"text": "menneske"})
    poster.start()
    got: list[tuple[str, Any]] = []
    for kind, _, data in events:
        got.append((kind, data.get("text") or data.get("state") or data.get("typing")))
        if got[-1] == ("typing", True):
            rasa.behave()
            rasa.answer = lambda _: {"messages": [spoken("Vent", handover=wish)], "flow": None}
        if got[-1] == ("typing", False):
            break
    poster.join()
    assert got == [
        ("message", "menneske"), ("typing", True), ("message", "Vent"), ("message", got[3][1]),
        ("state", "waiting"), ("typing", False),
    ]  # fmt: skip
    assert "i køen" in got[3][1]


def test_two_pages_see_the_same(member: Member) -> None:
    pages = [member.events("?after=0"), member.events("?after=0")]
    for page in pages:
        next(page)
    member.say("hej")
    seen = [[data for kind, _, data in islice(page, 4) if kind == "message"] for page in pages]
    assert seen[0] == seen[1] == member.history()["messages"]


def test_a_change_by_another_process_is_seen(own_house: House) -> None:
    own_house.start()
    member = own_house.member()
    events = member.events("?after=0")
    next(events)
    other = House(own_house.home, own_house.rasa)
    other.start()
    try:
        there = other.member(member.name)
        there.say("fra en anden proces")
        wait_for(lambda: [kind for kind, _, _ in islice(events, 1)] == ["message"], 5)
    finally:
        other.stop()


def test_events_are_not_for_others(house: House, member: Member) -> None:
    other = house.member()
    events = other.events("?after=0")
    next(events)
    member.say("hemmeligt")
    other.say("mit")
    got = list(islice((data["text"] for kind, _, data in events if kind == "message"), 2))
    assert got == ["mit", "Svar på: mit"]


@pytest.mark.parametrize(
    ("header", "after", "start"),
    [(None, None, None), (None, 4, 4), ("7", 4, 7), ("x", 4, 4), ("-1", None, None), ("", 3, 3)],
)
def test_where_a_stream_begins(header: str | None, after: int | None, start: int | None) -> None:
    assert cursor(header, after) == start
    assert cursor("9" * 500, None) is not None
