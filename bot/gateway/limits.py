"""How fast one member may write, and one address may ask: buckets that fill again as time goes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_REMEMBERED = 50_000


class RateLimit:
    """`per_minute` a minute for each key (a member, an address), as many at once after a pause.

    Per process.
    """

    def __init__(self, per_minute: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self._most, self._rate, self._seconds = float(per_minute), per_minute / 60, seconds
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, key: str) -> bool:
        """Take one from the key's bucket; False if it is empty."""
        now = self._seconds()
        with self._lock:
            left, at = self._buckets.pop(key, (self._most, now))
            left = min(self._most, left + (now - at) * self._rate)
            allowed = left >= 1
            self._buckets[key] = (left - 1 if allowed else left, now)
            if len(self._buckets) > _MOST_REMEMBERED:
                self._buckets.popitem(last=False)
        return allowed
