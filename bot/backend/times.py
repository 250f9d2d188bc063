"""Free times: which ones a member can be offered, and one of them to be taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Optional

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from bot.backend import tables
from bot.backend.contract import Format, FreeTime, Member, Office
from bot.backend.refusals import Refusal
from bot.backend.rules import local_day
from bot.clock import COPENHAGEN
from bot.profile import Profile

Part = Literal["morning", "afternoon"]
"""Part of the day by the local clock; noon is afternoon."""

_SPARE = 20
"""Rows fetched beyond what is asked for, so that a closed day costs no second query."""

_times, _kinds, _meetings = tables.times, tables.time_kinds, tables.meetings
_WHOLE = (
    select(
        _times,
        tables.advisers.c.name.label("adviser_name"),
        tables.offices.c.name.label("office_name"),
        tables.offices.c.address.label("office_address"),
    )
    .join(tables.advisers, tables.advisers.c.id == _times.c.adviser_id)
    .join(tables.offices, tables.offices.c.id == _times.c.office_id)
)


def free(
    session: Session,
    profile: Profile,
    member: Member,
    now: datetime,
    kind: Optional[str] = None,
    format: Optional[Format] = None,
    start: Optional[datetime] = None,
    end: Optional[datetime] = None,
    part: Optional[Part] = None,
    limit: int = 100,
) -> list[FreeTime]:
    """Times at the member's own office that start in [start, end), in time order.

    Never past, taken, on a closing day, or over a live meeting of the member. With a kind, `formats`
    are those that the profile allows for it.
    """
    if kind is not None and format is not None and format not in profile.kind(kind).formats:
        return []
    later = start is not None and start > now
    begins = (
        _times.c.starts_at >= start if later else _times.c.starts_at > now
    )  # one bound: the index's
    query = _offered(profile, member, begins, kind, format)
    if end is not None:
        query = query.where(_times.c.starts_at < end)
    found: list[Any] = []
    page, last = limit + _SPARE, None
    while len(found) < limit:
        rows = session.execute((query if last is None else query.where(_after(last))).limit(page))
        rows = rows.all()
        found += [row for row in rows if _fits(row.starts_at, profile, part)]
        if len(rows) < page:
            break
        last = rows[-1]
    return _shown(session, found[:limit], None if kind is None else profile.kind(kind).formats)


def _offered(
    profile: Profile, member: Member, begins: Any, kind: Optional[str], format: Optional[Format]
) -> Any:
    """The query for what the member's office has free, closing days too; `begins`: from when on."""
    query = _WHOLE.where(
        _times.c.office_id == member.office.id,
        begins,
        _times.c.offered,
        ~exists().where(_meetings.c.time_id == _times.c.id, _meetings.c.status == "booked"),
        ~exists().where(
            _meetings.c.member_id == member.id,
            _meetings.c.status == "booked",
            _meetings.c.starts_at < _times.c.ends_at,
            _meetings.c.ends_at > _times.c.starts_at,
        ),
    )
    if kind is not None:
        query = query.where(exists().where(_kinds.c.time_id == _times.c.id, _kinds.c.kind == kind))
        query = query.where(_any_format(profile.kind(kind).formats))
    if format is not None:
        query = query.where(_any_format([format]))
    return query.order_by(_times.c.starts_at, _times.c.id)


def _after(last: Any) -> Any:
    return and_(
        _times.c.starts_at >= last.starts_at,
        or_(_times.c.starts_at > last.starts_at, _times.c.id > last.id),
    )


def _fits(starts: datetime, profile: Profile, part: Optional[Part]) -> bool:
    """Whether a time lies on a day that isn't closed, and in the part of the day."""
    local = starts.astimezone(COPENHAGEN)
    wanted = part is None or (local.hour < 12) == (part == "morning")
    return wanted and not profile.is_closed(local.date())


def one(session: Session, profile: Profile, member: Member, time_id: str) -> FreeTime:
    """The time of that id, whether or not somebody has taken it: taking it is what finds out.

    Raises Refusal not_found (unknown, or another office's), time_taken (withdrawn or closed).
    """
    row = session.execute(
        _WHOLE.where(_times.c.id == time_id, _times.c.office_id == member.office.id)
    ).first()
    if row is None:
        raise Refusal("not_found")
    if not row.offered or profile.is_closed(local_day(row.starts_at)):
        raise Refusal("time_taken")
    return _shown(session, [row], None)[0]


def formats_of(session: Session, time_id: str) -> list[Format]:
    """The formats that a time allows."""
    row = session.execute(select(_times).where(_times.c.id == time_id)).one()
    return _formats(row)


def _shown(
    session: Session, rows: Sequence[Any], allowed: Optional[Sequence[Format]]
) -> list[FreeTime]:
    kinds: dict[str, list[str]] = {row.id: [] for row in rows}
    for row in session.execute(
        select(_kinds).where(_kinds.c.time_id.in_(list(kinds))).order_by(_kinds.c.place)
    ):
        kinds[row.time_id].append(row.kind)
    return [
        FreeTime(
            id=row.id,
            start=row.starts_at,
            end=row.ends_at,
            kinds=kinds[row.id],
            formats=[form for form in _formats(row) if allowed is None or form in allowed],
            office=Office(id=row.office_id, name=row.office_name, address=row.office_address),
            adviser=row.adviser_name,
        )
        for row in rows
    ]


def _formats(row: Any) -> list[Format]:
    found: list[Format] = []
    if row.in_person:
        found.append("in_person")
    if row.digital:
        found.append("digital")
    return found


def _any_format(formats: Sequence[Format]) -> Any:
    column = {"in_person": _times.c.in_person, "digital": _times.c.digital}
    if len(formats) == len(column):
        return _times.c.in_person | _times.c.digital
    return column[formats[0]]
