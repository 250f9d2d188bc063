"""A reply in words: what actions hand to Rasa, and the gateway gets from it and shows."""

from __future__ import annotations

from typing import Any, Literal, Optional

from pydantic import BaseModel


class _Wire(BaseModel):
    class Config:
        extra = "forbid"


class SpokenChoice(_Wire):
    """An offered choice; the payload stays on the server, the member gets an opaque id for it.

    `start`: when the offered time begins (ISO, UTC), so that pages can group times by day.
    """

    title: str
    payload: dict[str, Any]
    start: Optional[str] = None


CardState = Literal["booked", "proposed", "to_cancel", "cancelled"]


class MeetingCard(_Wire):
    """A meeting beside the text that names it: what is booked, or what a yes would change.

    Instants are ISO and UTC. `receipt` is there where the message proves the change.
    """

    kind: Literal["meeting"] = "meeting"
    state: CardState
    title: str
    start: str
    end: str
    format: Literal["in_person", "digital"]
    place: Optional[str] = None
    adviser: Optional[str] = None
    owner: Literal["akasse", "jobcenter"] = "akasse"
    receipt: Optional[str] = None


class Source(_Wire):
    """Where an answer stands: page (with its date) and section."""

    title: str
    section: str


class SpokenHandover(_Wire):
    """Staff take over. `urgency` 1 (high) to 3; `summary` is for staff's eyes, in Danish."""

    reason: str
    urgency: int
    summary: str


class Spoken(_Wire):
    """One message of the bot. `text` is for Min side, `sms` for text messages (choices numbered there).

    `calendar` is the id of a meeting whose calendar file (ICS) goes with the message. `unanswered`: the
    bot could not answer the member's message; the nearest intent, so that editors can look at it.
    `verify`: it must first be known who writes; the gateway asks, and then plays the turn again.
    `queue`: after this message the gateway says how the member stands in the queue, or takes them out of it.
    `english`: the member writes English.
    """

    text: str
    sms: str
    choices: list[SpokenChoice] = []
    sources: list[Source] = []
    cards: list[MeetingCard] = []
    calendar: Optional[str] = None
    handover: Optional[SpokenHandover] = None
    unanswered: Optional[str] = None
    verify: bool = False
    queue: Optional[Literal["place", "leave"]] = None
    english: bool = False


class TurnMetadata(_Wire):
    """What the gateway tells about a message: who (`member`, None: not known), where, when (ISO, UTC).

    `waiting`: the conversation is in the queue for staff, who read all that is written in it.
    """

    member: Optional[str]
    channel: Literal["min_side", "sms"]
    verified: bool
    now: str
    waiting: bool = False


class TurnRequest(_Wire):
    """`POST /webhooks/gateway/turns`: a typed text, or the payload of a choice (its title may go along)."""

    session: str
    message_id: str
    text: Optional[str] = None
    payload: Optional[dict[str, Any]] = None
    metadata: TurnMetadata


class TurnAnswer(_Wire):
    """What the bot said in the turn, at least one message. `flow`: the matter still under way."""

    messages: list[Spoken]
    flow: Optional[str] = None
