"""The desk's pages: server-rendered, kept live and made to act by one small script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional
from urllib.parse import urlencode

from fastapi import APIRouter, Cookie, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.desk.cases import conversation_of
from bot.desk.guard import Desk, case_id
from bot.desk.logins import Login
from bot.desk.looks import latest
from bot.desk.member_view import member_values
from bot.desk.people import names
from bot.desk.views import (
    Values,
    conversation_values,
    found_values,
    frame,
    nothing,
    page_templates,
    read_case,
)


def desk_pages(desk: Desk) -> APIRouter:
    """`/desk`, `/desk/find`, `/desk/looks`, `/desk/members/<id>`, `/desk/<case>`; first the log-in."""
    routes = APIRouter(include_in_schema=False)
    templates = page_templates()

    def shown(
        cookie: Optional[str], template: str, values: Callable[[Login], Values]
    ) -> HTMLResponse:
        login = desk.login(cookie)
        if login is None:
            return HTMLResponse(templates.get_template("login.html").render())
        filled = {**frame(desk, login), **values(login)}
        return HTMLResponse(templates.get_template(template).render(filled))

    @routes.get("/desk")
    def queue(moedeklar_desk: Optional[str] = Cookie(None)) -> HTMLResponse:
        return shown(moedeklar_desk, "desk.html", lambda login: nothing())

    @routes.get("/desk/find")
    def find(
        q: str = Query("", max_length=100), moedeklar_desk: Optional[str] = Cookie(None)
    ) -> HTMLResponse:
        return shown(moedeklar_desk, "find.html", lambda login: found_values(desk, login, q))

    @routes.get("/desk/looks")
    def looks(
        member: Optional[str] = Query(None, max_length=100),
        moedeklar_desk: Optional[str] = Cookie(None),
    ) -> HTMLResponse:
        def values(login: Login) -> Values:
            desk.lead(login.person)
            return {"looks": latest(desk.engine, member), "names": names(desk.engine)}

        return shown(moedeklar_desk, "looks.html", values)

    @routes.get("/desk/members/{member}")
    def of_member(
        member: str,
        do: Optional[str] = None,
        meeting: Optional[str] = None,
        moedeklar_desk: Optional[str] = Cookie(None),
    ) -> Response:
        case = conversation_of(desk.engine, member) if desk.login(moedeklar_desk) else None
        if case is not None:
            asked = {"do": do, "meeting": meeting}
            query = urlencode({name: value for name, value in asked.items() if value})
            return RedirectResponse(f"/desk/{case}?{query}", status_code=303)
        return shown(
            moedeklar_desk,
            "desk.html",
            lambda login: {**nothing(), **member_values(desk, login, member, do, meeting)},
        )

    @routes.get("/desk/{case}")
    def conversation(
        case: str,
        do: Optional[str] = None,
        meeting: Optional[str] = None,
        whole: bool = False,
        moedeklar_desk: Optional[str] = Cookie(None),
    ) -> HTMLResponse:
        case = case_id(case)

        def values(login: Login) -> Values:
            found = read_case(desk, login, case)
            filled = {**nothing(), **conversation_values(desk, login, found, whole)}
            if found.case.member is not None:
                filled |= member_values(desk, login, found.case.member, do, meeting)
            return filled

        return shown(moedeklar_desk, "desk.html", values)

    return routes
