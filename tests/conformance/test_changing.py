"""Does it change as the contract says? Each test has a member of its own."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
from icalendar import Calendar

from bot.backend.contract import AnswerParticipation, Assess, Attendance, Invite
from bot.backend.failures import BackendRefusal
from bot.clock import COPENHAGEN

from .conftest import STAFF, Peer, refusal


def proven(peer: Peer, member: str, receipt: str, action: str) -> None:
    """The newest change of the log and the inbox both have the receipt."""
    row = next(row for row in peer.client().log(member) if row.action != "notice")
    assert (row.receipt, row.action) == (receipt, action)
    assert receipt in {message.receipt for message in peer.client().inbox(member)}


def test_book_within_the_deadline_and_afbud_opens_the_invitation_again(peer: Peer) -> None:
    client = peer.of("c2")
    step = client.course("c2").next
    assert step is not None
    late = next(
        one for one in peer.free("c2", limit=500)
        if one.start.astimezone(COPENHAGEN).date() > step.book_by
    )  # fmt: skip
    assert refusal(lambda: client.book("c2", late.id, "digital", key=peer.key())) == (
        409, "after_deadline",
    )  # fmt: skip
    time = peer.free("c2")[0]
    booked = client.book("c2", time.id, "digital", key=peer.key())
    assert (booked.meeting.start, booked.meeting.format) == (time.start, "digital")
    proven(peer, "c2", booked.receipt, "book")
    course = client.course("c2")
    assert (course.next, course.invitations[0].status) == (None, "booked")
    assert time.id not in {one.id for one in peer.free("c2", limit=500)}
    client.afbud("c2", booked.meeting.id, "illness", key=peer.key())
    again = client.course("c2")
    assert again.next is not None
    assert again.next.book_by >= step.book_by
    assert time.id in {one.id for one in peer.free("c2", limit=500)}


def test_afbud_keeps_reason_note_and_makes_an_invitation(peer: Peer) -> None:
    client = peer.of("c3")
    change = client.afbud("c3", "c3-a", "other", key=peer.key(), note="et ord")
    assert change.meeting.status == "cancelled"
    assert change.meeting.afbud is not None
    assert (change.meeting.afbud.reason, change.meeting.afbud.note) == ("other", "et ord")
    assert change.meeting.afbud.assessment == "to_assess"
    proven(peer, "c3", change.receipt, "afbud")
    assert "et ord" not in client.log("c3")[0].json()
    assert client.course("c3").next is not None
    assert refusal(lambda: client.afbud("c3", "c3-a", "illness", key=peer.key())) == (
        409, "not_live",
    )  # fmt: skip
    decided = peer.client(STAFF).assess("c3", "c3-a", Assess(assessment="lawful"), key=peer.key())
    assert decided.meeting.afbud is not None
    assert decided.meeting.afbud.assessment == "lawful"


def test_afbud_with_a_new_time_is_both_or_nothing(peer: Peer) -> None:
    client = peer.of("c4")
    gone = peer.free("c4")[1]
    other = peer.of("c12").book("c12", gone.id, "digital", key=peer.key()).meeting.id
    before = client.meetings("c4")
    take = lambda: client.afbud("c4", "c4-a", "illness", key=peer.key(), new_time=gone.id)  # noqa: E731
    assert refusal(take) == (409, "time_taken")
    assert client.meetings("c4") == before
    peer.of("c12").afbud("c12", other, "illness", key=peer.key())
    change = take()
    assert change.replaced is not None
    assert (change.replaced.id, change.replaced.status) == ("c4-a", "cancelled")
    assert (change.meeting.start, change.meeting.status) == (gone.start, "booked")
    proven(peer, "c4", change.receipt, "afbud")


def test_move_keeps_the_calendars_entry(peer: Peer) -> None:
    client = peer.of("c5")
    [old] = Calendar.from_ical(client.ics("c5", "c5-a")).walk("VEVENT")
    time = peer.free("c5")[2]
    change = client.move("c5", "c5-a", time.id, key=peer.key())
    assert change.meeting.start == time.start
    assert change.replaced is not None
    assert change.replaced.status == "cancelled"
    [new] = Calendar.from_ical(client.ics("c5", change.meeting.id)).walk("VEVENT")
    assert (new["UID"], new["SEQUENCE"] > old["SEQUENCE"]) == (old["UID"], True)
    proven(peer, "c5", change.receipt, "move")


def test_format_and_what_the_kind_allows(peer: Peer) -> None:
    client = peer.of("c6")
    change = client.change_format("c6", "c6-a", "digital", key=peer.key())
    assert (change.meeting.id, change.meeting.format) == ("c6-a", "digital")
    proven(peer, "c6", change.receipt, "format")
    cv = peer.free("c6", "cv")[0].id
    assert refusal(lambda: client.move("c6", "c6-a", cv, key=peer.key())) == (422, "kind_mismatch")
    call = Invite(kind="cv", reason="CV", time=cv, format="digital")
    assert refusal(lambda: peer.client(STAFF).invite("c6", call, key=peer.key())) == (
        422, "format_not_allowed",
    )  # fmt: skip


@pytest.mark.parametrize("meeting", ["c7-a", "c7-j"])
def test_contact_after_a_missed_meeting_once(peer: Peer, meeting: str) -> None:
    client = peer.of("c7")
    [missed] = [one for one in client.meetings("c7") if one.id == meeting]
    first = client.register_contact("c7", meeting, missed.end, key=peer.key())
    assert first.meeting.status == "missed"
    assert first.meeting.contact is not None
    assert first.meeting.contact.at == missed.end
    again = client.register_contact("c7", meeting, missed.end, key=peer.key())
    assert again.receipt == first.receipt
    proven(peer, "c7", first.receipt, "contact")


def test_the_jobcenters_meeting_is_the_jobcenters(peer: Peer) -> None:
    client, staff = peer.of("c8"), peer.client(STAFF)
    time = peer.free("c8")[0].id
    for call in (
        lambda: client.afbud("c8", "c8-j", "illness", key=peer.key()),
        lambda: client.move("c8", "c8-j", time, key=peer.key()),
        lambda: client.change_format("c8", "c8-j", "digital", key=peer.key()),
        lambda: staff.note_attendance("c8", "c8-j", Attendance(status="held"), key=peer.key()),
    ):
        assert refusal(call) == (422, "jobcenter_owned")
    asked = client.request_participation("c8", "c8-j", key=peer.key())
    assert asked.meeting.participation == "requested"
    assert client.request_participation("c8", "c8-j", key=peer.key()).receipt == asked.receipt
    body = AnswerParticipation(participation="accepted")
    answered = staff.answer_participation("c8", "c8-j", body, key=peer.key())
    assert answered.meeting.participation == "accepted"


def test_staff_note_attendance_and_members_do_not(peer: Peer) -> None:
    held = Attendance(status="held")
    member, staff = peer.of("c9"), peer.client(STAFF)
    assert refusal(lambda: member.note_attendance("c9", "c9-a", held, key=peer.key())) == (
        403, "forbidden",
    )  # fmt: skip
    assert refusal(lambda: member.afbud("c9", "c9-a", "illness", key=peer.key())) == (409, "begun")
    noted = staff.note_attendance("c9", "c9-a", held, key=peer.key())
    assert noted.meeting.status == "held"
    call = lambda: member.register_contact("c9", "c9-a", noted.meeting.end, key=peer.key())  # noqa: E731
    assert refusal(call) == (409, "not_live")


def test_staff_call_in_by_a_date_and_to_a_time(peer: Peer) -> None:
    staff = peer.client(STAFF)
    time = peer.free("c10", "cv")[0]
    by = time.start.astimezone(COPENHAGEN).date() + timedelta(days=10)
    asked = staff.invite(
        "c10", Invite(kind="raadighed", reason="Vi er i tvivl.", book_by=by), key=peer.key()
    )
    assert (asked.invitation.status, asked.meeting) == ("open", None)
    assert staff.course("c10").next is not None
    fixed = staff.invite("c10", Invite(kind="cv", reason="CV", time=time.id), key=peer.key())
    assert fixed.meeting is not None
    assert (fixed.meeting.start, fixed.invitation.status) == (time.start, "booked")
    wrong = Invite(kind="jobcenter", reason="x", book_by=by)
    assert refusal(lambda: staff.invite("c10", wrong, key=peer.key())) == (422, "jobcenter_owned")


def test_two_at_once_for_one_time(peer: Peer) -> None:
    time = peer.free("c11", limit=500)[-1].id

    def take(number: int) -> str:
        member = ("c11", "c9")[number % 2]
        try:
            peer.of(member).book(member, time, "digital", key=peer.key())
        except BackendRefusal as refused:
            return refused.code
        return "booked"

    with ThreadPoolExecutor(10) as pool:
        answers = Counter(pool.map(take, range(10)))
    assert answers["booked"] == 1
    assert set(answers) <= {"booked", "time_taken", "overlap"}


def test_one_key_twenty_times_is_one_change(peer: Peer) -> None:
    key, time = peer.key(), peer.free("c13", limit=500)[-2].id

    def yes(_number: int) -> str:
        return peer.of("c13").afbud("c13", "c13-a", "illness", key=key, new_time=time).json()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(yes, range(20)))
    assert len(answers) == 1
    client = peer.of("c13")
    assert [row.action for row in client.log("c13") if row.action != "notice"] == ["afbud"]
    assert refusal(lambda: client.book("c13", time, "digital", key=key)) == (409, "key_reused")


@pytest.mark.parametrize("missing", ["X-Actor", "X-Channel", "Idempotency-Key"])
def test_a_change_says_who_where_and_which(peer: Peer, missing: str) -> None:
    headers = {
        "Authorization": f"Bearer {peer.token}", "X-Actor": "member:c1", "X-Channel": "sms",
        "Idempotency-Key": peer.key(),
    }  # fmt: skip
    del headers[missing]
    answer = requests.post(
        f"{peer.url}/members/c1/meetings/c1-a/afbud", headers=headers, json={"reason": "illness"},
        timeout=10,
    )  # fmt: skip
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


def test_nobody_reaches_what_is_anothers(peer: Peer) -> None:
    stranger: Any = peer.of("c2")
    time = peer.free("c1")[0].id
    elsewhere = peer.free("c15")[0].id
    for call in (
        lambda: stranger.afbud("c1", "c1-a", "illness", key=peer.key()),
        lambda: stranger.afbud("c2", "c1-a", "illness", key=peer.key()),
        lambda: stranger.book("c1", time, "digital", key=peer.key()),
        lambda: stranger.book("c2", elsewhere, "digital", key=peer.key()),
    ):
        assert refusal(call) == (404, "not_found")


def test_a_notice_is_due_until_it_is_reported(peer: Peer) -> None:
    """c14 has to book by tomorrow. Two reports that say the same are one."""
    client = peer.client()
    found = [one for one in client.due_notices(1000) if one.member == "c14"]
    if not found:  # quiet hours: it is laid out, and due when they are over
        found = [one for one in client.notices(limit=1000) if one.member == "c14"]
    [notice] = [one for one in found if one.kind == "deadline"]
    assert client.notice_sent(notice.id).state == "sent"
    assert client.notice_sent(notice.id).state == "sent"
    assert notice.id not in {one.id for one in client.due_notices(1000)}
