"""Another a-kasse by one setting, MOEDEKLAR_PROFILE=fjord: its numbers, names, kinds and reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.house import House

pytestmark = pytest.mark.processes

RECEIPT = re.compile(r"MK-[0-9A-Z]{4}-[0-9A-Z]{4}")
STANDARD_ALONE = ("14 dage", "6 måneder", "jobnet", "indbakken", "Min side", "70 00 00 00")


@pytest.fixture(scope="module")
def fjord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The four processes of that a-kasse."""
    seed = Path(__file__).parent / "seed_fjord.yml"
    house = House(tmp_path_factory.mktemp("fjord"), seed, profile="fjord")
    house.start()
    yield house
    assert house.stop() == 0


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("hvad er en cv-samtale?", ["de første 21 dage", "velkomstsamtalen"]),
        ("hvad er en rådighedssamtale?", ["3 rådighedssamtaler", "4 måneder imellem"]),
        ("hvor mange job skal jeg søge om ugen?", ["mindst 3 ledige stillinger"]),
        ("hvor booker jeg et møde på jobcenteret?", ["kommunens jobportal"]),
        ("hvilke grunde er lovlige for at melde afbud?", ["dit barns første sygedag"]),
        ("kan a-kassen komme med til møde på jobcenteret?", ["Nej, vi deltager ikke"]),
        ("hvad er dagpengesatsen?", ["96 11 22 33"]),
    ],
)
def test_questions_are_answered_with_its_own_numbers_and_names(
    fjord: House, question: str, words: list[str]
) -> None:
    member = fjord.member("alma")
    said = member.say(question)
    for word in words:
        assert word in said
    assert not [other for other in STANDARD_ALONE if other in said]
    for message in member.last["messages"]:
        for source in message["sources"]:
            assert source["title"] == "Dine møder, mens du er ledig (side fra 15. oktober 2026)"


def test_a_kind_that_the_standard_does_not_have_is_booked(fjord: House) -> None:
    member = fjord.member("alma")
    said = member.say("hvornår er mit næste møde?")
    assert "karrieresamtale" in said
    assert "torsdag den 3. december" in said
    said = member.say("jeg vil gerne booke en tid")
    assert "karrieresamtale" in said
    said = member.say("den første")
    assert "digitalt" in said
    assert RECEIPT.search(member.say("ja"))
    [meeting] = fjord.backend.meetings("alma")
    assert (meeting.kind, meeting.format, meeting.status) == ("karriere", "digital", "booked")


def test_the_first_meeting_is_booked_by_the_member_and_may_be_digital(fjord: House) -> None:
    member = fjord.member("bent")
    assert "velkomstsamtale" in member.say("jeg vil gerne booke en tid")
    member.say("digitalt")
    member.say("den første")
    assert RECEIPT.search(member.say("ja"))
    [meeting] = fjord.backend.meetings("bent")
    assert (meeting.kind, meeting.format) == ("cv", "digital")


def test_its_raadighedssamtale_can_not_become_digital(fjord: House) -> None:
    member = fjord.member("dora")
    said = member.say("kan jeg få min rådighedssamtale i morgen digitalt i stedet for?")
    assert "kun på den måde" in said
    assert fjord.backend.meetings("dora")[0].format == "in_person"


def test_a_reason_that_its_page_names_is_not_warned_about(fjord: House) -> None:
    member = fjord.member("clara")
    said = member.say("mit barn er sygt, så jeg kan ikke komme i morgen")
    assert "afgør det" not in said
    member.say("den første")
    assert RECEIPT.search(member.say("ja"))
    old = fjord.backend.meetings("clara")[0]
    assert old.afbud is not None
    assert (old.status, old.afbud.reason, old.afbud.assessment) == (
        "cancelled", "child_illness", "named",
    )  # fmt: skip
