"""The staff who may log in to the desk: put there by the seed, checked at log-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Engine

from bot.database import reading, writing
from bot.gateway.tables import staff, staff_sessions

_hasher = PasswordHasher()

Role = Literal["staff", "lead"]
"""A lead may do all that staff may; besides, free another's conversation, see who looked at what,
and export and erase a member's data."""


@dataclass(frozen=True)
class StaffEntry:
    """A member of staff as the seed file has it."""

    email: str
    name: str
    password: str
    role: Role = "staff"


@dataclass(frozen=True)
class Person:
    """A member of staff who is logged in."""

    email: str
    name: str
    role: Role = "staff"

    @property
    def lead(self) -> bool:
        """Whether this is a lead."""
        return self.role == "lead"


def plain_email(email: str) -> str:
    """Emails are compared without case and outer white space."""
    return email.strip().lower()


def put_staff(engine: Engine, entries: Iterable[StaffEntry]) -> None:
    """Add the entries, or bring the known emails up to date; a new password ends the sessions."""
    known = _hashes(engine)
    rows = []
    for entry in entries:
        email = plain_email(entry.email)
        kept = known.get(email)
        if kept is None or not _fits(kept, entry.password):
            kept = _hasher.hash(entry.password)
        rows.append({"email": email, "name": entry.name, "password_hash": kept, "role": entry.role})
    with writing(engine) as session:
        for row in rows:
            email = row["email"]
            if known.get(email) != row["password_hash"]:
                session.execute(delete(staff_sessions).where(staff_sessions.c.email == email))
            changed = session.execute(update(staff).where(staff.c.email == email).values(**row))
            if not changed.rowcount:
                session.execute(insert(staff).values(**row))


def check_password(engine: Engine, email: str, password: str) -> Person | None:
    """The person, if the password is right. Takes as long for an unknown email."""
    with reading(engine) as session:
        found = session.execute(
            select(staff).where(staff.c.email == plain_email(email))
        ).one_or_none()
    fits = _fits(found.password_hash if found else _nobodys_hash(), password)
    return Person(found.email, found.name, found.role) if found and fits else None


def names(engine: Engine) -> dict[str, str]:
    """Everybody's name by email."""
    with reading(engine) as session:
        return dict(session.execute(select(staff.c.email, staff.c.name)).all())


def _hashes(engine: Engine) -> dict[str, str]:
    with reading(engine) as session:
        return dict(session.execute(select(staff.c.email, staff.c.password_hash)).all())


def _fits(password_hash: str, password: str) -> bool:
    try:
        return bool(_hasher.verify(password_hash, password))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash("nobody's password")
