"""Meetings and times of a reply as data, for channels that can show more than text."""

from __future__ import annotations

from typing import Optional

from bot.dialogue.danish import Shown
from bot.dialogue.reply import Part
from bot.dialogue.spoken import CardState, MeetingCard


def card(shown: Shown, state: CardState, receipt: Optional[str]) -> MeetingCard:
    """The card of a meeting or free time; only what has happened carries the receipt."""
    raw = shown.raw
    return MeetingCard(
        state=state,
        title=shown.name[:1].upper() + shown.name[1:],
        start=raw.start.isoformat(),
        end=raw.end.isoformat(),
        format=raw.format,
        place=raw.place if raw.format == "in_person" else None,
        adviser=raw.adviser,
        owner=raw.owner,
        receipt=receipt if state in ("booked", "cancelled") else None,
    )


def starts(title: Part) -> Optional[str]:
    """When the time that a choice's title names begins (ISO, UTC); None where it names none."""
    shown = title.values.get("time")
    return shown.raw.start.isoformat() if isinstance(shown, Shown) else None
