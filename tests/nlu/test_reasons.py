"""Reasons: what the words alone say, who is ill, what is denied, and what training adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bench.heldout import HELD_OUT, read
from bot.nlu.meaning import Vectors
from bot.nlu.reason_examples import reason_examples
from bot.nlu.reason_model import Labelled, ReasonModel
from bot.nlu.reasons import ReasonWords, Said, as_typed, evidence_of, read_reasons
from bot.nlu.views import bare
from bot.nlu.vocabulary import rough
from bot.yaml_source import SourceError


@pytest.fixture(scope="module")
def words() -> ReasonWords:
    return ReasonWords()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("jeg er syg i morgen", "illness"),
        ("har feber og hoster", "illness"),
        ("jeg skal til tandlægen kl. 10", "illness"),
        ("skal til tandlaege", "illness"),
        ("jeg har en lægetid på fredag", "illness"),
        ("ligger med influensa", "illness"),
        ("min datter har 39 i feber", "child_illness"),
        ("barn syg", "child_illness"),
        ("min søn er syg", "child_illness"),
        ("den lille har skoldkopper", "child_illness"),
        ("barnets første sygedag", "child_illness"),
        ("jeg skal til jobsamtale", "job_interview"),
        ("skal til samtale om et job hos Vestas", "job_interview"),
        ("jobsamtlae torsdag", "job_interview"),
        ("jeg er på vagt", "work"),
        ("jeg skal arbejde", "work"),
        ("starter nyt job på mandag", "work"),
        ("jeg er på ferie", "holiday"),
        ("jeg er bortrejst i uge 42", "holiday"),
        ("bilen er gået i stykker", "transport"),
        ("bilen vil ikke starte", "transport"),
        ("toget er aflyst", "transport"),
        ("min farfar skal begraves", "family"),
        ("begravelse", "family"),
        ("min mor er indlagt", "family"),
        ("jeg havde glemt det", "forgot"),
        ("vi skal flytte", "other"),
        ("jeg sov over mig", "other"),
        ("ja tak", None),
        ("hvornår er mit næste møde?", None),
        ("jeg vil gerne booke en tid", None),
    ],
)
def test_what_the_words_say(words: ReasonWords, text: str, reason: str | None) -> None:
    assert [found.category for found in read_reasons(text, words)] == ([reason] if reason else [])


@pytest.mark.parametrize(
    "text",
    [
        "jeg er ikke syg",
        "jeg er ikke syg længere",
        "jeg er ik syg mere",
        "jeg er rask igen",
        "var syg i går men er rask nu",
        "jeg skal ikke på ferie",
        "jeg har ingen jobsamtale",
        "jeg har aldrig glemt det",
    ],
)
def test_what_is_denied_is_no_reason(words: ReasonWords, text: str) -> None:
    assert read_reasons(text, words) == []


@pytest.mark.parametrize("text", ["kommer ikke, syg", "kommer ik syg", "kan ikke. er syg"])
def test_a_no_that_means_the_coming_denies_nothing(words: ReasonWords, text: str) -> None:
    assert [found.category for found in read_reasons(text, words)] == ["illness"]


def test_the_span_is_where_the_words_stand(words: ReasonWords) -> None:
    text = "Hej, min datter har 39 i feber"
    (found,) = read_reasons(text, words)
    assert text[found.begin : found.stop] == "datter har 39 i feber"


@pytest.mark.parametrize("typed", ["tandlæge", "tandlaege", "TANDLÆGE"])
def test_danish_letters_are_one_however_typed(typed: str) -> None:
    assert rough(typed) == "tandlege"


LABELLED = [
    ("jeg er syg", "afbud", "illness"),
    ("har feber", "afbud", "illness"),
    ("jeg er forkølet og bliver hjemme", "afbud", "illness"),
    ("bussen kom ikke", "afbud", "transport"),
    ("bussen kører ikke", "afbud", "transport"),
    ("bussen holder stille", "missed_meeting", "transport"),
    ("kan jeg tage mødet på skærm, bussen er dyr", "change_format", None),
    ("må jeg få det digitalt, bussen kører sjældent", "change_format", None),
    ("jeg vil gerne booke en tid", "book_meeting", None),
    ("hvornår er mit møde", "ask_next_meeting", None),
    ("kan ikke komme", "afbud", None),
    ("kan ikke på mandag", "afbud", None),
]


def said(words: ReasonWords, text: str) -> Said:
    return Said(text, evidence_of(words.hits(text)), as_typed(text))


@pytest.fixture(scope="module")
def trained(words: ReasonWords) -> ReasonModel:
    examples = [Labelled(said(words, text), intent, reason) for text, intent, reason in LABELLED]
    return ReasonModel.train(examples * 3, words.order, seed=1)


def test_the_intent_decides_whether_the_bus_is_a_reason(
    words: ReasonWords, trained: ReasonModel
) -> None:
    text = "bussen kører sjældent"
    (found,) = read_reasons(text, words, trained, {"afbud": 0.95})
    assert found.category == "transport"
    assert read_reasons(text, words, trained, {"change_format": 0.95}) == []


def test_what_is_denied_is_no_reason_to_the_trained_model_either(
    words: ReasonWords, trained: ReasonModel
) -> None:
    assert read_reasons("jeg er ikke syg", words, trained, {"afbud": 0.95}) == []


def test_a_saved_model_judges_the_same(
    words: ReasonWords, trained: ReasonModel, tmp_path: Path
) -> None:
    trained.save(tmp_path / "reasons.npz")
    loaded = ReasonModel.load(tmp_path / "reasons.npz")
    for text, intent, _ in LABELLED:
        one = said(words, text)
        assert loaded.judge(one, {intent: 1.0}) == trained.judge(one, {intent: 1.0})


def test_training_is_the_same_for_the_same_seed(words: ReasonWords, trained: ReasonModel) -> None:
    examples = [Labelled(said(words, text), intent, reason) for text, intent, reason in LABELLED]
    again = ReasonModel.train(examples * 3, words.order, seed=1)
    for text, intent, _ in LABELLED:
        one = said(words, text)
        assert again.judge(one, {intent: 1.0}) == trained.judge(one, {intent: 1.0})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("people: {}\nwell_again: []\nreasons:\n  ilness:\n    says: [syg]\n", ":3:"),
        ("people: {}\nwell_again: []\nreasons:\n  illness:\n    says: ['.. syg']\n", ":5:"),
        ("people: {}\nwell_again: []\n", "reasons: is missing"),
    ],
)
def test_a_wrong_vocabulary_file_names_its_line(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "reasons.yml"
    path.write_text(content, "utf-8")
    with pytest.raises(SourceError) as error:
        ReasonWords(path)
    assert str(path) in str(error.value)
    assert said in str(error.value)


def test_no_reason_is_looked_for_where_the_intent_bears_none(
    words: ReasonWords, trained: ReasonModel
) -> None:
    asked: list[str] = []
    one = Said("jeg er syg", {"illness": 1}, lambda: asked.append("lemmas") or "jeg være syg")
    assert trained.judge(one, {"book_meeting": 0.99, "afbud": 0.01}) is None
    assert asked == []


def test_the_meaning_is_asked_only_where_words_leave_it_open(words: ReasonWords) -> None:
    asked: list[str] = []

    def meaning(text: str) -> Callable[[], Vectors]:
        def vector() -> Vectors:
            asked.append(text)
            return np.full(4, "bus" in text, dtype=np.float32)

        return vector

    examples = [
        Labelled(said(words, text)._replace(meaning=meaning(text)), intent, reason)
        for text, intent, reason in LABELLED
    ]
    model = ReasonModel.train(examples * 3, words.order, seed=1)
    asked.clear()
    clear, open_ = "jeg er syg", "der skete noget på vejen"
    for text in (clear, open_):
        model.judge(said(words, text)._replace(meaning=meaning(text)), {"afbud": 1.0})
    assert asked == [open_]


def test_the_statements_of_reasons_are_many_and_no_held_out_message() -> None:
    statements = reason_examples()
    counted = Counter(each.reason for each in statements)
    assert set(counted) == {*ReasonWords().order, None}
    assert min(counted.values()) >= 20
    held_out = {bare(line.text) for line in read(HELD_OUT)}
    assert not held_out & {bare(each.text) for each in statements}
