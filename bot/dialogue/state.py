"""What the dialogue remembers from turn to turn: kept as JSON in Rasa's one slot, `dialogue`."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Callable, Literal, Optional, Union

from pydantic import BaseModel

from bot.backend.contract import (
    Book,
    ChangeFormat,
    Format,
    FreeTime,
    GiveAfbud,
    Move,
    RegisterContact,
    RequestParticipation,
)

FlowName = Literal["afbud", "move", "book", "format", "participation", "missed"]
Asked = Literal["meeting", "which_day", "reason", "warning", "format", "time", "confirm", "kind"]

STALE = timedelta(hours=12)
"""A flow that nobody went on with for so long is over: the member has left it in their mind too."""


class _Kept(BaseModel):
    class Config:
        extra = "forbid"
        allow_mutation = False


_Request = Union[Book, GiveAfbud, Move, ChangeFormat, RegisterContact, RequestParticipation]


class Command(_Kept):
    """A change that the member has been asked about; `key` makes twenty "ja" one change."""

    key: str
    action: Literal["book", "afbud", "move", "format", "contact", "participation"]
    meeting: Optional[str]
    body: dict[str, Any]

    def request(self) -> _Request:
        """The body as the back end's own request type."""
        types: dict[str, Callable[..., _Request]] = {
            "book": Book, "afbud": GiveAfbud, "move": Move, "format": ChangeFormat,
            "contact": RegisterContact, "participation": RequestParticipation,
        }  # fmt: skip
        return types[self.action](**self.body)


class Proposal(_Kept):
    """A change put before the member, open for a yes until it expires."""

    command: Command
    expires: datetime


class Wish(_Kept):
    """When the new time should be. Dates as instants, hours as local clock times; None: open."""

    start: Optional[datetime] = None
    end: Optional[datetime] = None
    from_hour: Optional[time] = None
    to_hour: Optional[time] = None

    def allows(self, local_start: datetime) -> bool:
        """Whether a time that starts then (Copenhagen) is what was wished."""
        clock = local_start.time()
        return not (
            (self.start is not None and local_start < self.start)
            or (self.end is not None and local_start >= self.end)
            or (self.from_hour is not None and clock < self.from_hour)
            or (self.to_hour is not None and clock >= self.to_hour)
        )


class Flow(_Kept):
    """A matter under way. `menu` names the question now open; a choice of an older menu is overtaken."""

    name: FlowName
    at: datetime
    menu: str = ""
    asked: Optional[Asked] = None
    meeting: Optional[str] = None
    candidates: tuple[str, ...] = ()
    kind: Optional[str] = None
    reason: Optional[str] = None
    note: Optional[str] = None
    warned: bool = False
    format: Optional[Format] = None
    wish: Optional[Wish] = None
    readings: tuple[datetime, ...] = ()
    offered: tuple[FreeTime, ...] = ()
    chosen: Optional[FreeTime] = None
    without_new_time: bool = False
    proposal: Optional[Proposal] = None

    def with_(self, **changes: Any) -> Flow:
        """A copy with other values."""
        return self.copy(update=changes)


class Dialogue(_Kept):
    """The whole of it. `offer`: the choice that a bare "ja" now takes. `misses`: not understood in a row.

    `felt`: the mood that was met last; it is met once, not in every turn. `topic`: the question about
    rights and duties that was answered last, while the next message may lean on it. `suggested`: what
    "mente du" just named, in order.
    """

    flow: Optional[Flow] = None
    offer: Optional[dict[str, Any]] = None
    misses: int = 0
    felt: Optional[str] = None
    topic: Optional[str] = None
    suggested: tuple[str, ...] = ()
    last: Optional[dict[str, Any]] = None

    @property
    def gave_up(self) -> bool:
        """Whether a person was just offered because the member was not understood."""
        return self.offer is not None and self.offer.get("why") == "not_understood"

    def with_(self, **changes: Any) -> Dialogue:
        """A copy with other values."""
        return self.copy(update=changes)


def read_dialogue(slot: Optional[dict[str, Any]], now: datetime) -> Dialogue:
    """The slot's JSON to a Dialogue, without a flow that has gone stale."""
    dialogue = Dialogue.parse_obj(slot) if slot else Dialogue()
    if dialogue.flow and now - dialogue.flow.at > STALE:
        return dialogue.with_(flow=None, offer=None)
    return dialogue
