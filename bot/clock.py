"""The domain clock: wall time plus the one offset of a HOME (design: `docs/architecture.md`, Clock)."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.settings import Settings, SettingsError

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


class Clock(Protocol):
    """What a function gets that must know the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class OffsetClock:
    """Wall time moved by a fixed offset; offset zero is the wall clock itself."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(timezone.utc) + self.offset


class FrozenClock:
    """A clock that stands still until it is set: for tests and for `parse --now`."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant.astimezone(timezone.utc)

    def now(self) -> datetime:
        """The instant it stands at, aware, in UTC."""
        return self.instant


def read_instant(text: str) -> datetime:
    """ISO 8601 to an aware UTC instant; without an offset it is Copenhagen time. Raises ValueError."""
    instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=COPENHAGEN)
    return instant.astimezone(timezone.utc)


def domain_clock(settings: Settings) -> OffsetClock:
    """The clock of this HOME, the same for every process, restart and command.

    `MOEDEKLAR_NOW` fixes the offset once and keeps it in `$MOEDEKLAR_HOME/clock`; another value makes
    a new offset; without the variable a kept offset goes on being used. Raises SettingsError where
    NOW is not ISO 8601.
    """
    if not settings.development:
        return OffsetClock()
    path = settings.home / "clock"
    kept = json.loads(path.read_text("utf-8")) if path.exists() else None
    if settings.now is None or (kept is not None and kept["now"] == settings.now):
        return OffsetClock(timedelta(seconds=kept["offset_seconds"]) if kept else timedelta(0))
    try:
        wanted = read_instant(settings.now)
    except ValueError as error:
        raise SettingsError(f"MOEDEKLAR_NOW: {settings.now!r} is not an ISO 8601 time.") from error
    offset = wanted - datetime.now(timezone.utc)
    settings.home.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"now": settings.now, "offset_seconds": offset.total_seconds()}))
    draft.replace(path)
    return OffsetClock(offset)
