"""Marked dialogues (`data/dialogues`): turns of members, where each stood, and the moves that it made."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, Literal, Optional

from pydantic import BaseModel, validator
from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.dialogue.reading.notation import label
from bot.dialogue.reading.standing import Standing
from bot.settings import ROOT
from bot.yaml_source import load_model

FOLDER = ROOT / "data" / "dialogues"

TURN = "marked_turn"
"""Under this key of its metadata a training message carries the labels of its moves."""

Style = Literal[
    "hurried", "misspelt", "no_letters", "second_language", "jutlandic", "formal", "anxious", "angry",
    "chatty", "dictated", "several", "changing", "plain",
]  # fmt: skip
Situation = Literal[
    "ahead", "to_book", "new", "missed", "digital_and_jobcenter", "no_time", "nothing_due"
]


class MarkedTurn(BaseModel):
    """One message. `after`: how the reply before it began, for whoever reads or mends the file."""

    say: str
    after: str = ""
    stands: Standing = Standing()
    moves: list[str]

    class Config:
        extra = "forbid"

    @validator("moves", each_item=True)
    @classmethod
    def _is_a_move(cls, written: str) -> str:
        label(written)
        return written

    @property
    def labels(self) -> list[str]:
        """The labels that the model learns."""
        return sorted({label(written) for written in self.moves})


class MarkedDialogue(BaseModel):
    """The turns of one member. `now`: when they were written (ISO)."""

    name: str
    situation: Situation
    style: Style
    writer: str
    now: str
    turns: list[MarkedTurn]

    class Config:
        extra = "forbid"


class DialogueFile(BaseModel):
    """One file of `data/dialogues`."""

    dialogues: list[MarkedDialogue]

    class Config:
        extra = "forbid"


def marked_dialogues(folder: Path = FOLDER) -> Iterator[MarkedDialogue]:
    """All dialogues of a folder, in the order of its files. Raises SourceError where one is wrong."""
    for path in sorted(folder.glob("*.yml")):
        yield from load_model(path, DialogueFile).dialogues


class _Marked(Message):  # type: ignore[misc,unused-ignore]
    """A training message for the model of moves alone.

    Rasa takes a text without an intent for a line of an end-to-end story, and would train for those.
    """

    def is_e2e_message(self) -> bool:
        """It is none."""
        return False


def training_messages(folder: Path = FOLDER) -> list[Message]:
    """The marked turns as training messages without an intent; only the model of moves learns from them."""
    return [
        _Marked(data={
            TEXT: turn.say,
            METADATA: {
                "now": dialogue.now, "stands": turn.stands.json(exclude_defaults=True),
                TURN: turn.labels, "writer": dialogue.writer,
            },
        })
        for dialogue in marked_dialogues(folder) for turn in dialogue.turns
    ]  # fmt: skip


def is_marked(message: Message) -> Optional[list[str]]:
    """The labels of a marked turn; None for any other message."""
    labels = (message.get(METADATA) or {}).get(TURN)
    return list(labels) if labels is not None else None
