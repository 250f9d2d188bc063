"""Which back end is asked: the one at MOEDEKLAR_CONFORMANCE_URL (`make conformance URL=…`), else our own.

The records of `seed.yml` have to be in it. The suite changes them: load them anew before another run.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import uvicorn

from bot.backend.app import create_app
from bot.backend.client import BackendClient
from bot.backend.contract import FreeTime
from bot.backend.failures import BackendError, BackendRefusal
from bot.backend.seed import seed
from bot.clock import FrozenClock, read_instant
from bot.database import make_engine
from bot.profile import load_profile
from bot.settings import Settings, read_settings

SEED = Path(__file__).parent / "seed.yml"
NOW = read_instant("2027-02-01T09:00")
"""A Monday without a closing day for five weeks, for our own."""

STAFF = "staff:conformance@akasse.example"


@dataclass
class Peer:
    """The back end that claims to keep the contract."""

    url: str
    token: str
    run: str
    numbers: Any

    def client(self, actor: str = "system") -> BackendClient:
        """It, as asked by somebody."""
        return BackendClient(self.url, self.token, actor, "min_side", deadline_seconds=20)

    def of(self, member: str) -> BackendClient:
        """It, as asked by that member."""
        return self.client(f"member:{member}")

    def key(self) -> str:
        """A key that nobody has used, in this run or another."""
        return f"conformance-{self.run}-{next(self.numbers)}"

    def free(self, member: str, kind: str = "raadighed", **query: Any) -> list[FreeTime]:
        """Free times, of which there must be some."""
        found = self.client().times(member, kind, **query)
        assert found, f"{member} is offered no time: are the records of seed.yml loaded?"
        return found


def refusal(call: Callable[[], Any]) -> tuple[int, str]:
    """Status and code that a call is refused with."""
    with pytest.raises(BackendRefusal) as error:
        call()
    return error.value.status, error.value.code


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """The back end under test."""
    url = os.environ.get("MOEDEKLAR_CONFORMANCE_URL")
    if url is None:
        yield from _our_own(tmp_path_factory.mktemp("conformance"))
    else:
        yield _theirs(url)


def _theirs(url: str) -> Peer:
    token = os.environ.get("MOEDEKLAR_CONFORMANCE_TOKEN") or read_settings().service_token
    found = Peer(url, token, uuid4().hex, count())
    try:
        found.client().member("c1")
    except BackendError as error:
        pytest.exit(
            f"{url} does not know the member c1 ({error}). Load tests/conformance/seed.yml into it "
            "first; docs/backend-contract.md says how.",
            returncode=3,
        )
    return found


def _our_own(folder: Path) -> Iterator[Peer]:
    clock, profile = FrozenClock(NOW), load_profile("standard")
    engine = make_engine(f"sqlite:///{folder / 'own.db'}")
    seed(engine, SEED, clock, profile)
    token = "a-service-token-of-the-tests"
    app = create_app(Settings(home=folder, service_token=token), clock, engine, profile)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    patience = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < patience
        time.sleep(0.02)
    yield Peer(f"http://127.0.0.1:{port}", token, uuid4().hex, count())
    server.should_exit = True
    thread.join(10)
