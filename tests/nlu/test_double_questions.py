"""Several questions in one message: how it is taken apart, and when it is left whole."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.double_questions import (
    CLAUSE,
    PARTS,
    Bounds,
    Clause,
    QuestionJoiner,
    QuestionSifter,
    QuestionSplitter,
    clauses,
    parts,
)

CLAUSES: list[tuple[str, list[str]]] = [
    ("hvor mange samtaler er der, og kan de holdes digitalt?",
     ["hvor mange samtaler er der", "kan de holdes digitalt?"]),
    ("Hvad er Min plan? Og hvad er Krav til jobsøgning?",
     ["Hvad er Min plan?", "Og hvad er Krav til jobsøgning?"]),
    ("hvor mange job skal jeg søge og kan a-kassen komme med på jobcenteret",
     ["hvor mange job skal jeg søge", "kan a-kassen komme med på jobcenteret"]),
    ("jeg er syg i morgen. Hvad sker der hvis man bliver væk?",
     ["jeg er syg i morgen.", "Hvad sker der hvis man bliver væk?"]),
    ("Hej. Hvad er Min plan?\nHvad er joblog?", ["Hvad er Min plan?", "Hvad er joblog?"]),
    ("skal jeg komme eller kan det være digitalt", ["skal jeg komme", "kan det være digitalt"]),
    ("er der en frist, og i øvrigt hvad er joblog?", ["er der en frist", "i øvrigt hvad er joblog?"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), CLAUSES)
def test_a_message_is_taken_apart_where_another_question_begins(text: str, said: list[str]) -> None:
    assert [text[clause.start : clause.end] for clause in clauses(text)] == said


@pytest.mark.parametrize(
    "text",
    [
        "må man melde afbud hvis man er syg?",
        "hvad sker der hvis jeg er syg og ikke kommer",
        "jeg er syg og kan ikke komme i morgen",
        "Jeg er syg i morgen. Jeg vil gerne have en ny tid.",
        "Kan I oplyse, hvor rådighedssamtalerne finder sted?",
        "hvad er en rådighedssamtale og en cv-samtale?",
        "Hvad? Hvorfor?",
        "Hej! Hvad er Min plan?",
        "A b. C d. E f. G h. Hvad er i?",
        "hvor er mødet den 4. december?",
        "er der tid kl. 10 og d. 4. eller hvad?",
        "og",
        "?",
        "",
    ],
)
def test_what_is_one_thing_or_a_story_stays_whole(text: str) -> None:
    assert clauses(text) == []


FIRST, SECOND, THIRD = Clause(0, 10, True), Clause(15, 25, True), Clause(30, 40, True)
TOLD, SUPPOSED = Clause(0, 10, False), Clause(0, 10, False, supposes=True)

Read = list[tuple[Clause, str, float]]

SEVERAL: list[tuple[str, Read, list[str]]] = [
    ("two questions", [(FIRST, "faq_a", 0.6), (SECOND, "faq_b", 0.9)], ["faq_a", "faq_b"]),
    (
        "an own question",
        [(FIRST, "ask_next_meeting", 0.9), (SECOND, "faq_b", 0.9)],
        ["ask_next_meeting", "faq_b"],
    ),
    ("act first", [(TOLD, "afbud", 0.95), (SECOND, "faq_b", 0.6)], ["afbud", "faq_b"]),
    (
        "act last, done first",
        [(FIRST, "faq_a", 0.9), (SECOND, "reschedule_meeting", 0.95)],
        ["reschedule_meeting", "faq_a"],
    ),
    ("a person", [(TOLD, "handoff", 0.95), (SECOND, "faq_b", 0.9)], ["handoff", "faq_b"]),
    ("beyond", [(FIRST, "out_of_scope", 0.9), (SECOND, "faq_b", 0.9)], ["out_of_scope", "faq_b"]),
    (
        "three",
        [(FIRST, "faq_a", 0.9), (SECOND, "faq_b", 0.9), (THIRD, "faq_c", 0.9)],
        ["faq_a", "faq_b", "faq_c"],
    ),
    (
        "what is told beside",
        [(TOLD, "inform", 0.9), (SECOND, "faq_a", 0.9), (THIRD, "faq_b", 0.9)],
        ["faq_a", "faq_b"],
    ),
]


def _found(read: Read, ranking: list[str] | None = None) -> list[str] | None:
    names = [name for _, name, _ in read]
    found = parts(
        [(clause, {"name": name, "confidence": chance}) for clause, name, chance in read],
        names if ranking is None else ranking,
        Bounds(),
    )
    return None if found is None else [part["intent"]["name"] for part in found]


@pytest.mark.parametrize(
    ("read", "names"), [row[1:] for row in SEVERAL], ids=[r[0] for r in SEVERAL]
)
def test_plainly_understood_parts_are_told_the_act_first(read: Read, names: list[str]) -> None:
    ranking = list(dict.fromkeys([*names, *[name for _, name, _ in read]]))
    assert _found(read, ranking) == names


WHOLE: list[tuple[str, Read, list[str] | None]] = [
    ("the same twice", [(FIRST, "faq_a", 0.9), (SECOND, "faq_a", 0.9)], None),
    ("the second is unsure", [(FIRST, "faq_a", 0.9), (SECOND, "faq_b", 0.7)], None),
    ("the first is unsure", [(FIRST, "faq_a", 0.45), (SECOND, "faq_b", 0.9)], None),
    ("not understood", [(FIRST, "faq_a", 0.9), (SECOND, "nlu_fallback", 0.4)], None),
    ("no question", [(FIRST, "faq_a", 0.9), (SECOND, "affirm", 0.9)], None),
    ("two acts", [(TOLD, "afbud", 0.95), (SECOND, "book_meeting", 0.95)], None),
    ("an act that is unsure", [(TOLD, "afbud", 0.8), (SECOND, "faq_b", 0.9)], None),
    ("only supposed", [(SUPPOSED, "afbud", 0.99), (SECOND, "faq_b", 0.9)], None),
    ("the flow answers it", [(TOLD, "afbud", 0.95), (SECOND, "faq_how_to_afbud", 0.95)], None),
    ("what now", [(TOLD, "missed_meeting", 0.95), (SECOND, "ask_my_course", 0.95)], None),
    ("far from the whole", [(FIRST, "faq_a", 0.9), (SECOND, "faq_b", 0.9)], ["faq_a", "c", "d", "faq_b"]),
    ("near, and not sure enough", [(FIRST, "faq_a", 0.9), (SECOND, "faq_b", 0.9)], ["faq_a", "c", "faq_b"]),
    ("nothing was read", [], None),
]  # fmt: skip


@pytest.mark.parametrize(("read", "ranking"), [row[1:] for row in WHOLE], ids=[r[0] for r in WHOLE])
def test_where_anything_is_doubtful_the_message_stays_whole(
    read: Read, ranking: list[str] | None
) -> None:
    assert _found(read, ranking) is None


def test_a_part_that_is_quite_sure_may_lie_a_little_off_the_whole() -> None:
    read = [(FIRST, "faq_a", 0.9), (SECOND, "faq_b", 0.995)]
    assert _found(read, ["faq_a", "c", "faq_b"]) == ["faq_a", "faq_b"]


def _read(message: Message, intents: dict[str, str]) -> None:
    """Stands for the classifier: the first word that is known decides."""
    text = str(message.get("text"))
    names = [name for word, name in intents.items() if word in text]
    message.set("intent", {"name": names[0], "confidence": 0.95}, add_to_output=True)
    plan = text.find("plan")
    if plan >= 0:
        entities = [{"entity": "word", "start": plan, "end": plan + 4, "value": len(text)}]
        message.set("entities", entities, add_to_output=True)
    ranking = [{"name": name, "confidence": 0.5} for name in names]
    message.set("intent_ranking", ranking, add_to_output=True)


def _through(*texts: str) -> list[Message]:
    splitter, sifter, joiner = QuestionSplitter({}), QuestionSifter({}), QuestionJoiner({})
    metadata: dict[str, Any] = {"now": "2026-11-23T09:00:00+01:00"}
    messages = splitter.process(
        [Message(data={"text": text, "metadata": metadata}) for text in texts]
    )
    assert all(message.get("metadata") == metadata for message in messages)
    for message in messages:
        _read(message, {"Krav": "faq_b", "plan": "faq_a"})
    sifted = sifter.process(messages)
    assert [m.get("text") for m in sifted if m.get(CLAUSE) is None] == list(texts)
    return joiner.process(sifted)


def test_the_pipeline_gets_the_messages_back_with_their_parts() -> None:
    text = "Hvad er Krav til jobsøgning? Hvad er Min plan?"
    double, single = _through(text, "Hvad er Min plan?")
    found = double.as_dict(only_output_properties=True)
    assert [(p["intent"]["name"], text[p["start"] : p["end"]]) for p in found[PARTS]] == [
        ("faq_b", "Hvad er Krav til jobsøgning?"),
        ("faq_a", "Hvad er Min plan?"),
    ]
    assert found["intent"]["name"] == "faq_b"  # of two questions the first
    [entity] = found["entities"]
    assert text[entity["start"] : entity["end"]] == "plan"
    assert entity["value"] == len("Hvad er Min plan?")  # as the clause was read
    assert single.get(PARTS) is None
    assert single.get("intent")["name"] == "faq_a"


def test_a_choice_that_was_pressed_passes_by() -> None:
    assert QuestionSplitter({}).process([Message(data={})])[0].get("text") is None
