"""Afbud: giving up a meeting, with or without a new time in the same go (F17), and its assessment."""

from __future__ import annotations

from bot.backend import invitations, log, meetings, members, rules
from bot.backend.bookings import new_time
from bot.backend.contract import Assess, Change, GiveAfbud
from bot.backend.refusals import Refusal
from bot.backend.work import Work


def give(work: Work, member: str, meeting: str, body: GiveAfbud) -> Change:
    """Cancel a meeting for a reason. With a new time both happen or neither; without one the member
    has to book again, and the invitation says by when.

    Raises Refusal not_found, jobcenter_owned, not_live, begun, invalid, kind_mismatch,
    format_not_allowed, time_taken, overlap.
    """
    who = members.hold(work.session, member)
    old = meetings.own(work.session, member, meeting)
    rules.may_change(old, work.now)
    rules.known_reason(body.reason, work.profile)
    format = body.new_format or old.format
    time = None if body.new_time is None else new_time(work, who, old, body.new_time, format)
    cancelled = meetings.change(
        work.session,
        member,
        old.id,
        status="cancelled",
        afbud_reason=body.reason,
        afbud_note=body.note,
        afbud_assessment=rules.first_assessment(body.reason, work.profile),
        afbud_at=work.now,
    )
    if time is None:
        opened = invitations.reopen(work, member, old)
        receipt = log.record(
            work, member, "afbud", "afbud", before=old, after=cancelled, invitation=opened
        )
        return Change(receipt=receipt, at=work.now, meeting=cancelled)
    made = meetings.take(work.session, member, time, old.kind, format, work.now, replaces=old.id)
    answered = invitations.pass_on(work, old.id, made.id)
    receipt = log.record(
        work, member, "afbud", "afbud_new_time",
        before=old, after=made, replaced=cancelled, invitation=answered,
    )  # fmt: skip
    return Change(receipt=receipt, at=work.now, meeting=made, replaced=cancelled)


def assess(work: Work, member: str, meeting: str, body: Assess) -> Change:
    """Staff decide whether an afbud's reason was lawful; they may correct it later.

    Raises Refusal not_found, not_live (there is no afbud to assess).
    """
    members.hold(work.session, member)
    old = meetings.own(work.session, member, meeting)
    if old.afbud is None:
        raise Refusal("not_live")
    assessed = meetings.change(work.session, member, old.id, afbud_assessment=body.assessment)
    receipt = log.record(
        work, member, "assess", f"assess_{body.assessment}", before=old, after=assessed
    )
    return Change(receipt=receipt, at=work.now, meeting=assessed)
