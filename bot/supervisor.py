"""`moedeklar up`: the four processes, started in order, restarted when they die, ended together.

Written here, because the process managers in the registry (supervisor, circus, honcho) either do not
restart, or want a configuration file and a daemon of their own, for what is a hundred lines.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Optional

import requests

from bot.settings import ROOT, Settings

STARTS_WITHIN = 300.0
"""Seconds in which a process must become ready (Rasa's import of TensorFlow is most of it)."""

STOPS_WITHIN = 15.0
"""Seconds a process gets to end by itself before it is killed."""

LONGEST_PAUSE = 30.0
"""Seconds between two restarts of a process that keeps dying, at most."""

STABLE_AFTER = 60.0
"""Seconds after which a restarted process counts as well again."""


class PortInUse(Exception):
    """A port that one of the processes needs is taken."""


@dataclass
class Process:
    """One of the four: how to start it, where to ask whether it is ready, and how it fares."""

    name: str
    port: int
    ready: str
    child: Optional[subprocess.Popen[bytes]] = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = 0.0
    log: Path = field(default_factory=Path)


class Supervisor:
    """Runs the processes until a signal; `say` gets a line for the terminal."""

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self.settings = settings
        self.say = say
        self.stopping = False
        host = "http://127.0.0.1"
        ports = {
            "backend": (settings.backend_port, "/readyz"),
            "actions": (settings.actions_port, "/health"),
            "rasa": (settings.rasa_port, "/webhooks/gateway/"),
            "gateway": (settings.gateway_port, "/healthz"),
        }
        self.processes = [
            Process(name, port, f"{host}:{port}{path}", log=settings.home / "logs" / f"{name}.log")
            for name, (port, path) in ports.items()
        ]

    def run(self, announce: Callable[[], None]) -> int:
        """Start, announce, watch, stop. The exit code: 0 after a signal, 4 where a start failed."""
        self.refuse_taken_ports()
        for folder in ("run", "logs"):
            (self.settings.home / folder).mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            *inner, door = self.processes
            for together in (
                inner,
                [door],
            ):  # the public door opens when the house behind it is ready
                for process in together:
                    self._start(process)
                for process in together:
                    if not self._becomes_ready(process):
                        return 0 if self.stopping else 4
            announce()
            while not self.stopping:
                self._watch()
                time.sleep(0.5)
            return 0
        finally:
            self._end_all()

    def refuse_taken_ports(self) -> None:
        """Raises PortInUse where a process could not listen."""
        for process in self.processes:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", process.port))
                except OSError as error:
                    raise PortInUse(
                        f"Port {process.port} ({process.name}) is in use. Is Mødeklar running already? "
                        f"Else set MOEDEKLAR_{process.name.upper()}_PORT to a free one."
                    ) from error

    def _start(self, process: Process) -> None:
        with process.log.open("ab") as log:
            process.child = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "serve", process.name],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
                preexec_fn=_end_with_parent,
            )
        process.started = time.monotonic()
        pid_file = self.settings.home / "run" / f"{process.name}.pid"
        pid_file.write_text(f"{process.child.pid}\n", "ascii")

    def _becomes_ready(self, process: Process) -> bool:
        begun = time.monotonic()
        while time.monotonic() - begun < STARTS_WITHIN and not self.stopping:
            if process.child is not None and process.child.poll() is not None:
                self.say(f"  {process.name} ended while starting; its last lines ({process.log}):")
                self._show_end_of(process.log)
                return False
            if _answers(process.ready):
                self.say(f"  {process.name:8} ready  ({time.monotonic() - process.started:.1f} s)")
                return True
            time.sleep(0.2)
        if not self.stopping:
            self.say(
                f"  {process.name} did not become ready in {STARTS_WITHIN:.0f} s: {process.log}"
            )
        return False

    def _watch(self) -> None:
        now = time.monotonic()
        for process in self.processes:
            if process.child is None:
                if now >= process.not_before:
                    self.say(f"  {process.name}: starting again")
                    self._start(process)
            elif process.child.poll() is not None:
                if now - process.started > STABLE_AFTER:
                    process.deaths = 0
                pause = min(LONGEST_PAUSE, 0.5 * 2**process.deaths)
                process.deaths += 1
                process.not_before = now + pause
                self.say(
                    f"  {process.name} died (code {process.child.returncode}); again in {pause:.1f} s"
                )
                process.child = None

    def _stop(self, _number: int, _frame: Optional[FrameType]) -> None:
        self.stopping = True

    def _end_all(self) -> None:
        running = [p for p in reversed(self.processes) if p.child and p.child.poll() is None]
        for process in running:
            assert process.child is not None
            process.child.terminate()
        limit = time.monotonic() + STOPS_WITHIN
        for process in running:
            assert process.child is not None
            try:
                process.child.wait(max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.child.pid, signal.SIGKILL)
                process.child.wait()
        for process in self.processes:
            (self.settings.home / "run" / f"{process.name}.pid").unlink(missing_ok=True)

    def _show_end_of(self, log: Path) -> None:
        for line in log.read_text("utf-8", "replace").splitlines()[-12:]:
            self.say(f"    {line}")


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=1).ok
    except requests.RequestException:
        return False


def _end_with_parent() -> None:
    """Linux: the child gets SIGTERM when `up` itself is killed, so that no orphan keeps a port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
