"""Rasa down, slow, wrong or silent: an answer in that very turn, and nothing is lost."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import update

from bot.database import migrate, writing
from bot.desk.moves import Moment
from bot.desk.waiting import Waiting
from bot.desk.words import desk_words
from bot.dialogue.spoken import Spoken, TurnAnswer
from bot.gateway.app import MIGRATIONS
from bot.gateway.incoming import Incoming
from bot.gateway.intake import accept
from bot.gateway.tables import conversations, messages, turns
from bot.gateway.turns import LEASE, PATIENCE, Told, settle, take
from bot.gateway.worker import FIRST_DELAY, LONGEST_DELAY, delay
from bot.profile import load_profile
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.house import NOW, House, wait_for

TOLD = Told("gemt", "også gemt", "opgivet", "", Waiting(load_profile("standard"), desk_words()))


def fail_by(rasa: FakeRasa, how: str) -> None:
    if how == "down":
        rasa.stop()
    elif how == "error":
        rasa.status = 500
    elif how == "silent":
        rasa.answer = lambda _: {"messages": [], "flow": None}
    elif how == "nonsense":
        rasa.answer = lambda _: {"what": "is this"}
    else:
        rasa.hold = threading.Event()


@pytest.mark.parametrize("how", ["down", "error", "silent", "nonsense", "hangs"])
def test_the_member_is_told_and_gets_the_answer_later(own_house: House, how: str) -> None:
    own_house.read_seconds = 0.8
    own_house.start()
    rasa, member = own_house.rasa, own_house.member()
    fail_by(rasa, how)
    client_id = str(uuid.uuid4())
    first = member.post(client_id, text="jeg er syg")
    assert first.status_code == 200
    (told,) = first.json()["messages"]
    assert told["from"] == "system"
    assert "70 00 00 00" in told["text"]
    assert "gemt" in told["text"]
    (again,) = member.say("er du der?")["messages"]
    assert again["from"] == "system"
    assert again["text"] != told["text"]
    rasa._stored.clear()
    rasa.behave()
    if how == "down":
        rasa.start()
    wait_for(lambda: len(member.lines()) == 6, 12)
    assert member.lines()[-2:] == [("bot", "Svar på: jeg er syg"), ("bot", "Svar på: er du der?")]
    late = member.post(client_id, text="jeg er syg").json()["messages"]
    assert [each["from"] for each in late] == ["system", "bot"]
    asked = rasa.of(member.name)
    assert len({each["message_id"] for each in asked}) == 2
    assert len({each["metadata"]["now"] for each in asked}) == 1


def test_a_slow_answer_is_202_at_the_deadline(own_house: House) -> None:
    own_house.options["deadline_seconds"] = 0.4
    own_house.start()
    own_house.rasa.hold = threading.Event()
    member, client_id = own_house.member(), str(uuid.uuid4())
    for _ in range(2):
        answer = member.post(client_id, text="hej")
        assert answer.status_code == 202
        assert answer.json() == {"messages": [], "pending": True, "state": "bot"}
    own_house.rasa.behave()
    wait_for(lambda: len(member.lines()) == 2)
    answer = member.post(client_id, text="hej")
    assert (answer.status_code, len(answer.json()["messages"])) == (200, 1)


def test_what_was_kept_is_worked_on_after_a_restart(own_house: House) -> None:
    own_house.start()
    rasa, member = own_house.rasa, own_house.member()
    rasa.stop()
    member.say("første")
    member.say("anden")
    own_house.stop()
    own_house.clock.instant += timedelta(minutes=10)
    rasa.start()
    own_house.start()
    wait_for(lambda: len(member.lines()) == 6)
    assert member.lines()[-2:] == [("bot", "Svar på: første"), ("bot", "Svar på: anden")]
    received = {each["metadata"]["now"] for each in rasa.of(member.name)}
    assert received == {(own_house.clock.now() - timedelta(minutes=10)).isoformat()}


def test_a_message_that_was_stored_only_is_worked_on_at_start(own_house: House) -> None:
    """As after a kill in the middle of a turn: stored, leased for a while yet, not answered."""
    migrate(own_house.engine, MIGRATIONS)
    member, wall = own_house.member(), datetime.now(timezone.utc)
    incoming = Incoming(member.name, "min_side", str(uuid.uuid4()), text="hej")
    kept = accept(own_house.engine, incoming, Moment(at=NOW, wall=wall))
    assert take(own_house.engine, kept.conversation, "dead", wall)
    with writing(own_house.engine) as session:
        soon = wall + timedelta(seconds=2)
        session.execute(update(conversations).values(lease_until=soon))
    own_house.start()
    assert member.lines() == [("member", "hej")]
    wait_for(lambda: len(member.lines()) == 2)
    assert datetime.now(timezone.utc) > soon
    assert member.lines()[-1] == ("bot", "Svar på: hej")
    assert member.post(incoming.client_id, text="hej").json()["messages"][0]["from"] == "bot"


def test_a_conversation_is_held_by_one(own_house: House) -> None:
    migrate(own_house.engine, MIGRATIONS)
    wall, engine = datetime.now(timezone.utc), own_house.engine
    kept = [
        accept(engine, Incoming("m", "min_side", str(uuid.uuid4()), text=text), Moment(NOW, wall))
        for text in ("en", "to")
    ]
    case = kept[0].conversation
    with ThreadPoolExecutor(10) as pool:
        jobs = list(pool.map(lambda n: take(engine, case, f"owner-{n}", wall), range(10)))
    (job,) = [job for job in jobs if job is not None]
    owner = f"owner-{jobs.index(job)}"
    assert job.turn == kept[0].turn
    assert take(engine, case, "other", wall) is None
    answer = TurnAnswer(messages=[Spoken(text="svar", sms="svar")])
    settle(engine, job, answer, TOLD, Moment(NOW, wall))
    settle(engine, job, answer, TOLD, Moment(NOW, wall))
    assert len(own_house.rows(messages, messages.c.turn_id == job.turn)) == 1
    second = take(engine, case, owner, wall)
    assert second is not None
    assert second.turn == kept[1].turn
    expired = take(engine, case, "other", wall + LEASE)
    assert expired is not None
    assert expired.request == second.request
    assert take(engine, case, owner, wall + LEASE) is None
    settle(engine, expired, answer, TOLD, Moment(NOW, wall))
    assert take(engine, case, "other", wall + LEASE) is None
    (row,) = own_house.rows(conversations)
    assert (row.lease_owner, row.lease_until, row.due_at) == (None, None, None)


def test_after_an_hour_it_goes_to_staff(own_house: House) -> None:
    own_house.start()
    own_house.rasa.status = 503
    member = own_house.member()
    member.say("kan I hjælpe?")
    (turn,) = own_house.rows(turns)
    with writing(own_house.engine) as session:
        long_ago = turn.failing_since - PATIENCE
        session.execute(update(turns).values(failing_since=long_ago))
    wait_for(lambda: member.history()["state"] == "waiting")
    lines = member.lines()
    assert [who for who, _ in lines] == ["member", "system", "system", "system"]
    assert "medarbejder" in lines[-2][1]
    assert "i køen" in lines[-1][1]
    (row,) = own_house.rows(conversations)
    assert (row.handover_reason, row.handover_urgency, row.due_at) == ("bot_failed", 1, None)
    own_house.rasa.behave()
    assert member.say("hallo")["messages"][0]["text"] == "Svar på: hallo"
    assert own_house.rasa.texts(member.name) == ["kan I hjælpe?", "hallo"]


@pytest.mark.parametrize("attempts", [0, 1, 2, 5, 100, 10_000])
def test_the_wait_between_tries_is_bounded(attempts: int) -> None:
    shortest, longest = delay(attempts, 0.0), delay(attempts, 1.0)
    assert timedelta(seconds=FIRST_DELAY / 2) <= shortest < longest
    assert longest <= timedelta(seconds=LONGEST_DELAY)
