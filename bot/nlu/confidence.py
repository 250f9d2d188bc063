"""Knowing when not to know: bands of confidence, last in the pipeline."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

OUT_OF_SCOPE = "out_of_scope"
NOT_SURE = "nlu_fallback"


def banded(ranking: List[Dict[str, Any]], refuse_below: float, sure_above: float) -> Dict[str, Any]:
    """The intent to act on, given a ranking (likeliest first, probabilities).

    Refused (`out_of_scope`): that is the likeliest, or nothing is as likely as `refuse_below`. From
    there to `sure_above` it is `nlu_fallback`: the dialogue asks which of the likeliest was meant.
    """
    leader = ranking[0]
    likely = leader["confidence"]
    if leader["name"] == OUT_OF_SCOPE or likely >= sure_above:
        return dict(leader)
    if likely < refuse_below:
        return {"name": OUT_OF_SCOPE, "confidence": 1.0 - likely}
    return {"name": NOT_SURE, "confidence": likely}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ConfidenceBands(GraphComponent, IntentClassifier):  # type: ignore[misc,unused-ignore]
    """Replaces `intent` by the band it falls in; `intent_ranking` stays as it was."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The bounds that cross-validation over the passes chose (docs/nlu-report.md)."""
        return {"refuse_below": 0.2, "sure_above": 0.45}

    def __init__(self, config: Dict[str, Any]) -> None:
        self._config = {**self.get_default_config(), **config}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ConfidenceBands:
        """There is nothing to train or load."""
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """A message without a ranking (a choice, which passes understanding by) is left alone."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY)
            if ranking:
                message.set(
                    INTENT,
                    banded(ranking, self._config["refuse_below"], self._config["sure_above"]),
                    add_to_output=True,
                )
        return messages
