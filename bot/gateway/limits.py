"""How fast one member may write: a bucket that fills again as time goes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_REMEMBERED = 50_000


class RateLimit:
    """`per_minute` messages a minute and member, as many at once after a pause. Per process."""

    def __init__(self, per_minute: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self._most, self._rate, self._seconds = float(per_minute), per_minute / 60, seconds
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, member: str) -> bool:
        """Take one from the member's bucket; False if it is empty."""
        now = self._seconds()
        with self._lock:
            left, at = self._buckets.pop(member, (self._most, now))
            left = min(self._most, left + (now - at) * self._rate)
            allowed = left >= 1
            self._buckets[member] = (left - 1 if allowed else left, now)
            if len(self._buckets) > _MOST_REMEMBERED:
                self._buckets.popitem(last=False)
        return allowed
