"""The chat API by contract: what a message gets, what bad input gets, repeats, order, choices."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from bot.gateway.tables import conversations, messages, turns
from tests.gateway.fake_rasa import FakeRasa, spoken
from tests.gateway.house import NOW, House, Member


def test_an_answer_has_the_shape_of_the_contract(member: Member, rasa: FakeRasa) -> None:
    source = {"title": "Samtaler", "section": "Pligt til at deltage"}
    rasa.answer = lambda _: {
        "messages": [
            spoken("Ja", choices=[{"title": "Ja tak", "payload": {"x": 1}}], sources=[source])
        ],
        "flow": "afbud",
    }
    said = member.say("Må jeg melde afbud?")
    assert set(said) == {"messages", "state"}
    assert said["state"] == "bot"
    (answer,) = said["messages"]
    shape = {"id", "at", "from", "text", "spoken", "choices", "sources", "attachments"}
    assert set(answer) == shape
    assert (answer["from"], answer["text"], answer["at"]) == ("bot", "Ja", NOW.isoformat())
    assert answer["sources"] == [source]
    assert answer["attachments"] == []
    assert [set(choice) for choice in answer["choices"]] == [{"id", "title"}]
    asked, told = member.history()["messages"]
    assert (asked["from"], asked["text"]) == ("member", "Må jeg melde afbud?")
    assert asked["id"] < told["id"]
    assert told == answer
    assert member.history(after=asked["id"])["messages"] == [answer]


def test_what_rasa_is_told(member: Member, rasa: FakeRasa) -> None:
    member.say("hej")
    (request,) = rasa.of(member.name)
    conversation, channel, number = request["session"].split(".")
    assert (str(uuid.UUID(conversation)), channel, number) == (conversation, "min_side", "1")
    assert request["metadata"] == {
        "member": member.name, "channel": "min_side", "verified": True, "now": NOW.isoformat(),
        "waiting": False,
    }  # fmt: skip
    assert "payload" not in request


@pytest.mark.parametrize("words", ["Behold mødet", "behold mødet!", " BEHOLD  MØDET. "])
def test_a_choice_typed_in_its_own_words_is_that_choice(
    member: Member, rasa: FakeRasa, words: str
) -> None:
    choices = [{"title": "Behold mødet", "payload": {"intent": "stop", "menu": "m"}}]
    rasa.answer = lambda _: {"messages": [spoken("Vil du?", choices=choices)], "flow": None}
    member.say("jeg skal på ferie")
    rasa.answer = lambda _: {"messages": [spoken("Okay")], "flow": None}
    member.say(words)
    assert rasa.of(member.name)[-1]["payload"] == choices[0]["payload"]
    assert member.history()["messages"][-2]["text"].strip() == words.strip()
    member.say(words)
    assert "payload" not in rasa.of(member.name)[-1]


def test_rasa_is_told_that_staff_are_waited_for(member: Member, rasa: FakeRasa) -> None:
    wish = {"reason": "asked", "urgency": 2, "summary": "Vil tale med et menneske."}
    rasa.answer = lambda _: {"messages": [spoken("Vent", handover=wish)], "flow": None}
    member.say("medarbejder")
    rasa.answer = lambda _: {"messages": [spoken("Okay")], "flow": None}
    member.say("mit nummer er 12345678")
    assert [asked["metadata"]["waiting"] for asked in rasa.of(member.name)] == [False, True]


def body(**fields: Any) -> bytes:
    return json.dumps({"client_id": str(uuid.uuid4()), **fields}).encode()


BAD = {
    "no json": (b"hej", 400, "bad_request"),
    "binary": (bytes(range(256)), 400, "bad_request"),
    "not utf-8": (b'{"text": "\xe6"}', 400, "bad_request"),
    "a list": (b"[1]", 400, "bad_request"),
    "deep": (b"[" * 100_000, 400, "bad_request"),
    "a huge number": (b'{"client_id": 1' + b"0" * 9000 + b"}", 400, "bad_request"),
    "nothing": (b"", 400, "bad_request"),
    "no client_id": (b'{"text": "hej"}', 422, "invalid"),
    "client_id no uuid": (b'{"client_id": "1", "text": "hej"}', 422, "invalid"),
    "client_id a number": (b'{"client_id": 1, "text": "hej"}', 422, "invalid"),
    "neither": (body(), 422, "invalid"),
    "both": (body(text="hej", choice="x"), 422, "invalid"),
    "text a number": (body(text=1), 422, "invalid"),
    "text null": (body(text=None), 422, "invalid"),
    "empty": (body(text=""), 422, "empty"),
    "white space": (body(text=" \n\u00a0"), 422, "empty"),
    "control characters": (body(text="\x00\x01\x1b"), 422, "empty"),
    "half a surrogate": (body(text="\ud800"), 422, "empty"),
    "10,000 characters": (body(text="x" * 10_000), 413, "too_long"),
    "4,001 characters": (body(text="x" * 4001), 413, "too_long"),
    "megabytes": (body(text="x" * 3_000_000), 413, "too_long"),
    "unknown choice": (body(choice="unknown"), 404, "unknown_choice"),
    "empty choice": (body(choice=""), 404, "unknown_choice"),
    "long choice": (body(choice="x" * 5000), 404, "unknown_choice"),
    "unstorable choice": (body(choice="\x00\ud800"), 404, "unknown_choice"),
}


@pytest.mark.parametrize(("sent", "status", "code"), BAD.values(), ids=BAD.keys())
def test_bad_input(member: Member, sent: bytes, status: int, code: str) -> None:
    answer = member.raw(sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["message"]
    assert member.lines() == []


@pytest.mark.parametrize(
    ("typed", "shown", "sent"),
    [
        ("🤒", "🤒", "🤒"),
        ("hej\x00 du", "hej du", "hej du"),
        ("hej\ud83d", "hej", "hej"),
        ('  /afbud{"member": "m2"}', '/afbud{"member": "m2"}', 'afbud{"member": "m2"}'),
        ("\u2003/ /restart", "/ /restart", "restart"),
        ("///", "///", "?"),
        ("cpr 010190-1234", "cpr XXXXXX-XXXX", "cpr XXXXXX-XXXX"),
        ("x" * 4000, "x" * 4000, "x" * 4000),
        ("'; DROP TABLE messages; --", "'; DROP TABLE messages; --", "'; DROP TABLE messages; --"),
    ],
)
def test_strange_input_gets_an_answer(
    member: Member, rasa: FakeRasa, typed: str, shown: str, sent: str
) -> None:
    assert member.say(typed)["messages"][0]["text"] == f"Svar på: {sent}"
    assert member.lines()[0] == ("member", shown)
    assert rasa.texts(member.name) == [sent]


def test_a_cpr_number_is_nowhere(house: House, member: Member, rasa: FakeRasa) -> None:
    member.say("jeg hedder Bo, 120607 0001")
    stored = str(house.rows(messages)) + str(house.rows(turns))
    assert "0001'" not in stored
    assert "120607" not in stored + str(rasa.of(member.name))


@pytest.mark.parametrize("after", ["-1", "x", str(10**30)])
def test_a_cursor_that_is_none(house: House, member: Member, after: str) -> None:
    address = f"{house.url}/api/chat/messages?after={after}"
    answer = requests.get(address, headers=member.headers, timeout=5)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


def test_twenty_posts_of_one_message_are_one_turn(
    house: House, member: Member, rasa: FakeRasa
) -> None:
    rasa.delay = 0.3
    client_id = str(uuid.uuid4())
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: member.post(client_id, text="ja"), range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["messages"][0]["text"] == "Svar på: ja"
    assert member.post(client_id, text="ja").text == answers[0].text
    assert len(rasa.of(member.name)) == 1
    assert [who for who, _ in member.lines()] == ["member", "bot"]
    assert len(house.rows(conversations, conversations.c.member == member.name)) == 1


def test_a_client_id_with_another_body(member: Member) -> None:
    client_id = str(uuid.uuid4())
    member.post(client_id, text="ja")
    for other in ({"text": "nej"}, {"choice": "ja"}):
        answer = member.post(client_id, **other)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "client_id_reused")
    assert len(member.lines()) == 2


def test_client_ids_of_two_members_do_not_meet(house: House) -> None:
    client_id = str(uuid.uuid4())
    for text in ("a", "b"):
        answer = house.member().post(client_id, text=text)
        assert answer.json()["messages"][0]["text"] == f"Svar på: {text}"


def test_a_burst_is_worked_on_in_order_and_one_at_a_time(member: Member, rasa: FakeRasa) -> None:
    rasa.delay = 0.03
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda n: (n, member.post(text=f"nr {n}").json()), range(12)))
    for number, answer in answers:
        assert [each["text"] for each in answer["messages"]] == [f"Svar på: nr {number}"]
    history = member.history()["messages"]
    ids = [each["id"] for each in history]
    assert ids == sorted(set(ids))
    written = [each["text"] for each in history if each["from"] == "member"]
    assert rasa.texts(member.name) == written
    conversation = rasa.of(member.name)[0]["session"].split(".")[0]
    assert rasa.most_at_work[conversation] == 1


def offers(member: Member, rasa: FakeRasa) -> list[dict[str, str]]:
    rasa.answer = lambda request: {
        "messages": [
            spoken(
                f"Fik: {request['text']}",
                choices=[
                    {"title": "Mandag kl. 10.00", "payload": {"time": "t1"}},
                    {"title": "Ingen", "payload": {"time": None}},
                ],
            )
        ],
        "flow": "book",
    }
    choices: list[dict[str, str]] = member.say("book")["messages"][0]["choices"]
    return choices


def test_a_choice_reaches_rasa_as_its_payload(member: Member, rasa: FakeRasa) -> None:
    first, _ = offers(member, rasa)
    answer = member.post(choice=first["id"])
    assert answer.json()["messages"][0]["text"] == "Fik: Mandag kl. 10.00"
    assert rasa.of(member.name)[-1]["payload"] == {"time": "t1"}
    assert rasa.of(member.name)[-1]["text"] == "Mandag kl. 10.00"
    assert member.lines()[2] == ("member", "Mandag kl. 10.00")
    assert "t1" not in str(member.history())


def test_a_choice_belongs_to_one_conversation(house: House, rasa: FakeRasa) -> None:
    first, _ = offers(house.member(), rasa)
    other = house.member()
    other.say("hej")
    answer = other.post(choice=first["id"])
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_choice")
    assert len(other.lines()) == 2


def test_a_member_sees_only_their_own(house: House) -> None:
    house.member().say("hemmeligt")
    assert house.member().history() == {"messages": [], "state": "bot"}


def test_too_fast_is_429_with_a_friendly_word(own_house: House) -> None:
    own_house.options["messages_per_minute"] = 3
    own_house.start()
    member = own_house.member()
    statuses = [member.post(text="hej").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert own_house.member().post(text="hej").status_code == 200
    assert len(member.lines()) == 6


def test_a_hand_over_in_an_answer_moves_to_waiting(house: House, rasa: FakeRasa) -> None:
    member = house.member()
    wish = {"reason": "asked", "urgency": 2, "summary": "Vil tale med et menneske."}
    rasa.answer = lambda _: {"messages": [spoken("Et øjeblik", handover=wish)], "flow": None}
    assert member.say("jeg vil tale med et menneske")["state"] == "waiting"
    (row,) = house.rows(conversations, conversations.c.member == member.name)
    assert (row.state, row.handover_reason, row.handover_urgency) == ("waiting", "asked", 2)
    assert (row.handover_summary, row.handover_since) == ("Vil tale med et menneske.", NOW)
    rasa.behave()
    said = member.say("mens jeg venter")
    assert (said["state"], said["messages"][0]["from"]) == ("waiting", "bot")


def test_logs_hold_no_text(
    member: Member, rasa: FakeRasa, caplog: pytest.LogCaptureFixture
) -> None:
    rasa.status = 500
    member.say("hemmelig sygdom")
    rasa.behave()
    assert "failed" in caplog.text
    assert "hemmelig" not in caplog.text
