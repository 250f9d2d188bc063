"""The log: one row for every change, with its receipt, and the message that goes with it.

`meeting`, `before` and `after` follow one rule, so that the rows replay to the state: `meeting` is the
meeting that the call named (the new one for a booking), `before` is it as it was, `after` is the
meeting that the member has after the change, or the cancelled one where there is none. Where another
took its place, `detail.replaced` is the old one afterwards; `detail.invitation` is the invitation that
the change touched, as it is afterwards. An afbud's note is the member's own words, perhaps about
illness: it stays with the meeting and is left out here.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Optional

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.backend import inbox, notice_rules, outbox, tables
from bot.backend.contract import Action, Change, Invitation, LogRow, Meeting, Notice, Wire
from bot.backend.receipts import new_receipt
from bot.backend.work import Work

_log = tables.log


def record(
    work: Work,
    member: str,
    action: Action,
    message: str,
    *,
    before: Optional[Meeting] = None,
    after: Optional[Meeting] = None,
    replaced: Optional[Meeting] = None,
    invitation: Optional[Invitation] = None,
    detail: Optional[dict[str, Any]] = None,
) -> str:
    """Write the log row and the inbox message of one change; gives its receipt number.

    `message` is a template's name in `data/replies/inbox.yml`.
    """
    receipt = new_receipt(work.session)
    named = before or after
    details = dict(detail or {})
    if replaced is not None:
        details["replaced"] = _kept(replaced)
    if invitation is not None:
        details["invitation"] = _kept(invitation)
    shown = after if after is not None else invitation
    work.session.execute(
        insert(_log).values(
            at=work.now,
            member_id=member,
            actor=work.caller.actor,
            channel=work.caller.channel,
            action=action,
            meeting_id=None if named is None else named.id,
            receipt=receipt,
            before=None if before is None else _kept(before),
            after=None if shown is None else _kept(shown),
            detail=details or None,
        )
    )
    places = inbox.places(work.texts, work.profile, receipt, after, before, invitation)
    title, said = inbox.put(work.session, member, work.now, work.texts.messages[message], places)
    if message != "invite" and "receipt" in work.profile.notices.send:  # that has time_to_book
        outbox.put(
            work.session, work.texts, member, "receipt", receipt,
            notice_rules.after_quiet(work.now, work.profile.notices),
            {**places, "title": title, "said": said, "own_site": work.profile.systems.own_site},
            said_in=work.caller.channel if work.caller.is_member else None,
        )  # fmt: skip
    return receipt


def record_notice(session: Session, notice: Notice, now: datetime) -> None:
    """Write what came of a notice; it is no change, so there is no receipt."""
    session.execute(
        insert(_log).values(
            at=now,
            member_id=notice.member,
            actor="system",
            channel="min_side",
            action="notice",
            meeting_id=notice.meeting,
            detail={
                "notice": notice.id,
                "kind": notice.kind,
                "state": notice.state,
                "reason": notice.reason,
            },
        )
    )


def of_member(session: Session, member: str) -> list[LogRow]:
    """Every change of a member's course, newest first."""
    rows = session.execute(
        select(_log).where(_log.c.member_id == member).order_by(_log.c.id.desc())
    )
    return [
        LogRow(
            at=row.at,
            actor=row.actor,
            channel=row.channel,
            action=row.action,
            meeting=row.meeting_id,
            receipt=row.receipt,
            before=row.before,
            after=row.after,
            detail=row.detail,
        )
        for row in rows
    ]


def first_proof(session: Session, meeting: Meeting, action: Action) -> Optional[Change]:
    """The receipt of the first change of that kind to a meeting, with the meeting as it is now."""
    row = session.execute(
        select(_log)
        .where(_log.c.meeting_id == meeting.id, _log.c.action == action)
        .order_by(_log.c.id)
    ).first()
    return None if row is None else Change(receipt=row.receipt, at=row.at, meeting=meeting)


def _kept(shown: Wire) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(shown.json())
    if kept.get("afbud"):
        kept["afbud"]["note"] = None
    return kept
