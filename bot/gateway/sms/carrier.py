"""The threads of text messages: what came in is worked on, what waits is sent, notices are fetched."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Optional

from prometheus_client import CollectorRegistry, Counter
from sqlalchemy.engine import Engine

from bot.clock import Clock
from bot.database import writing
from bot.desk.moves import Moment, Request, request
from bot.gateway.hub import Hub
from bot.gateway.ports import DirectoryUnavailable
from bot.gateway.sms import inbox, notices, outbox
from bot.gateway.sms.notices import Notices, quiet_now
from bot.gateway.sms.numbers import hidden
from bot.gateway.sms.ports import Event, Provider, Report, SendFailed
from bot.gateway.sms.words import Words
from bot.gateway.sms.working import Work
from bot.profile import Notices as NoticeRules

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
NOTICE_SECONDS = 5.0
SENDERS = 4
_REST_SECONDS = 30.0
"""After an unexpected fault a phone's messages rest, so that the others are not held up."""


class Carrier:
    """Everything that text messages do by themselves. Without a provider nothing is sent."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        wall: Clock,
        hub: Hub,
        work: Work,
        words: Words,
        provider: Optional[Provider],
        source: Optional[Notices],
        rules: NoticeRules,
        limits: inbox.Limits,
        wake_turns: Callable[[str], None],
        registry: CollectorRegistry,
    ) -> None:
        self._engine, self._clock, self._wall, self._hub = engine, clock, wall, hub
        self._work, self._words, self._provider = work, words, provider
        self._source, self._rules, self._limits = source, rules, limits
        self._wake_turns = wake_turns
        self._stopping = threading.Event()
        self._came = threading.Event()
        self._resting: dict[str, float] = {}
        self._segments = Counter(
            "moedeklar_sms_segments", "Segments sent, which is what they cost", ["kind"],
            registry=registry,
        )  # fmt: skip
        loops: list[tuple[str, Callable[[], None]]] = [("sms-in", self._receive)]
        if provider is not None:
            loops += [(f"sms-out-{number}", self._send) for number in range(SENDERS)]
            loops.append(("sms-reports", self._collect))
            if source is not None:
                loops.append(("sms-notices", self._notices))
        self._threads = [
            threading.Thread(target=loop, name=name, daemon=True) for name, loop in loops
        ]

    def start(self) -> None:
        """Begin; what was kept before the last end is taken up first."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Begin nothing new and wait shortly; what is under way is sorted out at the next start."""
        self._stopping.set()
        self._came.set()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def alive(self) -> bool:
        """Whether every thread is at work."""
        return all(thread.is_alive() for thread in self._threads)

    def take(self, provider: str, event: Event) -> None:
        """Keep what a provider says: a message to be worked on, or what became of one of ours."""
        if isinstance(event, Report):
            self._mourn(outbox.reported(self._engine, event))
            return
        too_much = self._words.say("too_much")
        kept = inbox.keep(self._engine, provider, event, self._limits, too_much, self._moment())
        if kept == "kept":
            self._came.set()
        elif kept == "too_many":
            log.warning("too many messages from %s: dropped", hidden(event.phone))

    def _receive(self) -> None:
        while not self._stopping.is_set():
            self._came.wait(LOOK_SECONDS)
            self._came.clear()
            try:
                for phone in inbox.waiting_phones(self._engine):
                    self._work_on(phone)
            except Exception as error:  # the thread lives on; what is kept is found again
                log.error("working on text messages failed: %s", type(error).__name__)

    def _work_on(self, phone: str) -> None:
        """All that waits of a phone, in order."""
        if self._resting.get(phone, 0.0) > time.monotonic():
            return
        try:
            while not self._stopping.is_set():
                worked = self._work.next(self._engine, phone, self._moment())
                if worked is None:
                    self._resting.pop(phone, None)
                    return
                for turn in worked.turns:
                    self._wake_turns(turn.conversation)
                if worked.member is not None:
                    self._hub.wake(worked.member)
        except Exception as error:
            self._resting[phone] = time.monotonic() + _REST_SECONDS
            log.error("a message from %s failed: %s", hidden(phone), type(error).__name__)

    def _send(self) -> None:
        provider = self._provider
        assert provider is not None  # else the thread is not made
        while not self._stopping.is_set():
            try:
                quiet = quiet_now(self._rules, self._clock.now())
                entry = outbox.claim(self._engine, self._moment(), quiet)
                if entry is None:
                    self._stopping.wait(LOOK_SECONDS)
                else:
                    self._hand_over(provider, entry)
            except Exception as error:  # what was marked as being sent becomes unsure by itself
                log.error("sending a text message failed: %s", type(error).__name__)
                self._stopping.wait(LOOK_SECONDS)

    def _hand_over(self, provider: Provider, entry: outbox.Entry) -> None:
        try:
            taken = provider.send(entry.message)
        except SendFailed as failure:
            log.warning(
                "message %s was not taken, attempt %s: %s",
                entry.message.ref, entry.attempts, failure.why,
            )  # fmt: skip
            self._mourn(outbox.failed(self._engine, entry, failure, self._wall.now()))
        else:
            outbox.taken(self._engine, entry, taken)
            self._segments.labels(entry.kind).inc(entry.segments)

    def _collect(self) -> None:
        provider = self._provider
        assert provider is not None  # else the thread is not made
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                for event in provider.collect():
                    self.take(provider.name, event)
            except Exception as error:  # what was not taken is collected again
                log.error("collecting reports failed: %s", type(error).__name__)

    def _notices(self) -> None:
        source = self._source
        assert source is not None  # else the thread is not made
        while not self._stopping.wait(NOTICE_SECONDS):
            try:
                told = notices.fetch(self._engine, source, self._words, self._moment())
                for member in told:
                    self._hub.wake(member)
                summary = self._words.say("failed_summary")
                notices.tell_back(self._engine, source, summary, self._moment())
            except DirectoryUnavailable:
                log.warning("the records can't be asked for notices")
            except Exception as error:  # they stay due
                log.error("notices failed: %s", type(error).__name__)

    def _mourn(self, dead: Optional[outbox.Dead]) -> None:
        """A message to a member will not arrive: staff reach them in another way."""
        if dead is None or dead.conversation is None or dead.kind in ("code", "notice"):
            return
        wish = Request("notice_failed", 2, self._words.say("failed_summary"))
        with writing(self._engine) as session:
            if outbox.is_members(session, dead.conversation):
                request(session, dead.conversation, "system", wish, self._moment())

    def _moment(self) -> Moment:
        return Moment(at=self._clock.now(), wall=self._wall.now())
