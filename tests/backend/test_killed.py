"""SIGKILL between any two statements of an afbud with a new time: all of it or nothing, and the key tells."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Optional

import pytest
import requests
from sqlalchemy import text

from bot.database import make_engine
from bot.settings import ROOT

from .conftest import TOKEN, restore
from .killing import give


def ask(database: Path, query: str) -> list[tuple[Any, ...]]:
    engine = make_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return rows


def a_free_time(database: Path) -> str:
    query = (
        "SELECT id FROM times t WHERE office_id='odense' AND digital AND starts_at > '2026-12-03' "
        "AND NOT EXISTS (SELECT 1 FROM meetings m WHERE m.time_id=t.id) ORDER BY starts_at LIMIT 1"
    )
    return str(ask(database, query)[0][0])


def state(database: Path) -> str:
    """`all`, `nothing`, or what is half."""
    assert ask(database, "PRAGMA integrity_check") == [("ok",)]
    found = {
        "x1": ask(database, "SELECT status, afbud_reason FROM meetings WHERE id='x1'")[0],
        "new": ask(database, "SELECT status, replaces FROM meetings WHERE replaces IS NOT NULL"),
        **{
            table: ask(database, f"SELECT count(*) FROM {table}")[0][0]
            for table in ("log", "inbox", "notices", "idempotency_keys")
        },
    }
    counts = {found[table] for table in ("log", "inbox", "notices", "idempotency_keys")}
    if found["x1"] == ("booked", None) and found["new"] == [] and counts == {0}:
        return "nothing"
    if found["x1"] == ("cancelled", "illness") and found["new"] == [("booked", "x1")]:
        assert ask(database, "SELECT status FROM idempotency_keys") == [(200,)]
        return "all" if counts == {1} else str(found)
    return str(found)


def test_killed_at_every_point(snapshot: Path, tmp_path: Path) -> None:
    free = a_free_time(snapshot)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.backend.killing", "once", str(tmp_path), str(snapshot), free],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    points = int(ran.stdout)
    assert points > 20
    found = [state(tmp_path / f"killed-{point}.db") for point in range(1, points + 2)]
    assert set(found[:-2]) == {"nothing"}
    assert found[-2:] == ["all", "all"]  # after COMMIT, and the one that lived
    for point in range(1, points + 1):
        database = tmp_path / f"killed-{point}.db"
        first = give(database, "key", free)
        assert give(database, "key", free) == first
        assert state(database) == "all"


class Server:
    """A back end in a process of its own."""

    def __init__(self, database: Path, point: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.backend.killing", "serve", str(database), str(port),
             str(point)], cwd=ROOT,
        )  # fmt: skip
        patience = time.monotonic() + 30
        while self._answers() is None:
            assert time.monotonic() < patience
            time.sleep(0.05)

    def _answers(self) -> Optional[int]:
        try:
            return requests.get(self.url + "/healthz", timeout=1).status_code
        except requests.ConnectionError:
            return None

    def afbud(self, time_id: str) -> requests.Response:
        return requests.post(
            f"{self.url}/members/m1/meetings/x1/afbud",
            headers={
                "Authorization": f"Bearer {TOKEN}", "X-Actor": "member:m1",
                "X-Channel": "min_side", "Idempotency-Key": "key",
            },
            json={"reason": "illness", "new_time": time_id, "new_format": "digital"}, timeout=10,
        )  # fmt: skip

    def end(self) -> None:
        self.process.kill()
        self.process.wait(10)


def test_a_server_that_is_killed_and_started_again(snapshot: Path, tmp_path: Path) -> None:
    """Over HTTP, after COMMIT and before the answer: the caller hears nothing and asks again."""
    database = tmp_path / "served.db"
    restore(snapshot, database)
    free = a_free_time(database)
    server, again = Server(database, -1), None
    try:
        with pytest.raises(requests.ConnectionError):
            server.afbud(free)
        assert server.process.wait(10) == -signal.SIGKILL
        assert state(database) == "all"
        again = Server(database, 0)
        answer = again.afbud(free)
        assert answer.status_code == 200
        assert again.afbud(free).json() == answer.json()
    finally:
        for one in (server, again):
            if one is not None:
                one.end()
    assert state(database) == "all"
