"""The a-kasse's part in a Jobcenter meeting (F11): the member asks, staff answer."""

from __future__ import annotations

from bot.backend import log, meetings, members, rules
from bot.backend.contract import AnswerParticipation, Change
from bot.backend.refusals import Refusal
from bot.backend.work import Work


def request(work: Work, member: str, meeting: str) -> Change:
    """The member asks the a-kasse to join. Asking again is no second change: the first receipt answers.

    Raises Refusal not_found, kind_mismatch (no Jobcenter meeting, or the a-kasse never joins),
    not_live, begun.
    """
    members.hold(work.session, member)
    old = meetings.own(work.session, member, meeting)
    if old.participation is not None:
        known = log.first_proof(work.session, old, "participation")
        if known is not None:
            return known
    rules.may_ask_participation(old, work.profile, work.now)
    changed = meetings.change(work.session, member, old.id, participation="requested")
    receipt = log.record(work, member, "participation", "participation", before=old, after=changed)
    return Change(receipt=receipt, at=work.now, meeting=changed)


def answer(work: Work, member: str, meeting: str, body: AnswerParticipation) -> Change:
    """Staff accept or decline; they may change their mind until the meeting begins.

    Raises Refusal not_found, not_live (nobody asked, or the meeting is no longer on), begun.
    """
    members.hold(work.session, member)
    old = meetings.own(work.session, member, meeting)
    if old.participation is None or old.status != "booked":
        raise Refusal("not_live")
    rules.not_begun(old.start, work.now)
    changed = meetings.change(work.session, member, old.id, participation=body.participation)
    receipt = log.record(
        work, member, "participation", f"participation_{body.participation}",
        before=old, after=changed,
    )  # fmt: skip
    return Change(receipt=receipt, at=work.now, meeting=changed)
