"""The desk's texts, edited without programming: what members are told, staff's words, ready replies."""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional

from pydantic import BaseModel, Field, validator

from bot.settings import ROOT
from bot.yaml_source import load_model

TOLD = ROOT / "data" / "replies" / "desk.yml"
WORDS = ROOT / "data" / "desk" / "words.yml"
READY_MADE = ROOT / "data" / "desk" / "ready_made.yml"


class _Part(BaseModel):
    class Config:
        extra = "forbid"
        allow_mutation = False


class Told(_Part):
    """A text for Min side, for text messages where those need other words, and for who writes English."""

    text: str
    sms: Optional[str] = None
    en: Optional[str] = None

    @validator("text", "sms", "en")
    @classmethod
    def _well_formed(cls, text: Optional[str]) -> Optional[str]:
        if text is not None:
            _placeholders(text)
        return text

    def said(self, **values: Any) -> Said:
        """The texts with their placeholders filled in."""
        text = self.text.strip().format_map(values)
        sms = text if self.sms is None else self.sms.strip().format_map(values)
        return Said(text, sms, None if self.en is None else self.en.strip().format_map(values))


@dataclass(frozen=True)
class Said:
    """A text as shown on Min side, as sent as a text message, and in English where there is one."""

    text: str
    sms: str
    en: Optional[str] = None

    def on(self, channel: str, english: bool = False) -> str:
        """The one for a channel, or for a member who writes English."""
        if english and self.en is not None:
            return self.en
        return self.sms if channel == "sms" else self.text


class ToldFile(_Part):
    """`data/replies/desk.yml`."""

    replies: dict[str, Told]
    leave_words: frozenset[str]
    place_words: frozenset[str]


class Reason(_Part):
    """Why a conversation came to staff. `talk`: the member waits for somebody to talk with."""

    title: str
    urgency: int = Field(..., ge=1, le=3)
    talk: bool


class WordsFile(_Part):
    """`data/desk/words.yml`."""

    reasons: dict[str, Reason]
    other_reason: str
    outcomes: dict[str, str]
    actions: dict[str, str]
    assessments: dict[str, str]
    looks: dict[str, str]
    steps: dict[str, str]
    deliveries: dict[str, str]

    def reason(self, reason: Optional[str]) -> Reason:
        """The reason, or a neutral one for a reason that the file does not name."""
        known = self.reasons.get(reason or "")
        return known or Reason(title=self.other_reason, urgency=2, talk=True)


class ReadyMade(_Part):
    """A reply that staff may put in and change before they send it."""

    id: str
    title: str
    text: str

    @validator("text")
    @classmethod
    def _known_placeholders(cls, text: str) -> str:
        unknown = _placeholders(text) - {"name", "staff", "phone"}
        if unknown:
            raise ValueError(
                f"unknown placeholder {', '.join(sorted(unknown))}; allowed: name, phone, staff"
            )
        return text


class ReadyMadeFile(_Part):
    """`data/desk/ready_made.yml`."""

    replies: tuple[ReadyMade, ...]


@dataclass(frozen=True)
class DeskWords:
    """All three files."""

    told: ToldFile
    words: WordsFile
    ready_made: tuple[ReadyMade, ...]

    def said(self, key: str, **values: Any) -> Said:
        """What members are told on an occasion. Raises KeyError for an unknown one."""
        return self.told.replies[key].said(**values)


@lru_cache(maxsize=1)
def desk_words() -> DeskWords:
    """Read and check the files, once a process. Raises SourceError."""
    return load_desk_words(TOLD, WORDS, READY_MADE)


def load_desk_words(told: Path, words: Path, ready_made: Path) -> DeskWords:
    """Read and check the files. Raises SourceError."""
    return DeskWords(
        load_model(told, ToldFile),
        load_model(words, WordsFile),
        load_model(ready_made, ReadyMadeFile).replies,
    )


def _placeholders(text: str) -> set[str]:
    """The names in braces, up to their first dot. Raises ValueError where a brace is wrong."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"{error}; write a brace that is no placeholder twice") from error
    return {name.split(".")[0] for _, name, _, _ in parts if name is not None}
