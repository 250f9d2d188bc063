"""One-time codes: six digits to the number that the a-kasse knows, kept as a hash, good for minutes.

Three tries a code and a few codes a day leave somebody who only claims a number no chance worth
having; the code itself is seen on the phone alone.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Optional

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bot.gateway.sms.tables import challenges

MOST_TRIES = 3
SOON = timedelta(minutes=1)
"""A code that was sent so short a while ago is on its way: no second one for a second question."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True)
class CodeRules:
    """How long a code is good, how many a number gets in 24 hours, how long the proof then lasts."""

    lasts: timedelta
    per_day: int
    session: timedelta


@dataclass(frozen=True)
class Issued:
    """A new code, for the phone's eyes."""

    challenge: str
    code: str
    expires: datetime


@dataclass(frozen=True)
class NewCode:
    """A code and its hash, made before a transaction begins: hashing is slow on purpose."""

    code: str
    code_hash: str


Attempt = Literal["right", "wrong", "dead", "expired"]


def new_code() -> NewCode:
    """Six digits nobody can guess."""
    code = f"{secrets.randbelow(10**6):06}"
    return NewCode(code, _hasher.hash(code))


def open_challenge(session: Session, phone: str) -> Optional[Any]:
    """The phone's newest code that was neither used nor spoiled; it may have expired."""
    return session.execute(
        select(challenges)
        .where(challenges.c.phone == phone, challenges.c.status == "open")
        .order_by(challenges.c.issued_at.desc())
        .limit(1)
    ).one_or_none()


def issue(
    session: Session, phone: str, member: str, new: NewCode, rules: CodeRules, now: datetime
) -> Optional[Issued]:
    """Make the code the phone's only good one; None where it has had all of its day's codes."""
    lately = session.execute(
        select(func.count())
        .select_from(challenges)
        .where(challenges.c.phone == phone, challenges.c.issued_at > now - timedelta(days=1))
    ).scalar_one()
    if lately >= rules.per_day:
        return None
    session.execute(
        update(challenges)
        .where(challenges.c.phone == phone, challenges.c.status == "open")
        .values(status="dead")
    )
    challenge, expires = str(uuid.uuid4()), now + rules.lasts
    session.execute(
        insert(challenges).values(
            id=challenge, phone=phone, member=member, code_hash=new.code_hash, issued_at=now,
            expires_at=expires, tries=0, status="open",
        )
    )  # fmt: skip
    return Issued(challenge, new.code, expires)


def attempt(session: Session, challenge: Any, code: str, now: datetime) -> Attempt:
    """Try a code; the third wrong one spoils it."""
    if challenge.expires_at <= now:
        return "expired"
    right = _fits(challenge.code_hash, code)
    tries = challenge.tries + 1
    status = "used" if right else "dead" if tries >= MOST_TRIES else "open"
    session.execute(
        update(challenges).where(challenges.c.id == challenge.id).values(tries=tries, status=status)
    )
    return "right" if right else "dead" if status == "dead" else "wrong"


def _fits(code_hash: str, code: str) -> bool:
    try:
        return bool(_hasher.verify(code_hash, code))
    except VerificationError:
        return False


def spoil(session: Session, phone: str) -> None:
    """No code of this phone is good any more."""
    session.execute(
        update(challenges)
        .where(challenges.c.phone == phone, challenges.c.status == "open")
        .values(status="dead")
    )
