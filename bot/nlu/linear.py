"""From a message to a calibrated probability for every intent: linear, over spelling and meaning.

Two scorers are trained. The first sees the spelling alone and answers in about two milliseconds.
Where it is not sure, the second sees meaning vectors as well; those take ten times as long. Without
an encoder the first one answers alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from joblib import Parallel, cpu_count, delayed
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.features import SparseFeatures
from bot.nlu.meaning import Encoder, Vectors, worth_asking

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Training:
    """How the scorers are made; the defaults are what cross-validation chose (docs/nlu-report.md)."""

    seed: int = 20261123
    c: float = 1.0
    meaning_weight: float = 0.03
    calibration_folds: int = 3
    writer_folds: int = 4


@dataclass(frozen=True)
class Scorer:
    """A linear support vector machine per intent; `sharpness` turns margins into probabilities."""

    weights: NDArray[np.float32] = field(repr=False)  # features x intents
    bias: NDArray[np.float32] = field(repr=False)
    sharpness: float

    def probabilities(self, rows: sparse.csr_matrix) -> Floats:
        """Shape (messages, intents); each row sums to 1."""
        # Of another precision than the rows, all the weights would be copied for every message.
        margins = np.asarray(rows.astype(self.weights.dtype) @ self.weights) + self.bias
        return _softmax(self.sharpness * margins)


class IntentModel:
    """What is trained, stored and asked. `intents` are in the order of the probabilities."""

    def __init__(
        self,
        intents: Sequence[str],
        features: SparseFeatures,
        spelling: Scorer,
        meaning: tuple[Scorer, Vectors, Vectors] | None,
    ) -> None:
        self.intents = list(intents)
        self._features = features
        self._spelling = spelling
        self._meaning = meaning  # with the centre and the scale of its vectors

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        groups: Sequence[str | None],
        vectors: Vectors | None,
        training: Training,
    ) -> IntentModel:
        """Train on messages; `vectors` are theirs, None trains the scorer on spelling alone.

        Probabilities are calibrated on messages left out of training: by whole groups (who wrote it)
        where every message has one, which is how strangers will differ; random folds otherwise.
        Raises ValueError for fewer than three intents, or fewer messages of one than folds.
        """
        labels = np.asarray(intents)
        if len(np.unique(labels)) < 3:
            raise ValueError("at least three intents are needed")
        features = SparseFeatures.fit(texts)
        rows = features.transform(texts)
        folds = _folds(labels, groups, training)
        spelling = _scorer(rows, labels, folds, training)
        meaning = None
        if vectors is not None:
            centre = vectors.mean(axis=0)
            scale = training.meaning_weight / np.maximum(vectors.std(axis=0), 1e-6)
            both = _with_meaning(rows, vectors, centre, scale)
            meaning = (_scorer(both, labels, folds, training), centre, scale)
        return cls(sorted(set(intents)), features, spelling, meaning)

    @property
    def uses_meaning(self) -> bool:
        """Whether a scorer with meaning vectors was trained."""
        return self._meaning is not None

    def probabilities(
        self, texts: Sequence[str], encoder: Encoder | None, sure_above: float
    ) -> Floats:
        """Shape (texts, intents); the meaning is asked where spelling stays under `sure_above`.

        But not of a long text (`worth_asking`).
        """
        rows = self._features.transform(texts)
        found: Floats = self._spelling.probabilities(rows)
        short = np.array([worth_asking(text) for text in texts])
        unsure = np.flatnonzero((found.max(axis=1) < sure_above) & short)
        if self._meaning is not None and encoder is not None and len(unsure):
            scorer, centre, scale = self._meaning
            vectors = encoder.encode([texts[place] for place in unsure])
            found[unsure] = scorer.probabilities(
                _with_meaning(rows[unsure], vectors, centre, scale)
            )
        return found

    def save(self, directory: Path) -> None:
        """Writes arrays and JSON into an empty directory; nothing in it can run when it is loaded."""
        self._features.save(directory)
        np.savez_compressed(
            directory / "spelling.npz", weights=self._spelling.weights, bias=self._spelling.bias
        )
        sharpness = {"spelling": self._spelling.sharpness}
        if self._meaning is not None:
            scorer, centre, scale = self._meaning
            np.savez_compressed(
                directory / "meaning.npz",
                weights=scorer.weights,
                bias=scorer.bias,
                centre=centre,
                scale=scale,
            )
            sharpness["meaning"] = scorer.sharpness
        about = {"intents": self.intents, "sharpness": sharpness}
        (directory / "model.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> IntentModel:
        """Reads what `save` wrote; raises OSError where it is missing."""
        about = json.loads((directory / "model.json").read_text(encoding="utf-8"))
        sharpness = about["sharpness"]
        with np.load(directory / "spelling.npz", allow_pickle=False) as kept:
            spelling = Scorer(kept["weights"], kept["bias"], sharpness["spelling"])
        meaning = None
        if "meaning" in sharpness:
            with np.load(directory / "meaning.npz", allow_pickle=False) as kept:
                scorer = Scorer(kept["weights"], kept["bias"], sharpness["meaning"])
                meaning = (scorer, kept["centre"], kept["scale"])
        return cls(about["intents"], SparseFeatures.load(directory), spelling, meaning)


def _with_meaning(
    rows: sparse.csr_matrix, vectors: Vectors, centre: Vectors, scale: Vectors
) -> sparse.csr_matrix:
    return sparse.hstack([rows, sparse.csr_matrix((vectors - centre) * scale)], format="csr")


def _folds(
    labels: NDArray[np.str_], groups: Sequence[str | None], training: Training
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    kinds = {group for group in groups if group is not None}
    if len(kinds) > 1 and None not in groups:
        dealt = GroupKFold(min(len(kinds), training.writer_folds))
        split = list(dealt.split(labels, labels, np.asarray(groups)))
        intents = len(np.unique(labels))
        if all(len(np.unique(labels[kept])) == intents for kept, _ in split):
            return split
    stratified = StratifiedKFold(
        training.calibration_folds, shuffle=True, random_state=training.seed
    )
    return list(stratified.split(labels, labels))


def _scorer(
    rows: sparse.csr_matrix,
    labels: NDArray[np.str_],
    folds: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]],
    training: Training,
) -> Scorer:
    # An intent that a fold knows nothing of is unlikely to it.
    margins = np.full((len(labels), len(np.unique(labels))), -1.0)
    # Processes: in threads the machines would share liblinear's dice, and no two trainings were alike.
    machine, *machines = Parallel(n_jobs=min(2, cpu_count()))(
        delayed(_machine(training).fit)(rows[kept], labels[kept])
        for kept in (np.arange(len(labels)), *(kept for kept, _ in folds))
    )
    for part, (_, left_out) in zip(machines, folds, strict=True):
        known = np.searchsorted(machine.classes_, part.classes_)
        margins[np.ix_(left_out, known)] = part.decision_function(rows[left_out])
    right = np.searchsorted(machine.classes_, labels)
    return Scorer(
        np.ascontiguousarray(machine.coef_.T, dtype=np.float32),
        machine.intercept_.astype(np.float32),
        _sharpness(margins, right),
    )


def _machine(training: Training) -> LinearSVC:
    # A coarser end of the search than the default costs no accuracy and saves two thirds of the time.
    return LinearSVC(C=training.c, tol=1e-2, random_state=training.seed)


def _sharpness(margins: Floats, right: NDArray[np.intp]) -> float:
    """The factor under which the softmax of the margins is likeliest to name the right intents."""

    def surprise(factor: float) -> float:
        chances = _softmax(factor * margins)[np.arange(len(right)), right]
        return float(-np.log(chances + 1e-12).mean())

    return float(minimize_scalar(surprise, bounds=(0.5, 30.0), method="bounded").x)


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    share: Floats = raised / raised.sum(axis=1, keepdims=True)
    return share
