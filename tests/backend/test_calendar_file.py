"""The calendar file: read back by the library, one entry over every change, right on any day."""

from __future__ import annotations

from datetime import timezone
from typing import Any

import pytest
import requests
from icalendar import Calendar, Event

from bot.backend.contract import Attendance

from .asking import at, refused
from .conftest import TOKEN, Backend, local


def read(backend: Backend, meeting: str, member: str = "m1") -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(backend.client("system").ics(member, meeting))
    [event] = calendar.walk("VEVENT")
    return calendar, event


def seen(backend: Backend, meeting: str) -> tuple[str, int, str, str]:
    """Method, sequence, status and UID."""
    calendar, event = read(backend, meeting)
    return (
        str(calendar["METHOD"]), int(event["SEQUENCE"]), str(event["STATUS"]), str(event["UID"])
    )  # fmt: skip


def test_the_file_says_what_when_and_where(backend: Backend) -> None:
    calendar, event = read(backend, "x1")
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert event.decoded("DTSTART") == local("2026-11-30T10:00")
    assert event.decoded("DTEND") == local("2026-11-30T10:45")
    assert str(event["SUMMARY"]) == "Rådighedssamtale (A-kassen)"
    assert str(event["LOCATION"]) == "Lokalafdeling Odense, Havnegade 112, 5000 Odense C"
    assert "mandag den 30. november 2026 kl. 10.00" in str(event["DESCRIPTION"])
    [zone] = calendar.walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Europe/Copenhagen"
    assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}


def test_one_entry_over_move_format_and_afbud(backend: Backend) -> None:
    client = backend.client()
    assert seen(backend, "x1") == ("PUBLISH", 0, "CONFIRMED", "x1@moedeklar")
    moved = client.move("m1", "x1", at(backend, "2026-12-03T09:00"), key="p1").meeting.id
    assert seen(backend, moved) == ("PUBLISH", 1, "CONFIRMED", "x1@moedeklar")
    assert seen(backend, "x1") == ("CANCEL", 0, "CANCELLED", "x1@moedeklar")
    client.change_format("m1", moved, "digital", key="p2")
    assert seen(backend, moved)[1] == 2
    assert str(read(backend, moved)[1]["LOCATION"]) == "Digitalt"
    time = at(backend, "2026-12-04T09:00")
    new = client.afbud("m1", moved, "illness", key="p3", new_time=time).meeting.id
    assert seen(backend, new) == ("PUBLISH", 3, "CONFIRMED", "x1@moedeklar")
    client.afbud("m1", new, "illness", key="p4")
    assert seen(backend, new) == ("CANCEL", 4, "CANCELLED", "x1@moedeklar")


def test_nobody_elses_and_no_secret_in_it(backend: Backend) -> None:
    client = backend.client()
    client.afbud("m1", "x1", "illness", key="p1", note="ondt i knæet")
    assert refused(lambda: client.ics("m1", "x2")) == (404, "not_found")
    text = client.ics("m1", "x1").decode()
    assert "knæ" not in text
    assert "sygdom" not in text


def test_it_comes_as_a_calendar(backend: Backend) -> None:
    answer = requests.get(
        f"{backend.url}/members/m1/meetings/j1/ics",
        headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5,
    )  # fmt: skip
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="moede.ics"'
    assert max(len(line) for line in answer.content.split(b"\r\n")) <= 75
    assert answer.content.endswith(b"END:VCALENDAR\r\n")


@pytest.mark.parametrize("status", ["held", "missed"])
def test_what_was_held_or_missed_stays_in_the_calendar(backend: Backend, status: Any) -> None:
    staff = backend.client("staff:s@a.example")
    staff.note_attendance("m2", "x2", Attendance(status=status), key="s1")
    _, event = read(backend, "x2", "m2")
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CONFIRMED", 0)
    assert event.decoded("DTSTAMP") == backend.clock.instant.astimezone(timezone.utc)
