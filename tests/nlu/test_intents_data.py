"""The training messages: enough of each, marked, no two alike, none that is held out."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from ruamel.yaml import YAML
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bench.heldout import EARLIER, HELD_OUT, PLAIN, STOCK, read
from bot.nlu.catalogue import INTENTS, rasa_name
from bot.nlu.views import bare

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data/nlu"
STYLES = {"formal", "casual", "sms", "typo", "second_language", "long", "indirect"}
REASONS = {
    "illness", "child_illness", "job_interview", "work", "holiday", "transport", "forgot",
    "family", "other",
}  # fmt: skip
CLOSE = (
    "afbud", "faq/valid_absence", "faq/how_to_afbud", "faq/invalid_absence", "faq/no_show",
    "reschedule_meeting", "missed_meeting", "book_meeting", "faq/book_akasse",
    "faq/book_jobcenter", "ask_booking_deadline", "faq/booking_deadline", "change_format",
    "faq/digital_meetings", "request_participation", "faq/akasse_at_jobcenter", "ask_my_course",
    "faq/first_six_months", "ask_next_meeting", "handoff",
)  # fmt: skip


class Example(NamedTuple):
    """A training message as it stands in data/nlu."""

    intent: str
    text: str
    style: str
    reason: str
    written_in: str


@lru_cache(maxsize=1)
def examples() -> list[Example]:
    found = []
    for file in sorted(DATA.glob("*.yml")):
        for block in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["nlu"]:
            assert file.stem == block["intent"], file
            for one in block["examples"]:
                about = one["metadata"]
                found.append(
                    Example(
                        block["intent"],
                        one["text"],
                        about["style"],
                        about.get("reason", "-"),
                        about["pass"],
                    )
                )
    return found


def likeness(first: list[str], second: list[str]) -> sparse.coo_matrix:
    counted = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True)
    counted.fit(first + second)
    return (counted.transform(first) @ counted.transform(second).T).tocoo()


def test_every_intent_of_the_catalogue_has_its_file() -> None:
    assert {e.intent for e in examples()} == {rasa_name(name) for name in INTENTS}


@pytest.mark.parametrize("name", INTENTS)
def test_there_are_enough_messages(name: str) -> None:
    count = Counter(e.intent for e in examples())[rasa_name(name)]
    assert count >= (400 if name == "out_of_scope" else 120 if name in CLOSE else 60)


def test_styles_reasons_and_passes_are_marked() -> None:
    assert {e.style for e in examples()} == STYLES
    assert {e.reason for e in examples()} == {*REASONS, "-"}
    assert len({e.written_in for e in examples()}) >= 5


@pytest.mark.parametrize("name", [n for n in INTENTS if n not in ("greet", "goodbye", "thanks")])
def test_an_intent_is_written_in_all_styles(name: str) -> None:
    assert {e.style for e in examples() if e.intent == rasa_name(name)} == STYLES


def test_no_message_stands_twice() -> None:
    where = defaultdict(list)
    for example in examples():
        where[bare(example.text)].append(example)
    assert [same for same in where.values() if len(same) > 1] == []


def test_no_two_messages_of_an_intent_are_nearly_the_same() -> None:
    by_intent = defaultdict(list)
    for example in examples():
        text = bare(example.text)
        if len(text.split()) > 3:
            by_intent[example.intent].append(text)
    everything = [text for texts in by_intent.values() for text in texts]
    counted = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True)
    counted.fit(everything)
    near = []
    for texts in by_intent.values():
        rows = counted.transform(texts)
        alike = (rows @ rows.T).toarray()
        np.fill_diagonal(alike, 0)
        near += [(texts[i], texts[j]) for i, j in np.argwhere(np.triu(alike) >= 0.93)]
    assert near == []


@pytest.mark.parametrize(("file", "least"), [(HELD_OUT, 1000), (EARLIER, 1000), (PLAIN, 150)])
def test_held_out_messages_are_held_out(file: Path, least: int) -> None:
    held_out = [bare(line.text) for line in read(file)]
    trained = [bare(example.text) for example in examples()]
    assert len(held_out) >= least
    assert set(trained) & set(held_out) == set()
    alike = likeness(trained, held_out)
    long = np.array([len(text.split()) > 3 for text in trained])
    near = (alike.data >= 0.87) & long[alike.row]
    assert [
        (trained[i], held_out[j]) for i, j in zip(alike.row[near], alike.col[near], strict=True)
    ] == []


def test_held_out_messages_cover_the_catalogue() -> None:
    lines = read(HELD_OUT)
    assert {line.intent for line in lines} == set(INTENTS)
    assert {line.style for line in lines} == STYLES
    assert min(Counter(line.intent for line in lines).values()) >= 12
    assert {line.reason for line in lines} == {*REASONS, "-"}


def test_stock_phrases_are_short_and_trained_on() -> None:
    trained = {bare(example.text) for example in examples()}
    phrases = [bare(line.text) for line in read(STOCK)]
    assert all(len(phrase.split()) <= 3 for phrase in phrases)
    assert set(phrases) <= trained
