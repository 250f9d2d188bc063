"""Questions that lean on the answer before them, and several questions in one message."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue import several
from bot.dialogue.answer_file import FAQ_TOPICS
from bot.dialogue.answer_reading import FOLDER, load_answers, put_in_words, read_folder
from bot.dialogue.answers import intent_name
from bot.dialogue.context import ANY, ContextTable
from bot.dialogue.reading import Clause, Evidence
from bot.dialogue.reply import Handover, Part, Reply
from bot.dialogue.spoken import Source, Spoken, SpokenChoice
from bot.dialogue.wording import wording
from bot.profile import load_profile
from bot.yaml_source import SourceError
from tests.dialogue.records import WEEK, InMemory, Talk, at, meeting, turn

FILES = read_folder()
PROFILES = {name: load_profile(name) for name in ("standard", "fjord")}
ANSWERS = {name: put_in_words(FILES, profile) for name, profile in PROFILES.items()}
TABLE = next(file.content.context for file in FILES if file.content.context is not None)

LEANING = [
    ("faq/no_show", "og hvis jeg er syg?", "context/illness"),
    ("faq/no_show", "Hvad nu hvis jeg er syg den dag?", "context/illness"),
    ("faq/no_show", "og hvis mit barn er sygt?", "context/child_illness"),
    ("faq/no_show", "hvad hvis jeg skal til jobsamtale", "context/job_interview"),
    ("faq/no_show", "gælder det også jobcenteret?", "context/no_show_jobcenter"),
    ("faq/no_show", "Jobcenteret?", "context/no_show_jobcenter"),
    ("faq/no_show", "nå, men hvorfor det?", "faq/duty_to_attend"),
    ("faq/duty_to_attend", "gælder det også jobcenteret?", "context/duty_jobcenter"),
    ("faq/duty_to_attend", "Gælder det også Jobcentret?", "context/duty_jobcenter"),
    ("faq/duty_to_attend", "hvad så med ferie?", "context/holiday"),
    ("faq/duty_to_attend", "hvorfor?", "faq/contact_course"),
    ("faq/valid_absence", "og ferie?", "context/holiday"),
    ("faq/how_to_afbud", "er det også sådan hos jobcenteret?", "context/absence_jobcenter"),
    ("faq/cv_meeting", "og digitalt?", "context/digital_cv"),
    ("faq/raadighedssamtale", "kan det være digitalt", "context/digital_raadighed"),
    ("faq/jobcenter_meetings", "og digitalt", "context/digital_jobcenter"),
    ("faq/digital_meetings", "gælder det også jobcenteret?", "context/digital_jobcenter"),
    ("faq/digital_meetings", "også cv-samtalen?", "context/digital_cv"),
    ("faq/book_akasse", "hvad med jobcentret", "faq/book_jobcenter"),
    ("faq/book_akasse", "og hvis der ikke er ingen ledige tider?", "faq/no_free_time"),
    ("faq/invitation", "hvad hvis jeg glemmer det?", "faq/no_show"),
    ("faq/joblog", "og hvis jeg er syg?", "context/not_on_page"),
    ("faq/joblog", "hvorfor", "faq/availability_doubt"),
    ("faq/min_plan", "hvad så med ferie?", "context/not_on_page"),
    ("faq/min_plan", "hvorfor", "context/why"),
]

STANDING_ALONE = [
    ("faq/no_show", "jeg er syg"),
    ("faq/no_show", "jeg er syg?"),
    ("faq/no_show", "og jeg er syg i morgen"),
    ("faq/no_show", "og så er jeg syg"),
    ("faq/no_show", "jeg vil på ferie"),
    ("faq/no_show", "kan mit møde være digitalt?"),
    ("faq/no_show", "kan jeg få en digital tid?"),
    ("faq/no_show", "tak"),
    ("faq/no_show", ""),
    ("faq/book_akasse", "og hvordan booker jeg i jobcenteret?"),
    ("faq/cv_meeting", "og hvor mange job skal jeg søge om ugen?"),
    ("thanks", "og hvis jeg er syg?"),
    ("out_of_scope", "og hvis jeg er syg?"),
    (None, "og hvis jeg er syg?"),
]


@pytest.mark.parametrize(("last", "text", "topic"), LEANING)
@pytest.mark.parametrize("name", [lambda topic: topic, intent_name])
def test_a_leaning_question_is_understood_in_its_context(
    last: str, text: str, topic: str, name: Callable[[str], str]
) -> None:
    assert ANSWERS["standard"].in_context(name(last), text) == topic


@pytest.mark.parametrize(("last", "text"), STANDING_ALONE)
def test_what_says_more_or_asks_nothing_stands_alone(last: str | None, text: str) -> None:
    assert ANSWERS["standard"].in_context(last, text) is None


def _first_word(words: tuple[str, ...]) -> str:
    return words[0].rstrip("*")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("topic", FAQ_TOPICS)
def test_after_every_topic_whatever_can_be_named_has_an_answer(profile: str, topic: str) -> None:
    answers = ANSWERS[profile]
    for name, words in TABLE.named.items():
        found = answers.in_context(topic, f"og {_first_word(words)}?")
        assert found is not None, name
        assert answers.answer(found).text


def test_every_answer_in_context_can_be_reached() -> None:
    reached = {topic for _, topic in TABLE.topics()}
    topics = {topic for topic in ANSWERS["standard"].topics if topic.startswith("context/")}
    assert topics <= reached


SAYS = [
    ("standard", "context/illness", "Siden nævner sygdom som eksempel"),
    ("standard", "context/child_illness", "Siden nævner ikke syge børn"),
    ("fjord", "context/child_illness", "Siden nævner dit barns første sygedag som eksempel"),
    ("standard", "context/holiday", "Siden nævner ikke ferie"),
    ("standard", "context/digital_cv", "Nej, CV- og vejledningssamtalen er personlig"),
    ("fjord", "context/digital_cv", "Ja, velkomstsamtalen kan også holdes digitalt"),
    ("standard", "context/digital_raadighed", "Ja, rådighedssamtaler kan holdes digitalt"),
    ("fjord", "context/digital_raadighed", "Nej, rådighedssamtaler holdes i din lokalafdeling"),
    ("standard", "context/digital_jobcenter", "Ja, de fleste møder i Jobcenteret"),
    ("fjord", "context/digital_jobcenter", "Nej, møder i Jobcenteret holdes ved fremmøde"),
    ("fjord", "context/absence_jobcenter", "kommunens jobportal"),
    ("standard", "context/duty_jobcenter", "pligten gælder også Jobcenteret"),
]


@pytest.mark.parametrize(("profile", "topic", "words"), SAYS)
def test_what_an_answer_in_context_says(profile: str, topic: str, words: str) -> None:
    assert words in ANSWERS[profile].answer(topic).text


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("topic", ["illness", "child_illness", "job_interview", "holiday"])
def test_no_reason_is_ruled_on_in_context(profile: str, topic: str) -> None:
    answer = ANSWERS[profile].answer(f"context/{topic}")
    assert "Om din grund er lovlig, afgør a-kassen." in answer.text
    assert "afgør a-kassen" in answer.sms
    assert "handoff" in [choice.payload["intent"] for choice in answer.choices]


FAULTS = [
    ("illness: context/illness", "illness: context/ill", "'context/ill' has no answer"),
    ("    faq/no_show: {jobcenter", "    faq/no_shows: {jobcenter", "'faq/no_shows' has no answer"),
    ("why: faq/joblog", "because: faq/joblog", "'because' under faq/availability_doubt"),
    ("  asking: [", "  asks: [", "asks"),
]


@pytest.mark.parametrize(("right", "wrong", "what"), FAULTS)
def test_a_fault_of_the_table_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, what: str
) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "answers"))
    path = folder / "context.yml"
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(SourceError) as raised:
        load_answers(folder, profile=PROFILES["standard"])
    assert any(
        what in fault and re.search(r"context\.yml:\d+: ", fault)
        for fault in str(raised.value).splitlines()
    ), str(raised.value)


def test_answers_without_the_table_are_a_fault(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "answers"))
    (folder / "context.yml").unlink()
    with pytest.raises(SourceError, match="no `context`"):
        load_answers(folder, profile=PROFILES["standard"])


def test_earlier_names_win_where_a_message_holds_several() -> None:
    table = ContextTable(
        asking=["og"], linking=["og"], small=["eller"], named={"a": ["en*"], "b": ["to"]},
        after={ANY: {"a": "first", "b": "second"}},
    )  # fmt: skip
    assert table.meant("faq/x", "og to eller enten") is None  # "to" is not small beside "a"
    assert table.meant("faq/x", "og to") == "second"
    assert table.meant("faq/x", "og enhver") == "first"


# --- Which answer the next message may lean on ---------------------------------------------------


@pytest.mark.parametrize(
    ("before", "answer", "topic"),
    [
        (None, "faq_no_show", "faq_no_show"),
        ("faq_joblog", "faq_no_show", "faq_no_show"),
        ("faq_no_show", "context/illness", "faq_no_show"),
        ("faq_no_show", "thanks", "faq_no_show"),
        ("faq_no_show", "repeat", "faq_no_show"),
        ("faq_no_show", "out_of_scope", None),
        ("faq_no_show", "ask_capabilities", None),
        ("faq_no_show", None, None),
    ],
)
def test_what_the_next_message_may_lean_on(
    before: str | None, answer: str | None, topic: str | None
) -> None:
    assert several.last_topic(before, [Reply(answer=answer)]) == topic


def test_of_two_answers_the_last_one_is_leant_on() -> None:
    replies = [
        Reply(answer="faq_no_show"),
        Reply(answer="faq_joblog"),
        Reply(answer="out_of_scope"),
    ]
    assert several.last_topic(None, replies) == "faq_joblog"


# --- Several questions in one message --------------------------------------------------------------


def _several(text: str, *parts: tuple[str, str], **other: Any) -> Evidence:
    """A message that the pipeline took apart as several questions, each with its words."""
    questions = tuple(
        Clause(text.index(said), text.index(said) + len(said), True, ((name, 0.9),))
        for name, said in parts
    )
    return replace(turn("faq_joblog", text, **other), questions=questions, clauses=questions)


def test_a_question_beside_an_act_is_answered_too() -> None:
    text = "jeg er syg i morgen. Kan møder holdes digitalt?"
    message = _several(
        text, ("afbud", "jeg er syg i morgen."), ("faq_digital_meetings", "Kan møder holdes digitalt?"),
        does=["begin afbud", "reason", "ask faq"], reasons=("illness",),
    )  # fmt: skip
    talk = Talk(InMemory([meeting("x1", at(24))], WEEK))
    assert talk.say(message) == ["afbud_noted", "times_offered"]
    assert talk.outcome is not None
    assert [one.answer for one in talk.outcome.beside] == ["faq_digital_meetings"]


def test_every_question_is_answered() -> None:
    text = "hvornår er mit næste møde? hvad er satsen? hvor mange job?"
    message = _several(
        text, ("ask_next_meeting", "hvornår er mit næste møde?"), ("out_of_scope", "hvad er satsen?"),
        ("faq_joblog", "hvor mange job?"), does=["ask own", "ask faq", "ask beyond"],
    )  # fmt: skip
    talk = Talk(InMemory([meeting("x1", at(24))]))
    assert talk.say(message) == ["own_next"]
    assert talk.outcome is not None
    assert [one.answer for one in talk.outcome.beside] == ["beyond/rates", "faq_joblog"]


def _spoken(name: str, *titles: str) -> Spoken:
    return Spoken(
        text=f"{name}-tekst", sms=f"{name}-sms",
        choices=[SpokenChoice(title=title, payload={"intent": title}) for title in titles],
        sources=[Source(title="Siden", section=name), Source(title="Siden", section="begge")],
    )  # fmt: skip


def test_two_answers_are_one_message_with_both_sources_and_the_first_choices_of_each() -> None:
    said = several.together(
        [_spoken("a", "1", "2", "3")], [_spoken("b", "4", "1", "5")], open_question=False
    )
    assert said.text == "a-tekst\n\nb-tekst"
    assert said.sms == "a-sms\nb-sms"
    assert [choice.title for choice in said.choices] == ["1", "4", "2", "3"]
    assert [source.section for source in said.sources] == ["a", "begge", "b"]


def test_an_open_question_comes_last_and_keeps_its_own_choices_alone() -> None:
    said = several.together(
        [_spoken("sag", "Ja", "Nej")], [_spoken("svar", "x")], open_question=True
    )
    assert said.text == "svar-tekst\n\nsag-tekst"
    assert [choice.title for choice in said.choices] == ["Ja", "Nej"]


def test_one_question_is_said_as_it_is() -> None:
    said = _spoken("a", "1")
    assert several.together([said], [], open_question=True) is said


@pytest.mark.parametrize("open_question", [True, False])
def test_the_human_sentence_comes_before_all_answers(open_question: bool) -> None:
    reply = Reply((Part("own_no_meeting"),), opening=Part("mood_worry"))
    other = Reply(answer="faq_joblog")
    opening, rest = several.opening_apart(reply, [other])
    assert (opening.opening, opening.parts) == (Part("mood_worry"), ())
    assert (rest.opening, rest.parts) == (None, reply.parts)
    assert several.opening_apart(reply, []) == [reply]
    words = wording("standard")
    said = several.together(
        [words.spoken(opening), words.spoken(rest)], [words.spoken(other)], open_question
    )
    assert said.text.startswith(words.replies["mood_worry"].text.strip())
    assert "mindst 2 ledige stillinger" in said.text


def test_in_a_crisis_no_other_question_is_answered() -> None:
    assert not several.have_room(Reply(handover=Handover("crisis", 1)))
    assert several.have_room(Reply(handover=Handover("member_asked", 2)))
    assert several.have_room(Reply())


def test_what_stands_beside_the_questions_is_heard_too() -> None:
    """A message that comes apart keeps its words: the cry for help is not in the question."""
    text = "Jeg orker ikke at leve mere. Hvor mange job skal jeg søge?"
    talk = Talk(InMemory())
    assert talk.say(_several(text, ("faq_joblog", "Hvor mange job skal jeg søge?"))) == ["crisis"]


def test_in_a_matter_again_says_the_answer_that_came_in_between_and_asks_again() -> None:
    talk = Talk(InMemory([meeting("x1", at(24)), meeting("x2", at(26))], WEEK))
    talk.say(turn("afbud", "jeg er syg", reasons=("illness",)))
    talk.say(turn("faq_no_show", "hvad sker der hvis man bliver væk?"))
    answered = talk.spoken
    talk.dialogue = talk.dialogue.with_(topic="faq_no_show")
    talk.say(turn("repeat", "sig det igen"))
    assert answered is not None
    assert talk.spoken is not None
    assert talk.spoken.text == answered.text
    assert [choice.title for choice in talk.spoken.choices] == [c.title for c in answered.choices]
