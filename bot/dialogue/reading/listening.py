"""What stands between the lines of a message: how the member is, and whether somebody else is meant.

Neither changes what is done; both change what is said first. The words are data (`data/listening`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Optional

from pydantic import BaseModel, Field

from bot.dialogue.turn import Mood, Whose
from bot.nlu.spelling import fold
from bot.nlu.vocabulary import Phrases, Says, words_of
from bot.settings import ROOT
from bot.yaml_source import SourceError, load_model

FOLDER = ROOT / "data" / "listening"

MOODS: tuple[Mood, ...] = ("crisis", "grief", "worry", "anger")
"""The gravest first: of several in one message the first is met."""

_MEMBER_NUMBER = re.compile(
    r"\bmedlem(?:s?nummer|s?nr|\s+nummer|\s+nr)?\b\.?:?\s*(?:er\s+)?\d{4,8}\b", re.I
)
_MASKED_CPR = "XXXXXX-XXXX"


class MoodsFile(BaseModel):
    """`moods.yml`."""

    moods: dict[str, Says]
    exceptions: list[str] = Field(default_factory=list, alias="except")

    class Config:
        extra = "forbid"


class OthersFile(BaseModel):
    """`others.yml`: exact words; case and æøå don't matter."""

    relations: list[str]
    matters: list[str]
    acts: list[str]
    not_names: list[str]

    class Config:
        extra = "forbid"


@dataclass(frozen=True)
class Heard:
    """What was heard in one message."""

    mood: Optional[Mood] = None
    whose: Whose = "own"


class Listener:
    """Reads messages with the words of `data/listening`. Raises SourceError where those are wrong."""

    def __init__(self, folder: Path = FOLDER) -> None:
        path = folder / "moods.yml"
        moods = load_model(path, MoodsFile)
        if set(moods.moods) != set(MOODS):
            raise SourceError(f"{path}:1: moods must be exactly {', '.join(MOODS)}")
        self._moods = Phrases((name, said.says) for name, said in moods.moods.items())
        self._except = Phrases([("except", moods.exceptions)])
        others = load_model(folder / "others.yml", OthersFile)
        relation, matter, act, own = (
            "|".join(re.escape(fold(word)) for word in words)
            for words in (others.relations, others.matters, others.acts, others.not_names)
        )
        mine = r"\b(?:min|mit|mine|vores)\s+"
        self._somebody = re.compile(
            rf"{mine}(?:\w+\s+)?(?:{relation})e?s\s+(?:\w+\s+){{0,2}}(?:{matter})\b"
            rf"|\b(?:paa\s+vegne\s+af)\b"
            rf"|\b(?:{act})\b[^.!?]*\bfor\s+(?:min|mit|vores)\s+(?:\w+\s+)?(?:{relation})\b"
            rf"|{mine}(?:{relation})\b[^.!?,]*\b(?:har|skal)\b[^.!?,]*\b(?:til\s+)?(?:moede|samtale)\s+hvornaar"
            rf"|\bhvornaar\s+(?:har|skal)\s+(?!(?:{own})\b)\w+(?:\s+\w+)?\s+(?:til\s+)?(?:\w+\s+)?(?:moede|samtale|til\s+samtale)\b"
        )

    def listen(self, text: str) -> Heard:
        """What is heard in a text."""
        return Heard(self._mood(text), self._whose(text))

    def _mood(self, text: str) -> Optional[Mood]:
        words = words_of(text)
        excepted = {
            place for hit in self._except.hits(words) for place in _places(hit.first, hit.last)
        }
        said = {
            hit.category for hit in self._moods.hits(words)
            if not hit.denied and not excepted & _places(hit.first, hit.last)
        }  # fmt: skip
        return next((mood for mood in MOODS if mood in said), None)

    def _whose(self, text: str) -> Whose:
        if self._somebody.search(fold(text)):
            return "somebody"
        if _MASKED_CPR in text or _MEMBER_NUMBER.search(text):
            return "number"
        return "own"


def _places(first: int, last: int) -> set[int]:
    return set(range(first, last + 1))


@lru_cache(maxsize=1)
def listener() -> Listener:
    """The one of `data/listening`, read once a process."""
    return Listener()
