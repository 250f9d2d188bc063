"""Staff's log-in: throttled, a session in a cookie, a CSRF token beside it."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Engine

from bot.database import reading, writing
from bot.desk.people import Person
from bot.gateway.tables import staff, staff_sessions

SESSION_LASTS = timedelta(hours=10)
"""Wall clock: a working day."""
MOST_FAILURES = 5
FAILURES_COUNT_SECONDS = 300.0


@dataclass(frozen=True)
class Login:
    """A session of the desk: whose it is, and the token that every change must carry."""

    person: Person
    csrf: str


def begin_session(engine: Engine, person: Person, wall: datetime) -> tuple[str, str]:
    """Cookie value and CSRF token of a new session. Only a hash of the cookie is kept."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with writing(engine) as session:
        session.execute(delete(staff_sessions).where(staff_sessions.c.expires_at <= wall))
        session.execute(
            insert(staff_sessions).values(
                token_hash=_hash(token),
                email=person.email,
                csrf=csrf,
                expires_at=wall + SESSION_LASTS,
            )
        )
    return token, csrf


def find_session(engine: Engine, token: str, wall: datetime) -> Login | None:
    """The login behind a cookie, if it is one and has not expired."""
    with reading(engine) as session:
        found = session.execute(
            select(staff_sessions.c.csrf, staff.c.email, staff.c.name, staff.c.role)
            .join(staff, staff.c.email == staff_sessions.c.email)
            .where(staff_sessions.c.token_hash == _hash(token), staff_sessions.c.expires_at > wall)
        ).one_or_none()
    return None if found is None else _login(found)


def end_session(engine: Engine, token: str) -> None:
    """Log out."""
    with writing(engine) as session:
        session.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == _hash(token)))


class LoginThrottle:
    """Counts failed log-ins by email and address; after five within five minutes none is tried."""

    def __init__(
        self, seconds: Callable[[], float] = time.monotonic, remembered: int = 10_000
    ) -> None:
        self._seconds, self._remembered = seconds, remembered
        self._failures: OrderedDict[tuple[str, str], list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, email: str, address: str) -> bool:
        """Whether another try may be made now; it counts as failed until `succeeded` is called."""
        key, now = (email, address), self._seconds()
        with self._lock:
            recent = [at for at in self._failures.pop(key, []) if now - at < FAILURES_COUNT_SECONDS]
            allowed = len(recent) < MOST_FAILURES
            self._failures[key] = [*recent, now] if allowed else recent
            if len(self._failures) > self._remembered:
                self._failures.popitem(last=False)
        return allowed

    def succeeded(self, email: str, address: str) -> None:
        """The password was right: its count begins anew."""
        with self._lock:
            self._failures.pop((email, address), None)


def _login(found: Any) -> Login:
    return Login(Person(found.email, found.name, found.role), found.csrf)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
