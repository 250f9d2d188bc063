"""One turn of the member as flows and answers get it: moves, who, where and when. Never the words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, Mapping, Optional, TypeVar

from bot.backend.contract import Format
from bot.dialogue.moves import (
    Accept,
    Ask,
    Begin,
    GiveReason,
    Mean,
    Move,
    Refuse,
    TimeMention,
    WishFor,
)
from bot.dialogue.state import FlowName

Channel = Literal["min_side", "sms"]
Mood = Literal["crisis", "grief", "worry", "anger"]
Whose = Literal["own", "number", "somebody"]
"""`number`: a member or CPR number stands in the text; `somebody`: another person's matter is asked about."""

_M = TypeVar("_M")


@dataclass(frozen=True)
class Turn:
    """A member's turn.

    `member` comes from the gateway's metadata alone, never from the text. `now` is when the gateway
    received the message (UTC). `waiting`: staff have the conversation in their queue. `choice` is the
    payload of an offered choice, pressed or named. `mood`, `whose`: what stands between the lines
    (`reading.listening`). `english`: it was written in English. `questioning`: it has a
    question's form. `new_job`: it tells of work that begins. `nearest`: what the editors are told where
    the bot had no answer.
    """

    message_id: str
    now: datetime
    moves: tuple[Move, ...] = ()
    member: Optional[str] = None
    verified: bool = False
    waiting: bool = False
    channel: Channel = "min_side"
    choice: Optional[Mapping[str, Any]] = None
    mood: Optional[Mood] = None
    whose: Whose = "own"
    masked_cpr: bool = False
    english: bool = False
    questioning: bool = False
    new_job: bool = False
    nearest: str = "nlu_fallback"

    def first(self, kind: type[_M]) -> Optional[_M]:
        """The first move of that kind."""
        return next((move for move in self.moves if isinstance(move, kind)), None)

    def has(self, *kinds: type[Any]) -> bool:
        """Whether a move of one of the kinds is made."""
        return any(isinstance(move, kinds) for move in self.moves)

    def only(self, *moves: Move) -> Turn:
        """The same turn with other moves and nothing pressed."""
        return replace(self, moves=moves, choice=None)

    @property
    def accepts(self) -> bool:
        """A yes."""
        return self.has(Accept)

    @property
    def refuses(self) -> bool:
        """A no."""
        return self.has(Refuse)

    @property
    def begins(self) -> Optional[FlowName]:
        """The first matter begun."""
        begun = self.first(Begin)
        return begun.matter if begun else None

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The questions."""
        return tuple(move for move in self.moves if isinstance(move, Ask))

    @property
    def reason(self) -> Optional[GiveReason]:
        """The reason given."""
        return self.first(GiveReason)

    @property
    def wish(self) -> Optional[WishFor]:
        """What is wished of a new time."""
        return self.first(WishFor)

    @property
    def means(self) -> Optional[Mean]:
        """Which meeting is meant."""
        return self.first(Mean)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of meetings that are meant."""
        return self.means.kinds if self.means else ()

    @property
    def times(self) -> tuple[TimeMention, ...]:
        """Every time that was named, to wish or to say which meeting."""
        named = (*(self.wish.times if self.wish else ()), *(self.means.times if self.means else ()))
        return tuple(dict.fromkeys(named))

    @property
    def format(self) -> Optional[Format]:
        """The format wished."""
        return self.wish.format if self.wish else None
