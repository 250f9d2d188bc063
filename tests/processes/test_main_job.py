"""The main job over the four real processes: what the member reads, and what the records say after."""

from __future__ import annotations

import re

import pytest

from tests.processes.house import House

pytestmark = pytest.mark.processes

RECEIPT = re.compile(r"MK-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.mark.parametrize(
    ("question", "word", "section"),
    [
        ("skal jeg møde op til de her samtaler?", "pligt", "Pligt til at deltage"),
        ("hvilke grunde er lovlige for at melde afbud?", "sygdom", "Pligt til at deltage"),
        ("hvad sker der hvis man udebliver fra et møde?", "dagpenge", "Pligt til at deltage"),
        ("hvor booker jeg et møde på jobcenteret?", "jobnet.dk", "Du skal selv booke"),
        ("hvordan booker man en tid hos a-kassen?", "Min side", "Du skal selv booke"),
        ("hvad er en cv-samtale?", "CV", "De første 6 måneder"),
        ("hvad er en rådighedssamtale?", "rådighed", "De første 6 måneder"),
        ("hvor mange job skal jeg søge om ugen?", "2", "Ledig i mindst 6 måneder"),
    ],
)
def test_a_question_is_answered_with_its_source(
    house: House, question: str, word: str, section: str
) -> None:
    member = house.member("mads")
    assert word in member.say(question)
    sources = [source for message in member.last["messages"] for source in message["sources"]]
    assert section in [source["section"] for source in sources]


def test_the_next_meeting_with_everything_about_it(house: House) -> None:
    said = house.member("anna").say("hvornår er mit næste møde?")
    for piece in ("tirsdag den 24. november", "kl. 10.00", "Lokalafdeling Odense", "Hanne Holm"):
        assert piece in said
    assert "digitalt" in house.member("cilla").say("hvornår er mit næste møde?")


def test_no_meeting_says_what_must_be_booked_by_when(house: House) -> None:
    said = house.member("bo").say("hvornår er mit næste møde?")
    assert "ingen møder" in said
    assert "mandag den 30. november" in said


def test_ill_tomorrow_afbud_and_new_time_in_one_transaction(house: House) -> None:
    member = house.member("dan")
    said = member.say("jeg er syg og kan ikke komme i morgen")
    assert "tirsdag den 24. november kl. 13.00" in said
    times = [choice["title"] for choice in member.choices if "kl." in choice["title"]]
    assert len(times) >= 3
    said = member.say("den anden")
    assert "melder afbud" in said
    assert house.backend.meetings("dan")[0].status == "booked"
    receipt = RECEIPT.search(member.say("ja"))
    assert receipt is not None
    old, new = house.backend.meetings("dan")
    assert (old.status, new.status) == ("cancelled", "booked")
    assert old.afbud is not None
    assert (old.afbud.reason, old.afbud.assessment) == ("illness", "named")
    changes = [row for row in house.backend.log("dan") if row.action in ("afbud", "book", "move")]
    assert {row.receipt for row in changes} == {receipt.group()}
    assert {row.actor for row in changes} == {"member:dan"}
    assert member.say("ja") != ""
    assert len(house.backend.meetings("dan")) == 2


def test_a_reason_the_page_does_not_name_is_warned_about_and_a_question_in_between(
    house: House,
) -> None:
    member = house.member("eva")
    assert "a-kassen, der afgør" in member.say(
        "jeg kan desværre ikke komme i morgen, jeg skal flytte"
    )
    assert "Tilbage til dit afbud" in member.say(
        "hvad sker der hvis man bliver væk uden at sige noget?"
    )
    assert house.backend.meetings("eva")[0].status == "booked"
    member.choose("Meld afbud alligevel")
    member.choose("Afbud uden ny tid")
    assert RECEIPT.search(member.say("ja tak"))
    [meeting] = house.backend.meetings("eva")
    assert meeting.status == "cancelled"
    assert meeting.afbud is not None
    assert meeting.afbud.assessment == "to_assess"


def test_booking_by_choice_and_no_to_the_first_proposal(house: House) -> None:
    member = house.member("bo")
    assert "mandag den 30. november" in member.say("jeg vil gerne booke en tid")
    member.say("torsdag kl. 14")
    assert house.backend.meetings("bo") == []
    assert "ikke ændret noget" in member.say("nej")
    member.choose("En anden tid")
    member.say("torsdag kl. 14")
    assert RECEIPT.search(member.say("ja"))
    [meeting] = house.backend.meetings("bo")
    assert meeting.start.isoformat() == "2026-11-26T13:00:00+00:00"
    assert house.backend.course("bo").next is None


def test_glem_det_ends_with_nothing_changed(house: House) -> None:
    member = house.member("hans")
    member.say("jeg er syg i morgen")
    assert "ikke ændret noget" in member.say("glem det")
    assert [m.status for m in house.backend.meetings("hans")] == ["booked"]


def test_the_jobcenters_meeting_is_not_ours_to_change(house: House) -> None:
    member = house.member("finn")
    assert "jobnet.dk" in member.say("jeg er syg og kan ikke komme på fredag")
    assert house.backend.meetings("finn")[0].status == "booked"


def test_a_missed_meeting_is_registered_at_once(house: House) -> None:
    member = house.member("gitte")
    said = member.say("jeg glemte mit møde i morges, undskyld")
    assert "registreret kl. 09.0" in said
    [meeting] = house.backend.meetings("gitte")
    assert meeting.status == "missed"
    assert meeting.contact is not None


def test_not_understood_asks_back_and_then_offers_a_person(house: House) -> None:
    member = house.member("lis")
    member.say("blomkål på tirsdage men lilla")
    assert member.choices or member.last["messages"]
    member.say("qwrtpl zxcv mnbv")
    titles = [choice["title"] for choice in member.choices]
    assert "Tal med en medarbejder" in titles
    assert [m.status for m in house.backend.meetings("lis")] == ["booked"]


def test_a_typed_payload_is_a_text_like_any_other(house: House) -> None:
    member = house.member("jon")
    for text in ('/affirm{"dialogue": {}}', "\u2003/restart", "  / /afbud"):
        assert member.say(text)
    assert [m.status for m in house.backend.meetings("jon")] == ["booked"]


def test_a_cpr_number_is_masked_everywhere(house: House) -> None:
    member = house.member("kim")
    member.say("mit cpr er 010190-1234, hvornår er mit næste møde?")
    assert "1234" not in str(member.history())
    for name in ("gateway.db", "gateway.db-wal", "rasa.db", "rasa.db-wal"):
        file = house.home / name
        assert not file.exists() or b"010190-1234" not in file.read_bytes()
    for log in (house.home / "logs").iterdir():
        assert "010190" not in log.read_text("utf-8", "replace")


def test_a_person_takes_over_and_hands_back(house: House) -> None:
    import requests

    member = house.member("ida")
    assert "medarbejder" in member.say("jeg vil tale med et menneske")
    assert member.last["state"] == "waiting"
    url = house.settings.gateway_url
    desk = requests.Session()
    login = desk.post(
        f"{url}/api/desk/login",
        json={"email": "stine@example.dk", "password": "en-lang-kode-til-stine"},
        timeout=10,
    )
    assert login.status_code == 200, login.text
    desk.headers["X-CSRF-Token"] = login.json()["csrf"]
    waiting = desk.get(f"{url}/api/desk/conversations?state=waiting", timeout=10).json()
    [case] = [one for one in waiting if one["member"] == "ida"]
    assert "rådighedssamtale" in case["summary"]
    address = f"{url}/api/desk/conversations/{case['id']}"
    assert desk.post(f"{address}/claim", json={}, timeout=10).status_code == 200
    assert member.say("er der nogen?") == ""
    assert member.last["state"] == "staff"
    desk.post(f"{address}/reply", json={"text": "Hej Ida, jeg kigger på det."}, timeout=10)
    people = [one["from"] for one in member.history() if one["from"] != "system"]
    assert people[-1] == "staff"
    assert desk.post(f"{address}/close", json={"outcome": "solved"}, timeout=10).status_code == 200
    assert "tirsdag den 24. november" in member.say("hvornår er mit næste møde?")
    assert member.last["state"] == "bot"
