"""The Rasa component that reads times, reasons, meeting kinds and formats."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.clock import read_instant
from bot.nlu.catalogue import INTENTS, catalogue_name, rasa_name
from bot.nlu.kinds_and_formats import NamedWords, format_words, kind_words
from bot.nlu.reason_model import Labelled, ReasonModel
from bot.nlu.reasons import VOCABULARY, ReasonWords, evidence_of, read_reasons
from bot.nlu.times import read_times
from bot.nlu.vocabulary import content_of

MODEL_FILE = "reasons.skops"
_RASA_NAMES = frozenset(rasa_name(name) for name in INTENTS)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class DanishEntities(GraphComponent, EntityExtractorMixin):  # type: ignore[misc,unused-ignore]
    """Extracts `time`, `reason`, `meeting_kind`, `meeting_format`.

    Standing after the intent classifier it weighs in the intent where it judges reasons. Times are
    resolved against the message's `metadata.now` (ISO 8601), against the wall clock where it is absent.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`random_seed` of the reason model's training."""
        return {"random_seed": 20261123}

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
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._reason_words = ReasonWords()
        self._reason_model = reason_model
        self._named: Mapping[str, NamedWords] = {
            "meeting_kind": kind_words(VOCABULARY),
            "meeting_format": format_words(VOCABULARY),
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the reason model on the examples' `metadata: reason`; none labelled: words alone decide."""
        examples = [self._labelled(example) for example in training_data.intent_examples]
        with self._model_storage.write_to(self._resource) as folder:
            if len({example.reason for example in examples}) > 1:
                seed = int(self._config["random_seed"])
                self._reason_model = ReasonModel.train(examples, self._reason_words.order, seed)
                self._reason_model.save(folder / MODEL_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing in the pipeline learns from these entities: the examples stay as they are."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Put the entities on each message."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                found = self._entities(text, _now(message), _intents(message))
                message.set(
                    ENTITIES,
                    message.get(ENTITIES, []) + self.add_extractor_name(found),
                    add_to_output=True,
                )
        return messages

    def _entities(
        self, text: str, now: datetime, intents: Optional[Mapping[str, float]]
    ) -> List[Dict[str, Any]]:
        found = [
            _entity("time", time.begin, time.stop, time.as_value())
            for time in read_times(text, now)
        ]
        for reason in read_reasons(text, self._reason_words, self._reason_model, intents):
            found.append(_entity("reason", reason.begin, reason.stop, reason.category))
        for name, words in self._named.items():
            found.extend(
                _entity(name, each.begin, each.stop, each.value) for each in words.read(text)
            )
        return sorted(found, key=lambda entity: (entity["start"], entity["end"]))

    def _labelled(self, example: Message) -> Labelled:
        text = str(example.get(TEXT))
        marks = (example.get(METADATA) or {}).get("example") or {}
        return Labelled(
            text,
            evidence_of(self._reason_words.hits(text)),
            _catalogue(str(example.get(INTENT))),
            marks.get("reason"),
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
