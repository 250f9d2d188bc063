"""Who may do what at the desk: the session behind the cookie, and the CSRF token of a change."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import Optional

from fastapi import Cookie, Header
from sqlalchemy.engine import Engine

from bot.backend.client import BackendClient
from bot.clock import Clock
from bot.desk.directory import Directory
from bot.desk.logins import Login, find_session
from bot.desk.moves import Moment
from bot.desk.opening import Opening
from bot.desk.people import Person
from bot.desk.words import DeskWords
from bot.gateway.hub import Hub
from bot.gateway.replies import GatewayReplies
from bot.profile import Profile
from bot.web import ApiError

COOKIE = "moedeklar_desk"


@dataclass(frozen=True)
class Desk:
    """What the routes and pages of the desk work with."""

    engine: Engine
    hub: Hub
    clock: Clock
    wall: Clock
    replies: GatewayReplies
    profile: Profile
    words: DeskWords
    backend: Optional[BackendClient]
    directory: Directory
    secure_cookies: bool

    @property
    def opening(self) -> Opening:
        """When the desk is open."""
        return Opening(self.profile)

    def moment(self) -> Moment:
        """This instant."""
        return Moment(at=self.clock.now(), wall=self.wall.now())

    def login(self, cookie: Optional[str]) -> Optional[Login]:
        """Who is logged in with this cookie."""
        return find_session(self.engine, cookie, self.wall.now()) if cookie else None

    def reader(self, moedeklar_desk: Optional[str] = Cookie(None)) -> Login:
        """Dependency of a route that shows something. Raises ApiError."""
        found = self.login(moedeklar_desk)
        if found is None:
            raise ApiError(401, "unauthorized", "Log ind igen.")
        return found

    def writer(
        self,
        moedeklar_desk: Optional[str] = Cookie(None),
        x_csrf_token: Optional[str] = Header(None),
    ) -> Person:
        """Dependency of a route that changes something. Raises ApiError."""
        login = self.reader(moedeklar_desk)
        if not secrets.compare_digest((x_csrf_token or "").encode(), login.csrf.encode()):
            raise ApiError(403, "csrf", "Siden er for gammel. Genindlæs den, og prøv igen.")
        return login.person

    def leading(
        self,
        moedeklar_desk: Optional[str] = Cookie(None),
        x_csrf_token: Optional[str] = Header(None),
    ) -> Person:
        """Dependency of a route that changes something only a lead may. Raises ApiError."""
        person = self.writer(moedeklar_desk, x_csrf_token)
        self.lead(person)
        return person

    def lead(self, person: Person) -> None:
        """Raises ApiError where the person is no lead."""
        if not person.lead:
            raise ApiError(403, "leads_only", "Det kan kun en leder gøre.")

    def records(self, person: Person) -> BackendClient:
        """The a-kasse's records, asked in that person's name. Raises ApiError."""
        if self.backend is None:
            raise ApiError(503, "backend_unavailable", "A-kassens system er ikke tilsluttet.")
        return self.backend.acting(f"staff:{person.email}", "desk")


def case_id(case: str) -> str:
    """The id in a path; what is no uuid is no case. Raises ApiError."""
    try:
        return str(uuid.UUID(case))
    except ValueError:
        raise ApiError(404, "not_found", "Samtalen findes ikke.") from None
