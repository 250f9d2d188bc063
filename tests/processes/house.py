"""The four real processes in a HOME of their own, and people who talk to them over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import requests

from bot.backend.client import BackendClient
from bot.gateway.tokens import mint_token
from bot.settings import ROOT, Settings, read_settings

NOW = "2026-11-23T09:00:00+01:00"
STARTS_WITHIN = 90.0


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


@dataclass
class House:
    """`moedeklar up`, running."""

    home: Path
    seed: Path
    profile: str = "standard"
    now: Optional[str] = NOW
    environment: dict[str, str] = field(default_factory=dict)
    process: Optional[subprocess.Popen[str]] = None

    def __post_init__(self) -> None:
        names = ("GATEWAY", "RASA", "ACTIONS", "BACKEND")
        ports = {
            f"MOEDEKLAR_{name}_PORT": str(port)
            for name, port in zip(names, free_ports(len(names)), strict=True)
        }
        own = {
            "MOEDEKLAR_HOME": str(self.home),
            "MOEDEKLAR_SEED": str(self.seed),
            "MOEDEKLAR_PROFILE": self.profile,
            **ports,
        }
        if self.now:
            own["MOEDEKLAR_NOW"] = self.now
        outside = {k: v for k, v in os.environ.items() if not k.startswith("MOEDEKLAR_")}
        self.environment = {**outside, **own, **self.environment}

    @property
    def settings(self) -> Settings:
        """The settings that the processes run with."""
        before = dict(os.environ)
        os.environ.update(self.environment)
        try:
            return read_settings()
        finally:
            os.environ.clear()
            os.environ.update(before)

    def start(self) -> None:
        """Start and wait until `up` says that all are ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "up"],
            cwd=ROOT, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert self.process.stdout is not None
        said: list[str] = []
        for line in self.process.stdout:
            said.append(line)
            if line.startswith("== ready"):
                return
        raise AssertionError("up ended: " + "".join(said))

    def stop(self) -> int:
        """Ctrl-C, and the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)
        return self.process.returncode

    def pid(self, name: str) -> int:
        """A process's id, from its pid file."""
        return int((self.home / "run" / f"{name}.pid").read_text())

    def kill(self, name: str) -> None:
        """SIGKILL one of the four."""
        os.kill(self.pid(name), signal.SIGKILL)

    def command(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run `moedeklar …` with this house's settings."""
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=ROOT, env=self.environment, input=stdin, text=True, capture_output=True, check=False,
            timeout=120,
        )  # fmt: skip

    @property
    def backend(self) -> BackendClient:
        """The a-kasse's records."""
        return BackendClient(self.settings.backend_url, self.settings.service_token)

    def member(self, name: str) -> Person:
        """Somebody who chats on Min side."""
        return Person(self.settings.gateway_url, mint_token(self.settings, name))


@dataclass
class Person:
    """A member at the chat API."""

    url: str
    token: str
    last: dict[str, Any] = field(default_factory=dict)

    @property
    def headers(self) -> Mapping[str, str]:
        """The member's token."""
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, **body: Any) -> requests.Response:
        """`POST /api/chat/messages` with a client id of its own unless given."""
        return requests.post(
            f"{self.url}/api/chat/messages",
            json={"client_id": str(uuid.uuid4()), **body}, headers=self.headers, timeout=30,
        )  # fmt: skip

    def say(self, text: str) -> str:
        """Send a text; what was answered, as one text."""
        return self._heard(self.post(text=text))

    def choose(self, title: str) -> str:
        """Press the choice whose title holds these words."""
        for choice in self.choices:
            if title in choice["title"]:
                return self._heard(self.post(choice=choice["id"]))
        raise AssertionError(f"no choice {title!r} in {self.choices}")

    def _heard(self, response: requests.Response) -> str:
        assert response.status_code == 200, response.text
        self.last = response.json()
        return "\n".join(message["text"] for message in self.last["messages"])

    @property
    def choices(self) -> list[dict[str, str]]:
        """The choices of the last answer."""
        messages = self.last["messages"]
        return list(messages[-1]["choices"]) if messages else []

    def history(self, after: int = 0) -> list[dict[str, Any]]:
        """All messages after an id."""
        response = requests.get(
            f"{self.url}/api/chat/messages",
            params={"after": str(after)}, headers=self.headers, timeout=10,
        )  # fmt: skip
        assert response.status_code == 200, response.text
        return list(response.json()["messages"])


def eventually(look: Callable[[], Any], within: float = 45.0) -> Any:
    """What `look` returns once it is true. Fails when the time is up."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"not within {within} s")
