"""Whether other languages are recognised without a language identifier (bench/foreign.yml)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Optional

from ruamel.yaml import YAML

from bot.nlu.linear import IntentModel
from bot.nlu.meaning import Encoder

OUTSIDE = "out_of_scope"
DANISH = "da"


def foreign_sentences() -> dict[str, list[str]]:
    """Sentences by language."""
    path = Path(__file__).with_name("foreign.yml")
    found: dict[str, list[str]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return found


def refused_by(model: IntentModel, encoder: Encoder, texts: Sequence[str]) -> float:
    """The share that the intent classifier takes for out of scope, or is not sure enough of to act."""
    chances = model.probabilities(texts, encoder, 0.7)
    outside = chances.argmax(axis=1) == model.intents.index(OUTSIDE)
    return float((outside | (chances.max(axis=1) < 0.45)).mean())


def identifiers() -> dict[str, Callable[[str], bool]]:
    """Language identifiers that are installed here: whether a text is not Danish."""
    found: dict[str, Callable[[str], bool]] = {}
    langid = _imported("py3langid")
    if langid is not None:
        found["py3langid"] = lambda text: langid.classify(text)[0] != DANISH
    lingua = _imported("lingua")
    if lingua is not None:
        detector = lingua.LanguageDetectorBuilder.from_all_languages().build()
        found["lingua"] = lambda text: (
            detector.detect_language_of(text) not in (None, lingua.Language.DANISH)
        )
    return found


def _imported(name: str) -> Optional[Any]:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
