"""What the desk's pages are filled with, beside the member: the frame, a conversation, what was found."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.backend.failures import BackendError
from bot.desk.cases import WholeCase, find_case, open_cases, whole_case
from bot.desk.guard import Desk
from bot.desk.logins import Login
from bot.desk.looks import looked
from bot.desk.people import names
from bot.desk.refusals import UnknownCase
from bot.desk.shown import Shower, local, title_of
from bot.desk.timeline import deliveries, timeline
from bot.web import ApiError

LATEST_ENTRIES = 120
"""A page shows so many; the whole conversation is one link away."""

Values = dict[str, Any]


def page_templates() -> Environment:
    """The desk's templates; values of messages are escaped."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["local"] = local
    templates.globals["new_key"] = lambda: str(uuid4())
    return templates


def frame(desk: Desk, login: Login) -> Values:
    """What stands on every page: who, the queue, whether it is open."""
    cases = open_cases(desk.engine)
    now = desk.clock.now()
    shower = Shower(desk.words.words, desk.opening, now)
    rows = shower.rows(cases, desk.directory.cards(case.member for case in cases))
    mine = [row for row in rows if row.assigned_to == login.person.email and row.state == "staff"]
    return {
        "person": login.person,
        "csrf": login.csrf,
        "shower": shower,
        "words": desk.words.words,
        "waiting": [row for row in rows if row.state == "waiting"],
        "mine": mine,
        "others": [row for row in rows if row.state == "staff" and row not in mine],
        "staff_names": names(desk.engine),
        "escalate_minutes": desk.profile.support.escalate_minutes,
    }


def nothing() -> Values:
    """A page on which no conversation and no member is chosen."""
    return {"whole": None, "side": None, "task": None, "title": None}


def read_case(desk: Desk, login: Login, case: str) -> WholeCase:
    """The conversation, and the look at it logged. Raises ApiError."""
    try:
        return whole_case(desk.engine, case, login.person.email, desk.clock.now())
    except UnknownCase:
        raise ApiError(404, "not_found", "Samtalen findes ikke.") from None


def conversation_values(desk: Desk, login: Login, whole: WholeCase, all_of_it: bool) -> Values:
    """A conversation with all that happened in it, the latest of it unless `all_of_it`."""
    entries = timeline(whole, deliveries(desk.engine, whole.case.id))
    earlier = 0 if all_of_it else max(0, len(entries) - LATEST_ENTRIES)
    card = desk.directory.cards([whole.case.member]).get(whole.case.member or "")
    first_name = card.name.split()[0] if card else ""
    values = {
        "name": first_name, "staff": login.person.name, "phone": desk.profile.support.phone,
    }  # fmt: skip
    return {
        "whole": whole,
        "entries": entries[earlier:],
        "earlier": earlier,
        "title": title_of(whole.case, card),
        "ready_made": [
            (ready.title, ready.text.format(**values)) for ready in desk.words.ready_made
        ],
    }


def found_values(desk: Desk, login: Login, words: str) -> Values:
    """Members and the case that fit the words of a search."""
    try:
        cards, fault = desk.directory.find(words), False
    except BackendError:
        cards, fault = [], True
    for card in cards:
        looked(desk.engine, login.person.email, "search", desk.clock.now(), member=card.member)
    case = find_case(desk.engine, int(words)) if words.strip().isdecimal() else None
    return {"q": words, "cards": cards, "fault": fault, "case": case}
