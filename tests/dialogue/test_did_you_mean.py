"""The question back when it is unclear what is meant, and bare pieces with nothing under way."""

from __future__ import annotations

import pytest

from tests.dialogue.records import WEEK, InMemory, Talk, at, meeting, on, turn


def test_not_understood_asks_back_then_offers_a_person_and_yes_takes_it() -> None:
    talk = Talk(InMemory())
    ranking = (("faq_joblog", 0.3), ("afbud", 0.2), ("greet", 0.1))
    assert talk.say(turn("nlu_fallback", "blåt", ranking=ranking)) == ["did_you_mean"]
    assert talk.titles == ["meant_faq_joblog", "meant_afbud", "meant_none"]
    assert talk.say(turn("nlu_fallback", "grønt")) == ["offer_staff"]
    assert talk.say(turn("affirm", "ja")) == ["handed_over"]


UNSURE = (("faq_joblog", 0.3), ("afbud", 0.2), ("greet", 0.1))


@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [
        ("den anden", "inform", "afbud_reason"),
        ("nr 2", "inform", "afbud_reason"),
        ("den første", "nlu_fallback", ""),
        ("den sidste", "inform", "handed_over"),
        ("ja", "affirm", "which_did_you_mean"),
        ("nej", "deny", "meant_something_else"),
        ("glem det", "stop", "nothing_under_way"),
        ("hvornår er mit møde", "ask_next_meeting", "own_next"),
    ],
)
def test_mente_du_is_answered_by_words_too(text: str, intent: str, said: str) -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    talk.say(turn("nlu_fallback", "blåt", ranking=UNSURE))
    assert talk.say(turn(intent, text))[-1:] == ([said] if said else [])
    assert talk.outcome is not None
    assert talk.outcome.reply.answer == (None if said else "faq_joblog")
    kept = intent == "affirm"
    assert talk.dialogue.suggested == (("faq_joblog", "afbud") if kept else ())


def test_a_yes_to_the_only_suggestion_takes_it() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    talk.say(turn("nlu_fallback", "blåt", ranking=(("afbud", 0.3), ("greet", 0.2))))
    assert talk.say(turn("affirm", "ja")) == ["afbud_reason"]


@pytest.mark.parametrize(
    ("intent", "reason", "ranking", "said"),
    [
        ("inform", "illness", (), ["read_as_afbud", "afbud_noted", "times_offered"]),
        ("inform", "family", (), ["read_as_afbud", "afbud_warning"]),
        ("nlu_fallback", "illness", (("inform", 0.3), ("afbud", 0.2)),
         ["read_as_afbud", "afbud_noted", "times_offered"]),
        ("nlu_fallback", "illness", (("faq_no_show", 0.4), ("afbud", 0.2)), ["did_you_mean"]),
    ],
)  # fmt: skip
def test_a_bare_reason_begins_an_afbud_that_still_asks(
    intent: str, reason: str, ranking: tuple[tuple[str, float], ...], said: list[str]
) -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn(intent, "det her", reasons=(reason,), ranking=ranking)) == said
    assert talk.commands == []


def test_a_bare_reason_of_forgetting_is_a_missed_meeting() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert (
        talk.say(turn("inform", "glemte det", reasons=("forgot",)))[0] == "read_as_missed_meeting"
    )


def test_a_reason_in_a_question_begins_nothing() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn("inform", "hvad med tandlæge?", reasons=("illness",))) == ["about_what"]


def test_a_bare_day_with_nothing_under_way_is_asked_about() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn("inform", "fredag formiddag", times=(on(27),))) == ["about_what"]
    assert talk.say(turn("inform", "fredag", times=(on(27),))) == ["offer_staff"]
