"""Turns through the actions, as Rasa hands them over: message and slot in, message and slot out."""

from __future__ import annotations

from typing import Any, Optional

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turns import ActionPlay

Slot = Optional[dict[str, Any]]


def _message(text: str, intent: str, does: str, *parts: tuple[str, str]) -> dict[str, Any]:
    """A message as the pipeline hands it over, with the one move that the model is sure of."""
    read: dict[str, Any] = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "intent_ranking": [{"name": intent, "confidence": 0.9}],
        "entities": [],
        "moves": {does: 1.0},
        "metadata": {
            "message_id": "1", "now": "2026-11-23T09:00:00+01:00", "member": None,
            "verified": False, "channel": "min_side",
        },
    }  # fmt: skip
    if parts:
        read["parts"] = [
            {
                "intent": {"name": name, "confidence": 0.9},
                "start": text.index(said),
                "end": text.index(said) + len(said),
            }
            for name, said in parts
        ]
    return read


def _play(message: dict[str, Any], slot: Slot = None) -> tuple[dict[str, Any], Slot]:
    """What is said, and the slot after it."""
    tracker = Tracker("s1", {"dialogue": slot}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = ActionPlay().turn(dispatcher, tracker)
    [said] = dispatcher.messages
    return said["custom"]["spoken"], events[-1]["value"]


DOUBLE = _message(
    "Hvad er Min plan? Og hvor mange job skal jeg søge?",
    "faq_min_plan",
    "ask faq",
    ("faq_min_plan", "Hvad er Min plan?"),
    ("faq_joblog", "Og hvor mange job skal jeg søge?"),
)


def test_two_questions_are_answered_in_one_message_with_both_sources() -> None:
    said, slot = _play(DOUBLE)
    assert said["text"].index("Min plan er") < said["text"].index("mindst 2 ledige stillinger")
    assert "mindst 2 ledige stillinger" in said["sms"]
    assert {source["section"] for source in said["sources"]} == {
        "De første 6 måneder", "Ledig i mindst 6 måneder",
    }  # fmt: skip
    assert slot is not None
    assert slot["topic"] == "faq_joblog"


def test_what_lies_beyond_counts_as_no_miss_beside_a_question_that_is_answered() -> None:
    text = "hvad er satsen, og hvor mange job skal jeg søge?"
    message = _message(
        text, "out_of_scope", "ask faq",
        ("out_of_scope", "hvad er satsen"), ("faq_joblog", "hvor mange job skal jeg søge?"),
    )  # fmt: skip
    said, slot = _play(message, {"misses": 1})
    assert "ved jeg ikke noget om" in said["text"]
    assert "mindst 2 ledige stillinger" in said["text"]
    assert slot is not None
    assert slot["misses"] == 0


def test_a_leaning_question_is_answered_whatever_the_model_made_of_it() -> None:
    _, slot = _play(_message("skal jeg komme?", "faq_duty_to_attend", "ask faq"))
    said, slot = _play(_message("og hvis jeg er syg?", "afbud", "begin afbud"), slot)
    assert "Siden nævner sygdom som eksempel" in said["text"]
    said, slot = _play(_message("og jobcenteret?", "nlu_fallback", "unclear"), slot)
    assert "pligten gælder også Jobcenteret" in said["text"]
    said, slot = _play(_message("hvad så med ferie?", "out_of_scope", "ask beyond"), slot)
    assert "Siden nævner ikke ferie" in said["text"]


def test_without_an_answer_before_it_nothing_is_leant_on() -> None:
    _, slot = _play(_message("hej", "greet", "greet"))
    said, _ = _play(_message("hvad så med ferie?", "out_of_scope", "ask beyond"), slot)
    assert "Regler om ferie og feriepenge ved jeg ikke noget om" in said["text"]


def test_again_says_all_of_the_last_message_with_its_sources_and_choices() -> None:
    first, slot = _play(DOUBLE)
    again, slot = _play(_message("sig det igen", "repeat", "repeat"), slot)
    for name in ("text", "sms", "sources", "choices"):
        assert again[name] == first[name], name
    again, _ = _play(_message("en gang til", "repeat", "repeat"), slot)
    assert again["text"] == first["text"]


def test_the_same_words_do_not_stand_twice_in_a_row() -> None:
    asked = _message("hvor mange job skal jeg søge?", "faq_joblog", "ask faq")
    first, slot = _play(asked)
    second, slot = _play(asked, slot)
    third, _ = _play(asked, slot)
    assert first["text"] != second["text"] != third["text"]
    assert second["choices"][0]["payload"]["intent"] == "handoff"


def test_who_writes_english_is_answered_in_english_until_danish_comes_back() -> None:
    english = _message("hello can you help me with my meeting please", "out_of_scope", "ask beyond")
    first, slot = _play(english)
    assert "I only understand Danish" in first["text"]
    second, slot = _play(
        _message("i want to cancel my meeting tomorrow", "afbud", "begin afbud"), slot
    )
    assert "I can only read Danish" in second["text"]
    passed_on, slot = _play(_message("yes please do", "affirm", "accept"), slot)
    assert "passed your conversation on" in passed_on["text"]
    assert passed_on["handover"]["reason"] == "member_asked"
    danish, _ = _play(_message("hvad er min plan for noget?", "faq_min_plan", "ask faq"), slot)
    assert "Min plan" in danish["text"]


def test_a_masked_cpr_number_is_spoken_of_once() -> None:
    number = _message("mit nummer er XXXXXX-XXXX, hvad er min plan?", "faq_min_plan", "ask faq")
    first, slot = _play(number)
    second, _ = _play(number | {"text": "XXXXXX-XXXX. hvor mange job?"}, slot)
    assert "skjult" in first["text"]
    assert "skjult" not in second["text"]
