"""What is exact in a message, in other words than it was found in: numbers, "ikke", days on the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.clock import COPENHAGEN
from bot.dialogue.moves import Accept, Ask, Begin, Keep, WishFor
from bot.dialogue.reading import Evidence, read, read_evidence
from bot.dialogue.reading.evidence import Clause
from bot.dialogue.reading.exact import exact_words
from bot.dialogue.state import Dialogue, Flow
from bot.dialogue.turn import Turn
from bot.dialogue.wording import wording
from bot.nlu.kinds_and_formats import format_words, kind_words
from bot.nlu.reasons import VOCABULARY
from bot.nlu.times import read_times
from tests.dialogue.records import NOW, WEEK, free

WORDS = exact_words()
_FORMATS, _KINDS = format_words(VOCABULARY), kind_words(VOCABULARY)


def evidence(text: str, *does: str) -> Evidence:
    """A message with the times, formats and kinds found in it; `does`: what the model is sure of."""
    entities: list[dict[str, Any]] = [
        {"entity": "time", "start": t.begin, "end": t.stop, "value": t.as_value()}
        for t in read_times(text, NOW)
    ]
    for name, words in (("meeting_format", _FORMATS), ("meeting_kind", _KINDS)):
        entities += [
            {"entity": name, "start": e.begin, "end": e.stop, "value": e.value}
            for e in words.read(text, None)
        ]
    metadata = {"message_id": "1", "now": NOW.isoformat(), "member": "m1", "verified": True}
    return read_evidence({
        "text": text, "intent": {"name": "inform", "confidence": 0.5}, "intent_ranking": [],
        "entities": entities, "metadata": metadata, "moves": dict.fromkeys(does, 1.0),
    })  # fmt: skip


def at_the_list(text: str, *does: str, **flow: Any) -> Turn:
    """The turn of a member who was just shown the first four times of WEEK."""
    offered = tuple(WEEK[:4])
    asked = Flow(
        name="book", at=NOW, menu="m", asked="time", kind="raadighed", offered=offered, **flow
    )
    shown = tuple({"intent": "inform", "menu": "m", "time": one.id} for one in offered)
    later = {"intent": "inform", "menu": "m", "away": "later"}
    dialogue = Dialogue(flow=asked, shown=(*shown, later), was="asked")
    return read(evidence(text, *does), dialogue, wording("standard").answers)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("3", 2), ("nr. 4 tak", 3), ("jeg tager nummer to", None), ("den tredje", 2),
        ("den første, nej vent, den anden", 1), ("den nederste", 3), ("sidstnævnte", 3),
        ("en anden dag", None), ("2 er perfekt", 1), ("den førstnævnte", 0), ("7", None),
        ("for anden gang", None),
    ],
)  # fmt: skip
def test_a_number_names_one_of_the_things_shown(text: str, place: int | None) -> None:
    assert WORDS.ordinal(text, 4) == place


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("ikke torsdag", [True]), ("torsdag dur ikke", [True]), ("alle dage på nær fredag", [True]),
        ("hellere fredag, ikke torsdag", [False, True]),
        ("mandag kan jeg heller ikke, kun onsdag", [True, False]),
        ("torsdag eller fredag", [False, False]), ("hverken mandag eller tirsdag", [True, True]),
        ("tirsdag er jeg i Herning", [True]), ("tirsdag har jeg fri", [False]),
        ("onsdag skal jeg til tandlæge. fredag er fin", [True, False]),
        ("det bliver ikke. fredag er fint", [False]),
    ],
)  # fmt: skip
def test_what_a_not_reaches(text: str, denied: list[bool]) -> None:
    places = [(found.begin, found.stop) for found in read_times(text, NOW)]
    assert list(WORDS.denied(text, places)) == denied


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("onsdag klokken ti, tak", "t2"), ("halv to er godt", "t3"), ("den om torsdagen kl 14", "t4"),
        ("torsdag", "t4"), ("13.30", "t3"), ("9", "t1"), ("kl 10 lyder fint", "t2"),
        ("onsdag den sidste af dem", "t3"),
    ],
)  # fmt: skip
def test_a_day_or_an_hour_that_one_offered_time_has_is_that_time(text: str, chosen: str) -> None:
    turn = at_the_list(text, "pick")
    assert turn.choice is not None
    assert turn.choice["time"] == chosen


def test_a_weekday_is_read_against_what_is_offered_before_the_calendar() -> None:
    """On a Monday "tirsdag" is tomorrow, but not where a Tuesday two weeks from now is on the table."""
    start = datetime(2026, 12, 8, 10, 30, tzinfo=COPENHAGEN)
    flow = Flow(
        name="book",
        at=NOW,
        menu="m",
        asked="time",
        kind="raadighed",
        offered=(free("far", start), WEEK[0]),
    )
    dialogue = Dialogue(flow=flow, shown=({"time": "far"}, {"time": "t1"}), was="asked")
    turn = read(evidence("tirsdag halv elleve", "pick"), dialogue, wording("standard").answers)
    assert turn.choice is not None
    assert turn.choice["time"] == "far"


@pytest.mark.parametrize(
    "text", ["ikke klokken ti", "hvem er onsdag kl 10 med", "er kl. 10 digitalt"]
)
def test_a_time_that_is_denied_or_asked_about_is_not_taken(text: str) -> None:
    does = ["refuse", "wish"] if "ikke" in text else ["ask table"]
    assert at_the_list(text, *does).choice is None


def test_a_part_of_the_day_holds_for_both_days() -> None:
    wish = at_the_list("torsdag eller fredag eftermiddag", "wish").wish
    assert wish is not None
    assert [(m.hours()[0], m.hours()[1]) for m in wish.times] == [
        wish.times[0].hours(),
        wish.times[1].hours(),
    ]
    assert wish.times[0].hours()[0] is not None


@pytest.mark.parametrize(
    ("text", "relations"),
    [("dagen derpå, samme klokkeslæt", {"day_after", "same_hour"}), ("en uge senere", {"week_after"}),
     ("lidt senere på dagen", {"later_that_day"}), ("på fredag", set())],
)  # fmt: skip
def test_a_time_can_be_named_by_the_one_spoken_of(text: str, relations: set[str]) -> None:
    assert set(WORDS.relations(text)) == relations


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("jeg vil hellere møde op i stedet for på skærm", "in_person"),
        ("kan det være digitalt frem for fremmøde", "digital"),
        ("ikke i lokalafdelingen, men på video", "digital"),
    ],
)
def test_the_format_that_is_not_wanted_is_not_the_wish(text: str, format: str) -> None:
    turn = read(evidence(text, "begin format"), Dialogue(), wording("standard").answers)
    assert turn.format == format


@pytest.mark.parametrize(
    ("text", "begun", "keeps"),
    [
        ("nej, jeg skal ikke aflyse, jeg vil hellere have et andet tidspunkt", "move", False),
        ("I må ikke flytte noget", None, True),
        ("det er ikke et afbud", None, True),
        ("jeg vil aflyse mødet", "afbud", False),
    ],
)
def test_a_matter_named_to_say_no_to_it_is_not_begun(
    text: str, begun: str | None, keeps: bool
) -> None:
    sure = ["begin afbud"] if "afl" in text or "afbud" in text else ["begin move"]
    turn = read(evidence(text, *sure), Dialogue(), wording("standard").answers)
    assert turn.begins == begun
    assert turn.has(Keep) is keeps


def test_a_yes_that_says_the_proposed_time_again_is_a_plain_yes() -> None:
    flow = Flow(
        name="book",
        at=NOW,
        menu="m",
        asked="confirm",
        kind="raadighed",
        offered=(WEEK[3],),
        chosen=WEEK[3],
    )
    dialogue = Dialogue(flow=flow, shown=({"intent": "affirm"},), was="asked")
    turn = read(
        evidence("ja, torsdag kl. 14 er helt fint", "accept"), dialogue, wording("standard").answers
    )
    assert turn.accepts
    assert turn.wish is None
    assert turn.choice is None


@pytest.mark.parametrize(
    "text", ["er der mere jeg skal", "skal jeg gøre noget nu", "er alt i orden nu?"]
)
def test_whether_there_is_more_to_do_is_a_question_of_its_own(text: str) -> None:
    turn = read(
        evidence(text + "?", "ask beyond"), Dialogue(was="done"), wording("standard").answers
    )
    assert turn.asks == (Ask("more"),)


@pytest.mark.parametrize(
    ("text", "english"),
    [("can you help me please", True), ("kan du hjælpe mig", False), ("ok", None),
     ("hello what is my meeting", True),
     ("jeg kan ikke på fredag, sorry", False), ("I want to book a time", True)],
)  # fmt: skip
def test_english_is_told_from_danish(text: str, english: bool | None) -> None:
    assert WORDS.english(text) is english


def test_a_yes_with_one_time_on_the_list_is_that_time() -> None:
    flow = Flow(name="book", at=NOW, menu="m", asked="time", kind="raadighed", offered=(WEEK[0],))
    dialogue = Dialogue(
        flow=flow, shown=({"intent": "inform", "menu": "m", "time": "t1"},), was="asked"
    )
    turn = read(evidence("ja, den", "accept"), dialogue, wording("standard").answers)
    assert turn.choice is not None
    assert turn.choice["time"] == "t1"


def test_two_matters_in_one_message_are_both_moves() -> None:
    turn = read(evidence("flyt den, og tag med på jobcenteret", "begin move", "begin participation"),
                Dialogue(), wording("standard").answers)  # fmt: skip
    assert {move.matter for move in turn.moves if isinstance(move, Begin)} == {
        "move",
        "participation",
    }


def test_a_yes_beside_a_question_is_still_a_yes() -> None:
    turn = at_the_list("ja den anden. hvor er det?", "pick", "accept", "ask table")
    assert turn.has(Accept)
    assert turn.asks == (Ask("table", "place"),)
    assert not turn.has(WishFor)


@pytest.mark.parametrize(
    ("text", "only"),
    [("hvad nu?", True), ("Og hvad gør man så", True), ("hvad skal jeg gøre ved min joblog", False),
     ("hvad koster det mig?", False)],
)  # fmt: skip
def test_what_to_do_now_is_told_from_a_question_about_something(text: str, only: bool) -> None:
    assert WORDS.what_now(text) is only


@pytest.mark.parametrize(
    ("text", "aspect"),
    [("hvilken adresse skal jeg møde op på", "place"), ("hvor skal jeg møde op?", "place"),
     ("skal jeg møde op eller er det på skærm", "format"), ("hvor længe varer det på skærm", "length")],
)  # fmt: skip
def test_what_is_asked_about_a_meeting(text: str, aspect: str) -> None:
    assert WORDS.aspect(text) == aspect


def test_what_do_i_do_is_answered_by_what_is_begun() -> None:
    text = "jeg har ondt i ryggen og kan ikke komme. Hvad gør jeg så?"
    start = text.index("Hvad")
    clauses = (Clause(start, len(text), True, (("out_of_scope", 0.9),)),)
    found = replace(evidence(text, "begin afbud", "ask beyond"), clauses=clauses)
    turn = read(found, Dialogue(), wording("standard").answers)
    assert turn.has(Begin)
    assert turn.asks == ()


@pytest.mark.parametrize(
    ("text", "coming"),
    [("fint vi ses torsdag", True), ("saa kommer jeg paa mandag kl 9", True),
     ("jeg dukker op i morgen", True), ("så kommer jeg ikke på tirsdag", False),
     ("jeg kommer 20 minutter for sent på onsdag", False), ("jeg kommer fra sygehuset på fredag", False),
     ("jeg møder først ind kl 12", False), ("kan vi ses en anden dag", False)],
)  # fmt: skip
def test_who_says_that_they_turn_up_cancels_nothing(text: str, coming: bool) -> None:
    turn = read(evidence(text, "begin afbud"), Dialogue(), wording("standard").answers)
    assert turn.has(Keep) is coming
    assert turn.has(Begin) is not coming
