"""How long each call to the back end takes, over HTTP, with few and with many members.

    .venv/bin/python -m bench.backend_calls [--members 100 100000] [--rounds 200] [--plans]

For each size: a database of its own in a temporary folder (SQLite), a real server on a free port, one
caller after the other. Prints the median and the 95th percentile in milliseconds of every call;
`--plans` adds how SQLite finds what each call reads. Nothing running is touched.
"""

from __future__ import annotations

import argparse
import random
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import event, update
from sqlalchemy.engine import Engine

from bench.backend_records import fill
from bot.backend import notice_plan, tables
from bot.backend.app import create_app
from bot.backend.automatic import call_in_due_members
from bot.backend.client import BackendClient
from bot.backend.contract import Attendance, Invite
from bot.backend.inbox import load_texts
from bot.backend.work import House
from bot.clock import FrozenClock, read_instant
from bot.database import make_engine, writing
from bot.profile import load_profile
from bot.settings import Settings

NOW = read_instant("2027-02-01T09:00")
TOKEN = "a-token-of-the-measurement"
Call = Callable[[int], object]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--members", type=int, nargs="+", default=[100, 100_000])
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--plans", action="store_true")
    given = options.parse_args()
    for members in given.members:
        with tempfile.TemporaryDirectory() as folder:
            engine, clock = make_engine(f"sqlite:///{folder}/backend.db"), FrozenClock(NOW)
            begun = time.perf_counter()
            fill(engine, members, NOW)
            size = Path(f"{folder}/backend.db").stat().st_size / 2**20
            print(
                f"\n{members} members, {size:.0f} MB, made in {time.perf_counter() - begun:.0f} s"
            )
            _deliver(engine, members)
            with _served(engine, clock, Path(folder)) as url:
                client = BackendClient(url, TOKEN, deadline_seconds=60, read_seconds=60)
                calls = _calls(client, members)
                _measure(calls, given.rounds)
                if given.plans:
                    _plans(engine, calls, given.rounds)
            _a_day_of_the_course(engine, members)
            engine.dispose()


@contextmanager
def _served(engine: Engine, clock: FrozenClock, folder: Path) -> Iterator[str]:
    settings = Settings(home=folder, service_token=TOKEN)
    app = create_app(settings, clock, engine, upkeep_seconds=None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def _deliver(engine: Engine, members: int) -> None:
    """The morning's reminders, laid out and said: what a call finds later is what came since."""
    profile, texts = load_profile("standard"), load_texts()
    for _batch in range(2 + members // 5000):
        notice_plan.bring_up_to_date(engine, profile, texts, NOW)
    with writing(engine) as session:
        session.execute(update(tables.notices).values(state="sent", reported_at=NOW))


def _calls(client: BackendClient, members: int) -> dict[str, Call]:
    """Every call by its name; each round asks for another member."""
    pick, keys = random.Random(1), count()
    everybody = pick.sample(range(members), min(members, 5000))

    def who(number: int, of: int = 0) -> str:
        """A member; `of` 1 to 3: of those without a live meeting."""
        chosen = [n for n in everybody if n % 4 == of] if of else everybody
        return f"m{chosen[number % len(chosen)]}"

    def key() -> str:
        return f"bench-{next(keys)}"

    booked: list[tuple[str, str]] = []

    def book(number: int) -> None:
        member = who(number, of=2)
        times = client.times(member, "raadighed", limit=20)
        time_id = times[number % len(times)].id
        made = client.book(member, time_id, "in_person", key=key())
        booked.append((member, made.meeting.id))

    def with_new_time(number: int) -> None:
        member, meeting = booked[number]
        new = client.times(member, "raadighed", limit=20)[number % 20].id
        made = client.afbud(member, meeting, "illness", key=key(), new_time=new)
        booked[number] = (member, made.meeting.id)

    def move(number: int) -> None:
        member, meeting = booked[number]
        new = client.times(member, "raadighed", limit=20)[number % 20].id
        booked[number] = (member, client.move(member, meeting, new, key=key()).meeting.id)

    def afbud(number: int) -> None:
        client.afbud(*booked[number], "illness", key=key())

    call_in = Invite(kind="raadighed", reason="Tvivl", book_by=NOW.date())
    return {
        "member": lambda n: client.member(who(n)),
        "lookup": lambda n: client.lookup(f"+45{everybody[n % len(everybody)]:08}"),
        "meetings": lambda n: client.meetings(who(n)),
        "course": lambda n: client.course(who(n)),
        "course steps": lambda n: client.course_steps(who(n)),
        "inbox": lambda n: client.inbox(who(n)),
        "log": lambda n: client.log(who(n)),
        "times (5)": lambda n: client.times(who(n), "raadighed", limit=5),
        "times (100)": lambda n: client.times(who(n), "raadighed", limit=100),
        "ics": lambda n: client.ics(who(n), f"h{who(n)[1:]}"),
        "notices due": lambda _n: client.due_notices(20),
        "times + book": book,
        "format": lambda n: client.change_format(*booked[n], "digital", key=key()),
        "times + move": move,
        "times + afbud, new time": with_new_time,
        "afbud": afbud,
        "invite": lambda n: client.invite(who(n, of=3), call_in, key=key()),
        "attendance": lambda n: client.note_attendance(
            who(n), f"h{who(n)[1:]}", Attendance(status="held"), key=key()
        ),
    }


def _measure(calls: dict[str, Call], rounds: int) -> None:
    print(f"{'call':26} {'median ms':>10} {'p95 ms':>8} {'cpu ms':>8}   ({rounds} rounds)")
    for name, call in calls.items():
        taken, used = [], time.process_time()
        for number in range(_rounds(name, rounds)):
            begun = time.perf_counter()
            call(number)
            taken.append((time.perf_counter() - begun) * 1000)
        p95 = statistics.quantiles(taken, n=20)[-1]
        cpu = (time.process_time() - used) * 1000 / len(taken)
        print(f"{name:26} {statistics.median(taken):10.1f} {p95:8.1f} {cpu:8.1f}")


def _rounds(name: str, rounds: int) -> int:
    """Changes use up what they change: with 100 members there are no more than that."""
    changes = ("book", "move", "afbud", "format")
    return min(rounds, 20) if any(word in name for word in changes) else rounds


def _plans(engine: Engine, calls: dict[str, Call], rounds: int) -> None:
    """How SQLite finds the rows of every SELECT of the calls that search."""
    heard: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            heard.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", hear)
    told: set[str] = set()
    for name in ("lookup", "course", "inbox", "log", "times (5)", "notices due"):
        heard.clear()
        calls[name](rounds)
        print(f"\n-- {name}")
        for statement, parameters in list(heard):
            if statement in told:
                continue
            told.add(statement)
            table = statement.split("FROM", 1)[1].split()[0]
            with engine.connect() as connection:
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                for row in rows.fetchall():
                    print(f"   {table}: {row[3]}")
    event.remove(engine, "before_cursor_execute", hear)


def _a_day_of_the_course(engine: Engine, members: int) -> None:
    """Looking at every member once, the day after; most have nothing due."""
    tomorrow = FrozenClock(read_instant("2027-02-02T09:00"))
    house = House(engine, tomorrow, load_profile("standard"), load_texts())
    begun = time.perf_counter()
    called = call_in_due_members(house)
    taken = time.perf_counter() - begun
    print(f"\nthe automatic course, a day of {members} members: {taken:.1f} s, {called} called in")


if __name__ == "__main__":
    main()
