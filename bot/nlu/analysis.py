"""spaCy's Danish analysis of a message: the words' lemmas and what is a name, as a part of the pipeline.

Measured before it was given its tasks (docs/nlu-choice.md): lemmas and kinds of names serve the reading
of reasons, names of persons guard the times ("Maj-Britt" is no month). Intents gain nothing from it.
A message is analysed when somebody asks, so most cost nothing.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.reasons import as_typed
from bot.nlu.vocabulary import rough

logger = logging.getLogger(__name__)

ANALYSIS = "danish_analysis"
"""Under this key a message carries its `Analysis`."""
PERSON = "PER"
UNUSED = ("parser", "senter", "morphologizer", "attribute_ruler")
"""Parts of a pipeline that nobody here asks; Explosion's has more of them than ours."""
LONGEST = 600
"""Characters that are analysed; what stands behind them is taken as it is typed."""


class Name(NamedTuple):
    """A name's kind (PER, LOC, ORG, MISC) and its code points."""

    kind: str
    begin: int
    stop: int


class Analysis:
    """One message, analysed at the first question. Without spaCy: words as typed, no names."""

    def __init__(self, text: str, nlp: Optional[Any], doc: Optional[Any] = None) -> None:
        self._text, self._nlp, self._doc = text, nlp, doc

    @property
    def pipeline(self) -> Optional[Any]:
        """What it is analysed with."""
        return self._nlp

    def lemmas(self) -> str:
        """With a space between, roughly spelt; a name as its kind: "samtale hos <ORG>"."""
        doc = self._analysed()
        if doc is None:
            return as_typed(self._text)()
        lemmas = " ".join(
            f"<{token.ent_type_}>"
            if token.ent_type_
            else rough(token.lemma_ or token.text).replace(" ", "_")
            for token in doc
            if not token.is_punct and not token.is_space
        )
        return f"{lemmas} {as_typed(self._text[LONGEST:])()}".strip()

    def names(self) -> List[Name]:
        """In the order of the text."""
        doc = self._analysed()
        if doc is None:
            return []
        return [Name(each.label_, each.start_char, each.end_char) for each in doc.ents]

    def fingerprint(self) -> str:
        """For Rasa, which asks the parts of a training message for one."""
        return self._text

    def _analysed(self) -> Optional[Any]:
        if self._doc is None and self._nlp is not None:
            try:
                self._doc = self._nlp(self._text[:LONGEST])
            except Exception as error:  # a foreign pipeline may raise anything; no message fails
                logger.warning("spaCy could not analyse a message: %s", type(error).__name__)
                self._nlp = None
        return self._doc


@lru_cache(maxsize=2)
def load_pipeline(model: str) -> Optional[Any]:
    """spaCy's pipeline without `UNUSED`; None (said once in the log) where it can't be loaded."""
    try:
        import spacy

        return spacy.load(model, exclude=list(UNUSED))
    except (ImportError, OSError, ValueError) as error:
        logger.warning(
            "spaCy's %s is off, words are taken as typed: %s: %s",
            model,
            type(error).__name__,
            error,
        )
        return None


def analyses(texts: Sequence[str], nlp: Optional[Any]) -> List[Analysis]:
    """Of many texts at once, which is faster; done now."""
    if nlp is None:
        return [Analysis(text, None) for text in texts]
    docs = nlp.pipe([text[:LONGEST] for text in texts], batch_size=64)
    return [Analysis(text, nlp, doc) for text, doc in zip(texts, docs, strict=True)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class DanishAnalysis(GraphComponent):  # type: ignore[misc,unused-ignore]
    """Puts an `Analysis` on every message for the components behind it."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`model`: an installed package or a folder, as `spacy.load` takes it."""
        return {"model": "da_core_news_sm"}

    def __init__(self, config: Dict[str, Any]) -> None:
        self._nlp = load_pipeline(str({**self.get_default_config(), **config}["model"]))

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DanishAnalysis:
        """There is nothing to train: the pipeline comes with its package."""
        return cls(config)

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """Another pipeline under the same name makes another model."""
        nlp = load_pipeline(str({**cls.get_default_config(), **config}["model"]))
        return str(nlp.meta.get("version")) if nlp is not None else None

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Analyses the training messages in batches."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        found = analyses([str(example.get(TEXT)) for example in examples], self._nlp)
        for example, analysis in zip(examples, found, strict=True):
            example.set(ANALYSIS, analysis)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Nothing is analysed yet."""
        for message in messages:
            message.set(ANALYSIS, Analysis(str(message.get(TEXT) or ""), self._nlp))
        return messages
