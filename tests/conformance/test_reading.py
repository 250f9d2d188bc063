"""Does it read as the contract says? The client's types check the shapes: an unknown field is a fault."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from icalendar import Calendar

from bot.clock import COPENHAGEN

from .conftest import Peer, refusal


def test_the_document_is_there_with_every_call(peer: Peer) -> None:
    paths = requests.get(f"{peer.url}/openapi.json", timeout=10).json()["paths"]
    shapes = {path.replace("{member}", "M").replace("{meeting}", "X") for path in paths}
    assert {
        "/members/lookup", "/members/M", "/members/M/meetings", "/members/M/course",
        "/members/M/inbox", "/members/M/log", "/members/M/invitations", "/times", "/notices",
        *(f"/members/M/meetings/X/{what}" for what in (
            "afbud", "move", "format", "contact", "participation", "attendance", "assessment"
        )),
    } <= shapes  # fmt: skip


@pytest.mark.parametrize("token", ["", "Bearer wrong"])
def test_only_the_service_token_comes_in(peer: Peer, token: str) -> None:
    answer = requests.get(f"{peer.url}/members/c1", headers={"Authorization": token}, timeout=10)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorized"


def test_the_member_by_id_and_by_phone(peer: Peer) -> None:
    client = peer.client()
    member = client.member("c1")
    assert (member.member_no, member.phone, member.office.id) == (
        "700001", "+4570000001", "odense",
    )  # fmt: skip
    assert client.lookup("+4570000001") == member
    assert client.lookup("+4570999999") is None
    assert client.member("c2").phone is None


@pytest.mark.parametrize("part", ["", "/meetings", "/course", "/inbox", "/log"])
def test_unknown_is_not_found_in_the_envelope(peer: Peer, part: str) -> None:
    answer = requests.get(
        f"{peer.url}/members/nobody{part}",
        headers={"Authorization": f"Bearer {peer.token}"}, timeout=10,
    )  # fmt: skip
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert set(error) == {"code", "message"}
    assert error["code"] == "not_found"


def test_meetings_and_course(peer: Peer) -> None:
    client = peer.client()
    ours, theirs = client.meetings("c1")
    assert (ours.id, ours.owner, ours.status, ours.adviser) == (
        "c1-a", "akasse", "booked", "Mette Holm",
    )  # fmt: skip
    assert (theirs.id, theirs.owner, theirs.place) == ("c1-j", "jobcenter", "Jobcenter Odense")
    assert ours.start.utcoffset() == timedelta(0)
    assert ours.start.astimezone(COPENHAGEN).hour == 10
    course = client.course("c1")
    assert course.meetings == [ours, theirs]
    assert (course.next, course.invitations) == (None, [])
    [invitation] = client.course("c14").invitations
    assert (invitation.kind, invitation.status) == ("raadighed", "open")


def test_free_times_are_the_offices_and_not_over_a_meeting(peer: Peer) -> None:
    times = peer.free("c1", limit=500)
    assert [one.start for one in times] == sorted(one.start for one in times)
    assert {one.office.id for one in times} == {"odense"}
    assert all("raadighed" in one.kinds for one in times)
    for meeting in peer.client().meetings("c1"):
        assert not [one for one in times if one.start < meeting.end and meeting.start < one.end]
    assert [one.office.id for one in peer.free("c15")] == ["vejle"]


def test_free_times_by_format_range_and_limit(peer: Peer) -> None:
    every = peer.free("c1", limit=500)
    day = every[7].start
    inside = peer.free("c1", start=day, end=day + timedelta(days=1), limit=500)
    wanted = [one for one in every if day <= one.start < day + timedelta(days=1)]
    assert inside == wanted
    assert peer.free("c1", limit=3) == every[:3]
    assert all(one.formats == ["in_person"] for one in peer.free("c1", "cv"))
    assert peer.client().times("c1", "cv", "digital") == []


def test_the_calendar_file(peer: Peer) -> None:
    [event] = Calendar.from_ical(peer.client().ics("c1", "c1-a")).walk("VEVENT")
    [meeting] = [one for one in peer.client().meetings("c1") if one.id == "c1-a"]
    assert event.decoded("DTSTART") == meeting.start
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert str(event["STATUS"]) == "CONFIRMED"
    assert refusal(lambda: peer.client().ics("c1", "c3-a")) == (404, "not_found")
