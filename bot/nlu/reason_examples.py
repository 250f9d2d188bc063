"""Short statements of reasons (`data/vocabulary/reason_examples.yml`), learned beside the messages."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Optional

from pydantic import BaseModel, Field

from bot.nlu.reasons import VOCABULARY, Reason
from bot.yaml_source import load_model

SAID_IN = ("afbud", "inform", "missed_meeting", "faq/valid_absence", "faq/invalid_absence")
"""The intents (catalogue names) that the statements are learned with, by turns."""


class ReasonExample(NamedTuple):
    """A statement; `reason` is None for what stands in such messages and is none."""

    text: str
    intent: str
    reason: Optional[str]


class ReasonExamplesFile(BaseModel):
    """`data/vocabulary/reason_examples.yml`."""

    reasons: dict[Reason, list[str]]
    no_reason: list[str] = Field(min_items=1)

    class Config:
        extra = "forbid"


def reason_examples(path: Path = VOCABULARY / "reason_examples.yml") -> list[ReasonExample]:
    """All statements in the file's order. Raises SourceError where the file is wrong."""
    source = load_model(path, ReasonExamplesFile)
    said: list[tuple[str, Optional[str]]] = [
        (text, reason) for reason, texts in source.reasons.items() for text in texts
    ]
    said += [(text, None) for text in source.no_reason]
    return [
        ReasonExample(text, SAID_IN[place % len(SAID_IN)], reason)
        for place, (text, reason) in enumerate(said)
    ]
