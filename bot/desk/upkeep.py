"""The thread that carries retention out: at start, and then every hour."""

from __future__ import annotations

import logging
import threading

from sqlalchemy.engine import Engine

from bot.clock import Clock
from bot.desk.retention import let_go
from bot.profile import Keep

log = logging.getLogger(__name__)

EVERY_SECONDS = 3600.0
FIRST_SECONDS = 30.0
"""After the start, so that members' first messages need not wait for it."""


class Upkeep:
    """One thread in the gateway; several gateways do the same work twice without harm."""

    def __init__(self, engine: Engine, clock: Clock, keep: Keep) -> None:
        self._engine, self._clock, self._keep = engine, clock, keep
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing new."""
        self._stopping.set()

    def _run(self) -> None:
        pause = FIRST_SECONDS
        while not self._stopping.wait(pause):
            pause = EVERY_SECONDS
            try:
                gone = let_go(self._engine, self._keep, self._clock.now())
            except Exception as error:  # tried again in an hour
                log.error("retention failed: %s", type(error).__name__)
                continue
            if gone.total:
                log.info("retention: %s", gone)
