"""How well reasons are read from messages whose writer the model does not know (training messages)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from bench.nlu_intents_cv import Floats, Material, Places
from bot.nlu.catalogue import catalogue_name
from bot.nlu.meaning import STORED_VECTORS, StoredVectors, load_encoder
from bot.nlu.reason_examples import reason_examples
from bot.nlu.reason_model import EXAMPLE_WEIGHT, Labelled, ReasonModel
from bot.nlu.reasons import ReasonWords, Said, as_typed, evidence_of, read_reasons

NO_REASON = "-"
SEED = 20261123


@dataclass(frozen=True)
class Way:
    """Which parts the reading of reasons has; the vocabulary's words it always has."""

    name: str
    judge: bool = True
    lemmas: bool = True
    meaning: bool = True
    examples: bool = True


WAYS = (
    Way("**all** (chosen)"),
    Way("words as typed instead of spaCy's lemmas and names", lemmas=False),
    Way("without meaning vectors", meaning=False),
    Way("without the vocabulary's own examples", examples=False),
    Way("vocabulary alone, nothing trained", judge=False),
)


@dataclass(frozen=True)
class Share:
    """Of one reason, or of all: how many there are, precision, recall and their harmonic mean."""

    count: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def shares(wanted: Sequence[str], got: Sequence[str]) -> dict[str, Share]:
    """Each reason by name, and under "all" the micro average over reasons."""
    pairs = list(zip(wanted, got, strict=True))
    found = {}
    for name in ["all", *sorted(set(wanted) - {NO_REASON})]:
        hit = [(w, g) for w, g in pairs if w == g != NO_REASON and name in ("all", w)]
        named = [g for _, g in pairs if g != NO_REASON and name in ("all", g)]
        meant = [w for w, _ in pairs if w != NO_REASON and name in ("all", w)]
        precision = len(hit) / len(named) if named else 0.0
        found[name] = Share(len(meant), precision, len(hit) / len(meant) if meant else 0.0)
    return found


class Reasons:
    """The training messages as the reason model sees them."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._words = ReasonWords()
        encoder = load_encoder()
        assert encoder is not None
        self._examples = reason_examples()
        texts = [example.text for example in self._examples]
        stored = StoredVectors.read(STORED_VECTORS)
        self._example_vectors = stored.vectors(texts, encoder)
        self.wanted = [message.reason for message in material.messages]

    def read(self, way: Way, chances: Floats, names: Sequence[str]) -> dict[str, list[str]]:
        """What is read with the intents as predicted by strangers' models, and with the true ones."""
        got = {key: [NO_REASON] * len(self.wanted) for key in ("predicted", "true")}
        for kept, left_out in self._material.by_writer():
            judge = self._trained(way, kept) if way.judge else None
            for place in left_out:
                message = self._material.messages[place]
                predicted = dict(zip(names, chances[place].tolist(), strict=True))
                true = {catalogue_name(message.intent): 1.0}
                said = self._said(way, int(place))
                for key, intents in (("predicted", predicted), ("true", true)):
                    found = read_reasons(
                        message.text, self._words, judge, intents, said.lemmas, said.meaning
                    )
                    got[key][place] = found[0].category if found else NO_REASON
        return got

    def _said(self, way: Way, place: int) -> Said:
        text = self._material.texts[place]
        lemma, row = self._material.lemmas[place], self._material.vectors[place]
        return Said(
            text,
            evidence_of(self._words.hits(text)),
            (lambda: lemma) if way.lemmas else as_typed(text),
            (lambda: row) if way.meaning else None,
        )

    def _trained(self, way: Way, kept: Places) -> ReasonModel:
        messages = self._material.messages
        labelled = [
            Labelled(
                self._said(way, int(place)),
                catalogue_name(messages[place].intent),
                None if messages[place].reason == NO_REASON else messages[place].reason,
            )
            for place in kept
        ]
        if way.examples:
            for example, row in zip(self._examples, self._example_vectors, strict=True):
                said = Said(
                    example.text,
                    evidence_of(self._words.hits(example.text)),
                    as_typed(example.text),
                    partial(np.asarray, row) if way.meaning else None,
                )
                labelled.append(Labelled(said, example.intent, example.reason, EXAMPLE_WEIGHT))
        return ReasonModel.train(labelled, self._words.order, SEED)


def probabilities(margins: Floats, sharpness: float) -> Floats:
    """Softmax of margins."""
    raised = np.exp(sharpness * (margins - margins.max(axis=1, keepdims=True)))
    share: Floats = raised / raised.sum(axis=1, keepdims=True)
    return share
