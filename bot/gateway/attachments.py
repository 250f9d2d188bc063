"""What goes with a message beside its text: calendar file, meeting cards, when offered times begin.

All of it stands in one list, `messages.attachments`, told apart by `kind`: `ics` (`meeting`: whose
calendar file), `meeting` (a MeetingCard), `times` (`starts`: an instant or null for each choice).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Optional

from bot.dialogue.spoken import Spoken
from bot.gateway.side_texts import side_texts

Kept = dict[str, Any]


def kept_with(spoken: Spoken) -> list[Kept]:
    """What to store with a message of the bot on Min side."""
    kept: list[Kept] = [card.dict() for card in spoken.cards]
    if spoken.calendar is not None:
        kept.append({"kind": "ics", "meeting": spoken.calendar})
    if any(choice.start for choice in spoken.choices):
        kept.append({"kind": "times", "starts": [choice.start for choice in spoken.choices]})
    return kept


def calendar_meeting(kept: Sequence[Kept]) -> Optional[str]:
    """The id of the meeting whose calendar file goes with the message."""
    return next((str(each["meeting"]) for each in kept if each["kind"] == "ics"), None)


def on_the_wire(
    message: int, kept: Sequence[Kept], choices: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """The message's `attachments`, and `cards` and `times` (choice id -> instant) where it has any."""
    wire: dict[str, Any] = {"attachments": []}
    if calendar_meeting(kept) is not None:
        wire["attachments"].append(
            {
                "kind": "ics",
                "url": f"/api/chat/attachments/{message}",
                "title": side_texts().calendar,
            }
        )
    cards = [each for each in kept if each["kind"] == "meeting"]
    if cards:
        wire["cards"] = cards
    for each in kept:
        if each["kind"] == "times":
            pairs = zip((id_ for id_, _ in choices), each["starts"], strict=False)
            wire["times"] = {id_: start for id_, start in pairs if start is not None}
    return wire
