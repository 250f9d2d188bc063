"""A real gateway for the tests: SQLite file, uvicorn on a free port, a fake Rasa over HTTP."""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import requests
import uvicorn
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.clock import FrozenClock, read_instant
from bot.database import make_engine, reading
from bot.gateway.app import create_app
from bot.gateway.ports import DemoMember, DirectoryUnavailable
from bot.gateway.rasa import RasaHttp
from bot.gateway.tokens import mint_token
from bot.profile import load_profile
from bot.settings import Settings
from tests.gateway.fake_rasa import TOKEN, FakeRasa

NOW = read_instant("2026-11-25T09:00")
SECRET = "the-token-secret-of-the-tests-0123456789"


@dataclass
class Records:
    """The a-kasse's records: everybody but `strangers` is a member, unless they are down.

    `numbers`: whose phone has which number; `asked`: the numbers that were looked up.
    """

    strangers: set[str] = field(default_factory=set)
    down: bool = False
    numbers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def knows(self, member: str) -> bool:
        if self.down:
            raise DirectoryUnavailable
        return member not in self.strangers

    def holder(self, phone: str) -> Optional[str]:
        self.asked.append(phone)
        if self.down:
            raise DirectoryUnavailable
        return self.numbers.get(phone)


class House:
    """One gateway on one database file; it can be stopped and started again."""

    def __init__(self, home: Path, rasa: FakeRasa, **settings: Any) -> None:
        self.home, self.rasa, self.records = home, rasa, Records()
        self.clock = FrozenClock(NOW)
        own = {"token_secret": SECRET, "rasa_token": TOKEN, "sms_webhook_secret": SECRET}
        self.settings = Settings(
            home=home, cors_origins="https://minside.test", **{**own, **settings}
        )
        self.options: dict[str, Any] = {"deadline_seconds": 4.0}
        self.read_seconds = 2.5
        self.engine: Engine = make_engine(f"sqlite:///{home / 'gateway.db'}")
        self.url = ""
        self._server: Optional[uvicorn.Server] = None
        self._thread: Optional[threading.Thread] = None

    def start(self) -> None:
        app = create_app(
            engine=self.engine,
            clock=self.clock,
            settings=self.settings,
            profile=load_profile("standard"),
            rasa=RasaHttp(self.rasa.url, TOKEN, self.read_seconds),
            directory=self.records,
            demo_members=lambda: [DemoMember("m1", "Anna", "Har et møde")],
            **self.options,
        )
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()
        wait_for(lambda: self._server is not None and self._server.started)

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(10)
            assert not self._thread.is_alive()
            self._server = None

    def member(self, name: Optional[str] = None) -> Member:
        """Somebody with a valid token; a new member each time unless named."""
        name = name or f"m-{uuid.uuid4()}"
        return Member(self, name, mint_token(self.settings, name))

    def rows(self, table: Any, *conditions: Any) -> list[Any]:
        with reading(self.engine) as session:
            return list(session.execute(select(table).where(*conditions)).all())


@dataclass
class Member:
    """A member's side of the chat API."""

    house: House
    name: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, client_id: Optional[str] = None, **body: Any) -> requests.Response:
        sent = {"client_id": client_id or str(uuid.uuid4()), **body}
        return requests.post(
            f"{self.house.url}/api/chat/messages", json=sent, headers=self.headers, timeout=20
        )

    def raw(self, body: bytes) -> requests.Response:
        return requests.post(
            f"{self.house.url}/api/chat/messages", data=body, headers=self.headers, timeout=20
        )

    def say(self, text: str) -> dict[str, Any]:
        """Write a text and get the answer to it."""
        answer = self.post(text=text)
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def history(self, after: int = 0) -> dict[str, Any]:
        answer = requests.get(
            f"{self.house.url}/api/chat/messages?after={after}", headers=self.headers, timeout=20
        )
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def lines(self) -> list[tuple[str, str]]:
        """The history as (who, text)."""
        return [(each["from"], each["text"]) for each in self.history()["messages"]]

    def events(self, query: str = "", **headers: str) -> Iterator[tuple[str, str, Any]]:
        """Events as (event, id, data), for as long as the caller reads."""
        with requests.get(
            f"{self.house.url}/api/chat/events{query}",
            headers={**self.headers, **headers},
            stream=True,
            timeout=20,
        ) as answer:
            assert answer.status_code == 200, answer.text
            fields: dict[str, str] = {}
            for line in answer.iter_lines(chunk_size=1, decode_unicode=False):
                name, _, value = line.decode().partition(": ")
                if line:
                    fields[name] = value
                elif "event" in fields:
                    yield fields["event"], fields.get("id", ""), json.loads(fields["data"])
                    fields = {}


def wait_for(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """What the condition returns once it holds; fails when the seconds are over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come to pass")
