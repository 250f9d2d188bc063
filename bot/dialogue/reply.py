"""What the bot says, as data: keys and values of `data/replies`, no Danish and no channel in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal, Mapping, Optional

from bot.dialogue.state import Command, Dialogue


@dataclass(frozen=True)
class Part:
    """One paragraph: a key of `data/replies` and the values for its placeholders."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """An offered choice. `title` is a Part; `payload` comes back in `Turn.choice` when it is pressed."""

    title: Part
    payload: Mapping[str, Any]


Why = Literal[
    "member_asked", "not_understood", "no_free_time", "missed", "reason_to_assess", "worry", "anger",
    "crisis", "backend_error", "participation",
]  # fmt: skip
"""Why staff are wanted; the desk says it in Danish (`summary_why_…` in `data/replies`)."""


@dataclass(frozen=True)
class Handover:
    """The conversation goes to staff: why, how urgent (1 high to 3 low), and what the bot knows."""

    reason: Why
    urgency: int
    summary: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Reply:
    """Channel-neutral: each channel renders parts, choices and attachments its own way.

    `answer` is a topic of `data/answers`, said before the parts.
    `opening` comes before everything else: one human sentence, or whose records can be seen.
    `verify`: nothing can be said before it is known who writes. `yes`: the payload that a bare "ja" to it
    means, where it asks or offers one thing. `queue`: how the member stands in the queue for staff is said
    by whoever keeps it, or they leave it.
    """

    parts: tuple[Part, ...] = ()
    choices: tuple[Choice, ...] = ()
    answer: Optional[str] = None
    calendar: Optional[str] = None
    handover: Optional[Handover] = None
    opening: Optional[Part] = None
    verify: bool = False
    yes: Optional[Mapping[str, Any]] = None
    queue: Optional[Literal["place", "leave"]] = None

    def then(self, other: Reply) -> Reply:
        """This reply, and after it the other; the later choices are the ones that stay open."""
        return replace(
            self,
            parts=self.parts + other.parts,
            choices=other.choices or self.choices,
            calendar=other.calendar or self.calendar,
            handover=self.handover or other.handover,
            opening=self.opening or other.opening,
            verify=self.verify or other.verify,
            yes=(other if other.choices else self).yes,
            queue=self.queue or other.queue,
        )


@dataclass(frozen=True)
class Outcome:
    """What a turn leads to: the state to keep, what to say, and the change to carry out, if any.

    `beside`: answers to what was asked in the same message.
    """

    dialogue: Dialogue
    reply: Reply
    command: Optional[Command] = None
    beside: tuple[Reply, ...] = ()


def say(key: str, **values: Any) -> Reply:
    """A reply of one paragraph."""
    return Reply(parts=(Part(key, values),))


def choice(title: str, payload: Mapping[str, Any], **values: Any) -> Choice:
    """A choice whose title is a key of `data/replies`."""
    return Choice(Part(title, values), payload)
