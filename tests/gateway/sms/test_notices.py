"""Notices of the back end: said once, on Min side and by text message, and reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta

import pytest

from bot.clock import read_instant
from bot.gateway.ports import DirectoryUnavailable
from bot.gateway.sms import carrier
from bot.gateway.sms.notices import Notice, quiet_now
from bot.gateway.sms.tables import inbox
from bot.gateway.tables import conversations
from bot.profile import Notices as NoticeRules
from tests.gateway.house import House, wait_for
from tests.gateway.sms.phone import Phone, personal, phone


@dataclass
class FakeNotices:
    """A back end's outbox: gives what is due until it is reported."""

    waiting: list[Notice] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    down: bool = False

    def due(self) -> list[Notice]:
        if self.down:
            raise DirectoryUnavailable
        return list(self.waiting)

    def sent(self, notice: str) -> None:
        self._report(notice, "sent")

    def failed(self, notice: str, reason: str) -> None:
        self._report(notice, f"failed: {reason}")

    def _report(self, notice: str, what: str) -> None:
        if self.down:
            raise DirectoryUnavailable
        self.reports.append((notice, what))
        self.waiting = [each for each in self.waiting if each.id != notice]


@pytest.fixture
def source(own_house: House, monkeypatch: pytest.MonkeyPatch) -> FakeNotices:
    monkeypatch.setattr(carrier, "NOTICE_SECONDS", 0.1)
    fake = FakeNotices()
    own_house.options["notices"] = fake
    own_house.start()
    return fake


def notice(one: Phone | None, member: str, id_: str = "1", **more: object) -> Notice:
    values: dict[str, object] = {
        "id": id_, "member": member, "phone": one.number if one else None,
        "text": "Husk rådighedssamtalen torsdag kl. 10.00.", "sms": "Husk dit møde – i morgen.",
        "meeting": "x1", **more,
    }  # fmt: skip
    return Notice(**values)


def test_a_notice_reaches_phone_and_min_side_once(own_house: House, source: FakeNotices) -> None:
    one = phone(own_house, "m-n")
    source.waiting.append(notice(one, "m-n"))
    wait_for(lambda: ("1", "sent") in source.reports)
    source.waiting.append(notice(one, "m-n"))  # as after a lost report
    wait_for(one.texts)
    assert one.texts() == ["Husk dit møde - i morgen. Kan du ikke komme, så svar AFBUD."]
    assert own_house.member("m-n").lines() == [
        ("system", "Husk rådighedssamtalen torsdag kl. 10.00.")
    ]


def test_a_member_without_a_phone_is_told_on_min_side(
    own_house: House, source: FakeNotices
) -> None:
    source.waiting.append(notice(None, "m-uden"))
    wait_for(lambda: ("1", "sent") in source.reports)
    assert len(own_house.member("m-uden").lines()) == 1


def test_a_receipt_stands_in_the_inbox_already(own_house: House, source: FakeNotices) -> None:
    one = phone(own_house, "m-k")
    source.waiting.append(notice(one, "m-k", text=None, meeting=None, sms="Der er en kvittering."))
    wait_for(lambda: one.texts() == ["Der er en kvittering."])
    assert own_house.member("m-k").lines() == []


def test_svar_afbud_is_about_that_very_meeting(own_house: House, source: FakeNotices) -> None:
    own_house.rasa.answer = personal
    one = phone(own_house, "m-a")
    source.waiting.append(notice(one, "m-a", meeting="x7"))
    wait_for(one.texts)
    one.say("AFBUD")
    one.say(one.code())
    (asked,) = own_house.rasa.of("m-a")
    assert asked["payload"] == {"intent": "afbud", "start": True, "meeting": "x7"}


def test_to_a_stopped_phone_no_notice_goes(own_house: House, source: FakeNotices) -> None:
    one = phone(own_house, "m-s")
    one.say("stop")
    source.waiting.append(notice(one, "m-s"))
    wait_for(lambda: ("1", "sent") in source.reports)
    assert len(one.texts()) == 1
    assert len(own_house.member("m-s").lines()) == 1


def test_what_can_not_be_delivered_is_reported_and_goes_to_staff(
    own_house: House, source: FakeNotices
) -> None:
    import requests

    requests.post(f"{own_house.url}/sms/simulator/behaviour", json={"takes": "refuse"}, timeout=5)
    one = phone(own_house, "m-f")
    source.waiting.append(notice(one, "m-f"))
    wait_for(lambda: ("1", "failed: simulated refusal") in source.reports)
    wait_for(lambda: own_house.member("m-f").history()["state"] == "waiting")
    (row,) = own_house.rows(conversations, conversations.c.member == "m-f")
    assert row.handover_reason == "notice_failed"


def test_a_report_that_could_not_be_given_is_given_later(
    own_house: House, source: FakeNotices
) -> None:
    one = phone(own_house, "m-d")
    source.waiting.append(notice(one, "m-d"))
    wait_for(one.texts)
    source.down = True
    source.reports.clear()
    source.waiting.append(notice(one, "m-d", "2"))
    source.down = False
    wait_for(lambda: ("2", "sent") in source.reports)
    assert own_house.rows(inbox) == []


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("07:59", True), ("08:00", False), ("12:00", False), ("19:59", False), ("20:00", True),
     ("23:30", True)],
)  # fmt: skip
def test_quiet_hours_over_midnight(clock: str, quiet: bool) -> None:
    rules = NoticeRules(quiet=(time(20), time(8)))
    assert quiet_now(rules, read_instant(f"2026-11-25T{clock}")) is quiet
    by_day = NoticeRules(quiet=(time(8), time(20)))
    assert quiet_now(by_day, read_instant(f"2026-11-25T{clock}")) is not quiet
    assert not quiet_now(NoticeRules(quiet=None), read_instant(f"2026-11-25T{clock}"))


def test_in_quiet_hours_answers_go_and_notices_wait(own_house: House, source: FakeNotices) -> None:
    one = phone(own_house, "m-q")
    own_house.clock.instant += timedelta(hours=12)
    source.waiting.append(notice(one, "m-q"))
    assert one.say("er du vågen?") == "Svar på: er du vågen?"
    assert len(one.texts()) == 1
    own_house.clock.instant += timedelta(hours=12)
    wait_for(lambda: len(one.texts()) == 2)
