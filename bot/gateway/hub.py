"""Wake-ups inside one process: who waits for a member's conversation hears that it changed.

Only a hint: the listener looks into the database. Other processes' changes are found by the
worker's sweep, which wakes here too.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Listener:
    """One waiting request, on its event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Return at the next wake-up since the last wait, or when the seconds are over."""
        try:
            await asyncio.wait_for(self._event.wait(), max(seconds, 0))
        except asyncio.TimeoutError:
            return
        finally:
            self._event.clear()

    def wake(self) -> None:
        """From any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)


class Hub:
    """All listeners of this process, by member."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._lock = threading.Lock()

    @contextmanager
    def listening(self, member: str) -> Iterator[Listener]:
        """A listener for as long as the block runs. Listen first, then read."""
        listener = Listener()
        with self._lock:
            self._listeners[member].add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners[member].discard(listener)
                if not self._listeners[member]:
                    del self._listeners[member]

    def count(self, member: str) -> int:
        """How many requests wait for the member's conversation right now."""
        with self._lock:
            return len(self._listeners.get(member, ()))

    def wake(self, member: str) -> None:
        """The member's conversation has changed. From any thread."""
        with self._lock:
            listeners = list(self._listeners.get(member, ()))
        for listener in listeners:
            listener.wake()
