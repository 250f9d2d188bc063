"""What fills the member's side of a page, and the form of a change that staff are about to make."""

from __future__ import annotations

from typing import Any, Optional

from bot.backend.failures import BackendError
from bot.clock import COPENHAGEN
from bot.desk.guard import Desk
from bot.desk.logins import Login
from bot.desk.looks import looked
from bot.desk.side import Side, free_times, read_side
from bot.desk.views import Values
from bot.dialogue.danish import day, show_meeting, show_time

TASKS = frozenset({"book", "move", "afbud", "assess", "attendance", "participation", "invite"})


def member_values(
    desk: Desk, login: Login, member: str, do: Optional[str], meeting: Optional[str]
) -> Values:
    """The member at the side, and the form of what is to be done, if something is."""
    now, person = desk.clock.now(), login.person
    if desk.backend is None:
        return {"side": Side(fault="not connected"), "member": member}
    backend = desk.records(person)
    side = read_side(backend, member, now, desk.profile.desk.keep.absence_notes)
    looked(desk.engine, person.email, "member", now, member=member)
    if side.member is not None:
        desk.directory.keep(side.member)
    chosen = side.meeting(meeting) if meeting else None
    task = do if do in TASKS and (chosen is not None or do in ("book", "invite")) else None
    values: Values = {
        "member": member,
        "side": side,
        "task": task,
        "chosen": chosen,
        "profile": desk.profile,
        "meeting_words": lambda one: show_meeting(one, desk.profile, now),
        "day_words": lambda date: day(date, now.astimezone(COPENHAGEN).date()),
        "began": lambda one: one.start <= now,
    }
    if side.member is not None and values.get("title") is None:
        values["title"] = side.member.name
    return values | _times(desk, login, member, task, chosen)


def _times(desk: Desk, login: Login, member: str, task: Optional[str], chosen: Any) -> Values:
    """Free times for the forms that need them, in words."""
    if task not in ("book", "move", "afbud", "invite"):
        return {"times": []}
    kind = chosen.kind if chosen is not None else None
    now = desk.clock.now()
    try:
        free = free_times(desk.records(login.person), member, kind)
    except BackendError:
        return {"times": []}
    return {
        "times": [
            (one, show_time(one, kind or one.kinds[0], None, desk.profile, now)) for one in free
        ]
    }
