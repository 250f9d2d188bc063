"""The intent of a message, as a component of the Rasa pipeline."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.dialogues import is_marked
from bot.nlu.double_questions import CLAUSE, note_clauses, with_clauses
from bot.nlu.linear import IntentModel, Training
from bot.nlu.meaning import Encoder, StoredVectors, load_encoder

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=True,
)
class DanishIntents(IntentClassifier, GraphComponent):  # type: ignore[misc,unused-ignore]
    """Sets `intent` and `intent_ranking` from the text alone; see `bot.nlu.linear`."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`meaning: false` leaves the meaning vectors out of training and parsing.

        Spelling answers alone from the probability `ask_meaning_below` upwards.
        """
        return {
            "random_seed": 20261123,
            "C": 1.0,
            "meaning": True,
            "meaning_weight": 0.03,
            "ask_meaning_below": 0.7,
            "stored_vectors": "data/nlu/meaning_vectors.npz",
            "ranking_length": 10,
        }

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[IntentModel] = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._encoder: Optional[Encoder] = None
        if self._config["meaning"] and (model is None or model.uses_meaning):
            self._encoder = load_encoder()

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DanishIntents:
        """Untrained."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the messages with an intent. Raises ValueError where there are too few."""
        examples = [
            example
            for example in training_data.intent_examples
            if example.get(INTENT) and example.get(TEXT)
        ]
        texts = [str(example.get(TEXT)) for example in examples]
        vectors = None
        if self._encoder is not None:
            stored = StoredVectors.read(Path(self._config["stored_vectors"]))
            vectors = stored.vectors(texts, self._encoder)
        self._model = IntentModel.fit(
            texts,
            [str(example.get(INTENT)) for example in examples],
            [_pass(example) for example in examples],
            vectors,
            Training(
                seed=self._config["random_seed"],
                c=self._config["C"],
                meaning_weight=self._config["meaning_weight"],
            ),
        )
        with self._model_storage.write_to(self._resource) as directory:
            self._model.save(directory)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DanishIntents:
        """As trained. Raises ValueError or OSError where the archive lacks it: no silent empty model."""
        with model_storage.read_from(resource) as directory:
            model = IntentModel.load(directory)
        return cls(config, model_storage, resource, model)

    def process(self, messages: List[Message]) -> List[Message]:
        """Sets the likeliest intent and the ranking. Raises RuntimeError when untrained."""
        self._read(messages, self._encoder)
        return messages

    def _read(self, messages: Sequence[Message], encoder: Optional[Encoder]) -> None:
        if self._model is None:
            raise RuntimeError("DanishIntents is asked before it is trained or loaded")
        whole = [message for message in messages if not message.get(CLAUSE)]
        clauses = [message for message in messages if message.get(CLAUSE)]
        # The meaning of a clause is not asked: it changed no verdict on what comes apart, and costs most.
        for together, meaning in ((whole, encoder), (clauses, None)):
            for message, ranking in zip(
                together, self._rankings(self._model, together, meaning), strict=True
            ):
                if is_marked(message) is None:  # a marked turn has no intent, and shall not get one
                    message.set(INTENT, ranking[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The marked turns get their intents, and those of their clauses, for the model of moves."""
        marked = [m for m in training_data.training_examples if is_marked(m) is not None]
        if marked:
            stored = StoredVectors.read(Path(self._config["stored_vectors"]))
            together = with_clauses(marked)
            self._read(together, stored.encoder(self._encoder))
            note_clauses(together)
        return training_data

    def _rankings(
        self, model: IntentModel, messages: Sequence[Message], encoder: Optional[Encoder]
    ) -> List[List[Dict[str, Any]]]:
        if not messages:
            return []
        texts = [str(message.get(TEXT) or "") for message in messages]
        chances = model.probabilities(texts, encoder, self._config["ask_meaning_below"])
        best = chances.argsort(axis=1, kind="stable")[:, ::-1][:, : self._config["ranking_length"]]
        return [
            [{"name": model.intents[place], "confidence": float(row[place])} for place in places]
            for row, places in zip(chances, best, strict=True)
        ]


def _pass(example: Message) -> Optional[str]:
    """Which pass of writing the message comes from (`metadata: {pass: A}` in data/nlu)."""
    metadata = (example.get("metadata") or {}).get("example") or {}
    return metadata.get("pass") if isinstance(metadata, dict) else None
