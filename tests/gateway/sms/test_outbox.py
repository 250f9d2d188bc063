"""The outbox: order, doubt, expiry and the end of patience, on a clock of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Optional

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.database import make_engine, migrate, reading, writing
from bot.desk.moves import Moment
from bot.gateway.app import MIGRATIONS
from bot.gateway.sms import outbox as box
from bot.gateway.sms import phones
from bot.gateway.sms.ports import NotNow, Refused, Report, Unsure
from bot.gateway.sms.tables import outbox

START = datetime(2026, 11, 25, 8, tzinfo=timezone.utc)
A, B = "+4520000001", "+4520000002"


class Outbox:
    """An outbox and the two clocks, which go together here."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now = engine, START

    def put(self, phone: str, text: str, kind: box.Kind = "bot", minutes: float = 0) -> None:
        expires = self.now + timedelta(minutes=minutes) if minutes else None
        with writing(self.engine) as session:
            box.enqueue(session, phone, [text], kind, self.now, expires=expires)

    def claim(self, quiet: bool = False) -> Optional[box.Entry]:
        return box.claim(self.engine, Moment(self.now, self.now), quiet)

    def claimed(self) -> list[str]:
        """Everything that can be claimed now, in order."""
        found = []
        while (entry := self.claim()) is not None:
            found.append(entry.message.text)
        return found

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def rows(self) -> list[tuple[str, str]]:
        with reading(self.engine) as session:
            rows = session.execute(select(outbox).order_by(outbox.c.id))
            return [(row.text, row.status) for row in rows]


@pytest.fixture
def letters(tmp_path: Path) -> Iterator[Outbox]:
    engine = make_engine(f"sqlite:///{tmp_path / 'gateway.db'}")
    migrate(engine, MIGRATIONS)
    yield Outbox(engine)
    engine.dispose()


def test_each_phone_in_order_and_no_phone_waits_for_another(letters: Outbox) -> None:
    for phone, text in ((A, "a1"), (A, "a2"), (B, "b1"), (A, "a3")):
        letters.put(phone, text)
    first = letters.claim()
    assert first is not None
    assert first.message.text == "a1"
    assert letters.claimed() == ["b1"]
    box.taken(letters.engine, first, "1")
    assert letters.claimed() == ["a2"]


def test_a_failed_one_is_not_overtaken(letters: Outbox) -> None:
    letters.put(A, "a1")
    letters.put(A, "a2")
    entry = letters.claim()
    assert entry is not None
    assert box.failed(letters.engine, entry, NotNow("down"), letters.now) is None
    assert letters.claimed() == []
    letters.wait(seconds=10)
    assert letters.claimed() == ["a1"]


def test_a_killed_sender_leaves_doubt_a_report_settles_it(letters: Outbox) -> None:
    letters.put(A, "a1")
    entry = letters.claim()
    assert entry is not None
    letters.wait(seconds=31)
    assert letters.claim() is None
    assert letters.rows() == [("a1", "unsure")]
    box.reported(letters.engine, Report(entry.message.ref, "9", "sent"))
    letters.wait(minutes=10)
    assert letters.claim() is None
    assert letters.rows() == [("a1", "sent")]


def test_without_a_report_it_is_sent_again_and_a_late_report_stops_that(letters: Outbox) -> None:
    letters.put(A, "a1")
    first = letters.claim()
    assert first is not None
    box.failed(letters.engine, first, Unsure("lost"), letters.now)
    letters.put(A, "a2")
    second = letters.claim()
    assert second is not None
    assert second.message.text == "a2", "doubt holds nothing up"
    box.taken(letters.engine, second, "8")
    letters.wait(seconds=121)
    again = letters.claim()
    assert again is not None
    assert (again.message, again.attempts) == (first.message, 2)
    box.failed(letters.engine, again, NotNow("busy"), letters.now)
    box.reported(letters.engine, Report(first.message.ref, "9", "delivered"))
    letters.wait(minutes=10)
    assert letters.claim() is None


def test_a_code_that_came_too_late_is_not_sent(letters: Outbox) -> None:
    letters.put(A, "koden 123456", "code", minutes=10)
    letters.wait(minutes=10)
    assert letters.claim() is None
    assert letters.rows() == [("koden ******", "expired")]


def test_a_code_is_wiped_when_it_is_handed_over(letters: Outbox) -> None:
    letters.put(A, "koden 123456", "code", minutes=10)
    entry = letters.claim()
    assert entry is not None
    assert entry.message.text == "koden 123456"
    box.taken(letters.engine, entry, "1")
    assert letters.rows() == [("koden ******", "sent")]


def test_patience_ends(letters: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "GIVE_UP_AFTER", timedelta(hours=2))
    letters.put(A, "a1")
    tries = 0
    while (entry := letters.claim()) is not None:
        tries += 1
        dead = box.failed(letters.engine, entry, NotNow("down"), letters.now)
        letters.wait(seconds=301)
        if dead is not None:
            break
    assert letters.rows() == [("a1", "failed")]
    assert letters.now - START > timedelta(hours=2)
    assert 20 < tries < 30


def test_a_refusal_is_the_end_at_once(letters: Outbox) -> None:
    letters.put(A, "a1")
    entry = letters.claim()
    assert entry is not None
    assert box.failed(letters.engine, entry, Refused("0x1"), letters.now) == box.Dead(None, "bot")
    letters.wait(hours=1)
    assert letters.claim() is None


def test_notices_wait_for_the_end_of_quiet_hours_and_hold_nothing_up(letters: Outbox) -> None:
    letters.put(A, "husk", "notice")
    letters.put(A, "svar", "bot")
    entry = letters.claim(quiet=True)
    assert entry is not None
    assert entry.message.text == "svar"
    assert letters.claim(quiet=True) is None
    assert letters.claimed() == ["husk"]


def test_to_a_stopped_phone_and_to_none_nothing_goes(letters: Outbox) -> None:
    with writing(letters.engine) as session:
        phones.hold(session, A)
        phones.note(session, A, stopped_at=letters.now)
        box.enqueue(session, None, ["uden telefon"], "notice", letters.now)
    letters.put(A, "a1")
    letters.put(B, "b1")
    assert letters.claimed() == ["b1"]
    assert letters.rows() == [("uden telefon", "stopped"), ("a1", "stopped"), ("b1", "sending")]


def test_segments_are_kept_as_the_cost(letters: Outbox) -> None:
    letters.put(A, "a" * 161)
    with reading(letters.engine) as session:
        assert session.execute(select(outbox.c.segments)).scalar_one() == 2
