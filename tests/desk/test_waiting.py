"""What a member in the queue is told: place, time, the case out of hours; and how they leave it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.clock import read_instant
from bot.database import writing
from bot.desk.waiting import Waiting
from bot.desk.words import desk_words
from bot.gateway.tables import conversations, handover_log
from bot.profile import load_profile
from tests.desk.clerk import Clerk, asks_for_staff, case_of, refused
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.house import NOW, House, Member


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, shared_rasa: FakeRasa) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("quiet"), shared_rasa)
    house.start()
    yield house
    house.stop()


@pytest.fixture
def quiet(own: House) -> House:
    """A house in which nobody else waits, or has waited."""
    with own.engine.begin() as connection:
        connection.execute(conversations.delete())
    own.clock.instant = NOW
    return own


def told(answer: dict[str, Any]) -> str:
    """The system's words in an answer."""
    return "\n".join(each["text"] for each in answer["messages"] if each["from"] == "system")


def choices(answer: dict[str, Any]) -> dict[str, str]:
    return {each["title"]: each["id"] for each in answer["messages"][-1]["choices"]}


def claimed_after(house: House, minutes: int, times: int = 3) -> None:
    """Members who were claimed after so many minutes of waiting, this morning."""
    with writing(house.engine) as session:
        for number in range(times):
            case = f"earlier-{number}"
            session.execute(
                insert(conversations).values(
                    id=case, member=case, state="bot", channel="min_side", created_at=NOW,
                    changed_at=NOW,
                )
            )  # fmt: skip
            for start, end, at in (
                ("bot", "waiting", NOW),
                ("waiting", "staff", NOW + timedelta(minutes=minutes)),
            ):
                session.execute(
                    insert(handover_log).values(
                        conversation_id=case,
                        who="x",
                        from_state=start,
                        to_state=end,
                        why="x",
                        at=at,
                    )
                )


def test_the_place_in_the_queue_and_the_usual_time(quiet: House) -> None:
    first, second, urgent = quiet.member(), quiet.member(), quiet.member()
    rasa = quiet.rasa
    assert "nummer 1 i køen" in told(asks_for_staff(first, rasa))
    quiet.clock.instant += timedelta(seconds=1)
    answer = asks_for_staff(second, rasa)
    assert "nummer 2 i køen" in told(answer)
    assert "inden for cirka 20 minutter" in told(answer)
    assert answer["state"] == "waiting"
    assert "nummer 1 i køen" in told(asks_for_staff(urgent, rasa, "crisis", 1))
    asked = second.post(choice=choices(answer)["Hvor langt er jeg?"]).json()
    assert "nummer 3 i køen" in told(asked)
    assert told(second.say("Hvor langt er jeg i køen?")) == told(asked)


def test_who_writes_english_is_told_in_english_also_by_what_is_pressed(quiet: House) -> None:
    member, rasa = quiet.member(), quiet.rasa
    answer = asks_for_staff(member, rasa, english=True)
    assert "number 1 in the queue" in told(answer)
    offered = choices(answer)
    assert set(offered) == {"How far am I?", "Leave the queue"}
    again = member.post(choice=offered["How far am I?"]).json()
    assert told(again) == told(answer)
    left = member.post(choice=choices(again)["Leave the queue"]).json()
    assert "no longer waiting" in told(left)


def test_long_waits_make_the_expected_time_longer(quiet: House) -> None:
    claimed_after(quiet, minutes=52)
    quiet.clock.instant = NOW + timedelta(hours=2)
    assert "cirka 55 minutter" in told(asks_for_staff(quiet.member(), quiet.rasa))


@pytest.mark.parametrize(
    ("now", "reason", "words"),
    [
        ("2026-11-25T15:20", "member_asked", ["før vi lukker kl. 15.30", "den 26. november kl. 09.00"]),
        ("2026-11-25T20:00", "member_asked", ["har lukket", "26. november kl. 09.00", "i løbet af torsdag"]),
        ("2026-11-27T16:00", "worry", ["har lukket", "mandag den 30. november kl. 09.00"]),
        ("2026-12-24T10:00", "anger", ["har lukket", "mandag den 28. december kl. 09.00"]),
        ("2026-11-25T10:00", "participation", ["ser på det i løbet af onsdag"]),
        ("2026-11-25T20:00", "reason_to_assess", ["ser på det i løbet af torsdag"]),
        ("2026-11-25T20:00", "something_new", ["har lukket"]),
    ],
)  # fmt: skip
def test_members_are_told_the_truth(quiet: House, now: str, reason: str, words: list[str]) -> None:
    quiet.clock.instant = read_instant(now)
    answer = asks_for_staff(quiet.member(), quiet.rasa, reason)
    said = told(answer)
    for word in words:
        assert word in said
    assert "ummer" in said, "the case has a number"
    assert answer["state"] == "waiting"


def test_a_desk_that_never_opens_gives_the_phone(house: House) -> None:
    profile = load_profile("standard")
    closed = profile.copy(update={"support": profile.support.copy(update={"hours": {}})})
    member = house.member()
    asks_for_staff(member, house.rasa)
    waiting = Waiting(closed, desk_words())
    with writing(house.engine) as session:
        said = waiting._standing(session, case_of(member), True, NOW)
    assert profile.support.phone in said.text


@pytest.mark.parametrize(
    "way", ["choice", "forlad køen", "Forlad køen!!", "Jeg vil ikke vente længere."]
)
def test_a_member_leaves_the_queue(house: House, rasa: FakeRasa, maria: Clerk, way: str) -> None:
    member = house.member()
    answer = asks_for_staff(member, rasa)
    pressed = choices(answer)["Forlad køen"]
    left = member.post(choice=pressed).json() if way == "choice" else member.say(way)
    assert left["state"] == "bot"
    assert "venter ikke længere" in told(left)
    assert refused(maria.post(f"{case_of(member)}/claim")) == (409, "illegal_transition")
    steps = house.rows(handover_log, handover_log.c.conversation_id == case_of(member))
    assert [(step.who, step.to_state, step.why) for step in steps] == [
        ("bot", "waiting", "member_asked"),
        (f"member:{member.name}", "bot", "left the queue"),
    ]
    again = member.post(choice=pressed).json()
    assert "står ikke i kø" in told(again)
    assert member.history()["state"] == "bot"
    assert rasa.texts(member.name) == ["jeg vil tale med et menneske"]


def test_the_words_are_only_words_where_nobody_waits(house: House, member: Member) -> None:
    assert member.say("forlad køen")["messages"][0]["text"] == "Svar på: forlad køen"


def test_rules_are_answered_while_one_waits(waiting: Member) -> None:
    answer = waiting.say("hvad er Min plan?")
    assert answer["messages"][0]["text"] == "Svar på: hvad er Min plan?"
    assert answer["state"] == "waiting"


def test_leaving_works_while_the_bot_is_down(waiting: Member, rasa: FakeRasa) -> None:
    rasa.status = 500
    answer = waiting.say("forlad køen")
    rasa.behave()
    assert answer["state"] == "bot"
    assert "venter ikke længere" in told(answer)


def test_claimed_before_the_choice_is_pressed(waiting: Member, maria: Clerk) -> None:
    shown = waiting.history()["messages"][-1]["choices"]
    assert maria.post(f"{case_of(waiting)}/claim").status_code == 200
    pressed = waiting.post(str(uuid.uuid4()), choice=shown[-1]["id"]).json()
    assert pressed == {"messages": [], "state": "staff"}


def test_back_into_the_queue_keeps_the_waiting_time(
    house: House, waiting: Member, maria: Clerk, ole: Clerk, lead: Clerk
) -> None:
    case = case_of(waiting)
    maria.post(f"{case}/claim")
    assert refused(ole.post(f"{case}/requeue")) == (409, "already_claimed")
    freed = lead.post(f"{case}/requeue").json()
    assert (freed["state"], freed["assigned_to"], freed["since"]) == ("waiting", None, _iso(NOW))
    assert "givet din samtale videre" in waiting.lines()[-1][1]
    assert refused(maria.post(f"{case}/reply", text="hej")) == (409, "illegal_transition")
    assert ole.post(f"{case}/claim").status_code == 200


def test_a_reply_sent_twice_is_said_once(waiting: Member, maria: Clerk) -> None:
    case = case_of(waiting)
    maria.post(f"{case}/claim")
    key = str(uuid.uuid4())
    for _ in range(3):
        assert maria.post(f"{case}/reply", text="Hej med dig", client_id=key).status_code == 200
    assert [text for who, text in waiting.lines() if who == "staff"] == ["Hej med dig"]


def _iso(at: datetime) -> str:
    return at.isoformat()
