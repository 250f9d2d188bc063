"""Who answers in a conversation, and every move that there is between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

State = Literal["bot", "waiting", "staff", "closed"]
Move = Literal["request", "leave", "claim", "requeue", "handback", "close", "resume"]

STATES: tuple[State, ...] = ("bot", "waiting", "staff", "closed")
MOVES: tuple[Move, ...] = (
    "request", "leave", "claim", "requeue", "handback", "close", "resume",
)  # fmt: skip

TRANSITIONS: Mapping[tuple[State, Move], State] = {
    ("bot", "request"): "waiting",  # the member, or the bot itself, wants a person
    ("closed", "request"): "waiting",
    ("waiting", "leave"): "bot",  # the member does not want to wait any longer
    ("waiting", "claim"): "staff",
    ("staff", "requeue"): "waiting",  # a colleague is to take it, or a lead frees it
    ("staff", "handback"): "bot",
    ("staff", "close"): "closed",
    ("closed", "resume"): "bot",  # the member writes again: the bot takes up afresh
}


class IllegalTransition(Exception):
    """The table has no such move from that state."""


def after(state: State, move: Move) -> State:
    """The state that a move leads to. Raises IllegalTransition."""
    try:
        return TRANSITIONS[state, move]
    except KeyError:
        raise IllegalTransition(f"{move} from {state}") from None


def starts_of(move: Move) -> tuple[State, ...]:
    """The states from which a move is possible."""
    return tuple(state for state in STATES if (state, move) in TRANSITIONS)
