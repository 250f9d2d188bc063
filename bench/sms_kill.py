"""Text messages while processes are killed at random: is every one answered, and just once?

`python -m bench.sms_kill [MESSAGES] [SECONDS]`: 200 messages in 90 seconds unless said otherwise.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes.house import House
from tests.processes.phone import Phone

SEED = Path(__file__).resolve().parent.parent / "tests" / "processes" / "seed_sms.yml"
VICTIMS = ("gateway", "rasa", "actions")
QUESTIONS = (
    "skal jeg møde op til de her samtaler?",
    "hvad er en rådighedssamtale?",
    "hvilke grunde er lovlige for at melde afbud?",
    "hvor booker jeg et møde på jobcenteret?",
    "hvor mange job skal jeg søge om ugen?",
)
PATIENCE_SECONDS = 240.0
"""After the last kill: restarts, leases (15 s) and doubt about a message (2 minutes) take their time."""


@dataclass
class Found:
    """What came of a run. `answers`: how many phones got how many messages."""

    messages: int
    kills: Counter[str] = field(default_factory=Counter)
    redeliveries: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def well(self) -> bool:
        """Whether every message was answered exactly once."""
        return self.answers == Counter({1: self.messages})


def run(house: House, messages: int, seconds: float, chance: random.Random) -> Found:
    """Send messages, each from a phone of its own, spread over the seconds, and kill meanwhile."""
    found = Found(messages)
    phones = [Phone(house, f"+4531{number:06}") for number in range(messages)]
    begun, done = time.monotonic(), threading.Event()
    killer = threading.Thread(target=_kill, args=(house, found, seconds, chance, done))
    killer.start()
    starts = [seconds * number / messages for number in range(messages)]

    def send(number: int) -> int:
        time.sleep(max(0.0, begun + starts[number] - time.monotonic()))
        text, tries = QUESTIONS[number % len(QUESTIONS)], 1
        while phones[number].post(text, f"kill-{number}") != 202:
            tries += 1
            time.sleep(1.0)
        return tries

    with ThreadPoolExecutor(16) as pool:
        found.redeliveries = sum(pool.map(send, range(messages))) - messages
    done.set()
    killer.join()
    _wait_for_answers(house, phones)
    time.sleep(5.0)  # a second answer would come now
    found.answers = Counter(len(phone.inbox()) for phone in phones)
    found.seconds = time.monotonic() - begun
    return found


def _kill(
    house: House, found: Found, seconds: float, chance: random.Random, done: threading.Event
) -> None:
    until = time.monotonic() + seconds
    deck: list[str] = []
    while time.monotonic() < until and not done.wait(chance.uniform(3.0, 8.0)):
        deck = deck or chance.sample(VICTIMS, len(VICTIMS))  # each as often as the others
        victim = deck.pop()
        if _runs(house, victim):
            house.kill(victim)
            found.kills[victim] += 1


def _runs(house: House, name: str) -> bool:
    """Whether the pid file names the process itself: one that died may have left its number."""
    try:
        command = Path(f"/proc/{house.pid(name)}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        return False
    return command[-3:-1] == [b"serve", name.encode()]


def _wait_for_answers(house: House, phones: list[Phone]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    waiting = phones
    while waiting and time.monotonic() < until:
        time.sleep(1.0)
        try:
            waiting = [phone for phone in waiting if not phone.inbox()]
        except OSError:  # requests' errors are: the gateway is on its way up
            continue


def main() -> int:
    """One run, printed; 1 where a message was not answered exactly once."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 90.0
    with tempfile.TemporaryDirectory() as home:
        house = House(Path(home), SEED)
        house.start()
        try:
            found = run(house, messages, seconds, random.Random(7))
        finally:
            house.stop()
    print(
        f"{found.messages} messages, killed {dict(found.kills)}, {found.redeliveries} redeliveries, "
        f"answers per message {dict(found.answers)}, {found.seconds:.0f} s"
    )
    return 0 if found.well else 1


if __name__ == "__main__":
    sys.exit(main())
