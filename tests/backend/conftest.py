"""A real back end for the tests: SQLite file, migrated schema, uvicorn on a free port, real client."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy.engine import Engine

from bot.backend.app import create_app
from bot.backend.client import BackendClient
from bot.backend.inbox import load_texts
from bot.backend.seed import seed
from bot.backend.work import House
from bot.clock import FrozenClock, read_instant
from bot.database import make_engine
from bot.profile import Profile, load_profile
from bot.settings import Settings

NOW = read_instant("2026-11-25T09:00")
"""A Wednesday; `+3wd` is Monday the 30th."""
TOKEN = "a-service-token-of-the-tests"
SEED = Path(__file__).parent / "course.yml"


def local(text: str) -> datetime:
    """An ISO 8601 time on Copenhagen's clock, as an instant."""
    return read_instant(text)


def restore(snapshot: Path, database: Path) -> None:
    """Make a database that nobody has open what the snapshot is."""
    with closing(sqlite3.connect(snapshot)) as seeded, closing(sqlite3.connect(database)) as copy:
        seeded.backup(copy)


@pytest.fixture(scope="session")
def profile() -> Profile:
    """The standard profile."""
    return load_profile("standard")


@dataclass
class Backend:
    """A back end that runs, with what stands behind it."""

    url: str
    engine: Engine
    clock: FrozenClock
    profile: Profile

    def client(self, actor: str = "member:m1", deadline: float = 10.0) -> BackendClient:
        """A client of this back end."""
        return BackendClient(self.url, TOKEN, actor, "min_side", deadline_seconds=deadline)

    def headers(self, key: str, actor: str = "member:m1") -> dict[str, str]:
        """Headers of a change by hand."""
        return {
            "Authorization": f"Bearer {TOKEN}", "X-Actor": actor, "X-Channel": "min_side",
            "Idempotency-Key": key,
        }  # fmt: skip


@pytest.fixture(scope="session")
def _running(tmp_path_factory: pytest.TempPathFactory, profile: Profile) -> Iterator[Backend]:
    folder = tmp_path_factory.mktemp("backend")
    engine, clock = make_engine(f"sqlite:///{folder / 'backend.db'}"), FrozenClock(NOW)
    settings = Settings(home=folder, service_token=TOKEN)
    app = create_app(settings, clock, engine, profile, upkeep_seconds=None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    patience = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < patience, "the server did not start in time"
        time.sleep(0.02)
    yield Backend(f"http://127.0.0.1:{port}", engine, clock, profile)
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory, profile: Profile) -> Path:
    """A database file that was migrated and seeded once, to be copied for each test."""
    path = tmp_path_factory.mktemp("snapshot") / "seeded.db"
    engine = make_engine(f"sqlite:///{path}")
    seed(engine, SEED, FrozenClock(NOW), profile)
    engine.dispose()
    return path


@pytest.fixture
def backend(_running: Backend, snapshot: Path) -> Backend:
    """The running back end, freshly seeded, at NOW."""
    _running.clock.instant = NOW
    restore(snapshot, Path(_running.engine.url.database))
    return _running


@pytest.fixture
def house(tmp_path: Path, snapshot: Path, profile: Profile) -> House:
    """A database of its own with the tests' seed, without a server."""
    restore(snapshot, tmp_path / "own.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'own.db'}")
    return House(engine, FrozenClock(NOW), profile, load_texts())
