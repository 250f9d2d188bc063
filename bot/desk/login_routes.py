"""Logging in to the desk, and out."""

from __future__ import annotations

from fastapi import APIRouter, Cookie, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, validator

from bot.desk.guard import COOKIE, Desk
from bot.desk.logins import SESSION_LASTS, LoginThrottle, begin_session, end_session
from bot.desk.people import check_password, plain_email
from bot.web import ApiError


class Credentials(BaseModel):
    """Log-in of a member of staff."""

    email: str = Field(..., max_length=254)
    password: str = Field(..., max_length=200)

    class Config:
        extra = "forbid"

    @validator("email", "password")
    @classmethod
    def _storable(cls, value: str) -> str:
        value.encode()  # unpaired surrogates: a ValueError
        if "\x00" in value:
            raise ValueError("NUL")
        return value


def login_routes(desk: Desk) -> APIRouter:
    """`POST /api/desk/login {"email", "password"}` -> `{"csrf", "name"}` and a cookie; `…/logout`."""
    routes = APIRouter(prefix="/api/desk")
    throttle = LoginThrottle()
    acting = Depends(desk.writer)

    @routes.post("/login")
    def log_in(request: Request, credentials: Credentials) -> JSONResponse:
        email = plain_email(credentials.email)
        address = request.client.host if request.client else ""
        if not throttle.allows(email, address):
            raise ApiError(429, "too_many", "For mange forsøg. Vent fem minutter, og prøv igen.")
        person = check_password(desk.engine, email, credentials.password)
        if person is None:
            raise ApiError(401, "wrong_login", "E-mail eller adgangskode er forkert.")
        throttle.succeeded(email, address)
        cookie, csrf = begin_session(desk.engine, person, desk.wall.now())
        answer = JSONResponse({"csrf": csrf, "name": person.name})
        answer.set_cookie(
            COOKIE,
            cookie,
            max_age=int(SESSION_LASTS.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=desk.secure_cookies,
            path="/",
        )
        return answer

    @routes.post("/logout", dependencies=[acting])
    def log_out(moedeklar_desk: str = Cookie(...)) -> JSONResponse:
        end_session(desk.engine, moedeklar_desk)
        answer = JSONResponse({})
        answer.delete_cookie(COOKIE, path="/")
        return answer

    return routes
