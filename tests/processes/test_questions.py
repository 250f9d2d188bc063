"""Questions over the four processes: several at once, leaning on the last answer, again, read aloud."""

from __future__ import annotations

import pytest

from tests.processes.house import House

pytestmark = pytest.mark.processes


def _sections(member_last: dict[str, object]) -> set[str]:
    messages = member_last["messages"]
    assert isinstance(messages, list)
    return {source["section"] for message in messages for source in message["sources"]}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            "hvor mange samtaler er der, og kan de holdes digitalt?",
            ["2 rådighedssamtaler", "De fleste møder"],
        ),
        (
            "Hvad er Min plan? Og hvad er Krav til jobsøgning?",
            ["Min plan er", "Krav til jobsøgning begynder"],
        ),
        (
            "hvor mange job skal jeg søge om ugen, og kan møder holdes digitalt?",
            ["mindst 2", "De fleste møder"],
        ),
        (
            "hvad er dagpengesatsen, og hvor mange job skal jeg søge om ugen?",
            ["ved jeg ikke noget om", "mindst 2"],
        ),
    ],
)
def test_two_questions_get_both_answers_in_the_order_asked(
    house: House, message: str, words: list[str]
) -> None:
    said = house.member("mads").say(message)
    places = [said.find(word) for word in words]
    assert -1 not in places, said
    assert places == sorted(places)


def test_a_question_of_ones_own_and_a_general_one(house: House) -> None:
    member = house.member("anna")
    said = member.say("hvornår er mit næste møde, og hvor mange job skal jeg søge om ugen?")
    assert "tirsdag den 24. november" in said
    assert "mindst 2 ledige stillinger" in said
    assert "Ledig i mindst 6 måneder" in _sections(member.last)


def test_an_afbud_with_a_question_is_answered_and_taken_up_with_nothing_changed_yet(
    house: House,
) -> None:
    member = house.member("jon")
    member.say("glem det")  # whatever another test left under way
    said = member.say("jeg er syg i morgen. Hvor mange job skal jeg søge om ugen?")
    assert "mindst 2 ledige stillinger" in said
    assert "tirsdag den 24. november kl. 12.00" in said
    assert said.index("mindst 2") < said.index("kl. 12.00")
    assert [choice for choice in member.choices if "kl." in choice["title"]]
    assert [meeting.status for meeting in house.backend.meetings("jon")] == ["booked"]
    assert "ikke ændret noget" in member.say("glem det")


def test_questions_that_lean_on_the_last_answer(house: House) -> None:
    member = house.member("mads")
    member.say("skal jeg møde op til de her samtaler?")
    assert "pligten gælder også Jobcenteret" in member.say("gælder det også jobcenteret?")
    assert "Siden nævner sygdom som eksempel" in member.say("og hvis jeg er syg?")
    assert "Siden nævner ikke ferie" in member.say("hvad så med ferie?")
    member.say("hvad er en rådighedssamtale?")
    assert "Ja, rådighedssamtaler kan holdes digitalt" in member.say("og digitalt?")


def test_the_last_answer_is_said_again_with_its_source_and_choices(house: House) -> None:
    member = house.member("mads")
    first = member.say("hvad er en cv-samtale?")
    before = member.last["messages"][-1]
    again = member.say("sig det igen")
    assert again == first
    assert member.last["messages"][-1]["sources"] == before["sources"]
    titles = [
        [choice["title"] for choice in one["choices"]]
        for one in (before, member.last["messages"][-1])
    ]
    assert titles[0] == titles[1] != []


def test_every_message_has_a_text_to_be_read_aloud(house: House) -> None:
    member = house.member("anna")
    member.say("hvornår er mit næste møde?")
    (message,) = member.last["messages"]
    assert "tirsdag den 24. november kl. 10.00" in message["text"]
    assert "tirsdag den fireogtyvende november klokken 10" in message["spoken"]
    member.say("hvor booker jeg et møde på jobcenteret?")
    (message,) = member.last["messages"]
    assert "jobnet punktum dk" in message["spoken"]
