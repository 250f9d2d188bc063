"""What members are to be told unasked now, and what of it was overtaken; found from the records.

Nothing is remembered but the outbox itself, so a restart, or a day without a process, loses nothing
and says nothing twice.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, aliased

from bot.backend import inbox, invitations, meetings, notice_rules, outbox, tables
from bot.backend.contract import Invitation
from bot.backend.inbox import Texts
from bot.backend.rules import local_day
from bot.backend.seed_times import at_midnight
from bot.database import reading, writing
from bot.profile import Profile

_invitations, _meetings, _notices = tables.invitations, tables.meetings, tables.notices
_BATCH = 500

_UNANSWERED = func.coalesce(_invitations.c.meeting_id, "") == ""
"""Not `IS NULL`: SQLite would look that up in the unique index of meetings, and find years of them."""


def bring_up_to_date(engine: Engine, profile: Profile, texts: Texts, now: datetime) -> None:
    """Lay out what is missing, drop what no longer holds; writes only where there is something."""
    with reading(engine) as session:
        idle = not (
            _to_book(session, profile, now)
            or _tomorrow(session, profile, now)
            or _overtaken(session, now)
        )
    if idle:
        return
    with writing(engine) as session:
        session.connection()
        for row, days in _to_book(session, profile, now):
            _put_to_book(session, profile, texts, row, days, now)
        for row in _tomorrow(session, profile, now):
            _put_tomorrow(session, profile, texts, row, now)
        gone = _overtaken(session, now)
        session.execute(
            update(_notices)
            .where(_notices.c.id.in_(gone), _notices.c.state == "waiting")
            .values(state="dropped", reported_at=now)
        )


def _to_book(session: Session, profile: Profile, now: datetime) -> list[tuple[Any, int]]:
    """Invitations to tell of: with the days of the deadline's reminder, or 0 that it is time to book."""
    found: list[tuple[Any, int]] = []
    if "deadline" in profile.notices.send:
        for ahead in range(notice_rules.farthest(profile.notices.deadline_days) + 1):
            found += _deadlines(session, profile, local_day(now) + timedelta(days=ahead), now)
    if "time_to_book" in profile.notices.send:
        reminded = {row.id for row, _ in found}
        rows = session.execute(
            select(_invitations)
            .where(
                _UNANSWERED,
                _invitations.c.told_at.is_(None),
                _invitations.c.book_by >= local_day(now),
                _invitations.c.source != "afbud",
            )
            .order_by(_invitations.c.book_by, _invitations.c.id)
            .limit(_BATCH)
        )
        found += [(row, 0) for row in rows if row.id not in reminded]
    return found


def _deadlines(
    session: Session, profile: Profile, book_by: date, now: datetime
) -> list[tuple[Any, int]]:
    """Invitations of that deadline that have not had the reminder that holds now, nor a later one."""
    days = notice_rules.deadline_reminder(book_by, None, now, profile.notices)
    if days is None:
        return []
    told = exists().where(
        _notices.c.subject == _invitations.c.id,
        _notices.c.kind == "deadline",
        _notices.c.book_by == book_by,
        _notices.c.days_before <= days,
    )
    due = notice_rules.reminder_at(book_by - timedelta(days=days), profile.notices)
    rows = session.execute(
        select(_invitations)
        .where(
            _UNANSWERED,
            _invitations.c.book_by == book_by,
            or_(_invitations.c.made_at.is_(None), _invitations.c.made_at <= due),
            ~told,
        )
        .order_by(_invitations.c.id)
        .limit(_BATCH)
    )
    return [(row, days) for row in rows]


def _tomorrow(session: Session, profile: Profile, now: datetime) -> list[Any]:
    """Live meetings of today and tomorrow whose reminder holds and is not in the outbox."""
    if "meeting_tomorrow" not in profile.notices.send:
        return []
    said = exists().where(
        _notices.c.subject == _meetings.c.id, _notices.c.kind == "meeting_tomorrow"
    )
    rows = session.execute(
        select(_meetings)
        .where(
            _meetings.c.status == "booked",
            _meetings.c.starts_at > now,
            _meetings.c.starts_at < at_midnight(local_day(now) + timedelta(days=2)),
            ~said,
        )
        .order_by(_meetings.c.starts_at, _meetings.c.id)
    )
    due = [
        row
        for row in rows
        if notice_rules.meeting_reminder_due(row.starts_at, row.made_at, now, profile.notices)
    ]
    return due[:_BATCH]


def _overtaken(session: Session, now: datetime) -> list[int]:
    """Waiting notices whose invitation is answered, changed or expired, or whose meeting is not on."""
    later = aliased(_notices)
    superseded = exists().where(
        later.c.subject == _notices.c.subject,
        later.c.kind == "deadline",
        later.c.id > _notices.c.id,
    )
    lost = or_(
        _invitations.c.meeting_id.isnot(None),
        _invitations.c.book_by < local_day(now),
        and_(_notices.c.book_by.isnot(None), _notices.c.book_by != _invitations.c.book_by),
        superseded,
    )
    off = or_(_meetings.c.status != "booked", _meetings.c.starts_at <= now)
    rows = session.execute(
        select(_notices.c.id)
        .outerjoin(_invitations, _invitations.c.id == _notices.c.subject)
        .outerjoin(_meetings, _meetings.c.id == _notices.c.subject)
        .where(
            _notices.c.state == "waiting",
            or_(
                and_(_notices.c.kind.in_(["time_to_book", "deadline"]), lost),
                and_(_notices.c.kind == "meeting_tomorrow", off),
            ),
        )
    )
    return [row.id for row in rows]


def _put_to_book(
    session: Session, profile: Profile, texts: Texts, row: Any, days: int, now: datetime
) -> None:
    invitation: Invitation = invitations.shown(row, local_day(now))
    places = inbox.places(texts, profile, "", None, None, invitation)
    places["own_site"] = profile.systems.own_site
    due = notice_rules.after_quiet(now, profile.notices)
    session.execute(update(_invitations).where(_invitations.c.id == row.id).values(told_at=now))
    if days:
        outbox.put(
            session, texts, row.member_id, "deadline", row.id, due, places,
            days_before=days, book_by=row.book_by,
        )  # fmt: skip
    else:
        outbox.put(session, texts, row.member_id, "time_to_book", row.id, due, places)


def _put_tomorrow(
    session: Session, profile: Profile, texts: Texts, row: Any, now: datetime
) -> None:
    meeting = meetings.own(session, row.member_id, row.id)
    places = inbox.places(texts, profile, "", meeting, None, None)
    places["own_site"] = profile.systems.own_site
    places["day"] = inbox.day_text(local_day(meeting.start))
    due = notice_rules.after_quiet(now, profile.notices)
    outbox.put(session, texts, row.member_id, "meeting_tomorrow", row.id, due, places)
