"""From a message, where it stands and what the pipeline found in it, to how likely each move is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Callable

import numpy as np
from joblib import Parallel, cpu_count, delayed
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bot.dialogue.reading.standing import Standing
from bot.nlu.features import SparseFeatures
from bot.nlu.views import normalise, words

Floats = NDArray[np.float64]

FEWEST = 3
"""A move of which there are fewer marked turns is not learned."""


@dataclass(frozen=True)
class Message:
    """One message as the model sees it. `intents`: the likeliest of the whole, of the first clause, of the
    last one, and for each intent the most of any clause. `found`: what was found in the text, by name."""

    text: str
    stands: Standing
    intents: NDArray[np.float32]
    found: tuple[str, ...]


@dataclass(frozen=True)
class Weights:
    """How much each view counts, and how freely it is fitted; chosen by cross-validation over writers."""

    c: float = 1.0
    spelling: float = 1.0
    words: float = 0.15
    words_here: float = 0.12
    standing: float = 0.5
    intents: float = 1.0
    found: float = 0.5
    intents_here: float = 0.5


def _tokens(text: str) -> list[str]:
    """Words, pairs and triples of them, how it begins and about how long it is."""
    said = words(normalise(text)).split()
    pairs = [f"{a}_{b}" for a, b in pairwise(said)]
    triples = [f"{a}_{b}_{c}" for a, b, c in zip(said, said[1:], said[2:], strict=False)]
    return [*said, *pairs, *triples, *(f"^{word}" for word in said[:1]), f"#{min(len(said), 8)}"]


def _stands(stands: Standing) -> list[str]:
    marks = [
        f"open={stands.open}", f"was={stands.was}", f"flow={stands.flow}", f"offers={stands.offers}",
        f"of={stands.open}/{stands.flow}", f"list={stands.listing}", f"topic={bool(stands.topic)}",
        f"shown={bool(stands.shown)}",
    ]  # fmt: skip
    marks += [f"way={way}" for way in stands.ways]
    return [*marks, "waiting"] if stands.waiting else marks


def _words_of(message: Message) -> Iterable[str]:
    return _tokens(message.text)


def _words_here(message: Message) -> Iterable[str]:
    return (f"{message.stands.open}|{token}" for token in _tokens(message.text))


def _standing(message: Message) -> Iterable[str]:
    return _stands(message.stands)


def _found(message: Message) -> Iterable[str]:
    return (*message.found, *(f"{message.stands.open}|{name}" for name in message.found))


_Analyser = Callable[[Message], Iterable[str]]
_COUNTED: tuple[tuple[str, _Analyser, int], ...] = (
    ("words", _words_of, 2), ("words_here", _words_here, 2),
    ("standing", _standing, 1), ("found", _found, 1),
)  # fmt: skip


class MoveModel:
    """A logistic regression for each label, over one table of features. Stored as arrays and JSON."""

    def __init__(
        self,
        labels: Sequence[str],
        weights: Weights,
        spelling: SparseFeatures,
        counted: dict[str, list[str]],
        opens: Sequence[str],
        coefficients: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> None:
        self.labels = list(labels)
        self._weights = weights
        self._spelling = spelling
        self._counted = counted
        self._opens = list(opens)
        self._coefficients, self._bias = coefficients, bias
        self._counters = [
            (name, CountVectorizer(analyzer=analyser, vocabulary=counted[name], binary=True))
            for name, analyser, _ in _COUNTED
        ]

    @classmethod
    def fit(
        cls,
        messages: Sequence[Message],
        labels: Sequence[Sequence[str]],
        weights: Weights,
        seed: int,
    ) -> MoveModel:
        """Train on marked turns. Raises ValueError where there are too few for any label."""
        known = sorted({label for each in labels for label in each})
        known = [name for name in known if sum(name in each for each in labels) >= FEWEST]
        if not known:
            raise ValueError("no move is marked often enough to be learned; mark more turns")
        counted = {}
        for name, analyser, least in _COUNTED:
            counter = CountVectorizer(analyzer=analyser, min_df=least, binary=True)
            counter.fit(messages)
            counted[name] = counter.get_feature_names_out().tolist()
        empty = np.zeros((0, 0), np.float32)
        model = cls(
            known, weights, SparseFeatures.fit([m.text for m in messages]), counted,
            sorted({m.stands.open for m in messages}), empty, empty,
        )  # fmt: skip
        rows = model._rows(messages)
        marks = [np.array([name in each for each in labels]) for name in known]
        fitted = Parallel(n_jobs=min(2, cpu_count()))(
            delayed(_fitted)(rows, mark, weights.c, seed) for mark in marks
        )
        model._coefficients = np.ascontiguousarray(
            np.stack([one for one, _ in fitted], axis=1), dtype=np.float32
        )
        model._bias = np.array([bias for _, bias in fitted], dtype=np.float32)
        return model

    def probabilities(self, messages: Sequence[Message]) -> Floats:
        """Shape (messages, labels)."""
        rows = self._rows(messages).astype(np.float32)
        margins = np.asarray(rows @ self._coefficients) + self._bias
        return np.asarray(1.0 / (1.0 + np.exp(-margins.astype(np.float64))))

    def _rows(self, messages: Sequence[Message]) -> sparse.csr_matrix:
        weights = self._weights
        parts = [weights.spelling * self._spelling.transform([m.text for m in messages])]
        parts += [
            getattr(weights, name) * counter.transform(messages).astype(np.float32)
            for name, counter in self._counters
        ]
        intents = np.stack([m.intents for m in messages])
        parts.append(weights.intents * sparse.csr_matrix(intents))
        most = intents[:, -intents.shape[1] // 4 :]  # the last quarter: the most of any clause
        here = np.array(
            [[m.stands.open == one for one in self._opens] for m in messages], np.float32
        )
        crossed = np.einsum("ij,ik->ijk", here, most).reshape(len(messages), -1)
        parts.append(weights.intents_here * sparse.csr_matrix(crossed))
        return sparse.hstack(parts, format="csr")

    def save(self, directory: Path) -> None:
        """Writes arrays and JSON into an empty directory; nothing in it can run when it is loaded."""
        (directory / "spelling").mkdir()
        self._spelling.save(directory / "spelling")
        about = {
            "labels": self.labels, "counted": self._counted, "opens": self._opens,
            "weights": self._weights.__dict__,
        }  # fmt: skip
        (directory / "moves.json").write_text(json.dumps(about, ensure_ascii=False), "utf-8")
        np.savez_compressed(
            directory / "moves.npz",
            coefficients=self._coefficients, bias=self._bias,
        )  # fmt: skip

    @classmethod
    def load(cls, directory: Path) -> MoveModel:
        """Reads what `save` wrote; raises OSError where it is missing."""
        about = json.loads((directory / "moves.json").read_text("utf-8"))
        with np.load(directory / "moves.npz", allow_pickle=False) as kept:
            return cls(
                about["labels"], Weights(**about["weights"]), SparseFeatures.load(directory / "spelling"),
                about["counted"], about["opens"], kept["coefficients"],
                kept["bias"],
            )  # fmt: skip


def _fitted(
    rows: sparse.csr_matrix, mark: NDArray[np.bool_], c: float, seed: int
) -> tuple[NDArray[np.float64], float]:
    machine = LogisticRegression(C=c, solver="liblinear", tol=1e-3, random_state=seed).fit(
        rows, mark
    )
    return machine.coef_[0], float(machine.intercept_[0])
