"""Booking, moving and changing the format of a meeting."""

from __future__ import annotations

from bot.backend import invitations, log, meetings, members, rules, times
from bot.backend.contract import Book, Change, ChangeFormat, Format, FreeTime, Meeting, Member, Move
from bot.backend.rules import Offer
from bot.backend.work import Work


def book(work: Work, member: str, body: Book) -> Change:
    """Take a free time for the invitation that it answers, or of a kind that members book themselves.

    Raises Refusal not_found, begun, kind_mismatch, after_deadline, format_not_allowed, time_taken,
    overlap.
    """
    who = members.hold(work.session, member)
    time = times.one(work.session, work.profile, who, body.time)
    rules.not_begun(time.start, work.now)
    calls = invitations.calls(work.session, member)
    offer = Offer(time.start, time.kinds, time.formats)
    kind, call = rules.choose_kind(offer, body.kind, calls, work.profile, work.today)
    rules.format_fits(kind, body.format, time.formats, work.profile)
    meeting = meetings.take(work.session, member, time, kind, body.format, work.now)
    answered = None if call is None else invitations.cover(work, call.id, meeting.id)
    receipt = log.record(work, member, "book", "book", after=meeting, invitation=answered)
    return Change(receipt=receipt, at=work.now, meeting=meeting)


def move(work: Work, member: str, meeting: str, body: Move) -> Change:
    """Another time for a meeting, without afbud; the old time is let go only if the new one is held.

    Raises Refusal not_found, jobcenter_owned, not_live, begun, kind_mismatch, format_not_allowed,
    time_taken, overlap.
    """
    who = members.hold(work.session, member)
    old = meetings.own(work.session, member, meeting)
    rules.may_change(old, work.now)
    time = new_time(work, who, old, body.new_time, body.format or old.format)
    replaced = meetings.change(work.session, member, old.id, status="cancelled")
    made = meetings.take(
        work.session, member, time, old.kind, body.format or old.format, work.now, replaces=old.id
    )
    answered = invitations.pass_on(work, old.id, made.id)
    receipt = log.record(
        work, member, "move", "move",
        before=old, after=made, replaced=replaced, invitation=answered,
    )  # fmt: skip
    return Change(receipt=receipt, at=work.now, meeting=made, replaced=replaced)


def change_format(work: Work, member: str, meeting: str, body: ChangeFormat) -> Change:
    """Hold a meeting digitally, or in person.

    Raises Refusal not_found, jobcenter_owned, not_live, begun, format_not_allowed.
    """
    who = members.hold(work.session, member)
    old = meetings.own(work.session, member, meeting)
    rules.may_change(old, work.now)
    time = meetings.time_id(work.session, old.id)
    offered = (
        work.profile.kind(old.kind).formats
        if time is None
        else times.formats_of(work.session, time)
    )
    rules.format_fits(old.kind, body.format, offered, work.profile)
    changed = meetings.change(
        work.session, member, old.id,
        format=body.format, place=meetings.place_of(who.office, body.format),
    )  # fmt: skip
    receipt = log.record(work, member, "format", "format", before=old, after=changed)
    return Change(receipt=receipt, at=work.now, meeting=changed)


def new_time(work: Work, who: Member, old: Meeting, time_id: str, format: Format) -> FreeTime:
    """The time that is to take a meeting's place; it may lie beyond the invitation's deadline.

    Raises Refusal not_found, begun, kind_mismatch, format_not_allowed, time_taken.
    """
    time = times.one(work.session, work.profile, who, time_id)
    rules.not_begun(time.start, work.now)
    rules.kind_fits(old.kind, time.kinds)
    rules.format_fits(old.kind, format, time.formats, work.profile)
    return time
