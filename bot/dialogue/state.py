"""What the dialogue remembers from turn to turn: kept as JSON in Rasa's one slot, `dialogue`."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Callable, Literal, Optional, Union

from pydantic import BaseModel, ValidationError

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
from bot.dialogue.wish import Wish

log = logging.getLogger(__name__)

FlowName = Literal["afbud", "move", "book", "format", "participation", "missed"]
Asked = Literal["meeting", "which_day", "reason", "warning", "time", "confirm", "kind", "matter"]
"""The question that is open in a matter. `matter`: whether the meeting is to be moved or called off."""

Done = Literal["book", "afbud", "move", "format", "contact", "participation"]
Last = Literal[
    "nothing", "done", "answered", "own", "not_understood", "handed_over", "stopped", "refused", "asked"
]  # fmt: skip
"""What the last reply was, where the next message may lean on it."""

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


class Receipt(_Kept):
    """The change that was made last, as far as undoing it or asking about it needs to know.

    `meeting`: the one that stands now (booked, moved, called off). `before`: when the meeting was before
    the change (UTC), None where there was none.
    """

    action: Done
    meeting: str
    kind: str
    number: str
    at: datetime
    start: datetime
    before: Optional[datetime] = None
    format_before: Optional[Format] = None


class Flow(_Kept):
    """A matter under way. `menu` names the question now open; a choice of an older menu is overtaken.

    `about`: when the meeting that the matter is about begins. `tries`: how often the open question was put
    without an answer to it.
    """

    name: FlowName
    at: datetime
    menu: str = ""
    asked: Optional[Asked] = None
    tries: int = 0
    meeting: Optional[str] = None
    about: Optional[datetime] = None
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
    """The whole of it.

    `offer`: the choice that a bare "ja" now takes. `shown`: the payloads of the choices shown last, as they
    were numbered. `misses`: not understood in a row. `staff_offered`: a person was offered because nothing
    came of the talk; not again before something new happens. `felt`: the mood that was met last.
    `topic`: the question about rights and duties that was answered last. `receipt`: the change made last.
    `later`: matters that were asked for and wait. `english`: the member writes English. `told`: things that
    are said once in a conversation and have been said. `last`: the last reply, to say it again.
    """

    flow: Optional[Flow] = None
    offer: Optional[dict[str, Any]] = None
    shown: tuple[dict[str, Any], ...] = ()
    misses: int = 0
    staff_offered: bool = False
    felt: Optional[str] = None
    topic: Optional[str] = None
    was: Last = "nothing"
    receipt: Optional[Receipt] = None
    later: tuple[FlowName, ...] = ()
    english: bool = False
    told: tuple[str, ...] = ()
    last: Optional[dict[str, Any]] = None

    def with_(self, **changes: Any) -> Dialogue:
        """A copy with other values."""
        return self.copy(update=changes)


def read_dialogue(slot: Optional[dict[str, Any]], now: datetime) -> Dialogue:
    """The slot's JSON to a Dialogue, without a flow that has gone stale.

    What an earlier version kept and this one can't read is begun anew: nothing was changed without a yes, and
    the records have what was.
    """
    try:
        dialogue = Dialogue.parse_obj(slot) if slot else Dialogue()
    except ValidationError as error:
        log.warning("a kept dialogue is of another version: %s fields", len(error.errors()))
        return Dialogue()
    if dialogue.flow and now - dialogue.flow.at > STALE:
        return dialogue.with_(flow=None, offer=None, shown=(), later=(), was="nothing")
    return dialogue
