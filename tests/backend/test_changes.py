"""Changes over real HTTP, by the real client: what the member has afterwards, and its proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Optional

import pytest

from bot.backend.contract import (
    AnswerParticipation,
    Assess,
    Attendance,
    Invite,
    Meeting,
)

from .asking import at, free, live, refused
from .conftest import NOW, Backend, local

STAFF = "staff:sofie@akasse.example"


def test_book_answers_the_open_invitation(backend: Backend) -> None:
    client = backend.client("member:m2")
    time = free(backend, "m2")[0]
    change = client.book("m2", time.id, "digital", key="p1")

    assert change.receipt.startswith("MK-")
    assert (change.meeting.kind, change.meeting.start) == ("raadighed", time.start)
    assert (change.meeting.format, change.meeting.place) == ("digital", None)
    assert (change.meeting.adviser, change.meeting.status) == ("Mette Holm", "booked")
    course = client.course("m2")
    assert course.next is None
    assert [one.status for one in course.invitations] == ["booked"]
    assert time.id not in [one.id for one in free(backend, "m1")]


def test_the_log_and_the_inbox_prove_a_booking(backend: Backend) -> None:
    client = backend.client("member:m2")
    change = client.book("m2", at(backend, "2026-11-26T10:00", "m2"), "in_person", key="p1")

    row = client.log("m2")[0]
    assert (row.action, row.actor, row.channel) == ("book", "member:m2", "min_side")
    assert (row.receipt, row.meeting, row.before) == (change.receipt, change.meeting.id, None)
    assert row.at == NOW
    assert Meeting.parse_obj(row.after) == change.meeting
    message = client.inbox("m2")[0]
    assert message.receipt == change.receipt
    assert message.text == (
        "Din rådighedssamtale er booket til torsdag den 26. november 2026 kl. 10.00 i "
        "Lokalafdeling Odense, Havnegade 112, 5000 Odense C hos Mette Holm. "
        f"Kvittering: {change.receipt}."
    )


def test_the_deadline_binds_booking_and_not_moving(backend: Backend) -> None:
    client = backend.client("member:m2")
    assert client.course("m2").next is not None
    late = at(backend, "2026-12-02T09:00", "m2")
    book = lambda: client.book("m2", late, "in_person", key="p1")  # noqa: E731
    assert refused(book) == (409, "after_deadline")
    booked = client.book("m2", at(backend, "2026-12-01T09:00", "m2"), "in_person", key="p2")
    moved = client.move("m2", booked.meeting.id, late, key="p3")
    assert moved.meeting.start == local("2026-12-02T09:00")
    assert [one.status for one in client.course("m2").invitations] == ["booked"]


def test_an_invitation_expires_with_its_day(backend: Backend) -> None:
    client = backend.client("member:m2")
    time = at(backend, "2026-12-03T09:00", "m2")
    backend.clock.instant = local("2026-12-01T23:59")
    assert client.course("m2").next is not None
    backend.clock.instant = local("2026-12-02T00:00")
    course = client.course("m2")
    assert (course.next, course.invitations[0].status) == (None, "expired")
    book = lambda: client.book("m2", time, "in_person", key="p1")  # noqa: E731
    assert refused(book) == (409, "after_deadline")


@pytest.mark.parametrize(
    ("when", "member", "format", "kind", "wanted"),
    [
        ("2026-11-26T10:30", "m1", "in_person", None, (422, "kind_mismatch")),
        ("2026-11-26T10:30", "m1", "in_person", "raadighed", (422, "kind_mismatch")),
        ("2026-12-01T15:00", "m1", "in_person", None, (422, "format_not_allowed")),
        ("2026-12-02T09:00", "m1", "in_person", None, (409, "overlap")),
        ("2026-11-27T12:00", "m1", "in_person", None, (404, "not_found")),
    ],
)
def test_book_refuses(
    backend: Backend, when: str, member: str, format: Any, kind: Optional[str], wanted: Any
) -> None:
    everybody = [
        time
        for other, of in (("m2", "raadighed"), ("m2", "cv"), ("m3", "raadighed"))
        for time in free(backend, other, kind=of)
    ]
    time = next(time.id for time in everybody if time.start == local(when))
    client, before = backend.client(f"member:{member}"), live(backend, member)
    assert refused(lambda: client.book(member, time, format, key="p1", kind=kind)) == wanted
    assert live(backend, member) == before
    assert client.log(member) == []
    assert client.inbox(member) == []


def test_a_taken_an_unknown_and_a_past_time_can_not_be_booked(backend: Backend) -> None:
    time = at(backend, "2026-11-26T09:00")
    backend.client("member:m1").book("m1", time, "in_person", key="p1")
    client = backend.client("member:m2")
    assert refused(lambda: client.book("m2", time, "in_person", key="p2")) == (409, "time_taken")
    assert refused(lambda: client.book("m2", "none", "in_person", key="p3")) == (404, "not_found")
    other = at(backend, "2026-11-26T13:30")
    backend.clock.instant = local("2026-11-26T13:30")
    assert refused(lambda: client.book("m2", other, "in_person", key="p4")) == (409, "begun")


def test_afbud_without_a_new_time_opens_an_invitation(backend: Backend) -> None:
    client = backend.client()
    change = client.afbud("m1", "x1", "illness", key="p1", note="mit knæ")

    assert (change.meeting.id, change.meeting.status) == ("x1", "cancelled")
    assert change.meeting.afbud is not None
    assert (change.meeting.afbud.reason, change.meeting.afbud.assessment) == ("illness", "named")
    assert (change.meeting.afbud.note, change.meeting.afbud.at) == ("mit knæ", NOW)
    assert change.replaced is None
    step = client.course("m1").next
    assert step is not None
    assert (step.kind, step.book_by) == ("raadighed", date(2026, 12, 9))
    assert at(backend, "2026-11-30T10:00")  # it is free again
    assert "senest onsdag den 9. december 2026" in client.inbox("m1")[0].text
    row = client.log("m1")[0]
    assert row.before is not None
    assert row.after is not None
    assert (row.before["status"], row.after["status"]) == ("booked", "cancelled")
    assert "knæ" not in str(row.dict())
    assert "knæ" not in client.inbox("m1")[0].text


def test_afbud_opens_the_same_invitation_again(backend: Backend) -> None:
    client = backend.client("member:m2")
    booked = client.book("m2", free(backend, "m2")[0].id, "in_person", key="p1")
    client.afbud("m2", booked.meeting.id, "holiday", key="p2")
    course = client.course("m2")
    assert [one.status for one in course.invitations] == ["open"]
    assert course.invitations[0].book_by == date(2026, 12, 9)
    assert course.meetings[-1].afbud is not None
    assert course.meetings[-1].afbud.assessment == "to_assess"


def test_afbud_with_a_new_time_is_one_change(backend: Backend) -> None:
    client = backend.client()
    time = at(backend, "2026-12-01T13:30")
    change = client.afbud(
        "m1", "x1", "job_interview", key="p1", new_time=time, new_format="digital"
    )

    assert change.replaced is not None
    assert (change.replaced.id, change.replaced.status) == ("x1", "cancelled")
    assert change.replaced.afbud is not None
    assert (change.meeting.start, change.meeting.format) == (local("2026-12-01T13:30"), "digital")
    assert sorted(live(backend)) == sorted([change.meeting.id, "j1"])
    assert len(client.log("m1")) == len(client.inbox("m1")) == 1
    row = client.log("m1")[0]
    assert (row.action, row.meeting) == ("afbud", "x1")
    assert Meeting.parse_obj(row.after) == change.meeting
    assert row.detail is not None
    assert Meeting.parse_obj(row.detail["replaced"]) == change.replaced
    assert client.course("m1").next is None


def test_afbud_with_a_time_that_is_gone_leaves_everything(backend: Backend) -> None:
    client = backend.client()
    time = at(backend, "2026-12-01T13:30")
    before = client.meetings("m1")
    backend.client("member:m2").book("m2", time, "in_person", key="other")
    give = lambda key: client.afbud("m1", "x1", "illness", key=key, new_time=time)  # noqa: E731
    assert refused(lambda: give("p1")) == (409, "time_taken")
    assert client.meetings("m1") == before
    assert client.log("m1") == client.inbox("m1") == []
    assert client.course("m1").invitations == []


@pytest.mark.parametrize("reason", ["", "no_such", "Illness"])
def test_afbud_needs_a_reason_of_the_profile(backend: Backend, reason: str) -> None:
    client = backend.client()
    assert refused(lambda: client.afbud("m1", "x1", reason, key="p1")) == (422, "invalid")
    assert "x1" in live(backend)


def test_move_keeps_kind_and_format(backend: Backend) -> None:
    client = backend.client()
    change = client.move("m1", "x1", at(backend, "2026-12-03T09:00"), key="p1")
    assert change.replaced is not None
    assert (change.replaced.status, change.replaced.afbud) == ("cancelled", None)
    assert (change.meeting.kind, change.meeting.format) == ("raadighed", "in_person")
    assert at(backend, "2026-11-30T10:00")
    assert client.log("m1")[0].action == "move"


def test_move_within_its_own_time_or_to_an_odd_format(backend: Backend) -> None:
    client = backend.client()
    digital_only = at(backend, "2026-12-01T15:00")
    move = lambda key, **more: client.move("m1", "x1", digital_only, key=key, **more)  # noqa: E731
    assert refused(lambda: move("p1")) == (422, "format_not_allowed")
    assert move("p2", format="digital").meeting.format == "digital"
    cv = free(backend, "m1", kind="cv")[0].id
    new = next(one for one in live(backend) if one != "j1")
    assert refused(lambda: client.move("m1", new, cv, key="p3")) == (422, "kind_mismatch")


def test_change_format_and_back(backend: Backend) -> None:
    client = backend.client()
    digital = client.change_format("m1", "x1", "digital", key="p1").meeting
    assert (digital.id, digital.format, digital.place) == ("x1", "digital", None)
    back = client.change_format("m1", "x1", "in_person", key="p2").meeting
    assert back.place == "Lokalafdeling Odense, Havnegade 112, 5000 Odense C"
    assert [row.action for row in client.log("m1")] == ["format", "format"]


def test_change_format_obeys_the_time_that_it_holds(backend: Backend) -> None:
    client = backend.client()
    change = client.move("m1", "x1", at(backend, "2026-12-01T15:00"), key="p1", format="digital")
    call = lambda: client.change_format("m1", change.meeting.id, "in_person", key="p2")  # noqa: E731
    assert refused(call) == (422, "format_not_allowed")


@pytest.mark.parametrize("what", ["afbud", "move", "format"])
@pytest.mark.parametrize(
    ("member", "id", "wanted"),
    [
        ("m1", "j1", (422, "jobcenter_owned")),
        ("m2", "x2", (409, "begun")),
        ("m2", "x9", (409, "not_live")),
        ("m2", "x1", (404, "not_found")),
        ("m1", "nothing", (404, "not_found")),
        ("nobody", "x1", (404, "not_found")),
    ],
)
def test_what_can_not_be_changed(
    backend: Backend, what: str, member: str, id: str, wanted: Any
) -> None:
    client, time = backend.client("system"), at(backend, "2026-12-03T09:00")
    calls: dict[str, Callable[[], Any]] = {
        "afbud": lambda: client.afbud(member, id, "illness", key="p"),
        "move": lambda: client.move(member, id, time, key="p"),
        "format": lambda: client.change_format(member, id, "digital", key="p"),
    }
    assert refused(calls[what]) == wanted


def test_a_member_reaches_their_own_records_only(backend: Backend) -> None:
    stranger = backend.client("member:m2")
    assert refused(lambda: stranger.afbud("m1", "x1", "illness", key="p1")) == (404, "not_found")
    time = at(backend, "2026-12-03T09:00")
    assert refused(lambda: stranger.book("m1", time, "in_person", key="p2")) == (404, "not_found")
    assert "x1" in live(backend)


@pytest.mark.parametrize(("member", "id"), [("m2", "x2"), ("m2", "j2")])
def test_contact_marks_the_meeting_missed_and_keeps_the_first(
    backend: Backend, member: str, id: str
) -> None:
    client = backend.client("member:m2")
    first = client.register_contact(member, id, NOW - timedelta(minutes=5), key="p1")
    assert first.meeting.status == "missed"
    assert first.meeting.contact is not None
    assert first.meeting.contact.at == NOW - timedelta(minutes=5)
    assert first.meeting.contact.channel == "min_side"
    second = client.register_contact(member, id, NOW, key="p2")
    assert (second.receipt, second.meeting) == (first.receipt, first.meeting)
    assert len(client.log(member)) == len(client.inbox(member)) == 1


@pytest.mark.parametrize(("member", "id", "wanted"), [
    ("m1", "x1", (422, "invalid")), ("m2", "x9", (409, "not_live")), ("m1", "x2", (404, "not_found")),
])  # fmt: skip
def test_contact_refuses(backend: Backend, member: str, id: str, wanted: Any) -> None:
    client = backend.client("system")
    assert refused(lambda: client.register_contact(member, id, NOW, key="p1")) == wanted


def test_participation_is_asked_once_and_answered_by_staff(backend: Backend) -> None:
    client, staff = backend.client(), backend.client(STAFF)
    first = client.request_participation("m1", "j1", key="p1")
    assert first.meeting.participation == "requested"
    assert client.request_participation("m1", "j1", key="p2").receipt == first.receipt
    body = AnswerParticipation(participation="declined")
    assert (
        staff.answer_participation("m1", "j1", body, key="s1").meeting.participation == "declined"
    )
    assert [row.action for row in client.log("m1")] == ["participation", "participation"]
    assert refused(lambda: client.request_participation("m1", "x1", key="p3")) == (
        422, "kind_mismatch",
    )  # fmt: skip
    assert refused(lambda: client.answer_participation("m1", "j1", body, key="p4")) == (
        403, "forbidden",
    )  # fmt: skip
    assert refused(lambda: staff.answer_participation("m1", "x1", body, key="s2")) == (
        409, "not_live",
    )  # fmt: skip


def test_staff_note_attendance_and_assess(backend: Backend) -> None:
    client, staff = backend.client(), backend.client(STAFF)
    held = Attendance(status="held")
    assert staff.note_attendance("m2", "x2", held, key="s1").meeting.status == "held"
    missed = staff.note_attendance("m2", "x2", Attendance(status="missed"), key="s2")
    assert missed.meeting.status == "missed"
    note = lambda who, member, id: lambda: who.note_attendance(member, id, held, key=id)  # noqa: E731
    assert refused(note(staff, "m1", "x1")) == (422, "invalid")
    assert refused(note(staff, "m2", "j2")) == (422, "jobcenter_owned")
    assert refused(note(client, "m1", "x1")) == (403, "forbidden")

    client.afbud("m1", "x1", "transport", key="p1")
    decided = staff.assess("m1", "x1", Assess(assessment="not_lawful"), key="s3")
    assert decided.meeting.afbud is not None
    assert decided.meeting.afbud.assessment == "not_lawful"
    none = lambda: staff.assess("m2", "x2", Assess(assessment="lawful"), key="s4")  # noqa: E731
    assert refused(none) == (409, "not_live")


def test_staff_call_a_member_in_by_a_date_or_to_a_time(backend: Backend) -> None:
    staff, doubt = backend.client(STAFF), "Vi er i tvivl om din joblog."
    by = staff.invite(
        "m1", Invite(kind="raadighed", reason=doubt, book_by=date(2026, 12, 4)), key="s1"
    )
    assert (by.invitation.status, by.meeting) == ("open", None)
    assert staff.course("m1").next is not None
    cv = free(backend, "m1", kind="cv")[0]
    fixed = staff.invite("m1", Invite(kind="cv", reason=doubt, time=cv.id), key="s2")
    assert fixed.meeting is not None
    assert (fixed.meeting.start, fixed.meeting.format) == (cv.start, "in_person")
    assert (fixed.invitation.status, fixed.invitation.book_by) == ("booked", date(2026, 11, 26))
    assert doubt in staff.inbox("m1")[0].text
    assert [row.action for row in staff.log("m1")] == ["invite", "invite"]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"kind": "jobcenter", "book_by": "2026-12-04"}, (422, "jobcenter_owned")),
        ({"kind": "no_such", "book_by": "2026-12-04"}, (422, "invalid")),
        ({"kind": "cv", "book_by": "2026-11-24"}, (422, "invalid")),
        ({"kind": "cv", "time": "none"}, (404, "not_found")),
    ],
)
def test_invite_refuses(backend: Backend, body: Any, wanted: Any) -> None:
    invitation = Invite(**{"reason": "x", **body})
    assert refused(lambda: backend.client(STAFF).invite("m1", invitation, key="s")) == wanted
    body = {**body, "reason": "x"}
    member = backend.client("member:m1")
    assert refused(lambda: member.invite("m1", Invite(**body), key="s2")) == (403, "forbidden")
