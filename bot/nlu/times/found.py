"""A time that was found in a text, and the two shapes in which it leaves the component."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Grain = Literal["minute", "day", "week", "month"]


@dataclass(frozen=True)
class TimeFound:
    """An instant or an interval in Copenhagen time, with the code points that it was read from.

    `start` and `end` are half open whatever was said; an end is None where it is open. Of an
    instant they are the bounds of its grain: a minute, a day, an ISO week, a month.
    `dated`: a day was named. `clock`: a clock time was named. `other`: the start of the second
    reading of "næste torsdag" (the first one after today) where the two differ.
    """

    start: datetime | None
    end: datetime | None
    grain: Grain
    is_interval: bool
    dated: bool
    clock: bool
    other: datetime | None
    begin: int
    stop: int

    def as_parsed(self) -> dict[str, str | None]:
        """The fields of `moedeklar parse`: `value` + `grain`, or `from`, `to` + `grain`; ISO 8601."""
        if self.is_interval:
            return {"from": _iso(self.start), "to": _iso(self.end), "grain": self.grain}
        return {"value": _iso(self.start), "grain": self.grain}

    def as_value(self) -> dict[str, Any]:
        """The value of the Rasa entity `time`, as `bot.dialogue.turn` reads it; `parse` as above."""
        return {
            "start": _iso(self.start),
            "end": _iso(self.end),
            "grain": self.grain,
            "dated": self.dated,
            "clock": self.clock,
            "other": _iso(self.other),
            "parse": self.as_parsed(),
        }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
