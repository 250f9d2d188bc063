"""Processes that die, at every step of an afbud: nothing false is said, nothing is half done."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import requests

from bot.backend.contract import LogRow
from tests.processes.conftest import SEED
from tests.processes.house import House, Person, eventually

pytestmark = pytest.mark.processes

STEPS = ("jeg er syg og kan ikke komme i morgen", "den anden", "ja")
DONE = "Kvittering"


@pytest.fixture(scope="module")
def shaky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose processes are killed."""
    house = House(tmp_path_factory.mktemp("shaky"), SEED)
    house.start()
    yield house
    assert house.stop() == 0


def _statuses(house: House, member: str) -> list[str]:
    return [meeting.status for meeting in house.backend.meetings(member)]


def _changes(house: House, member: str) -> list[LogRow]:
    """What the member changed; reminders that went out meanwhile are logged too, by the system."""
    return [row for row in house.backend.log(member) if row.actor == f"member:{member}"]


def _answered(member: Person, after: int) -> bool:
    """Whether the bot itself has said something since."""
    return any(message["from"] == "bot" for message in member.history(after))


def _last_id(member: Person) -> int:
    history = member.history()
    return int(history[-1]["id"]) if history else 0


@pytest.mark.parametrize(("name", "killed_at"), [("dan", 0), ("eva", 1), ("hans", 2)])
def test_the_action_server_dies_at_each_step(shaky: House, name: str, killed_at: int) -> None:
    member = shaky.member(name)
    for number, text in enumerate(STEPS):
        before = _last_id(member)
        if number == killed_at:
            shaky.kill("actions")
        said = member.say(text)
        assert said, "every turn has an answer"
        if number == killed_at and DONE not in said:
            assert _statuses(shaky, name) == ["booked"] or number == 2
        eventually(partial(_answered, member, before))
    said = "\n".join(message["text"] for message in member.history())
    assert said.count(DONE) == 1
    assert _statuses(shaky, name) == ["cancelled", "booked"]
    assert len(_changes(shaky, name)) == 1


@pytest.mark.parametrize("process", ["rasa", "gateway"])
def test_what_was_kept_is_answered_after_a_restart(shaky: House, process: str) -> None:
    member = shaky.member("ida" if process == "rasa" else "jon")
    before = _last_id(member)
    if process == "rasa":
        shaky.kill("rasa")
        assert "gemt" in member.say("hvornår er mit næste møde?")
        assert [m["from"] for m in member.last["messages"]] == ["system"]
    else:
        # Rasa is held still, so that the gateway dies with the turn under way.
        rasa = shaky.pid("rasa")
        os.kill(rasa, signal.SIGSTOP)
        try:
            with pytest.raises(requests.RequestException):
                requests.post(
                    f"{member.url}/api/chat/messages",
                    json={"client_id": "4a3e2c6e-6d0a-4d52-9c2f-0d3a6d1c9a11", "text": "næste møde?"},
                    headers=member.headers, timeout=2,
                )  # fmt: skip
            shaky.kill("gateway")
        finally:
            os.kill(rasa, signal.SIGCONT)
        eventually(lambda: _healthy(shaky))
    eventually(lambda: _answered(member, before), within=90)
    bot = [message for message in member.history(before) if message["from"] == "bot"]
    assert len(bot) == 1
    assert "tirsdag den 24. november" in bot[0]["text"]


def test_the_back_end_is_down_in_the_middle_and_the_matter_goes_on_later(shaky: House) -> None:
    member = shaky.member("kim")
    member.say(STEPS[0])
    backend = shaky.pid("backend")
    os.kill(backend, signal.SIGSTOP)
    try:
        said = member.say("2")
        assert "ikke ændret noget" in said or "gemt" in said
    finally:
        os.kill(backend, signal.SIGCONT)
    eventually(lambda: shaky.backend.member("kim").id == "kim")
    assert _statuses(shaky, "kim") == ["booked"]
    member.say("2")
    assert DONE in member.say("ja")
    assert _statuses(shaky, "kim") == ["cancelled", "booked"]


def test_a_yes_while_the_back_end_is_silent_is_one_change(shaky: House) -> None:
    member = shaky.member("lis")
    member.say(STEPS[0])
    member.say("1")
    backend = shaky.pid("backend")
    os.kill(backend, signal.SIGSTOP)
    try:
        said = member.say("ja")
        assert DONE not in said
    finally:
        os.kill(backend, signal.SIGCONT)
    eventually(lambda: shaky.backend.member("lis").id == "lis")
    eventually(lambda: DONE in member.say("ja"))
    assert _statuses(shaky, "lis") == ["cancelled", "booked"]
    assert len(_changes(shaky, "lis")) == 1


def test_rasa_and_actions_and_the_back_end_answer_on_loopback_only(shaky: House) -> None:
    settings = shaky.settings
    other = "127.0.0.2"  # another address of this machine
    for port in (settings.rasa_port, settings.actions_port, settings.backend_port):
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://{other}:{port}/", timeout=3)
    assert requests.get(f"http://{other}:{settings.gateway_port}/healthz", timeout=3).ok


def test_a_second_up_on_the_same_ports_is_one_clear_line(shaky: House) -> None:
    second = shaky.command("up")
    assert second.returncode == 3
    assert "is in use" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_pid_file_for_each_and_a_new_one_after_a_death(shaky: House) -> None:
    before = shaky.pid("actions")
    os.kill(before, signal.SIGKILL)
    eventually(lambda: shaky.pid("actions") != before)
    assert sorted(file.name for file in Path(shaky.home / "run").iterdir()) == [
        "actions.pid", "backend.pid", "gateway.pid", "rasa.pid",
    ]  # fmt: skip


def _healthy(house: House) -> bool:
    try:
        return requests.get(f"{house.settings.gateway_url}/healthz", timeout=2).ok
    except requests.RequestException:
        return False
