"""The trained judgement of reasons: a linear model over the text, the vocabulary and the intent.

Labels are the `metadata: {reason: ...}` of the training examples. What the intent classifier thinks
is weighed in by its own probabilities ("bussen" in an afbud is a reason, in a change of format not).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping, NamedTuple, Optional, Sequence

import numpy as np
import scipy.sparse as sparse
import skops.io
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.nlu.vocabulary import rough

NONE = "none"
BEARING = (
    "afbud", "missed_meeting", "inform", "faq/valid_absence", "faq/invalid_absence",
    "faq/how_to_afbud", "faq/no_show", "faq/duty_to_attend",
)  # fmt: skip
"""The intents (catalogue names) in which members give reasons; the rest are one to the model."""
OPEN = "other"
"""The category whose words say least: anything can be a reason."""
EVIDENCE_WEIGHT = 0.7
UNCERTAIN = 0.6
"""No reason is read where "none" is at least so probable; chosen with writers held out."""
SAID = 0.3
"""So much surer "none" must be where the words name the category and the intent bears reasons."""
_TRUSTED = ("numpy.dtype", "numpy.int64", "numpy.float64", "scipy.sparse._csr.csr_matrix")


class Labelled(NamedTuple):
    """One training example: text, evidence of the vocabulary, intent (catalogue name), reason."""

    text: str
    evidence: Mapping[str, int]
    intent: str
    reason: Optional[str]


class ReasonModel:
    """Decides which reason a text gives, if any."""

    def __init__(
        self,
        char: TfidfVectorizer,
        word: TfidfVectorizer,
        linear: LogisticRegression,
        categories: Sequence[str],
        prior: NDArray[np.float64],
    ) -> None:
        self._char, self._word, self._linear = char, word, linear
        self._categories = tuple(categories)
        self._prior = prior
        self._classes = [str(name) for name in linear.classes_]
        sizes = (len(char.vocabulary_), len(word.vocabulary_), 2 * len(self._categories))
        self._coefficients = np.split(linear.coef_.T, np.cumsum(sizes))

    @classmethod
    def train(
        cls, examples: Sequence[Labelled], categories: Sequence[str], seed: int
    ) -> ReasonModel:
        """Fit on labelled examples, of which at least two reasons (none is one) must occur."""
        texts = [rough(example.text) for example in examples]
        char = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3, dtype=np.float32
        )
        word = TfidfVectorizer(
            ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\b\w+\b", min_df=2, dtype=np.float32
        )
        intents = sparse.csr_matrix(np.stack([_intent_row(each.intent) for each in examples]))
        said = np.stack([_evidence_row(each.evidence, categories) for each in examples])
        features = sparse.hstack(
            [char.fit_transform(texts), word.fit_transform(texts), sparse.csr_matrix(said), intents]
        ).tocsr()
        linear = LogisticRegression(C=20, solver="liblinear", random_state=seed)
        linear.fit(features, [example.reason or NONE for example in examples])
        prior = np.asarray(intents.mean(axis=0)).ravel()
        return cls(char, word, linear, categories, prior)

    def judge(
        self,
        text: str,
        evidence: Mapping[str, int],
        intents: Optional[Mapping[str, float]] = None,
    ) -> Optional[str]:
        """The category of the text's reason, or None.

        `intents` are probabilities by catalogue name; without them it is taken for as likely as not
        that the intent is one of `BEARING`.
        """
        said = [rough(text)]
        char, word, words, each_intent = self._coefficients
        base = (
            (self._char.transform(said) @ char)[0]
            + (self._word.transform(said) @ word)[0]
            + _evidence_row(evidence, self._categories) @ words
            + self._linear.intercept_
        )
        weights = self._weights(intents)
        odds = 1 / (1 + np.exp(-(base[None, :] + _each_intent() @ each_intent)))
        chances = weights @ (odds / odds.sum(axis=1, keepdims=True))
        none = self._classes.index(NONE)
        sure, chances[none] = float(chances[none]), -1.0
        best = self._classes[int(chances.argmax())]
        named = SAID * (1.0 - weights[-1]) if evidence.get(best) and best != OPEN else 0.0
        return best if sure < UNCERTAIN + named else None

    def _weights(self, intents: Optional[Mapping[str, float]]) -> NDArray[np.float64]:
        if not intents:
            bearing = self._prior / (2 * self._prior.sum())
        else:
            bearing = np.array([intents.get(name, 0.0) for name in BEARING])
        return np.append(bearing, max(0.0, 1.0 - float(bearing.sum())))

    def save(self, path: Path) -> None:
        """Write the model to one file (skops: no code in it)."""
        skops.io.dump(
            {
                "char": self._char, "word": self._word, "linear": self._linear,
                "categories": list(self._categories), "prior": [float(each) for each in self._prior],
            },
            path,
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> ReasonModel:
        """Read what `save` wrote. Raises skops' error for a file that holds anything else."""
        kept: dict[str, Any] = skops.io.load(path, trusted=list(_TRUSTED))
        return cls(
            kept["char"], kept["word"], kept["linear"], kept["categories"], np.array(kept["prior"])
        )


def _intent_row(intent: str) -> NDArray[np.float64]:
    return np.array([float(intent == name) for name in BEARING])


def _each_intent() -> NDArray[np.float64]:
    """One row a bearing intent and a last one of zeros for all others."""
    return np.vstack([np.eye(len(BEARING)), np.zeros(len(BEARING))])


def _evidence_row(evidence: Mapping[str, int], categories: Sequence[str]) -> NDArray[np.float64]:
    names = [*categories, *(f"not {name}" for name in categories)]
    counts = [min(evidence.get(name, 0), 2) for name in names]
    return EVIDENCE_WEIGHT * np.sqrt(np.array(counts, dtype=np.float64))
