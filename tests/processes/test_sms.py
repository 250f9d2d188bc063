"""Whole dialogues by text message over the four processes: what the phone reads, what the records say."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import sms_kill
from tests.processes.house import House, eventually
from tests.processes.phone import Phone

pytestmark = pytest.mark.processes

SEED = Path(__file__).parent / "seed_sms.yml"
RECEIPT = re.compile(r"MK-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture(scope="module")
def sms_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose members have phones."""
    house = House(tmp_path_factory.mktemp("sms"), SEED)
    house.start()
    yield house
    assert house.stop() == 0


def phone(house: House, member: str) -> Phone:
    number = house.backend.member(member).phone
    assert number is not None
    return Phone(house, number)


def test_ill_tomorrow_from_a_phone_afbud_and_a_new_time(sms_house: House) -> None:
    anna = phone(sms_house, "anna")
    eventually(lambda: any("svar AFBUD" in message["text"] for message in anna.inbox()))
    said = anna.say_proven("jeg er syg og kan ikke komme i morgen")
    assert "tir 24/11 kl. 10.00" in said
    assert re.search(r"1\) \w{3} \d\d?/11 kl\. \d\d\.\d\d", said), said
    said = anna.say("nr. 2")
    assert "Svar JA eller NEJ" in said
    assert sms_house.backend.meetings("anna")[0].status == "booked"
    said = anna.say("ja")
    receipt = RECEIPT.search(said)
    assert receipt is not None, said
    old, new = sms_house.backend.meetings("anna")
    assert (old.status, new.status) == ("cancelled", "booked")
    assert old.afbud is not None
    assert old.afbud.reason == "illness"
    changes = [row for row in sms_house.backend.log("anna") if row.receipt == receipt.group()]
    assert changes
    assert {(row.actor, row.channel) for row in changes} == {("member:anna", "sms")}
    everything = "\n".join(message["text"] for message in anna.inbox()).lower()
    assert "syg" not in everything.replace("sygdom og jobsamtale", "")
    assert anna.segments() <= 3
    assert anna.inbox()[-1]["segments"] == 1


def test_book_by_keyword_number_and_weekday(sms_house: House) -> None:
    bo = phone(sms_house, "bo")
    said = bo.say_proven("BOOK")
    assert "1) " in said
    said = bo.say("torsdag")
    if "JA eller NEJ" not in said:
        said = bo.say("1")
    assert "tor 26/11" in said
    assert RECEIPT.search(bo.say("ja"))
    (meeting,) = sms_house.backend.meetings("bo")
    assert meeting.status == "booked"
    assert "tor 26/11" in bo.say("HVORNÅR")


def test_svar_afbud_to_a_notice_is_about_that_meeting(sms_house: House) -> None:
    cilla = phone(sms_house, "cilla")
    eventually(lambda: cilla.inbox())
    assert "rådighed" not in cilla.inbox()[0]["text"]
    said = cilla.say_proven("AFBUD")
    assert "tir 24/11 kl. 11.00" in said or "24. november kl. 11.00" in said, said
    assert "Jobcenter" not in said


def test_rules_for_anybody_and_own_things_for_nobody_unknown(sms_house: House) -> None:
    stranger = Phone(sms_house, "+4529999999")
    assert "pligt" in stranger.say("skal jeg møde op til de her samtaler?")
    said = stranger.say("hvornår er mit næste møde?")
    assert "kan ikke se, hvem der skriver" in said
    assert stranger.segments() <= 3


def test_one_member_two_channels(sms_house: House) -> None:
    page, dan = sms_house.member("dan"), phone(sms_house, "dan")
    page.say("hvornår er mit næste møde?")
    assert "tor 26/11 kl. 12.00" in dan.say_proven("og hvor er mit møde?")
    texts = [message["text"] for message in page.history()]
    assert "og hvor er mit møde?" in texts
    page.say("jeg vil gerne flytte mit møde")
    assert "Svar JA" not in dan.say("ja"), "the flow of Min side is not the phone's"
    assert sms_house.backend.meetings("dan")[0].status == "booked"


def test_stop_in_the_middle_of_a_matter_changes_nothing(sms_house: House) -> None:
    eva = phone(sms_house, "eva")
    eva.say_proven("jeg er syg og kan ikke komme på torsdag")
    assert "START" in eva.say("STOP")
    assert sms_house.backend.meetings("eva")[0].status == "booked"
    assert "igen" in eva.say("START")


def test_chat_from_the_command_line(sms_house: House) -> None:
    done = sms_house.command("chat", "--member", "finn", "--channel", "sms", stdin="HVORNÅR\n")
    assert done.returncode == 0, done.stderr
    assert re.search(r"Sms \(1\): .*\b\d{6}\b", done.stdout), done.stdout
    wrong = sms_house.command("chat", "--member", "ukendt", "--channel", "sms")
    assert wrong.returncode == 3
    assert "no member" in wrong.stderr


def test_every_message_is_answered_just_once_while_processes_are_killed(sms_house: House) -> None:
    """The last one here: it leaves the house shot at. The long run is `python -m bench.sms_kill`."""
    found = sms_kill.run(sms_house, messages=60, seconds=25.0, chance=random.Random(3))
    assert len(found.kills) >= 2
    assert found.well, found
