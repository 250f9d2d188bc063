"""What comes in: kept once before it is acknowledged, worked on once, bounded whatever comes."""

from __future__ import annotations

import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from sqlalchemy import update

from bot.database import migrate, writing
from bot.desk.moves import Moment
from bot.gateway.app import MIGRATIONS
from bot.gateway.sms.inbox import Limits, keep
from bot.gateway.sms.ports import Received
from bot.gateway.sms.tables import inbox, outbox
from bot.gateway.tables import conversations, handover_log, messages, turns
from tests.gateway.fake_rasa import FakeRasa, spoken
from tests.gateway.house import NOW, House, wait_for
from tests.gateway.sms.phone import personal, phone


def simulate(house: House, body: bytes) -> requests.Response:
    return requests.post(f"{house.url}/sms/simulator", data=body, timeout=5)


def test_a_redelivery_has_no_second_effect(house: House, rasa: FakeRasa) -> None:
    one = phone(house)
    id_ = one.send("én gang")
    wait_for(one.texts)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: one.send("én gang", id_), range(16)))
    twin = phone(house)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: twin.send("på én gang", "same-id-at-once"), range(16)))
    wait_for(twin.texts)
    time.sleep(0.6)
    assert one.texts() == ["Svar på: én gang"]
    assert twin.texts() == ["Svar på: på én gang"]
    assert len([each for each in rasa.seen if each["text"] == "én gang"]) == 1


def test_messages_of_one_phone_are_answered_in_order(house: House) -> None:
    one = phone(house)
    for number in range(8):
        one.send(f"besked {number}")
    wait_for(lambda: len(one.texts()) == 8)
    assert one.texts() == [f"Svar på: besked {number}" for number in range(8)]


def test_it_is_acknowledged_before_the_bot_has_thought(house: House, rasa: FakeRasa) -> None:
    rasa.hold = threading.Event()
    begun = time.monotonic()
    one = phone(house)
    one.send("tænk længe")
    assert time.monotonic() - begun < 2
    rasa.behave()
    wait_for(one.texts)


def test_what_was_kept_only_is_worked_on_at_start(own_house: House) -> None:
    migrate(own_house.engine, MIGRATIONS)
    one = phone(own_house)
    keep(
        own_house.engine, "simulator", Received("k-1", one.number, "før døden"), Limits(9, 9), "",
        Moment(at=NOW, wall=NOW),
    )  # fmt: skip
    own_house.start()
    wait_for(lambda: one.texts() == ["Svar på: før døden"])
    (row,) = own_house.rows(inbox)
    assert (row.status, row.text) == ("done", "")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"not json", 422),
        (b"\xff\xfe", 422),
        (b"[]", 422),
        (b"[" * 5000, 422),
        (json.dumps({"id": "1", "from": "+4520000001"}).encode(), 422),
        (json.dumps({"id": "", "from": "+4520000001", "text": "x"}).encode(), 422),
        (json.dumps({"id": "1", "from": "PostNord", "text": "x"}).encode(), 422),
        (json.dumps({"id": "1" * 200, "from": "+4520000001", "text": "x"}).encode(), 422),
        (json.dumps({"id": {}, "from": [], "text": None}).encode(), 422),
        (b"x" * (64 * 1024 + 1), 413),
    ],
)
def test_what_can_not_be_read_is_refused_and_not_kept(
    house: House, body: bytes, status: int
) -> None:
    before = len(house.rows(inbox))
    answer = simulate(house, body)
    assert answer.status_code == status
    assert answer.json()["error"]["code"]
    assert len(house.rows(inbox)) == before


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("hej 🙂🎉", "Svar på: hej"),
        ("a\x00b\x07c", "Svar på: abc"),
        ("æ" * 1600, "Svar på: ææ"),
        ("lone \ud800 surrogate", "Svar på: lone  surrogate"),
        ("/restart", "Svar på: restart"),
        ('/afbud{"member": "m1"}', "Svar på: afbud"),
        ("mit cpr er 010190-1234", "Svar på: mit cpr er XXXXXX-XXXX"),
    ],
    ids=["emoji", "controls", "1600", "surrogate", "slash", "payload", "cpr"],
)
def test_odd_texts_are_answered(house: House, text: str, answer: str) -> None:
    one = phone(house)
    assert simulate(
        house, json.dumps({"id": str(uuid.uuid4()), "from": one.number, "text": text}).encode()
    ).status_code == 202  # fmt: skip
    (said,) = wait_for(one.texts)
    assert said.startswith(answer)


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "Du har modtaget en MMS: https://x.example"])
def test_pictures_and_nothing_are_asked_for_in_words(house: House, text: str) -> None:
    one = phone(house)
    assert "almindelig tekst" in one.say(text)


def test_far_too_long_a_text_is_said_to_be(house: House) -> None:
    one = phone(house)
    assert "for lang" in one.say("x " * 2500)


def test_two_machines_do_not_talk_forever(house: House) -> None:
    robot = phone(house)
    for _ in range(6):
        robot.send("Jeg er på ferie til den 7. december. God jul!")
    wait_for(lambda: len(house.rows(inbox, inbox.c.phone == robot.number)) == 6)
    wait_for(
        lambda: {r.status for r in house.rows(inbox, inbox.c.phone == robot.number)} == {"done"}
    )
    wait_for(lambda: len(robot.texts()) == 2)
    time.sleep(0.6)
    assert len(robot.texts()) == 2
    plain = phone(house)
    plain.send("Autosvar: vi har lukket.")
    assert plain.say("hej") == "Svar på: hej"
    assert len(plain.texts()) == 1


def test_people_may_repeat_themselves(house: House) -> None:
    one = phone(house)
    for _ in range(4):
        assert one.say("ja") == "Svar på: ja"


def test_a_flood_is_bounded_and_said_once(own_house: House) -> None:
    own_house.settings.sms_per_minute = 10
    own_house.start()
    flooder, other = phone(own_house), phone(own_house)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: flooder.send(f"nummer {number}"), range(60)))
    assert other.say("er der plads?") == "Svar på: er der plads?"
    wait_for(lambda: len(flooder.texts()) == 11)
    time.sleep(0.6)
    assert (
        len([text for text in flooder.texts() if "for stærkt" in text or "lidt stærkt" in text])
        == 1
    )
    assert len(own_house.rows(inbox, inbox.c.phone == flooder.number)) == 10


def test_logs_hold_neither_content_nor_numbers(
    own_house: House, caplog: pytest.LogCaptureFixture
) -> None:
    own_house.settings.sms_per_minute = 2
    own_house.start()
    one = phone(own_house)
    for _ in range(5):
        one.send("en hemmelig sygdom")
    simulate(own_house, json.dumps({"id": "x", "from": one.number, "hemmelig": 1}).encode())
    wait_for(one.texts)
    assert "dropped" in caplog.text
    assert "hemmelig" not in caplog.text
    assert one.number not in caplog.text


@pytest.fixture
def numbered(house: House, rasa: FakeRasa) -> House:
    def offer(request: dict[str, object]) -> dict[str, object]:
        if request["text"] == "tider":
            choices = [
                {"title": "tor 26/11 kl. 10.00", "payload": {"intent": "inform", "menu": "m", "time": "t1"}},
                {"title": "fre 27/11 kl. 09.00", "payload": {"intent": "inform", "menu": "m", "time": "t2"}},
                {"title": "Senere tider", "payload": {"intent": "inform", "menu": "m", "away": "later"}},
            ]  # fmt: skip
            return {"messages": [spoken("Ledige tider:", choices=choices)], "flow": "book"}
        if request["text"] == "hvad kan du":
            menu = [
                {"title": "Meld afbud", "payload": {"intent": "afbud", "start": True}},
                {"title": "Book en tid", "payload": {"intent": "book_meeting", "start": True}},
            ]
            return {"messages": [spoken("Det her:", choices=menu)], "flow": None}
        return {"messages": [spoken(json.dumps(request.get("payload")))], "flow": None}

    rasa.answer = offer
    return house


@pytest.mark.parametrize(
    ("asked", "text", "payload"),
    [
        ("tider", "2", {"intent": "inform", "menu": "m", "time": "t2"}),
        ("tider", "nr. 3", {"intent": "inform", "menu": "m", "away": "later"}),
        ("tider", "1)", {"intent": "inform", "menu": "m", "time": "t1"}),
        ("tider", "den anden", None),  # a place among the times: the dialogue's to read
        ("tider", "4", None),
        ("tider", "torsdag", None),
        ("tider", "senere tider!", {"intent": "inform", "menu": "m", "away": "later"}),
        ("hvad kan du", "2", {"intent": "book_meeting", "start": True}),
        ("hvad kan du", "den første", {"intent": "afbud", "start": True}),
        ("tider", "AFBUD", {"intent": "afbud", "start": True}),
        ("tider", "hjælp", {"intent": "ask_capabilities", "start": True}),
    ],
)
def test_numbers_and_keywords_choose(
    numbered: House, asked: str, text: str, payload: object
) -> None:
    one = phone(numbered)
    assert "1) " in one.say(asked)
    assert json.loads(one.say(text)) == payload


def test_the_choices_of_an_older_answer_are_no_longer_numbered(numbered: House) -> None:
    one = phone(numbered)
    one.say("hvad kan du")
    one.say("noget andet")
    assert json.loads(one.say("1")) is None


def test_stop_is_said_once_and_start_begins_again(house: House, rasa: FakeRasa) -> None:
    rasa.answer = personal
    one = phone(house, "m-stop")
    one.say("mit møde?")
    code = one.code()
    assert "START" in one.say("Stop!")
    count = len(one.texts())
    for text in ("STOP", code, "er I der?", "hjælp", "mit møde?"):
        one.send(text)
    wait_for(lambda: not house.rows(inbox, inbox.c.phone == one.number, inbox.c.status == "new"))
    time.sleep(0.6)
    assert len(one.texts()) == count
    (apart,) = house.rows(conversations, conversations.c.phone == one.number)
    assert (apart.state, apart.handover_reason) == ("waiting", "stopped_writes")
    assert one.number in apart.handover_summary
    assert "igen" in one.say("start")
    assert one.say("er I der nu?") == "Svar på: er I der nu?"
    assert "er I der?" not in [each["text"] for each in rasa.seen]


def test_stop_ends_what_waits_and_the_proof(house: House, rasa: FakeRasa) -> None:
    rasa.answer = personal
    one = phone(house, "m-stop2")
    one.say("mit møde?")
    one.say(one.code())
    rasa.hold = threading.Event()
    one.send("mit svar kommer for sent")
    wait_for(lambda: any(each["text"] == "mit svar kommer for sent" for each in rasa.seen))
    one.say("STOP")
    rasa.behave()
    rasa.answer = personal
    wait_for(lambda: not house.rows(turns, turns.c.status == "pending"))
    (late,) = house.rows(outbox, outbox.c.phone == one.number, outbox.c.status == "stopped")
    assert late.text.startswith("Svar på: mit svar")
    one.say("START")
    assert "koden" in one.say("mit møde?")


def test_staff_answer_by_text_message_and_the_bot_is_silent(house: House, rasa: FakeRasa) -> None:
    one = phone(house)
    one.say("hej")
    (apart,) = house.rows(conversations, conversations.c.phone == one.number)
    with writing(house.engine) as session:
        session.execute(
            update(conversations).where(conversations.c.id == apart.id).values(state="staff")
        )
        from bot.gateway.transcript import append

        append(session, apart.id, "staff", "sms", "Hej – jeg hedder “Maria”.", NOW, author="x@y.dk")
    wait_for(lambda: 'Hej - jeg hedder "Maria".' in one.texts())
    one.send("tak Maria")
    wait_for(lambda: house.rows(messages, messages.c.text == "tak Maria"))
    assert not [each for each in rasa.seen if each["text"] == "tak Maria"]


def test_a_failure_of_the_bot_is_not_told_at_once_and_the_answer_comes(
    house: House, rasa: FakeRasa
) -> None:
    one = phone(house)
    rasa.status = 503
    one.send("svar når du kan")
    wait_for(lambda: house.rows(turns, turns.c.text == "svar når du kan", turns.c.attempts >= 1))
    rasa.behave()
    wait_for(one.texts)
    assert one.texts() == ["Svar på: svar når du kan"]


def test_a_long_failure_is_told(own_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from bot.gateway import turns as turn_work

    monkeypatch.setattr(turn_work, "SMS_PATIENCE", timedelta(0))
    own_house.start()
    own_house.rasa.status = 503
    one = phone(own_house)
    assert "gemt" in one.say("hallo")
    own_house.rasa.behave()
    wait_for(lambda: len(one.texts()) == 2)
    assert one.texts()[1] == "Svar på: hallo"


def test_one_message_of_many_makes_no_stray_rows(house: House) -> None:
    one = phone(house)
    one.say("hej")
    (apart,) = house.rows(conversations, conversations.c.phone == one.number)
    assert apart.member is None
    assert house.rows(handover_log, handover_log.c.conversation_id == apart.id) == []
    sent = house.rows(outbox, outbox.c.conversation_id == apart.id)
    assert [(row.kind, row.segments) for row in sent] == [("bot", 1)]
