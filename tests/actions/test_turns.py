"""Turns through the actions, as Rasa hands them over: message and slot in, message and slot out."""

from __future__ import annotations

from typing import Any, Optional

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turns import (
    ActionAnswerQuestion,
    ActionBeyond,
    ActionMatter,
    ActionNotUnderstood,
    DialogueAction,
)

Slot = Optional[dict[str, Any]]


def _message(text: str, intent: str, *parts: tuple[str, str]) -> dict[str, Any]:
    read: dict[str, Any] = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "intent_ranking": [{"name": intent, "confidence": 0.9}],
        "entities": [],
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


def _play(
    action: DialogueAction, message: dict[str, Any], slot: Slot = None
) -> tuple[dict[str, Any], Slot]:
    """What is said, and the slot after it."""
    tracker = Tracker("s1", {"dialogue": slot}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = action.turn(dispatcher, tracker)
    [said] = dispatcher.messages
    return said["custom"]["spoken"], events[-1]["value"]


DOUBLE = _message(
    "Hvad er Min plan? Og hvor mange job skal jeg søge?",
    "faq_min_plan",
    ("faq_min_plan", "Hvad er Min plan?"),
    ("faq_joblog", "Og hvor mange job skal jeg søge?"),
)


def test_two_questions_are_answered_in_one_message_with_both_sources() -> None:
    said, slot = _play(ActionAnswerQuestion(), DOUBLE)
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
        text, "out_of_scope",
        ("out_of_scope", "hvad er satsen"), ("faq_joblog", "hvor mange job skal jeg søge?"),
    )  # fmt: skip
    said, slot = _play(ActionBeyond(), message, {"misses": 1})
    assert "ved jeg ikke noget om" in said["text"]
    assert "mindst 2 ledige stillinger" in said["text"]
    assert slot is not None
    assert slot["misses"] == 0


def test_a_leaning_question_is_answered_whatever_the_model_made_of_it() -> None:
    _, slot = _play(ActionAnswerQuestion(), _message("skal jeg komme?", "faq_duty_to_attend"))
    said, slot = _play(ActionMatter(), _message("og hvis jeg er syg?", "afbud"), slot)
    assert "Siden nævner sygdom som eksempel" in said["text"]
    said, slot = _play(ActionNotUnderstood(), _message("og jobcenteret?", "nlu_fallback"), slot)
    assert "pligten gælder også Jobcenteret" in said["text"]
    said, slot = _play(ActionBeyond(), _message("hvad så med ferie?", "out_of_scope"), slot)
    assert "Siden nævner ikke ferie" in said["text"]


def test_without_an_answer_before_it_nothing_is_leant_on() -> None:
    _, slot = _play(ActionAnswerQuestion(), _message("hej", "greet"))
    said, _ = _play(ActionBeyond(), _message("hvad så med ferie?", "out_of_scope"), slot)
    assert "Regler om ferie og feriepenge ved jeg ikke noget om" in said["text"]


def test_again_says_all_of_the_last_message_with_its_sources_and_choices() -> None:
    first, slot = _play(ActionAnswerQuestion(), DOUBLE)
    again, slot = _play(ActionMatter(), _message("sig det igen", "repeat"), slot)
    for name in ("text", "sms", "sources", "choices"):
        assert again[name] == first[name], name
    again, _ = _play(ActionMatter(), _message("en gang til", "repeat"), slot)
    assert again["text"] == first["text"]
