"""Notices: each once, in order, also after a restart; quiet hours; what is overtaken is not said."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, Optional

import pytest
import requests
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from bot.backend import notice_rules, notices
from bot.backend.app import create_app
from bot.backend.contract import Invite, Notice
from bot.backend.inbox import load_texts
from bot.backend.seed import seed
from bot.backend.work import House
from bot.clock import COPENHAGEN
from bot.database import make_engine
from bot.profile import Notices, load_profile
from bot.settings import Settings

from .asking import at, refused
from .conftest import SEED, TOKEN, Backend, local

STAFF = "staff:sofie@akasse.example"
PROFILE = load_profile("standard").notices


def said(notices: list[Notice], member: str = "m2") -> list[str]:
    return [one.kind for one in notices if one.member == member]


def due(backend: Backend, when: Optional[str] = None) -> list[Notice]:
    if when is not None:
        backend.clock.instant = local(when)
    return backend.client("system").due_notices()


def deliver(backend: Backend, when: str) -> list[str]:
    """Take what is due then and report all of it as sent; of m2, by kind."""
    found = due(backend, when)
    for one in found:
        backend.client("system").notice_sent(one.id)
    return said(found)


def test_an_invitation_is_told_of_and_its_deadline_twice(backend: Backend) -> None:
    """m2 has to book by Tuesday the 1st: told on the 25th, again three days and a day before."""
    assert deliver(backend, "2026-11-25T09:00") == ["time_to_book"]
    assert deliver(backend, "2026-11-25T09:01") == []
    assert deliver(backend, "2026-11-28T08:59") == []
    assert deliver(backend, "2026-11-28T09:00") == ["deadline"]
    assert deliver(backend, "2026-11-29T12:00") == []
    [last] = [one for one in due(backend, "2026-11-30T09:00") if one.kind == "deadline"]
    assert last.text == (
        "Husk at booke din rådighedssamtale. Fristen er tirsdag den 1. december 2026, og mødet skal "
        "også ligge inden da."
    )
    assert "rådighed" not in last.sms
    assert deliver(backend, "2026-11-30T09:00") == ["deadline"]
    assert deliver(backend, "2026-12-05T09:00") == []


def test_it_is_the_same_until_it_is_reported_and_then_no_more(backend: Backend) -> None:
    first, again = due(backend), due(backend)
    assert first == again
    client = backend.client("system")
    told = client.notice_sent(first[0].id)
    assert (told.state, told.reported_at) == ("sent", backend.clock.instant)
    assert client.notice_sent(first[0].id) == told
    assert first[0].id not in {one.id for one in due(backend)}
    assert refused(lambda: client.notice_sent("999")) == (404, "not_found")
    assert refused(lambda: client.notice_sent("x")) == (404, "not_found")


def test_a_meeting_is_told_of_the_day_before(backend: Backend) -> None:
    assert deliver(backend, "2026-11-28T20:30") == []  # quiet: not due before 8
    assert deliver(backend, "2026-11-29T08:00") == ["deadline"]
    [one] = [one for one in due(backend, "2026-11-29T09:00") if one.member == "m1"]
    assert (one.kind, one.meeting) == ("meeting_tomorrow", "x1")
    assert one.text == (
        "Husk rådighedssamtalen mandag den 30. november 2026 kl. 10.00 i Lokalafdeling Odense, "
        "Havnegade 112, 5000 Odense C hos Mette Holm."
    )
    assert one.sms == "Husk dit møde mandag den 30. november 2026. Se tid og sted på Min side."


def test_what_was_booked_after_the_reminder_has_its_receipt_only(backend: Backend) -> None:
    backend.clock.instant = local("2026-11-25T12:00")
    client = backend.client("member:m2")
    change = client.book("m2", at(backend, "2026-11-26T10:00", "m2"), "in_person", key="p1")
    [receipt] = [one for one in due(backend) if one.member == "m2"]
    assert (receipt.kind, receipt.receipt, receipt.said_in) == (
        "receipt", change.receipt, "min_side",
    )  # fmt: skip
    assert change.receipt in receipt.text
    assert change.receipt not in receipt.sms


@pytest.mark.parametrize("what", ["book", "expire", "later"])
def test_what_is_overtaken_is_dropped(backend: Backend, what: str) -> None:
    [waiting] = [one for one in due(backend) if one.member == "m2"]
    client = backend.client("member:m2")
    if what == "book":
        client.book("m2", at(backend, "2026-11-26T10:00", "m2"), "in_person", key="p1")
    backend.clock.instant = local("2026-12-02T09:00" if what == "expire" else "2026-11-28T10:00")
    found = due(backend)
    assert waiting.id not in {one.id for one in found}
    assert said(found) == {"book": ["receipt"], "expire": [], "later": ["deadline"]}[what]
    dropped = backend.client("system").notices("dropped")
    assert waiting.id in {one.id for one in dropped}


def test_a_meeting_that_is_called_off_is_not_reminded_of(backend: Backend) -> None:
    backend.clock.instant = local("2026-11-29T09:30")
    assert "meeting_tomorrow" in said(due(backend), "m1")
    backend.client().afbud("m1", "x1", "illness", key="p1")
    assert said(due(backend), "m1") == ["receipt"]


def test_afbud_without_a_time_is_reminded_of_at_its_new_deadline_only(backend: Backend) -> None:
    client = backend.client()
    client.afbud("m1", "x1", "illness", key="p1")  # book by the 9th
    assert said(due(backend), "m1") == ["receipt"]
    deliver(backend, "2026-11-25T09:01")
    assert said(due(backend, "2026-12-05T09:00"), "m1") == []
    assert said(due(backend, "2026-12-06T09:00"), "m1") == ["deadline"]


def test_a_call_in_by_staff_is_told_once(backend: Backend) -> None:
    body = Invite(kind="raadighed", reason="Vi er i tvivl.", book_by=date(2026, 12, 20))
    backend.client(STAFF).invite("m1", body, key="s1")
    assert said(due(backend), "m1") == ["time_to_book"]
    cv = backend.client().times("m1", kind="cv")[0]
    backend.client(STAFF).invite("m1", Invite(kind="cv", reason="CV", time=cv.id), key="s2")
    found = [one for one in due(backend) if one.member == "m1" and one.kind == "receipt"]
    assert [one.said_in for one in found] == [None]
    assert found[0].title == "Du er indkaldt til et møde"


def test_failed_ones_go_to_staff(backend: Backend) -> None:
    client = backend.client("system")
    [one] = [one for one in due(backend) if one.member == "m2"]
    failed = client.notice_failed(one.id, "unknown number")
    assert (failed.state, failed.reason) == ("failed", "unknown number")
    assert [each.id for each in client.notices("failed")] == [one.id]
    assert one.id not in {each.id for each in due(backend)}
    row = client.log("m2")[0]
    assert (row.action, row.actor, row.receipt) == ("notice", "system", None)
    assert row.detail == {
        "notice": one.id, "kind": "time_to_book", "state": "failed", "reason": "unknown number",
    }  # fmt: skip
    bare = requests.post(
        f"{backend.url}/notices/{one.id}/failed",
        headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5,
    )  # fmt: skip
    assert bare.status_code == 200


def test_in_order_of_due_time_and_limited(backend: Backend) -> None:
    due(backend)
    client = backend.client()
    client.change_format("m1", "x1", "digital", key="p1")
    client.change_format("m1", "x1", "in_person", key="p2")
    found = due(backend, "2026-11-29T10:00")
    assert [one.due for one in found] == sorted(one.due for one in found)
    receipts = [one.receipt for one in found if one.kind == "receipt"]
    assert receipts == [row.receipt for row in reversed(client.log("m1")) if row.receipt]
    first = backend.client("system").due_notices(limit=1)
    assert [one.id for one in first] == [found[0].id]


def test_parallel_fetches_lay_out_each_once(backend: Backend) -> None:
    backend.clock.instant = local("2026-11-30T09:30")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: tuple(n.id for n in due(backend)), range(16)))
    assert len(set(answers)) == 1
    assert len(answers[0]) == len(set(answers[0])) > 0


def test_after_a_restart_nothing_is_said_twice(house: House, tmp_path: Path) -> None:
    """Another process, the same file: what was reported stays reported, the rest is still due."""
    house.clock.instant = local("2026-11-29T10:00")  # type: ignore[attr-defined]
    answers = []
    for _process in range(2):
        settings = Settings(home=tmp_path, service_token=TOKEN)
        engine = make_engine(str(house.engine.url))
        app = create_app(settings, house.clock, engine, house.profile, upkeep_seconds=None)
        with TestClient(app, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            found = client.get("/notices?due").json()
            answers.append([one["id"] for one in found])
            client.post(f"/notices/{found[0]['id']}/sent").raise_for_status()
        engine.dispose()
    assert len(answers[0]) > 1
    assert answers[1] == answers[0][1:]


def test_the_profile_says_which(backend: Backend, tmp_path: Path) -> None:
    quiet = backend.profile.notices.copy(update={"send": ("meeting_tomorrow",)})
    profile = backend.profile.copy(update={"notices": quiet})
    engine = make_engine(f"sqlite:///{tmp_path / 'own.db'}")
    seed(engine, SEED, backend.clock, profile)
    own = House(engine, backend.clock, profile, load_texts())
    assert notices.due(own, 100) == []
    backend.clock.instant = local("2026-11-29T09:00")
    assert [one.kind for one in notices.due(own, 100)] == ["meeting_tomorrow"]


QUIET = [
    ("2026-11-25T07:59", "2026-11-25T08:00"), ("2026-11-25T08:00", "2026-11-25T08:00"),
    ("2026-11-25T19:59", "2026-11-25T19:59"), ("2026-11-25T20:00", "2026-11-26T08:00"),
    ("2026-12-31T23:59", "2027-01-01T08:00"), ("2026-10-24T22:00", "2026-10-25T08:00"),
    ("2027-03-28T03:30", "2027-03-28T08:00"), ("2028-02-29T00:00", "2028-02-29T08:00"),
]  # fmt: skip


@pytest.mark.parametrize(("instant", "wanted"), QUIET)
def test_quiet_hours(instant: str, wanted: str) -> None:
    assert notice_rules.after_quiet(local(instant), PROFILE) == local(wanted)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(COPENHAGEN)),
    st.times(), st.times(),
)  # fmt: skip
def test_never_due_in_quiet_hours_and_never_early(
    instant: datetime, begins: time, ends: time
) -> None:
    begins, ends = begins.replace(microsecond=0), ends.replace(microsecond=0)
    moment = instant.astimezone(timezone.utc)
    found = notice_rules.after_quiet(moment, Notices(quiet=(begins, ends)))
    assert found >= moment - timedelta(hours=1)  # the hour that a day in March does not have
    if not 2 <= ends.hour <= 3 and begins != ends:  # an end that a day of the year does not have
        clock = found.astimezone(COPENHAGEN).time()
        quiet = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
        assert not quiet


@pytest.mark.parametrize(
    ("now", "made", "wanted"),
    [
        ("2026-11-27T12:00", None, None), ("2026-11-28T09:00", None, 3),
        ("2026-11-30T08:59", None, 3), ("2026-11-30T09:00", None, 1), ("2026-12-01T23:59", None, 1),
        ("2026-12-02T00:00", None, None), ("2026-11-29T12:00", "2026-11-29T11:00", None),
        ("2026-11-30T12:00", "2026-11-29T11:00", 1),
    ],
)  # fmt: skip
def test_which_reminder_of_a_deadline_holds(
    now: str, made: Optional[str], wanted: Optional[int]
) -> None:
    made_at: Any = None if made is None else local(made)
    found = notice_rules.deadline_reminder(date(2026, 12, 1), made_at, local(now), PROFILE)
    assert found == wanted
