"""What the back end does by itself, beside answering: a thread that looks at the course again and again."""

from __future__ import annotations

import logging
import threading
from typing import Optional

from sqlalchemy.exc import SQLAlchemyError

from bot.backend.automatic import call_in_due_members
from bot.backend.old_notes import forget_old_notes
from bot.backend.work import House

log = logging.getLogger(__name__)

STOP_SECONDS = 5.0


class Upkeep:
    """Runs the automatic course, and forgets old notes, every `seconds` (wall time) until it is stopped.

    Nothing hangs on when it runs or whether it was stopped half-way: what is done is in the database,
    and the next run does the rest. Several processes may run it at once.
    """

    def __init__(self, house: House, seconds: float) -> None:
        self._house, self._seconds = house, seconds
        self._stopping = threading.Event()
        self._thread: Optional[threading.Thread] = None

    def start(self) -> None:
        """Begin; the first run is at once."""
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, after the run that is under way."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                called = call_in_due_members(self._house)
                if called:
                    log.info("called members in to %d meetings of their course", called)
                forgotten = forget_old_notes(self._house)
                if forgotten:
                    log.info("forgot the notes of %d afbud", forgotten)
            except SQLAlchemyError as error:  # a busy or lost database: the next run finds the same
                log.warning("the course could not be looked at: %s", type(error).__name__)
            self._stopping.wait(self._seconds)
