"""A process that is killed at a chosen point of a change; started by test_killed.py, never by pytest.

    python -m tests.backend.killing once FOLDER SNAPSHOT    a fork a point, until one comes through
    python -m tests.backend.killing serve DATABASE PORT POINT    a real server, killed at that point

A point lies before each statement, COMMIT among them, and the last one after it; -1 is that last one.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any, Optional

import uvicorn
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.backend import afbud
from bot.backend.app import create_app
from bot.backend.contract import GiveAfbud
from bot.backend.idempotency import once
from bot.backend.inbox import load_texts
from bot.backend.work import Caller, House
from bot.clock import FrozenClock
from bot.database import make_engine
from bot.profile import load_profile
from bot.settings import Settings

from .conftest import NOW, TOKEN, restore

CALLER = Caller("member:m1", "min_side")
PROFILE, TEXTS = load_profile("standard"), load_texts()


class Death:
    """Counts the points that a writing transaction passes, and dies at one of them."""

    def __init__(self, point: int) -> None:
        self.point, self.passed, self.writing = point, 0, False

    def listen(self) -> None:
        """Hear of every statement of this process."""
        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "commit", self._commit)

    def _before(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.writing = self.writing or statement == "BEGIN IMMEDIATE"
        self._pass()

    def _commit(self, _connection: Any) -> None:
        self._pass()
        if self.writing and self.point in (-1, self.passed + 1):
            self.point = 0  # not here: when it has been written, before anybody has heard of it
            event.listen(Engine, "checkin", lambda *_rest: os.kill(os.getpid(), signal.SIGKILL))

    def _pass(self) -> None:
        if self.writing:
            self.passed += 1
            if self.passed == self.point:
                os.kill(os.getpid(), signal.SIGKILL)


def give(database: Path, key: str, time: str) -> dict[str, Any]:
    """Afbud from x1 with a new time."""
    engine = make_engine(f"sqlite:///{database}")
    house = House(engine, FrozenClock(NOW), PROFILE, TEXTS)
    body = GiveAfbud(reason="illness", new_time=time, new_format="digital")
    answer = once(
        house, CALLER, key, "POST /afbud", body, lambda work: afbud.give(work, "m1", "x1", body)
    )
    engine.dispose()
    return answer


def each_point(folder: Path, snapshot: Path, time: str) -> int:
    """Kill a fork at the first point, at the second, until one lives; gives how many died."""
    point = 1
    while True:
        database = folder / f"killed-{point}.db"
        restore(snapshot, database)
        child = os.fork()
        if child == 0:
            Death(point).listen()
            give(database, "key", time)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            return point - 1
        assert os.WTERMSIG(status) == signal.SIGKILL
        point += 1


def serve(database: Path, port: int, point: Optional[int]) -> None:
    """The real back end, until it is killed."""
    engine = make_engine(f"sqlite:///{database}")
    settings = Settings(home=database.parent, service_token=TOKEN)
    app = create_app(settings, FrozenClock(NOW), engine, upkeep_seconds=None)
    if point:
        Death(point).listen()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", ws="none")


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "once":
        print(each_point(Path(rest[0]), Path(rest[1]), rest[2]))
    else:
        serve(Path(rest[0]), int(rest[1]), int(rest[2]))
