"""Putting a question: the menu that its choices belong to, and what a pressed choice says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence

from bot.dialogue.reply import Choice, Part, Reply, Why
from bot.dialogue.state import Asked, Command, Flow
from bot.dialogue.turn import Turn


@dataclass(frozen=True)
class Step:
    """Where a flow stands after a turn. `flow` None: it is over."""

    flow: Optional[Flow]
    reply: Reply
    command: Optional[Command] = None

    def after(self, reply: Reply) -> Step:
        """The same step, with something said before it."""
        return Step(self.flow, reply.then(self.reply), self.command)


def ask(flow: Flow, turn: Turn, asked: Asked, parts: Sequence[Part], picks: Sequence[Pick]) -> Step:
    """Put a question and keep what was asked; the choices belong to this question alone."""
    tries = flow.tries if flow.asked == asked else 0
    flow = flow.with_(asked=asked, menu=turn.message_id, at=turn.now, tries=tries)
    choices = tuple(
        Choice(pick.title, {"intent": pick.intent, "menu": flow.menu, **pick.payload})
        for pick in picks
    )
    return Step(flow, Reply(tuple(parts), choices))


@dataclass(frozen=True)
class Pick:
    """A choice of a question: its title, what it says when pressed, the intent that it stands for."""

    title: Part
    payload: Mapping[str, Any]
    intent: str = "inform"


def pick(title: str, intent: str = "inform", **payload: Any) -> Pick:
    """A choice whose title is a key of `data/replies` without placeholders."""
    return Pick(Part(title), payload, intent)


STAFF = Pick(Part("choice_staff"), {"start": True}, "handoff")
STOP = Pick(Part("choice_stop"), {}, "stop")


def staff_choice(why: Why = "member_asked") -> Choice:
    """A person, one press away; `why` is what the desk reads. It never grows old."""
    return Choice(STAFF.title, {"intent": STAFF.intent, **STAFF.payload, "why": why})


def start(title: str, intent: str, **values: Any) -> Choice:
    """A choice that begins a matter of its own: it never grows old."""
    return Choice(Part(title, values), {"intent": intent, "start": True})


def picked(turn: Turn, name: str) -> Optional[Any]:
    """What a pressed choice says under that name."""
    return turn.choice.get(name) if turn.choice else None


def overtaken(flow: Optional[Flow], turn: Turn) -> bool:
    """Whether a choice was pressed that belongs to a question no longer open."""
    if turn.choice is None or turn.choice.get("start"):
        return False
    return flow is None or turn.choice.get("menu") != flow.menu
