"""The staff who may log in to the desk: put there by the seed, checked at log-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine

from bot.database import reading, writing
from bot.gateway.tables import staff

_hasher = PasswordHasher()


@dataclass(frozen=True)
class StaffEntry:
    """A member of staff as the seed file has it."""

    email: str
    name: str
    password: str


@dataclass(frozen=True)
class Person:
    """A member of staff who is logged in."""

    email: str
    name: str


def plain_email(email: str) -> str:
    """Emails are compared without case and outer white space."""
    return email.strip().lower()


def put_staff(engine: Engine, entries: Iterable[StaffEntry]) -> None:
    """Add the entries, or bring name and password of the known emails up to date."""
    hashed = [
        {
            "email": plain_email(entry.email),
            "name": entry.name,
            "password_hash": _hasher.hash(entry.password),
        }
        for entry in entries
    ]
    with writing(engine) as session:
        for row in hashed:
            known = session.execute(
                update(staff).where(staff.c.email == row["email"]).values(**row)
            )
            if not known.rowcount:
                session.execute(insert(staff).values(**row))


def check_password(engine: Engine, email: str, password: str) -> Person | None:
    """The person, if the password is right. Takes as long for an unknown email."""
    with reading(engine) as session:
        found = session.execute(
            select(staff).where(staff.c.email == plain_email(email))
        ).one_or_none()
    try:
        _hasher.verify(found.password_hash if found else _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return None
    return Person(found.email, found.name) if found else None


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash("nobody's password")
