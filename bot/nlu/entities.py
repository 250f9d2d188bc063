"""The Rasa component that reads times, reasons, meeting kinds and formats."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.clock import read_instant
from bot.nlu.analysis import ANALYSIS, PERSON, Analysis, analyses
from bot.nlu.catalogue import INTENTS, catalogue_name, rasa_name
from bot.nlu.dialogues import is_marked
from bot.nlu.kinds_and_formats import NamedWords, format_words, kind_words
from bot.nlu.meaning import StoredVectors, load_encoder, worth_asking
from bot.nlu.reason_examples import reason_examples
from bot.nlu.reason_model import EXAMPLE_WEIGHT, Labelled, ReasonModel
from bot.nlu.reasons import VOCABULARY, ReasonWords, Said, evidence_of, read_reasons
from bot.nlu.times import read_times
from bot.nlu.vocabulary import content_of

MODEL_FILE = "reasons.npz"
_RASA_NAMES = frozenset(rasa_name(name) for name in INTENTS)


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=True,
)
class DanishEntities(GraphComponent, EntityExtractorMixin):  # type: ignore[misc,unused-ignore]
    """Extracts `time`, `reason`, `meeting_kind`, `meeting_format`.

    Standing after the intent classifier it weighs in the intent where it judges reasons. Times are
    resolved against the message's `metadata.now` (ISO 8601), against the wall clock where it is absent.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`random_seed` of the reason model's training; `meaning: false` leaves meaning vectors out."""
        return {
            "random_seed": 20261123,
            "meaning": True,
            "stored_vectors": "data/nlu/meaning_vectors.npz",
        }

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """The vocabulary is part of the model: another one makes another model."""
        return hashlib.sha256(content_of(VOCABULARY).encode("utf-8")).hexdigest()

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DanishEntities:
        """A component that is not trained yet. Raises SourceError where a vocabulary file is wrong."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DanishEntities:
        """The component with its trained reason model."""
        with model_storage.read_from(resource) as folder:
            path = folder / MODEL_FILE
            return cls(
                config, model_storage, resource, ReasonModel.load(path) if path.exists() else None
            )

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        reason_model: Optional[ReasonModel] = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._reason_words = ReasonWords()
        self._reason_model = reason_model
        self._encoder = load_encoder() if self._config["meaning"] else None
        self._named: Mapping[str, NamedWords] = {
            "meeting_kind": kind_words(VOCABULARY),
            "meeting_format": format_words(VOCABULARY),
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the reason model on the examples' `metadata: reason`; none labelled: words alone decide."""
        examples = self._labelled(training_data.intent_examples)
        with self._model_storage.write_to(self._resource) as folder:
            if len({example.reason for example in examples}) > 1:
                seed = int(self._config["random_seed"])
                self._reason_model = ReasonModel.train(examples, self._reason_words.order, seed)
                self._reason_model.save(folder / MODEL_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The marked turns get their entities, which the model of moves learns from."""
        marked = [m for m in training_data.training_examples if is_marked(m) is not None]
        own = self._encoder
        if marked:
            self._encoder = StoredVectors.read(Path(self._config["stored_vectors"])).encoder(own)
            self.process(marked)
            self._encoder = own
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Put the entities on each message, a clause of one among them."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                found = self._entities(str(text), message)
                message.set(
                    ENTITIES,
                    message.get(ENTITIES, []) + self.add_extractor_name(found),
                    add_to_output=True,
                )
        return messages

    def _entities(self, text: str, message: Message) -> List[Dict[str, Any]]:
        analysis: Analysis = message.get(ANALYSIS) or Analysis(text, None)
        encoder = self._encoder
        found = [
            _entity("time", time.begin, time.stop, time.as_value())
            for time in read_times(text, _now(message))
            if not _is_a_person(time.begin, time.stop, text, analysis)
        ]
        for reason in read_reasons(
            text,
            self._reason_words,
            self._reason_model,
            _intents(message),
            analysis.lemmas,
            (lambda: encoder.encode([text])[0]) if encoder and worth_asking(text) else None,
        ):
            found.append(_entity("reason", reason.begin, reason.stop, reason.category))
        for name, words in self._named.items():
            found.extend(
                _entity(name, each.begin, each.stop, each.value)
                for each in words.read(text, _intents(message))
            )
        return sorted(found, key=lambda entity: (entity["start"], entity["end"]))

    def _labelled(self, messages: Sequence[Message]) -> List[Labelled]:
        """The messages with the reasons they are marked with, then the vocabulary's own examples."""
        own = reason_examples() if messages else []
        texts = [*(str(each.get(TEXT)) for each in messages), *(each.text for each in own)]
        done = [each.get(ANALYSIS) or Analysis(str(each.get(TEXT)), None) for each in messages]
        if any(each.get(ANALYSIS) for each in messages):
            done += analyses([each.text for each in own], done[0].pipeline)
        else:
            done += [Analysis(each.text, None) for each in own]
        marks = [
            (_catalogue(str(each.get(INTENT))), _marks(each).get("reason"), 1.0)
            for each in messages
        ] + [(each.intent, each.reason, EXAMPLE_WEIGHT) for each in own]
        vectors: List[Any] = [None] * len(texts)
        if self._encoder is not None:
            stored = StoredVectors.read(Path(self._config["stored_vectors"]))
            vectors = [lambda row=row: row for row in stored.vectors(texts, self._encoder)]
        return [
            Labelled(Said(text, self._evidence(text), analysis.lemmas, vector), *mark)
            for text, analysis, vector, mark in zip(texts, done, vectors, marks, strict=True)
        ]

    def _evidence(self, text: str) -> Dict[str, int]:
        return evidence_of(self._reason_words.hits(text))


def _marks(example: Message) -> Mapping[str, Any]:
    return (example.get(METADATA) or {}).get("example") or {}


def _is_a_person(begin: int, stop: int, text: str, analysis: Analysis) -> bool:
    """Whether a time of one bare word ("Maj" in "Maj-Britt") stands inside a person's name."""
    if not text[begin:stop].isalpha() or text[begin:stop].islower():
        return False
    return any(
        name.kind == PERSON and name.begin <= begin and stop <= name.stop
        for name in analysis.names()
    )


def _entity(name: str, begin: int, stop: int, value: Any) -> Dict[str, Any]:
    return {"entity": name, "start": begin, "end": stop, "value": value}


def _now(message: Message) -> datetime:
    given = (message.get(METADATA) or {}).get("now")
    return read_instant(str(given)) if given else datetime.now(timezone.utc)


def _intents(message: Message) -> Optional[Mapping[str, float]]:
    ranking = message.get(INTENT_RANKING_KEY) or []
    return {_catalogue(str(rank["name"])): float(rank["confidence"]) for rank in ranking} or None


def _catalogue(rasa: str) -> str:
    """The catalogue's name; Rasa's own ("nlu_fallback") as it is."""
    return catalogue_name(rasa) if rasa in _RASA_NAMES else rasa
