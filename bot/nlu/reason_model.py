"""The trained judgement of reasons: a linear model over spelling, lemmas, vocabulary and intent.

Labels are the `metadata: {reason: ...}` of the training examples. What the intent classifier thinks
is weighed in by its own probabilities ("bussen" in an afbud is a reason, in a change of format not).
A meaning vector is asked for only where the words leave it open, since it takes longest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping, NamedTuple, Optional, Sequence

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.nlu.reasons import Said
from bot.nlu.vocabulary import rough

NONE = "none"
BEARING = (
    "afbud", "missed_meeting", "inform", "faq/valid_absence", "faq/invalid_absence",
    "faq/how_to_afbud", "faq/no_show", "faq/duty_to_attend",
)  # fmt: skip
"""The intents (catalogue names) in which members give reasons; the rest are one to the model."""
OPEN = "other"
"""The category whose words say least: anything can be a reason."""
# Chosen with writers held out, on the training messages alone (docs/nlu-choice.md).
EVIDENCE_WEIGHT = 0.35
MEANING_WEIGHT = 0.05
EXAMPLE_WEIGHT = 0.5
SHARPNESS = 4.0
HARDLY_BEARING = 0.03
"""Less probable than this are all of `BEARING` together: no reason is looked for."""
SURE = 0.9
"""The meaning is asked where no category, "none" among them, is as probable."""
UNCERTAIN = 0.5
"""No reason is read where "none" is at least so probable."""
NAMED = 0.3
"""So much surer "none" must be where the words name the category and the intent bears reasons."""
_VIEWS: dict[str, dict[str, Any]] = {
    "char": {
        "analyzer": "char_wb", "ngram_range": (2, 5), "sublinear_tf": True, "dtype": np.float32,
    },
    "word": {
        "ngram_range": (1, 2), "sublinear_tf": True, "dtype": np.float32, "lowercase": False,
        "token_pattern": r"\S+",
    },
}  # fmt: skip
Floats = NDArray[np.float64]


class Labelled(NamedTuple):
    """One training example: what is said, intent (catalogue name), reason, how much it counts."""

    said: Said
    intent: str
    reason: Optional[str]
    weight: float = 1.0


class ReasonModel:
    """Decides which reason a text gives, if any. `kept` is all that is stored of it, arrays alone."""

    def __init__(self, kept: Mapping[str, NDArray[Any]]) -> None:
        self._kept = dict(kept)
        self._char, self._word = (_vectorizer(kept, view) for view in _VIEWS)
        self._categories: list[str] = kept["categories"].tolist()
        self._classes: list[str] = kept["classes"].tolist()
        self._prior: Floats = kept["prior"]
        sizes = (
            len(kept["char_words"]), len(kept["word_words"]), 2 * len(self._categories), len(BEARING),
        )  # fmt: skip
        parts = np.split(kept["coefficients"].astype(np.float64), np.cumsum(sizes))
        self._of_char, self._of_word, self._of_evidence, self._of_intent, self._of_meaning = parts

    @classmethod
    def train(
        cls, examples: Sequence[Labelled], categories: Sequence[str], seed: int
    ) -> ReasonModel:
        """Fit on labelled examples, of which at least two reasons (none is one) must occur.

        Meaning is learned where every example has it.
        """
        said = [example.said for example in examples]
        char = TfidfVectorizer(min_df=3, **_VIEWS["char"])
        word = TfidfVectorizer(min_df=2, **_VIEWS["word"])
        intents = np.stack([_intent_row(each.intent) for each in examples])
        blocks = [
            char.fit_transform([rough(each.text) for each in said]),
            word.fit_transform([each.lemmas() for each in said]),
            np.stack([_evidence_row(each.evidence, categories) for each in said]),
            intents,
        ]
        kept = {
            "categories": np.array(categories),
            "prior": intents.mean(axis=0),
            "char_words": char.get_feature_names_out().astype(str),
            "char_idf": char.idf_,
            "word_words": word.get_feature_names_out().astype(str),
            "word_idf": word.idf_,
        }
        if all(each.meaning is not None for each in said):
            vectors = np.stack([each.meaning() for each in said if each.meaning is not None])
            kept["centre"] = vectors.mean(axis=0)
            kept["scale"] = MEANING_WEIGHT / np.maximum(vectors.std(axis=0), 1e-6)
            blocks.append((vectors - kept["centre"]) * kept["scale"])
        machine = LinearSVC(C=1.0, tol=1e-2, random_state=seed)
        machine.fit(
            sparse.hstack([sparse.csr_matrix(block) for block in blocks]).tocsr(),
            [example.reason or NONE for example in examples],
            sample_weight=[example.weight for example in examples],
        )
        kept["coefficients"] = machine.coef_.T.astype(np.float32)
        kept["intercept"] = machine.intercept_
        kept["classes"] = np.array([str(name) for name in machine.classes_])
        return cls(kept)

    def judge(self, said: Said, intents: Optional[Mapping[str, float]] = None) -> Optional[str]:
        """The category of the text's reason, or None.

        `intents` are probabilities by catalogue name; without them it is taken for as likely as not
        that the intent is one of `BEARING`.
        """
        weights = self._weights(intents)
        if 1.0 - weights[-1] < HARDLY_BEARING:
            return None
        margins = (
            np.asarray(self._char.transform([rough(said.text)]) @ self._of_char)[0]
            + np.asarray(self._word.transform([said.lemmas()]) @ self._of_word)[0]
            + _evidence_row(said.evidence, self._categories) @ self._of_evidence
            + self._kept["intercept"]
        )
        chances = self._chances(margins, weights)
        if chances.max() < SURE and said.meaning is not None and "centre" in self._kept:
            vector = (said.meaning() - self._kept["centre"]) * self._kept["scale"]
            chances = self._chances(margins + vector @ self._of_meaning, weights)
        none = self._classes.index(NONE)
        sure, chances[none] = float(chances[none]), -1.0
        best = self._classes[int(chances.argmax())]
        named = NAMED * (1.0 - weights[-1]) if said.evidence.get(best) and best != OPEN else 0.0
        return best if sure < UNCERTAIN + named else None

    def _chances(self, margins: Floats, weights: Floats) -> Floats:
        """A probability a class, over what the intent can be: each of `BEARING`, then all others."""
        each = margins[None, :] + np.vstack([self._of_intent, np.zeros(len(self._classes))])
        raised = np.exp(SHARPNESS * (each - each.max(axis=1, keepdims=True)))
        mixed: Floats = weights @ (raised / raised.sum(axis=1, keepdims=True))
        return mixed

    def _weights(self, intents: Optional[Mapping[str, float]]) -> Floats:
        if not intents:
            bearing = self._prior / (2 * max(self._prior.sum(), 1e-9))
        else:
            bearing = np.array([intents.get(name, 0.0) for name in BEARING])
        return np.append(bearing, max(0.0, 1.0 - float(bearing.sum())))

    def save(self, path: Path) -> None:
        """Write the model to one file of arrays (.npz); nothing in it can run when it is loaded."""
        np.savez_compressed(path, **self._kept)

    @classmethod
    def load(cls, path: Path) -> ReasonModel:
        """Read what `save` wrote. Raises ValueError for a file that holds anything but arrays."""
        with np.load(path, allow_pickle=False) as kept:
            return cls({name: kept[name] for name in kept.files})


def _vectorizer(kept: Mapping[str, NDArray[Any]], view: str) -> TfidfVectorizer:
    vectorizer = TfidfVectorizer(vocabulary=kept[f"{view}_words"].tolist(), **_VIEWS[view])
    vectorizer.idf_ = kept[f"{view}_idf"]
    return vectorizer


def _intent_row(intent: str) -> Floats:
    return np.array([float(intent == name) for name in BEARING])


def _evidence_row(evidence: Mapping[str, int], categories: Sequence[str]) -> Floats:
    names = [*categories, *(f"not {name}" for name in categories)]
    counts = [min(evidence.get(name, 0), 2) for name in names]
    return EVIDENCE_WEIGHT * np.sqrt(np.array(counts, dtype=np.float64))
