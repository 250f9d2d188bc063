"""When a member means: days, clock times, weeks and ranges in Danish, as a member types them."""

from __future__ import annotations

from bot.nlu.times.found import TimeFound
from bot.nlu.times.reading import read_times

__all__ = ["TimeFound", "read_times"]
