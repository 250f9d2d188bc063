"""The desk as a page: server-rendered, kept live and made to act by one small script."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Optional

from fastapi import APIRouter, Cookie
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.clock import COPENHAGEN
from bot.desk.cases import open_cases, whole_case
from bot.desk.guard import Desk, case_id
from bot.desk.handover import UnknownCase
from bot.desk.logins import Login
from bot.web import ApiError


def desk_pages(desk: Desk) -> APIRouter:
    """`/desk` (queue), `/desk/<id>` (one conversation beside it); first of all the log-in."""
    routes = APIRouter(include_in_schema=False)
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    templates.filters["local"] = _local

    def shown(cookie: Optional[str], case: Optional[str]) -> HTMLResponse:
        login = desk.login(cookie)
        if login is None:
            return HTMLResponse(templates.get_template("login.html").render())
        values = _desk_values(desk, login, case)
        return HTMLResponse(templates.get_template("desk.html").render(values))

    @routes.get("/desk")
    def queue(moedeklar_desk: Optional[str] = Cookie(None)) -> HTMLResponse:
        return shown(moedeklar_desk, None)

    @routes.get("/desk/{case}")
    def conversation(case: str, moedeklar_desk: Optional[str] = Cookie(None)) -> HTMLResponse:
        return shown(moedeklar_desk, case_id(case))

    return routes


def _desk_values(desk: Desk, login: Login, case: Optional[str]) -> dict[str, Any]:
    cases = open_cases(desk.engine)
    whole = None
    if case is not None:
        try:
            whole = whole_case(desk.engine, case, login.person.email, desk.clock.now())
        except UnknownCase:
            raise ApiError(404, "not_found", "Samtalen findes ikke.") from None
    return {
        "person": login.person,
        "csrf": login.csrf,
        "waiting": [each for each in cases if each.state == "waiting"],
        "mine": [each for each in cases if each.assigned_to == login.person.email],
        "others": [
            each
            for each in cases
            if each.state == "staff" and each.assigned_to != login.person.email
        ],
        "whole": whole,
    }


def _local(instant: Optional[datetime]) -> str:
    """Day and clock in Denmark, as Danes write them."""
    if instant is None:
        return ""
    there = instant.astimezone(COPENHAGEN)
    return f"{there.day}/{there.month} kl. {there:%H.%M}"
