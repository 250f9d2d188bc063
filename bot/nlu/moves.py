"""The Rasa component that scores moves: what a message does where it stands in its conversation."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.reading.standing import Standing
from bot.nlu.catalogue import INTENTS, rasa_name
from bot.nlu.dialogues import is_marked
from bot.nlu.double_questions import CLAUSES
from bot.nlu.move_model import Message as Read
from bot.nlu.move_model import MoveModel, Weights

MOVES = "moves"
"""Under this key a message carries its scores, by label."""

_NAMES = tuple(rasa_name(name) for name in INTENTS)
_DIGIT = re.compile(r"\d")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MoveScores(GraphComponent, IntentClassifier):  # type: ignore[misc,unused-ignore]
    """Sets `moves` from the text, from where it stands (`metadata.stands`, a `Standing` as JSON) and from
    what the components before it found. Trained on the turns of `data/dialogues`; without any it scores
    nothing, and every message is unclear."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`random_seed` of the training. Meaning vectors were tried, and are not worth their time here."""
        return {"random_seed": 20261127}

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[MoveModel] = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MoveScores:
        """Untrained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MoveScores:
        """As trained. Raises ValueError or OSError where the archive lacks it."""
        with model_storage.read_from(resource) as directory:
            model = MoveModel.load(directory) if (directory / "moves.json").exists() else None
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on the marked turns, as the components before this one have read them."""
        marked = [m for m in training_data.training_examples if is_marked(m) is not None]
        with self._model_storage.write_to(self._resource) as directory:
            if marked:
                self._model = MoveModel.fit(
                    [_read(message) for message in marked],
                    [is_marked(m) or [] for m in marked],
                    Weights(),
                    int(self._config["random_seed"]),
                )
                self._model.save(directory)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Put the scores on each message."""
        for message in messages:
            text = str(message.get(TEXT) or "")
            if self._model is not None and text:
                [row] = self._model.probabilities([_read(message)])
                scores = {
                    name: round(float(score), 4)
                    for name, score in zip(self._model.labels, row, strict=True)
                }
                message.set(MOVES, scores, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in the pipeline learns from the scores."""
        return training_data


def _read(message: Message) -> Read:
    text = str(message.get(TEXT))
    stands = (message.get(METADATA) or {}).get("stands")
    clauses: Sequence[Mapping[str, Any]] = message.get(CLAUSES) or []
    whole = _row(message.get(INTENT_RANKING_KEY) or [])
    rows = [_row(clause["ranking"]) for clause in clauses] or [whole]
    intents = np.concatenate([whole, rows[0], rows[-1], np.max(rows, axis=0)])
    return Read(
        text=text,
        stands=Standing.parse_raw(stands) if stands else Standing(),
        intents=intents,
        found=tuple(_found(text, message.get(ENTITIES) or [])),
    )


def _row(ranking: Sequence[Mapping[str, Any]]) -> np.ndarray[Any, np.dtype[np.float32]]:
    chances = {str(rank["name"]): float(rank["confidence"]) for rank in ranking}
    return np.array([chances.get(name, 0.0) for name in _NAMES], np.float32)


def _found(text: str, entities: Sequence[Mapping[str, Any]]) -> List[str]:
    names = [str(entity["entity"]) for entity in entities]
    found = sorted(set(names))
    if names.count("time") > 1:
        found.append("times")
    if "?" in text:
        found.append("?")
    if _DIGIT.search(text):
        found.append("digit")
    length = len(text.split())
    return [*found, "long" if length > 20 else "middling" if length > 8 else "short"]
