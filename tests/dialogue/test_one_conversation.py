"""What belongs together over several turns: matters that wait, undoing, the queue, what was just done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.reading.evidence import Clause
from tests.dialogue.records import NOW, WEEK, InMemory, Talk, at, free, meeting, on, turn

OURS, THEIRS = meeting("x1", at(26)), meeting("j1", at(30), kind="jobcenter")
SEVERAL = "flyt mit møde, og bed jer om at komme med på jobcenteret"


def test_a_second_matter_waits_is_said_to_and_is_taken_up() -> None:
    talk = Talk(InMemory([OURS, THEIRS], WEEK))
    said = talk.say(turn("inform", SEVERAL, does=["begin move", "begin participation"]))
    assert said[0] == "afterwards"
    assert talk.dialogue.later == ("participation",)
    talk.say(turn("inform", "den første"))
    said = talk.say(turn("affirm", "ja"))
    assert said[:2] == ["move_done", "now_for"]
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.name == "participation"
    talk.say(turn("affirm", "ja"))
    assert [command.action for command in talk.commands] == ["move", "participation"]


def test_a_matter_asked_for_beside_a_yes_does_not_lose_the_yes() -> None:
    talk = Talk(InMemory([OURS, THEIRS], WEEK))
    talk.say(turn("reschedule_meeting", "flyt"))
    talk.say(turn("inform", "1"))
    said = talk.say(
        turn("affirm", "ja, og kom med på jobcenteret", does=["accept", "begin participation"])
    )
    assert said[:2] == ["move_done", "now_for"]
    assert [command.action for command in talk.commands] == ["move"]


def test_what_is_left_takes_what_waits_along() -> None:
    talk = Talk(InMemory([OURS, THEIRS], WEEK))
    talk.say(turn("inform", SEVERAL, does=["begin move", "begin participation"]))
    assert talk.say(turn("stop", "glem det hele")) == ["stopped"]
    assert talk.dialogue.later == ()
    assert talk.dialogue.flow is None


def test_a_yes_is_carried_out_with_a_question_beside_it() -> None:
    talk = Talk(InMemory([OURS], WEEK))
    talk.say(turn("reschedule_meeting", "flyt"))
    talk.say(turn("inform", "1"))
    message = turn(
        "faq_digital_meetings", "ja. kan andre møder være digitale?", does=["accept", "ask faq"]
    )
    assert talk.say(message) == ["move_done"]
    assert talk.outcome is not None
    assert len(talk.commands) == 1


def test_a_question_about_the_proposal_itself_is_answered_before_the_yes_counts() -> None:
    talk = Talk(InMemory([OURS], WEEK))
    talk.say(turn("reschedule_meeting", "flyt"))
    talk.say(turn("inform", "1"))
    said = talk.say(turn("affirm", "ja, men hvor er det henne?", does=["accept", "ask table"]))
    assert "table_proposed" in said
    assert "confirm_shortly" in said
    assert talk.commands == []
    assert talk.say(turn("affirm", "fint, ja")) == ["move_done"]


def test_what_only_the_receipt_can_tell_holds_no_yes_up() -> None:
    digital = meeting("x1", at(26), format="digital")
    talk = Talk(InMemory([digital], WEEK))
    talk.say(turn("change_format", "jeg vil hellere møde op", formats=("in_person",)))
    said = talk.say(
        turn("affirm", "ja tak, hvilken afdeling er det i?", does=["accept", "ask table"])
    )
    assert said == ["format_done"]
    assert [command.action for command in talk.commands] == ["format"]


def test_a_day_without_a_meeting_is_not_confirmed() -> None:
    talk = Talk(InMemory([OURS], WEEK))
    said = talk.say(turn("inform", "så ses vi på den dag", times=(on(27),), does=["keep", "this"]))
    assert said[0] == "own_next"
    said = talk.say(turn("inform", "ja, så ses vi der", times=(on(26),), does=["keep", "this"]))
    assert said == ["stands"]


def _moved() -> Talk:
    talk = Talk(InMemory([OURS], [free("old", OURS.start), *WEEK]))
    talk.say(turn("reschedule_meeting", "flyt", times=(on(27),)))
    talk.say(turn("inform", "1"))
    assert talk.say(turn("affirm", "ja")) == ["move_done"]
    talk.facts.coming = [meeting("x1", at(27))]
    return talk


def test_right_after_a_receipt_the_old_time_is_had_back_where_it_is_free() -> None:
    talk = _moved()
    said = talk.say(turn("stop", "fortryd", does=["undo"]))
    assert said[0] == "undo_begins"
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.chosen is not None
    assert talk.dialogue.flow.chosen.id == "old"
    assert len(talk.commands) == 1  # what was done holds until the yes
    talk.say(turn("affirm", "ja"))
    assert talk.commands[1].body["new_time"] == "old"


def test_undoing_with_a_wish_looks_for_that() -> None:
    talk = _moved()
    said = talk.say(turn("inform", "nej hellere mandag", does=["undo", "wish"], times=(on(30),)))
    assert said[0] == "undo_begins"
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.chosen is not None
    assert talk.dialogue.flow.chosen.id == "t7"


def test_nothing_to_undo_is_said() -> None:
    assert Talk(InMemory([OURS])).say(turn("stop", "fortryd", does=["undo"])) == ["nothing_to_undo"]


def test_what_was_just_done_can_be_asked_about() -> None:
    talk = _moved()
    assert talk.say(turn("inform", "gik det igennem?", does=["ask table"])) == ["table_kept"]
    assert talk.say(turn("thanks", "tak")) == []
    assert talk.outcome is not None
    assert talk.outcome.reply.answer == "thanks"


def test_keeping_says_which_meeting_stays() -> None:
    talk = Talk(InMemory([OURS], WEEK))
    talk.say(turn("reschedule_meeting", "flyt"))
    assert talk.say(turn("inform", "lad den blive", does=["keep"])) == ["kept"]
    assert talk.dialogue.flow is None
    assert talk.say(turn("inform", "så den står?", does=["keep"])) == ["stands"]


def test_whether_it_is_a_move_or_an_afbud_is_asked_once_and_nothing_is_lost() -> None:
    talk = Talk(InMemory([OURS], WEEK))
    unsure = turn("afbud", "torsdag går nok ikke")
    unsure = unsure.__class__(
        **{**unsure.__dict__, "scores": {"begin afbud": 0.5, "begin move": 0.45}}
    )
    assert talk.say(unsure) == ["move_or_afbud"]
    assert talk.titles == ["choice_another_time_for_it", "choice_prevented", "choice_stop"]
    assert talk.say(turn("inform", "jeg er forhindret", does=["begin afbud"])) == ["afbud_reason"]
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.meeting == "x1"


def test_there_is_a_way_from_afbud_to_move_and_back() -> None:
    talk = Talk(InMemory([OURS], WEEK))
    talk.say(turn("afbud", "kan ikke komme"))
    assert talk.say(turn("reschedule_meeting", "nej flyt den bare"))[0] == "move_noted"
    assert talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))[0] == "afbud_noted"
    assert talk.commands == []


@pytest.mark.parametrize("does", ["complain", "tell", "unclear", "person", "begin missed"])
def test_whatever_is_first_written_after_a_missed_meeting_is_the_contact(does: str) -> None:
    talk = Talk(InMemory([meeting("x0", NOW - timedelta(days=1))], WEEK))
    said = talk.say(turn("inform", "det er for galt", does=[does]))
    assert said[0] == "contact_done"
    assert [command.action for command in talk.commands] == ["contact"]
    handed_over = talk.outcome is not None and talk.outcome.reply.handover is not None
    assert handed_over is (does == "person")


def test_after_the_contact_a_wish_books_a_new_time() -> None:
    talk = Talk(InMemory([meeting("x0", NOW - timedelta(days=1))], WEEK))
    talk.say(turn("missed_meeting", "glemte det"))
    said = talk.say(
        turn("affirm", "ja tak, helst fredag", does=["accept", "wish"], times=(on(27),))
    )
    assert said[0] == "book_noted"
    assert talk.dialogue.flow is not None
    assert talk.dialogue.flow.name == "book"


def test_nothing_due_is_nothing_to_book() -> None:
    talk = Talk(InMemory(free=WEEK))
    assert talk.say(turn("book_meeting", "book mig en tid")) == ["book_nothing_due"]
    assert talk.dialogue.flow is None


def test_who_waits_for_staff_hears_how_far_and_is_not_offered_staff_again() -> None:
    talk = Talk(InMemory([OURS], WEEK))
    talk.say(turn("handoff", "giv mig en medarbejder"))
    said = talk.say(turn("inform", "hvor længe tager det?", does=["ask own"], waiting=True))
    assert said == ["queue_has_it"]
    assert talk.outcome is not None
    assert talk.outcome.reply.queue == "place"
    assert talk.say(turn("handoff", "er der nogen?", waiting=True)) == ["queue_has_it"]
    assert talk.outcome.reply.handover is None
    assert talk.say(turn("inform", "sig at jeg har fri kl 14", does=["tell"], waiting=True)) == [
        "staff_can_see"
    ]


@pytest.mark.parametrize("does", ["ask beyond", "ask faq"])
def test_who_waits_for_staff_is_not_sent_to_staff_with_a_question(does: str) -> None:
    talk = Talk(InMemory([OURS], WEEK))
    talk.say(turn("handoff", "giv mig en medarbejder"))
    said = talk.say(turn("out_of_scope", "kan jeg få betalt min bus?", does=[does], waiting=True))
    assert said == ["staff_will_read"]


def test_no_longer_wanting_the_person_leaves_the_queue() -> None:
    talk = Talk(InMemory([OURS], WEEK))
    talk.say(turn("handoff", "en medarbejder tak"))
    talk.say(
        turn(
            "deny",
            "jeg vil alligevel ikke have en medarbejder",
            does=["refuse", "person"],
            waiting=True,
        )
    )
    assert talk.outcome is not None
    assert talk.outcome.reply.queue == "leave"


def test_work_that_begins_is_no_afbud_before_a_person_is_offered() -> None:
    talk = Talk(InMemory([OURS], WEEK))
    message = turn("afbud", "jeg har fået job og starter på mandag", reasons=("work",))
    assert talk.say(message) == ["new_job"]
    assert talk.dialogue.flow is None
    assert talk.say(turn("affirm", "ja tak")) == ["handed_over"]


def test_a_question_that_nothing_was_made_of_is_spoken_of() -> None:
    talk = Talk(InMemory([OURS], WEEK))
    text = "flyt den til fredag. kan jeg parkere?"
    message = turn("reschedule_meeting", text, times=(on(27),))
    clauses = (Clause(0, 20, False), Clause(21, len(text), True, (("faq_min_plan", 0.2),)))
    message = replace(message, clauses=clauses)
    talk.say(message)
    assert talk.outcome is not None
    assert [part.key for reply in talk.outcome.beside for part in reply.parts] == ["also_asked"]
