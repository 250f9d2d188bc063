"""The gateway, a process of its own, killed in the middle of a hand-over: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bot.database import make_engine, migrate
from bot.desk.people import StaffEntry, put_staff
from bot.gateway.app import MIGRATIONS
from bot.gateway.tables import handover_log
from bot.settings import ROOT
from tests.desk.clerk import PASSWORD, Clerk, case_of
from tests.gateway.fake_rasa import TOKEN, FakeRasa, spoken
from tests.gateway.house import SECRET, House, wait_for
from tests.processes.house import free_ports

WISH = {"reason": "member_asked", "urgency": 2, "summary": "Vil tale med nogen."}


class Killable(House):
    """A gateway that is `moedeklar serve gateway`; the records are down, so its token is proof."""

    def __init__(self, home: Path, rasa: FakeRasa) -> None:
        super().__init__(home, rasa)
        port, nobody = free_ports(2)
        self.url = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("MOEDEKLAR_")},
            "MOEDEKLAR_HOME": str(home), "MOEDEKLAR_GATEWAY_PORT": str(port),
            "MOEDEKLAR_RASA_PORT": str(rasa.port), "MOEDEKLAR_RASA_TOKEN": TOKEN,
            "MOEDEKLAR_BACKEND_PORT": str(nobody), "MOEDEKLAR_TOKEN_SECRET": SECRET,
            "MOEDEKLAR_LOG_LEVEL": "warning",
        }  # fmt: skip

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve", "gateway"], cwd=ROOT, env=self.environment
        )
        wait_for(self._ready, 60)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).ok
        except requests.RequestException:
            return False


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[Killable]:
    rasa = FakeRasa()
    rasa.start()
    house = Killable(tmp_path, rasa)
    engine = make_engine(f"sqlite:///{tmp_path / 'gateway.db'}")
    migrate(engine, MIGRATIONS)
    put_staff(engine, [StaffEntry("maria@akasse.test", "Maria", PASSWORD)])
    house.start()
    yield house
    house.kill()
    rasa.stop()


def test_killed_while_the_bot_hands_over_and_while_staff_answer(killable: Killable) -> None:
    rasa, member = killable.rasa, killable.member("m1")
    rasa.hold = threading.Event()
    rasa.answer = lambda _: {"messages": [spoken("Et øjeblik", handover=WISH)], "flow": None}
    lost = threading.Thread(target=lambda: _swallow(lambda: member.post(text="et menneske, tak")))
    lost.start()
    wait_for(lambda: rasa.texts("m1"))
    killable.kill()
    rasa.behave()
    rasa.answer = lambda _: {"messages": [spoken("Et øjeblik", handover=WISH)], "flow": None}
    killable.start()
    wait_for(lambda: member.history()["state"] == "waiting", 40)
    rasa.behave()
    lines = member.lines()
    assert [who for who, _ in lines] == ["member", "bot", "system"]

    maria = Clerk(killable, "maria@akasse.test")
    case = case_of(member)
    assert maria.post(f"{case}/claim").status_code == 200
    said: list[str] = []

    def answer() -> None:
        for number in range(200):
            reply = maria.post(f"{case}/reply", text=f"svar {number}", client_id=str(uuid.uuid4()))
            assert reply.status_code == 200
            said.append(f"svar {number}")

    busy = threading.Thread(target=lambda: _swallow(answer))
    busy.start()
    wait_for(lambda: len(said) >= 5)
    killable.kill()
    busy.join(20)
    killable.start()

    kept = [text for who, text in member.lines() if who == "staff"]
    assert kept[: len(said)] == said, "what was acknowledged is there, once and in order"
    assert len(kept) <= len(said) + 1
    assert member.history()["state"] == "staff"
    assert member.say("er du der endnu?")["messages"] == []
    whole = maria.get(f"/api/desk/conversations/{case}").json()  # the log-in outlives the process
    assert (whole["state"], whole["assigned_to"]) == ("staff", "maria@akasse.test")
    assert maria.post(f"{case}/close", outcome="solved").status_code == 200
    steps = killable.rows(handover_log, handover_log.c.conversation_id == case)
    assert [step.to_state for step in steps] == ["waiting", "staff", "closed"]
    assert member.say("tak")["messages"][0]["text"] == "Svar på: tak"


def _swallow(act) -> None:
    """The process dies under the caller."""
    try:
        act()
    except (requests.RequestException, AssertionError):
        return
