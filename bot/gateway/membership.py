"""Whether the holder of a token is (still) a member, remembered for a short while."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from bot.gateway.ports import DirectoryUnavailable, MemberDirectory

log = logging.getLogger(__name__)

REMEMBER_SECONDS = 60.0
_MOST_REMEMBERED = 50_000


class Membership:
    """Asks the directory at most once a minute and member; only a yes is remembered."""

    def __init__(
        self, directory: MemberDirectory, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._directory, self._seconds = directory, seconds
        self._known: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def admits(self, member: str) -> bool:
        """False only for whom the records do not know. While they are down the token counts."""
        now = self._seconds()
        with self._lock:
            if now - self._known.get(member, -REMEMBER_SECONDS) < REMEMBER_SECONDS:
                return True
        try:
            if not self._directory.knows(member):
                return False
        except DirectoryUnavailable:
            log.warning("the records can't be asked who is a member; the token is taken as proof")
            return True
        with self._lock:
            self._known[member] = now
            self._known.move_to_end(member)
            if len(self._known) > _MOST_REMEMBERED:
                self._known.popitem(last=False)
        return True
