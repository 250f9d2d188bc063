"""Where a conversation stands when a message comes: one typed record, made here and nowhere else.

It travels with the message into Rasa's pipeline, so that the model that scores moves reads the text
together with it, and stands beside every marked turn in `data/dialogues`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Mapping, Optional, Sequence

from pydantic import BaseModel

from bot.dialogue.state import Dialogue, FlowName, Last

Open = Literal[
    "nothing", "offer", "choices", "meeting", "which_day", "reason", "warning", "time", "confirm",
    "kind", "matter",
]  # fmt: skip
"""The question that is open. `offer`: a bare yes takes what the last reply offered. `choices`: it named
several ways on."""

Listing = Literal["time", "meeting", "day", "kind", "reason"]
"""What a list of choices is of; a choice of it says so when it is pressed."""

LISTINGS: tuple[Listing, ...] = ("time", "meeting", "day", "kind", "reason")


class Standing(BaseModel):
    """Where it stands.

    `flow`: the matter under way. `shown`: how many choices the last reply had; the first `listed` of them
    are a list of `listing`; where there is no list, `ways` are the intents that they lead to. `offers`:
    the intent that a bare yes leads to. `offered`: when the times on the table begin; `chosen`: when the
    proposed one does; `about`: when the meeting begins that the matter is about. `topic`: the question about
    rights and duties that was answered last. `was`: what the last reply was. `waiting`: staff have the
    conversation in their queue.
    """

    open: Open = "nothing"
    flow: Optional[FlowName] = None
    shown: int = 0
    listing: Optional[Listing] = None
    listed: int = 0
    ways: tuple[str, ...] = ()
    offers: Optional[str] = None
    offered: tuple[datetime, ...] = ()
    chosen: Optional[datetime] = None
    about: Optional[datetime] = None
    topic: Optional[str] = None
    was: Last = "nothing"
    waiting: bool = False

    class Config:
        extra = "forbid"
        allow_mutation = False


def standing(dialogue: Dialogue, waiting: bool = False) -> Standing:
    """Where the dialogue stands."""
    flow = dialogue.flow if dialogue.flow is not None and dialogue.flow.asked else None
    opened: Open = "nothing"
    if flow is not None and flow.asked is not None:
        opened = flow.asked
    elif dialogue.offer is not None:
        opened = "offer"
    elif dialogue.shown:
        opened = "choices"
    listing = listing_of(dialogue.shown)
    return Standing(
        open=opened,
        flow=flow.name if flow is not None else None,
        shown=len(dialogue.shown),
        listing=listing,
        listed=sum(listing in choice for choice in dialogue.shown) if listing else 0,
        ways=() if listing else tuple(str(choice.get("intent")) for choice in dialogue.shown),
        offers=str(dialogue.offer["intent"]) if dialogue.offer and flow is None else None,
        offered=tuple(time.start for time in flow.offered) if flow else (),
        chosen=flow.chosen.start if flow and flow.chosen and flow.asked == "confirm" else None,
        about=flow.about if flow is not None else None,
        topic=dialogue.topic,
        was=dialogue.was,
        waiting=waiting,
    )


def listing_of(shown: Sequence[Mapping[str, Any]]) -> Optional[Listing]:
    """What the list is of that the choices begin with; None where they are ways on."""
    return next((name for name in LISTINGS if shown and name in shown[0]), None)
