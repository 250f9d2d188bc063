"""Sparse features of a message: TF-IDF over four views of its spelling."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.views import edges, normalise, skips, words


@dataclass(frozen=True)
class View:
    """One way to count a message; `weight` is its share beside the others (chosen by CV)."""

    name: str
    text_of: Callable[[str], str]
    weight: float
    options: dict[str, Any]


_SPACED = {"token_pattern": r"\S+"}
VIEWS = (
    View("char", str, 1.0, {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2}),
    View("word", words, 1.0, {"ngram_range": (1, 2), **_SPACED}),
    View("edge", edges, 0.4, {"min_df": 2, **_SPACED}),
    View("skip", skips, 0.5, {"min_df": 2, **_SPACED}),
)


class SparseFeatures:
    """Fitted vocabularies and idf weights of all views, stored as JSON and arrays, never pickled."""

    def __init__(self, vectorizers: Sequence[TfidfVectorizer]) -> None:
        self._vectorizers = list(vectorizers)

    @classmethod
    def fit(cls, texts: Sequence[str]) -> SparseFeatures:
        """Raises ValueError where no view has a feature left (fewer than some ten messages)."""
        normalised = [normalise(text) for text in texts]
        vectorizers = []
        for view in VIEWS:
            vectorizer = _vectorizer(view.options)
            vectorizer.fit([view.text_of(text) for text in normalised])
            vectorizer.idf_ = vectorizer.idf_  # as precise as it will be once loaded
            vectorizers.append(vectorizer)
        return cls(vectorizers)

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Shape (messages, features), each view's rows of length `weight`."""
        normalised = [normalise(text) for text in texts]
        return sparse.hstack(
            [
                view.weight * vectorizer.transform([view.text_of(text) for text in normalised])
                for view, vectorizer in zip(VIEWS, self._vectorizers, strict=True)
            ],
            format="csr",
        )

    def save(self, directory: Path) -> None:
        """Writes `vocabulary.json` and `idf.npz`."""
        vocabulary = {
            view.name: vectorizer.get_feature_names_out().tolist()
            for view, vectorizer in zip(VIEWS, self._vectorizers, strict=True)
        }
        (directory / "vocabulary.json").write_text(
            json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8"
        )
        idf = {view.name: v.idf_ for view, v in zip(VIEWS, self._vectorizers, strict=True)}
        np.savez_compressed(directory / "idf.npz", **idf)

    @classmethod
    def load(cls, directory: Path) -> SparseFeatures:
        """Reads what `save` wrote; raises OSError where it is missing."""
        vocabulary = json.loads((directory / "vocabulary.json").read_text(encoding="utf-8"))
        vectorizers = []
        with np.load(directory / "idf.npz", allow_pickle=False) as idf:
            for view in VIEWS:
                options = {k: v for k, v in view.options.items() if k != "min_df"}
                vectorizer = _vectorizer({**options, "vocabulary": vocabulary[view.name]})
                vectorizer.idf_ = idf[view.name]
                vectorizers.append(vectorizer)
        return cls(vectorizers)


def _vectorizer(options: dict[str, Any]) -> TfidfVectorizer:
    # `normalise` has lower-cased already; float32 halves memory and costs no accuracy.
    return TfidfVectorizer(lowercase=False, sublinear_tf=True, dtype=np.float32, **options)
