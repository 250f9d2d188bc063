"""How long a message takes over the chat API, and what each process weighs.

    .venv/bin/python -m bench.messages [--rounds 30]

Starts a house of its own (fresh HOME, own ports, demo members), so nothing running is touched. Prints
the median and the 95th percentile in milliseconds for a question, "næste møde" and the steps of a
booking, the seconds of the start, and the resident memory (RSS) of each process in MB.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.settings import ROOT
from tests.processes.house import House, Person

SEED = ROOT / "data" / "demo" / "members.yml"


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=30)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        house = House(Path(home), SEED, now=None)
        begun = time.perf_counter()
        house.start()
        print(f"start, database empty: {time.perf_counter() - begun:.1f} s")
        try:
            _messages(house, rounds)
            _memory(house)
        finally:
            house.stop()


def _messages(house: House, rounds: int) -> None:
    member = house.member("m4")
    member.say("hej")
    steps: dict[str, Callable[[Person], object]] = {
        "question": lambda one: one.say("hvad sker der hvis man udebliver fra et møde?"),
        "næste møde": lambda one: one.say("hvornår er mit næste møde?"),
        "booking: offer": lambda one: one.say("jeg vil gerne booke en tid"),
        "booking: choose": lambda one: one.say("den anden"),
        "booking: no": lambda one: one.say("glem det"),
    }
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            begun = time.perf_counter()
            step(member)
            taken[name].append((time.perf_counter() - begun) * 1000)
    print(f"{'message':18} {'median ms':>10} {'p95 ms':>8}   ({rounds} rounds)")
    for name, values in taken.items():
        p95 = statistics.quantiles(values, n=20)[-1]
        print(f"{name:18} {statistics.median(values):10.0f} {p95:8.0f}")


def _memory(house: House) -> None:
    for name in ("gateway", "rasa", "actions", "backend"):
        status = Path(f"/proc/{house.pid(name)}/status").read_text()
        kilobytes = next(
            int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")
        )
        print(f"{name:18} {kilobytes / 1024:10.0f} MB")


if __name__ == "__main__":
    main()
