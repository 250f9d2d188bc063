"""The threads that take members' turns to Rasa, and the sweep that finds what is due."""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
import uuid
from datetime import timedelta
from typing import Optional

from sqlalchemy.engine import Engine

from bot.clock import Clock
from bot.desk.moves import Moment
from bot.gateway import sessions, turns
from bot.gateway.hub import Hub
from bot.gateway.ports import Rasa, RasaFailed
from bot.gateway.sms.unproven import Unproven

log = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
FIRST_DELAY = 1.0
LONGEST_DELAY = 15.0
_OVERLAP = timedelta(seconds=5)
"""How far machines' clocks may be apart, or a commit take, without a change being missed."""


def delay(attempts: int, chance: float) -> timedelta:
    """Wait before the next try: doubling, bounded; `chance` (0 to 1) spreads it over half of it."""
    whole = min(FIRST_DELAY * 2.0 ** min(attempts, 10), LONGEST_DELAY)
    return timedelta(seconds=whole * (0.5 + chance / 2))


class Worker:
    """Drains conversations: few threads, one conversation at a time each, one turn at a time."""

    def __init__(
        self,
        engine: Engine,
        rasa: Rasa,
        hub: Hub,
        clock: Clock,
        wall: Clock,
        told: turns.Told,
        unproven: Unproven,
        threads: int = 16,
    ) -> None:
        self._engine, self._rasa, self._hub = engine, rasa, hub
        self._clock, self._wall, self._told, self._unproven = clock, wall, told, unproven
        self._queue: queue.Queue[Optional[str]] = queue.Queue()
        self._queued: set[str] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"turns-{number}", daemon=True)
            for number in range(threads)
        ] + [threading.Thread(target=self._sweep, name="turns-sweep", daemon=True)]

    def start(self) -> None:
        """Take up what was kept, and begin."""
        turns.fresh_start(self._engine, self._wall.now())
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Begin nothing new, wait shortly; a turn at Rasa stays pending till the next start."""
        self._stopping.set()
        for _ in self._threads:
            self._queue.put(None)
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def alive(self) -> bool:
        """Whether every thread is at work."""
        return all(thread.is_alive() for thread in self._threads)

    def wake(self, conversation: str) -> None:
        """A turn of this conversation is due. From any thread."""
        with self._lock:
            if conversation in self._queued:
                return
            self._queued.add(conversation)
        self._queue.put(conversation)

    def _work(self) -> None:
        while not self._stopping.is_set():
            conversation = self._queue.get()
            if conversation is None:
                return
            with self._lock:
                self._queued.discard(conversation)
            try:
                self._drain(conversation)
            except Exception as error:  # the thread lives on; the turn is pending and is swept up
                log.error("draining %s failed: %s", conversation, type(error).__name__)

    def _drain(self, conversation: str) -> None:
        owner, listens = str(uuid.uuid4()), None
        while not self._stopping.is_set():
            job = turns.take(self._engine, conversation, owner, self._wall.now())
            if job is None:
                break
            listens = job.listens
            self._work_on(job)
        if listens is None:
            return
        if self._stopping.is_set():
            turns.release(self._engine, conversation, owner, self._wall.now())
        self._hub.wake(listens)  # the bot has stopped writing

    def _work_on(self, job: turns.Job) -> None:
        wish = self._told.waiting.wish(job.request.text, job.request.payload)
        if wish is not None and (job.state == "waiting" or job.request.payload is not None):
            turns.settle_wish(self._engine, job, wish, self._told, self._moment())
            self._hub.wake(job.listens)
            return
        self._hub.wake(job.listens)  # the bot is writing
        try:
            answer = self._rasa.ask(job.request)
        except RasaFailed as failure:
            log.warning(
                "turn %s of %s failed, attempt %s: %s",
                job.turn, job.conversation, job.attempts + 1, failure.why,
            )  # fmt: skip
            chance = random.random()  # spreads retries, keeps no secret
            again = self._wall.now() + delay(job.attempts, chance)
            turns.postpone(self._engine, job, self._told, self._moment(), again)
        else:
            if self._unproven.concerns(job, answer):
                self._unproven.settle(self._engine, job, self._moment())
            else:
                turns.settle(self._engine, job, answer, self._told, self._moment())
        self._hub.wake(job.listens)

    def _sweep(self) -> None:
        while not self._stopping.wait(SWEEP_SECONDS):
            try:
                for conversation in turns.due(self._engine, self._wall.now()):
                    self.wake(conversation)
                for member in turns.changed_since(self._engine, self._wall.now() - _OVERLAP):
                    self._hub.wake(member)
                self._forget_sessions()
            except Exception as error:  # the sweep goes on with the next second
                log.error("sweep failed: %s", type(error).__name__)

    def _forget_sessions(self) -> None:
        for name in sessions.due_to_forget(self._engine, self._wall.now()):
            try:
                self._rasa.forget(name)
            except RasaFailed as failure:
                log.warning("session %s not deleted: %s", name, failure.why)
                sessions.forget_later(self._engine, name, self._wall.now())
                return
            sessions.forgotten(self._engine, name)

    def _moment(self) -> Moment:
        return Moment(at=self._clock.now(), wall=self._wall.now())
