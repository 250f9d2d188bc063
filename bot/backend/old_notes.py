"""What members wrote about an afbud is forgotten after the profile's days: it may be health data."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from bot.backend import tables
from bot.backend.work import House
from bot.database import reading, writing

_meetings = tables.meetings


def forget_old_notes(house: House) -> int:
    """Erase the notes whose days are over; the reason's category and its assessment stay.

    Gives how many were erased. Nothing is locked where there are none.
    """
    before = house.clock.now() - timedelta(days=house.profile.desk.keep.absence_notes)
    old = (_meetings.c.afbud_note.is_not(None), _meetings.c.afbud_at < before)
    with reading(house.engine) as session:
        if session.execute(select(_meetings.c.id).where(*old).limit(1)).first() is None:
            return 0
    with writing(house.engine) as session:
        done = session.execute(update(_meetings).where(*old).values(afbud_note=None))
    return int(done.rowcount)
