"""Who writes: everybody gets what is general, only the proven holder of a phone what is personal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.gateway.sms.tables import challenges, outbox
from bot.gateway.tables import conversations, messages, turns
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.house import House, wait_for
from tests.gateway.sms.phone import Phone, personal, phone


@pytest.fixture
def asking(house: House, rasa: FakeRasa) -> Iterator[House]:
    rasa.answer = personal
    before = house.clock.instant
    yield house
    house.clock.instant = before


def verified(house: House, member: str) -> Phone:
    one = phone(house, member)
    one.say("hvornår er mit møde?")
    assert one.say(f"koden er {one.code()}") == "Svar på: hvornår er mit møde?"
    return one


def test_what_is_general_is_answered_to_anybody(asking: House, rasa: FakeRasa) -> None:
    stranger = phone(asking)
    assert stranger.say("skal jeg komme?") == "Svar på: skal jeg komme?"
    (request,) = [each for each in rasa.seen if each["text"] == "skal jeg komme?"]
    assert request["metadata"] == {
        "channel": "sms", "verified": False,
        "now": asking.clock.now().isoformat(), "waiting": False,
    }  # fmt: skip
    assert stranger.number not in asking.records.asked


def test_after_the_code_the_question_is_answered_by_itself(asking: House, rasa: FakeRasa) -> None:
    one = phone(asking, "m-kode")
    said = one.say("hvornår er mit møde?")
    assert re.search(r"\b\d{6}\b", said)
    assert "10 minutter" in said
    assert one.say(one.code()) == "Svar på: hvornår er mit møde?"
    (request,) = [each for each in rasa.of("m-kode")]
    assert request["metadata"]["verified"] is True
    assert request["metadata"]["channel"] == "sms"
    assert one.say("og mit næste?") == "Svar på: og mit næste?"


def test_the_code_is_kept_nowhere_in_clear(asking: House) -> None:
    one = phone(asking, "m-hash")
    one.say("mit møde?")
    code = one.code()
    wait_for(
        lambda: asking.rows(
            outbox, outbox.c.phone == one.number, outbox.c.status.in_(("sent", "delivered"))
        )
    )
    (challenge,) = asking.rows(challenges, challenges.c.phone == one.number)
    assert challenge.code_hash.startswith("$argon2")
    kept = [row.text for row in asking.rows(outbox, outbox.c.phone == one.number)]
    kept += [row.text for row in asking.rows(messages)]
    assert not any(code in text for text in kept)
    assert any("******" in text for text in kept)


def test_what_was_asked_meanwhile_is_answered_too_in_order(asking: House) -> None:
    one = phone(asking, "m-flere")
    one.say("mit møde?")
    assert "Svar først med den kode" in one.say("og mit sted?")
    last = one.inbox()[-1]["id"]
    one.send(one.code())
    wait_for(lambda: len(one.inbox(last)) == 2)
    assert one.texts()[-2:] == ["Svar på: mit møde?", "Svar på: og mit sted?"]


def test_a_replayed_question_counts_from_when_it_was_asked(asking: House, rasa: FakeRasa) -> None:
    one = phone(asking, "m-tid")
    asked = asking.clock.now()
    one.say("mit møde i morgen?")
    asking.clock.instant += timedelta(minutes=5)
    one.say(one.code())
    (request,) = rasa.of("m-tid")
    assert request["metadata"]["now"] == asked.isoformat()


def test_wrong_codes_are_few(asking: House, rasa: FakeRasa) -> None:
    one = phone(asking, "m-forkert")
    one.say("mit møde?")
    wrong = "000000" if one.code() != "000000" else "000001"
    assert "tilbage: 2" in one.say(wrong)
    assert "tilbage: 1" in one.say(f"{wrong[:3]} {wrong[3:]}")
    assert "kan ikke bruges mere" in one.say(wrong)
    good = one.code()
    assert one.say(good) == f"Svar på: {good}"
    assert rasa.of("m-forkert") == []


def test_a_code_that_is_too_old_is_renewed_and_the_question_kept(asking: House) -> None:
    one = phone(asking, "m-gammel")
    one.say("mit møde?")
    old = one.code()
    asking.clock.instant += timedelta(minutes=10)
    assert "nye kode" in one.say(old)
    assert one.code() != old
    assert one.say(one.code()) == "Svar på: mit møde?"


def test_codes_are_capped_per_day(asking: House) -> None:
    one = phone(asking, "m-mange")
    for _ in range(5):
        assert re.search(r"\b\d{6}\b", one.say("mit møde?"))
        asking.clock.instant += timedelta(minutes=2)
    assert "alle de koder" in one.say("mit møde?")
    asking.clock.instant += timedelta(days=1)
    assert re.search(r"\b\d{6}\b", one.say("mit møde nu?"))


def test_the_proof_ends_after_the_session(asking: House) -> None:
    one = verified(asking, "m-session")
    asking.clock.instant += timedelta(minutes=239)
    assert one.say("mit møde?") == "Svar på: mit møde?"
    asking.clock.instant += timedelta(minutes=1)
    assert re.search(r"\b\d{6}\b", one.say("mit møde?"))


def test_an_unknown_number_hears_how_to_get_on(asking: House, rasa: FakeRasa) -> None:
    stranger = phone(asking)
    said = stranger.say("hvornår er mit møde?")
    assert "kan ikke se, hvem der skriver" in said
    assert "Min side" in said
    assert "70 00 00 00" in said
    assert stranger.say("skal man komme?") == "Svar på: skal man komme?"
    assert asking.records.asked.count(stranger.number) == 1


def test_known_and_unknown_numbers_go_the_same_way(
    asking: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One lookup, one code made (slowly), one message: nothing to measure the difference by."""
    from bot.gateway.sms import codes

    made: list[codes.NewCode] = []
    new_code = codes.new_code

    def counted() -> codes.NewCode:
        made.append(new_code())
        return made[-1]

    monkeypatch.setattr(codes, "new_code", counted)
    for one in (phone(asking, "m-ens"), phone(asking)):
        before = len(made), len(asking.records.asked)
        one.say("mit møde?")
        assert (len(made), len(asking.records.asked)) == (before[0] + 1, before[1] + 1)
        assert len(one.texts()) == 1


def test_while_the_records_are_down_nobody_is_taken_for_a_stranger(asking: House) -> None:
    one = phone(asking, "m-nede")
    asking.records.down = True
    assert "system" in one.say("mit møde?")
    asking.records.down = False
    assert re.search(r"\b\d{6}\b", one.say("mit møde?"))


def test_an_unproven_phone_has_a_conversation_of_its_own(asking: House) -> None:
    page = asking.member("m-side")
    page.say("fra siden")
    one = phone(asking, "m-side")
    one.say("uden kode")
    assert page.lines() == [("member", "fra siden"), ("bot", "Svar på: fra siden")]
    own, apart = asking.rows(
        conversations,
        (conversations.c.member == "m-side") | (conversations.c.phone == one.number),
    )
    assert {own.member, apart.member} == {"m-side", None}


def test_a_proven_phone_and_min_side_share_history_but_not_the_dialogues_state(
    asking: House, rasa: FakeRasa
) -> None:
    page = asking.member("m-deler")
    page.say("fra siden")
    verified(asking, "m-deler")
    assert page.lines() == [
        ("member", "fra siden"), ("bot", "Svar på: fra siden"),
        ("member", "hvornår er mit møde?"), ("bot", "Svar på: hvornår er mit møde?"),
    ]  # fmt: skip
    sessions = {each["session"].split(".", 1)[1] for each in rasa.of("m-deler")}
    assert sessions == {"min_side.1", "sms.1"}


def test_a_foreign_code_opens_nothing(asking: House) -> None:
    mine, other = phone(asking, "m-min"), phone(asking, "m-anden")
    mine.say("mit møde?")
    other.say("mit møde?")
    assert "passer ikke" in mine.say(other.code())
    assert "passer ikke" in other.say(mine.code())


def test_a_number_in_a_question_is_no_code(asking: House) -> None:
    stranger = phone(asking)
    assert stranger.say("123456") == "Svar på: 123456"
    assert len(asking.rows(turns, turns.c.text == "123456")) == 1
