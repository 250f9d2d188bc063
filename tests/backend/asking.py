"""What the tests of changes ask a running back end again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.backend.contract import FreeTime
from bot.backend.failures import BackendRefusal

from .conftest import Backend, local


def free(backend: Backend, member: str = "m1", **query: Any) -> list[FreeTime]:
    return backend.client().times(member, **{"kind": "raadighed", **query})


def at(backend: Backend, when: str, member: str = "m1") -> str:
    """The id of the free time at that local clock."""
    return next(time.id for time in free(backend, member) if time.start == local(when))


def live(backend: Backend, member: str = "m1") -> list[str]:
    return [one.id for one in backend.client().meetings(member) if one.status == "booked"]


def refused(call: Callable[[], Any]) -> tuple[int, str]:
    with pytest.raises(BackendRefusal) as refusal:
        call()
    return refusal.value.status, refusal.value.code
