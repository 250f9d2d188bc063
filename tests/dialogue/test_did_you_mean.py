"""The question back when it is unclear what is meant, and bare pieces with nothing under way."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue.reading import Evidence
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
        ("ja", "affirm", "which_of_them"),
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
    asked = turn("faq_valid_absence", "hvad med tandlæge?", reasons=("illness",), does=["ask faq"])
    assert talk.say(asked) == []
    assert talk.dialogue.flow is None


def test_a_bare_day_with_nothing_under_way_is_taken_for_what_it_must_mean() -> None:
    moved = Talk(InMemory([meeting("x1", at(26))], WEEK))
    wished = turn("inform", "kan I fredag formiddag", times=(on(27),))
    assert moved.say(wished) == ["move_noted", "times_wished"]
    booked = Talk(InMemory([], WEEK, book_by=date(2026, 12, 1)))
    assert booked.say(turn("inform", "kan I fredag", times=(on(27),)))[0] == "book_noted"
    assert booked.commands == moved.commands == []


def test_a_wish_without_anything_in_it_is_asked_about() -> None:
    talk = Talk(InMemory())
    assert talk.say(turn("inform", "en bedre", does=["wish"])) == ["about_what"]


def test_unsure_inside_a_matter_leaves_its_own_question_open() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))
    said = talk.say(turn("nlu_fallback", "noget med min nabo", ranking=UNSURE))
    assert said == ["unsure_here", "times_again_simply"]
    assert "meant_afbud" not in talk.titles
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.asked == "time"


@pytest.mark.parametrize("text", ["hvor lang tid tager det", "kan jeg tage min hund med"])
def test_a_question_where_the_reason_was_asked_for_is_no_reason(text: str) -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    talk.say(turn("afbud", "jeg kan ikke komme"))
    assert talk.say(turn("nlu_fallback", text))[0] == "unsure_here"
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.reason is None


DUE = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("facts", "before", "said"),
    [
        (InMemory(free=WEEK, book_by=DUE), turn("ask_booking_deadline"), "times_offered_by"),
        (InMemory(free=WEEK, book_by=DUE), turn("ask_next_meeting"), "times_offered_by"),
        (InMemory([meeting("x1", at(26))], WEEK), turn("book_meeting", "book"), "times_offered"),
        (InMemory(free=[WEEK[-1]], book_by=DUE), turn("book_meeting", "book"), "handed_over"),
        (InMemory(), turn("out_of_scope", "hvad er satsen"), "handed_over"),
    ],
)
def test_a_bare_yes_takes_what_was_offered(facts: InMemory, before: Evidence, said: str) -> None:
    talk = Talk(facts)
    talk.say(before)
    assert talk.say(turn("affirm", "ja tak"))[-1] == said
    assert talk.commands == []


def test_an_offer_is_gone_when_something_else_was_said() -> None:
    talk = Talk(InMemory(free=WEEK, book_by=DUE))
    talk.say(turn("ask_booking_deadline"))
    talk.say(turn("thanks", "tak"))
    assert talk.say(turn("affirm", "ja")) == ["nothing_to_confirm"]


def test_no_to_a_person_where_nothing_is_free_leaves_it() -> None:
    talk = Talk(InMemory(free=[WEEK[-1]], book_by=DUE))
    talk.say(turn("book_meeting", "book"))
    assert talk.say(turn("deny", "nej")) == ["stopped"]


def test_a_course_with_something_due_and_a_meeting_offers_to_book() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], book_by=DUE))
    assert talk.say(turn("ask_my_course"))[-1] == "own_due"
    assert talk.titles[0] == "choice_book"


def test_a_bare_day_takes_what_was_just_offered() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    assert talk.say(turn("book_meeting", "book")) == ["book_already"]
    said = talk.say(turn("inform", "fredag", times=(on(27),)))
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.name == "move"
    assert "about_what" not in said


def test_a_cause_among_what_is_not_understood_puts_the_afbud_first() -> None:
    talk = Talk(InMemory([meeting("x1", at(26))], WEEK))
    unsure = (("faq_no_show", 0.3), ("ask_next_meeting", 0.2))
    said = talk.say(
        turn(
            "nlu_fallback", "men læge kl 10", reasons=("illness",), ranking=unsure, does=["unclear"]
        )
    )
    assert said == ["did_you_mean"]
    assert talk.titles[0] == "meant_afbud"
