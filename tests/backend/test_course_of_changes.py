"""Over any sequence of calls, by anybody: the invariants hold, and the log replays to the state."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from bot.backend import (
    afbud,
    attendance,
    bookings,
    invitations,
    log,
    meetings,
    notices,
    participation,
    rules,
    tables,
)
from bot.backend.automatic import call_in_due_members
from bot.backend.contract import (
    AnswerParticipation,
    Assess,
    Attendance,
    Book,
    ChangeFormat,
    GiveAfbud,
    Invite,
    Move,
    RegisterContact,
    RequestParticipation,
    Wire,
)
from bot.backend.idempotency import once
from bot.backend.inbox import load_texts
from bot.backend.refusals import Refusal
from bot.backend.work import Caller, House, Work
from bot.clock import FrozenClock
from bot.database import make_engine, reading
from bot.profile import load_profile

from .conftest import NOW, restore

MEMBERS = ("m1", "m2")
PROFILE, TEXTS = load_profile("standard"), load_texts()

member_ids = st.sampled_from(MEMBERS)
which = st.integers(0, 7)
slots = st.integers(0, 13)
formats = st.sampled_from(["in_person", "digital"])

ONE_EACH = """SELECT count(*) FROM (SELECT 1 FROM meetings WHERE status='booked' AND time_id IS NOT NULL
    GROUP BY time_id HAVING count(*) > 1)"""
APART = """SELECT count(*) FROM meetings a JOIN meetings b ON a.member_id = b.member_id AND a.id < b.id
    AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
    WHERE a.status='booked' AND b.status='booked'"""
AS_OFFERED = """SELECT count(*) FROM meetings m JOIN times t ON t.id = m.time_id
    JOIN members p ON p.id = m.member_id WHERE m.status='booked' AND NOT (
    m.starts_at = t.starts_at AND m.ends_at = t.ends_at AND p.office_id = t.office_id AND t.offered
    AND ((m.format = 'digital' AND t.digital) OR (m.format = 'in_person' AND t.in_person))
    AND EXISTS (SELECT 1 FROM time_kinds k WHERE k.time_id = t.id AND k.kind = m.kind))"""
PROOF = """SELECT (SELECT count(*) FROM log WHERE action <> 'notice'),
    (SELECT count(DISTINCT receipt) FROM log), (SELECT count(*) FROM inbox)"""
NOTICES = "SELECT count(*), count(DISTINCT key) FROM notices"
ANSWERED = """SELECT count(*) FROM invitations i JOIN meetings m ON m.id = i.meeting_id
    WHERE m.member_id <> i.member_id OR m.kind <> i.kind OR m.status = 'cancelled'"""


class Records(RuleBasedStateMachine):
    """A house, and everybody who changes something in it."""

    snapshot: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        database = Path(self.folder.name) / "records.db"
        restore(self.snapshot, database)
        self.clock = FrozenClock(NOW)
        self.house = House(make_engine(f"sqlite:///{database}"), self.clock, PROFILE, TEXTS)
        self.calls = 0
        self.repeats: list[Callable[[], dict[str, Any]]] = []
        self.before = {member: self.shown(member) for member in MEMBERS}
        self.called = {member: self.invited(member) for member in MEMBERS}
        with reading(self.house.engine) as session:
            self.times = [row.id for row in session.execute(
                tables.times.select().where(tables.times.c.office_id == "odense")
                .order_by(tables.times.c.starts_at, tables.times.c.id).limit(14)
            )]  # fmt: skip

    def teardown(self) -> None:
        for member in MEMBERS:
            meetings_of, calls_of = self.replayed(member)
            assert meetings_of == self.shown(member)
            assert calls_of == self.invited(member)
        for repeat in self.repeats:  # every key still has the answer that it had
            repeat()
        self.house.engine.dispose()
        self.folder.cleanup()

    # what is called

    @rule(member=member_ids, slot=slots, format=formats)
    def book(self, member: str, slot: int, format: Any) -> None:
        body = Book(time=self.times[slot], format=format)
        self.change(member, body, lambda work: bookings.book(work, member, body))

    @rule(member=member_ids, which=which)
    def afbud(self, member: str, which: int) -> None:
        meeting, body = self.own(member, which), GiveAfbud(reason="illness", note="ondt i ryggen")
        self.change(member, body, lambda work: afbud.give(work, member, meeting, body))

    @rule(member=member_ids, which=which, slot=slots, format=formats)
    def afbud_with_a_new_time(self, member: str, which: int, slot: int, format: Any) -> None:
        meeting = self.own(member, which)
        body = GiveAfbud(reason="holiday", new_time=self.times[slot], new_format=format)
        self.change(member, body, lambda work: afbud.give(work, member, meeting, body))

    @rule(member=member_ids, which=which, slot=slots, format=formats)
    def move(self, member: str, which: int, slot: int, format: Any) -> None:
        meeting, body = self.own(member, which), Move(new_time=self.times[slot], format=format)
        self.change(member, body, lambda work: bookings.move(work, member, meeting, body))

    @rule(member=member_ids, which=which, format=formats)
    def format(self, member: str, which: int, format: Any) -> None:
        meeting, body = self.own(member, which), ChangeFormat(format=format)
        self.change(member, body, lambda work: bookings.change_format(work, member, meeting, body))

    @rule(member=member_ids, which=which)
    def contact(self, member: str, which: int) -> None:
        meeting, body = self.own(member, which), RegisterContact(at=self.clock.instant)
        self.change(
            member, body, lambda work: attendance.register_contact(work, member, meeting, body)
        )

    @rule(member=member_ids, which=which, status=st.sampled_from(["held", "missed"]))
    def attendance(self, member: str, which: int, status: Any) -> None:
        meeting, body = self.own(member, which), Attendance(status=status)
        self.change(member, body, lambda work: attendance.note(work, member, meeting, body))

    @rule(member=member_ids, which=which, said=st.sampled_from(["lawful", "not_lawful"]))
    def assess(self, member: str, which: int, said: Any) -> None:
        meeting, body = self.own(member, which), Assess(assessment=said)
        self.change(member, body, lambda work: afbud.assess(work, member, meeting, body))

    @rule(member=member_ids, which=which)
    def ask_participation(self, member: str, which: int) -> None:
        meeting, body = self.own(member, which), RequestParticipation()
        self.change(member, body, lambda work: participation.request(work, member, meeting))

    @rule(member=member_ids, which=which, said=st.sampled_from(["accepted", "declined"]))
    def answer_participation(self, member: str, which: int, said: Any) -> None:
        meeting, body = self.own(member, which), AnswerParticipation(participation=said)
        self.change(member, body, lambda work: participation.answer(work, member, meeting, body))

    @rule(member=member_ids, kind=st.sampled_from(["cv", "raadighed"]), days=st.integers(-1, 20))
    def invite(self, member: str, kind: str, days: int) -> None:
        by = rules.local_day(self.clock.instant) + timedelta(days=days)
        body = Invite(kind=kind, reason="Vi er i tvivl.", book_by=by)
        self.change(member, body, lambda work: invitations.invite(work, member, body))

    @rule(member=member_ids, kind=st.sampled_from(["cv", "raadighed"]), slot=slots)
    def call_in(self, member: str, kind: str, slot: int) -> None:
        body = Invite(kind=kind, reason="Vi er i tvivl.", time=self.times[slot])
        self.change(member, body, lambda work: invitations.invite(work, member, body))

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.clock.instant += timedelta(hours=hours)

    @rule()
    def the_course_is_looked_at(self) -> None:
        call_in_due_members(self.house)

    @rule(count=st.integers(0, 3))
    def notices_are_delivered(self, count: int) -> None:
        for number, notice in enumerate(notices.due(self.house, count or 1)):
            notices.report(self.house, notice.id, "failed" if number else "sent", None)

    @rule()
    def everything_is_asked_again(self) -> None:
        for repeat in self.repeats[-3:]:
            repeat()

    # what must hold

    @invariant()
    def the_records_are_sound(self) -> None:
        with reading(self.house.engine) as session:
            for query in (ONE_EACH, APART, AS_OFFERED, ANSWERED):
                assert session.execute(text(query)).scalar() == 0, query
            changes, receipts, messages = session.execute(text(PROOF)).one()
            assert changes == receipts == messages
            rows, keys = session.execute(text(NOTICES)).one()
            assert rows == keys

    def change(self, member: str, body: Wire, operation: Callable[[Work], Wire]) -> None:
        """Make a change once; a refusal leaves everything as it was; its repeat is no second one."""
        self.calls += 1
        key, before = f"k{self.calls}", self.everything()

        def call() -> dict[str, Any]:
            try:
                return once(self.house, Caller("system", "desk"), key, member, body, operation)
            except Refusal as refusal:
                return {"refused": refusal.code}

        answer = call()
        if "refused" in answer:
            assert self.everything() == before
        receipt = answer.get("receipt")

        def repeat() -> dict[str, Any]:
            rows = self.everything()["log"]
            again = call()
            assert again.get("receipt") == receipt
            assert ("refused" in again) == ("refused" in answer)
            assert self.everything()["log"] == rows
            return again

        self.repeats.append(repeat)

    def everything(self) -> dict[str, int]:
        tables_ = ("log", "inbox", "notices", "invitations", "meetings")
        with reading(self.house.engine) as session:
            counts = {
                table: int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
                for table in tables_
            }
            live = "SELECT count(*) FROM meetings WHERE status='booked'"
            return {**counts, "live": int(session.execute(text(live)).scalar_one())}

    def own(self, member: str, which: int) -> str:
        found = sorted(self.shown(member))
        return found[which % len(found)]

    def shown(self, member: str) -> dict[str, dict[str, Any]]:
        """The member's meetings as the log writes them: without the member's own words."""
        with reading(self.house.engine) as session:
            found = {one.id: json.loads(one.json()) for one in meetings.of_member(session, member)}
        for one in found.values():
            if one["afbud"]:
                one["afbud"]["note"] = None
        return found

    def invited(self, member: str) -> dict[str, tuple[Any, ...]]:
        """The member's invitations; whether an open one has expired is the clock's to say."""
        today = rules.local_day(self.clock.instant)
        with reading(self.house.engine) as session:
            found = invitations.of_member(session, member, today)
        return {one.id: (one.kind, one.reason, str(one.book_by), one.status == "booked")
                for one in found}  # fmt: skip

    def replayed(self, member: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Meetings and invitations as the log makes them of what was seeded."""
        held, called = dict(self.before[member]), dict(self.called[member])
        with reading(self.house.engine) as session:
            rows = log.of_member(session, member)
        for row in reversed(rows):
            detail = row.detail or {}
            for after in (row.after, detail.get("replaced")):
                if after is not None and "owner" in after:
                    held[after["id"]] = after
            one = detail.get("invitation")
            if one is not None:
                called[one["id"]] = (
                    one["kind"], one["reason"], one["book_by"], one["status"] == "booked"
                )  # fmt: skip
        return held, called


@pytest.mark.parametrize("examples", [12])
def test_any_sequence_of_calls(snapshot: Path, examples: int) -> None:
    Records.snapshot = snapshot
    run_state_machine_as_test(
        Records,
        settings=settings(
            max_examples=examples, stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
