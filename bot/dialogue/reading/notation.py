"""How moves are written beside a turn in `data/dialogues`: `accept 2`, `begin move`, `ask faq/no_show`."""

from __future__ import annotations

from typing import Optional, get_args

from bot.dialogue.answer_file import FAQ_TOPICS
from bot.dialogue.answers import intent_name
from bot.dialogue.moves import (
    Accept,
    Ask,
    Begin,
    Complain,
    GiveReason,
    Keep,
    Leave,
    Mean,
    Move,
    NoNewTime,
    Person,
    Refuse,
    Repeat,
    Social,
    Tell,
    Unclear,
    Undo,
    WishFor,
)
from bot.dialogue.state import FlowName

REASONS = (
    "illness", "child_illness", "job_interview", "work", "holiday", "transport", "forgot", "family", "other",
)  # fmt: skip
_OWN = ("next", "deadline", "course")
_ASKED = ("table", "queue", "can", "human", "beyond")
_PLAIN = (
    "accept", "refuse", "wish", "no_new_time", "this", "keep", "leave", "undo", "person", "repeat",
    "thanks", "greet", "bye", "complain", "tell", "unclear",
)  # fmt: skip
TALK = frozenset({"thanks", "greet", "bye", "complain", "tell", "unclear"})
"""Moves that ask for nothing to be done."""

_TOPICS = {intent_name(topic): topic for topic in FAQ_TOPICS}
_WRITTEN: tuple[tuple[type, str], ...] = (
    (Refuse, "refuse"), (WishFor, "wish"), (NoNewTime, "no_new_time"), (Keep, "keep"), (Leave, "leave"),
    (Undo, "undo"), (Person, "person"), (Repeat, "repeat"), (Complain, "complain"), (Tell, "tell"),
    (Unclear, "unclear"),
)  # fmt: skip


def label(written: str) -> str:
    """The label of `moves.LABELS` that a written move belongs to. Raises ValueError for what is none."""
    name, _, about = written.partition(" ")
    if name == "accept" and about.isdigit():
        return "pick"
    if name == "reason" and about in REASONS:
        return "reason"
    if name == "begin" and about in get_args(FlowName):
        return written
    if name == "ask" and about in _OWN:
        return "ask own"
    if name == "ask" and about in FAQ_TOPICS:
        return "ask faq"
    if (name == "ask" and about in _ASKED) or (written in _PLAIN):
        return written
    raise ValueError(f"{written!r} is no move; docs/moves.md has them all")


def written(move: Move, number: Optional[int] = None) -> Optional[str]:
    """A move as it is written; `number`: which of the choices shown is taken, from 1. None: not written.

    That a meeting is named beside something else, without being asked for, is not written either.
    """
    if isinstance(move, Accept):
        return "accept" if number is None else f"accept {number}"
    if isinstance(move, Mean):
        return "this" if move.plainly else None
    if isinstance(move, GiveReason):
        return f"reason {move.category}"
    if isinstance(move, Begin):
        return f"begin {move.matter}"
    if isinstance(move, Social):
        return "bye" if move.kind == "goodbye" else move.kind
    if isinstance(move, Ask):
        return f"ask {_about(move.about)}"
    return next(name for kind, name in _WRITTEN if isinstance(move, kind))


def _about(about: str) -> str:
    plain = {"ask_capabilities": "can", "bot_challenge": "human"}
    if about in _TOPICS:
        return _TOPICS[about]
    if about in (*_OWN, "table", "queue"):
        return about
    return plain.get(about, "beyond")
