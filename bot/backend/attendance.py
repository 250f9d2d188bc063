"""After a meeting has begun: whether the member was there, and contact after an udeblivelse (F19)."""

from __future__ import annotations

from bot.backend import log, meetings, members, rules
from bot.backend.contract import Attendance, Change, RegisterContact
from bot.backend.work import Work


def register_contact(work: Work, member: str, meeting: str, body: RegisterContact) -> Change:
    """The member got in touch: the meeting is missed, and the first `at` stays.

    A later contact is no second change: it answers with the first receipt. Raises Refusal not_found,
    not_live (cancelled or held), invalid (not begun yet; `at` in the future or before the day).
    """
    members.hold(work.session, member)
    old = meetings.own(work.session, member, meeting)
    if old.contact is not None and old.status == "missed":
        known = log.first_proof(work.session, old, "contact")
        if known is not None:
            return known
    rules.may_register_contact(old, body.at, work.now)
    changed = meetings.change(
        work.session, member, old.id,
        status="missed", contact_at=body.at, contact_channel=work.caller.channel,
    )  # fmt: skip
    receipt = log.record(work, member, "contact", "contact", before=old, after=changed)
    return Change(receipt=receipt, at=work.now, meeting=changed)


def note(work: Work, member: str, meeting: str, body: Attendance) -> Change:
    """Staff note that a meeting was held or missed.

    Raises Refusal not_found, jobcenter_owned, not_live, invalid (not begun yet).
    """
    members.hold(work.session, member)
    old = meetings.own(work.session, member, meeting)
    rules.may_note_attendance(old, work.now)
    changed = meetings.change(work.session, member, old.id, status=body.status)
    receipt = log.record(
        work, member, "attendance", f"attendance_{body.status}", before=old, after=changed
    )
    return Change(receipt=receipt, at=work.now, meeting=changed)
