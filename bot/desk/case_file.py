"""One case as a file, for a complaint: what was said and shown when, changes, receipts, deliveries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from jinja2 import Environment

from bot.desk.cases import WholeCase
from bot.desk.guard import Desk, case_id
from bot.desk.logins import Login
from bot.desk.looks import looked
from bot.desk.shown import Shower
from bot.desk.side import Side, read_side
from bot.desk.timeline import Entry, deliveries, entry_wire, timeline
from bot.desk.views import page_templates, read_case


def case_file_page(
    templates: Environment, whole: WholeCase, entries: Sequence[Entry], side: Side, shower: Shower
) -> str:
    """The file for people: one page of HTML that stands alone and prints well."""
    return templates.get_template("case_file.html").render(
        whole=whole, entries=entries, side=side, shower=shower, words=shower.words
    )


def case_file_wire(whole: WholeCase, entries: Sequence[Entry], side: Side, now: datetime) -> str:
    """The same for machines, as JSON. `changes` is None where the records could not be read."""
    return json.dumps(
        {
            "case": whole.case.number,
            "conversation": whole.case.id,
            "member": whole.case.member,
            "made_at": now.isoformat(),
            "entries": [entry_wire(each) for each in entries],
            "changes": None if side.fault else [json.loads(row.json()) for row in side.log],
        },
        ensure_ascii=False,
        indent=1,
    )


def case_file_routes(desk: Desk) -> APIRouter:
    """`GET /desk/{case}/file`, for people or with `?format=json` for machines."""
    routes = APIRouter(include_in_schema=False)
    templates = page_templates()
    signed_in = Depends(desk.reader)

    @routes.get("/desk/{case}/file")
    def file(case: str, format: str = "html", login: Login = signed_in) -> Response:
        found = read_case(desk, login, case_id(case))
        now, person = desk.clock.now(), login.person
        looked(
            desk.engine, person.email, "case_file", now,
            member=found.case.member, conversation=found.case.id,
        )  # fmt: skip
        keep = desk.profile.desk.keep.absence_notes
        side = (
            read_side(desk.records(person), found.case.member, now, keep)
            if found.case.member is not None and desk.backend is not None
            else Side(fault="not connected")
        )
        entries = timeline(found, deliveries(desk.engine, found.case.id))
        name = f"sag-{found.case.number}"
        if format == "json":
            content, kind = case_file_wire(found, entries, side, now), "application/json"
        else:
            shower = Shower(desk.words.words, desk.opening, now)
            content = case_file_page(templates, found, entries, side, shower)
            kind, format = "text/html; charset=utf-8", "html"
        headers = {"Content-Disposition": f'attachment; filename="{name}.{format}"'}
        return Response(content, media_type=kind, headers=headers)

    return routes
