"""Who the members are whom staff have to do with: their cards, for lists and for search."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Optional

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.engine import Engine

from bot.backend.client import BackendClient
from bot.backend.contract import Member
from bot.backend.failures import BackendRefusal, BackendUnavailable
from bot.clock import Clock
from bot.database import reading, writing
from bot.desk.tables import member_cards

log = logging.getLogger(__name__)

FRESH = timedelta(days=1)
"""An older card is read anew when it is needed."""
REST_SECONDS = 15.0
"""After the records could not be asked, lists do without them for so long."""
MOST_FOUND = 20
_PHONE = re.compile(r"\+?\d[\d ]{6,14}\d")


@dataclass(frozen=True)
class Card:
    """A member as lists show them."""

    member: str
    member_no: str
    name: str
    phone: Optional[str]


class Directory:
    """Cards from the gateway's database, filled from the back end; lists never wait long for it."""

    def __init__(
        self,
        engine: Engine,
        backend: Optional[BackendClient],
        clock: Clock,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._backend, self._clock, self._seconds = engine, backend, clock, seconds
        self._rests_until = 0.0
        self._unknown: set[str] = set()
        self._lock = threading.Lock()

    def cards(self, members: Iterable[Optional[str]]) -> dict[str, Card]:
        """The cards of those members that are known, or can be read now."""
        wanted = {member for member in members if member is not None}
        found = self._kept(wanted)
        for member in sorted(wanted - set(found)):
            card = self._read(member)
            if card is not None:
                found[member] = card
        return found

    def keep(self, member: Member) -> Card:
        """Store what the records say now."""
        card = Card(member.id, member.member_no, member.name, member.phone)
        with writing(self._engine) as session:
            session.execute(delete(member_cards).where(member_cards.c.member == card.member))
            session.execute(
                insert(member_cards).values(
                    member=card.member, member_no=card.member_no, name=card.name,
                    phone=card.phone, read_at=self._clock.now(),
                )
            )  # fmt: skip
        return card

    def find(self, words: str) -> list[Card]:
        """Members by name, member number, id or phone: those known here, and exact ones anywhere.

        Raises BackendUnavailable only where nothing was found here.
        """
        words = " ".join(words.split())
        if not words:
            return []
        found = self._search(words)
        try:
            exact = self._exact(words)
        except BackendUnavailable:
            if not found:
                raise
            exact = None
        if exact is not None and exact not in found:
            found.insert(0, exact)
        return found[:MOST_FOUND]

    def _exact(self, words: str) -> Optional[Card]:
        if self._backend is None:
            return None
        if _PHONE.fullmatch(words):
            digits = words.replace(" ", "")
            phone = digits if digits.startswith("+") else f"+45{digits}"
            member = self._backend.lookup(phone)
            return None if member is None else self.keep(member)
        try:
            return self.keep(self._backend.member(words))
        except BackendRefusal:
            return None

    def _search(self, words: str) -> list[Card]:
        columns = member_cards.c
        plain = words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        # SQLite folds ASCII only; so both spellings of the first letter of each word are tried
        name = or_(
            func.lower(columns.name).like(f"%{plain.lower()}%", escape="\\"),
            columns.name.like(f"%{plain.title()}%", escape="\\"),
        )
        with reading(self._engine) as session:
            rows = session.execute(
                select(member_cards)
                .where(or_(name, columns.member_no == words, columns.member == words))
                .order_by(columns.name, columns.member)
                .limit(MOST_FOUND)
            ).all()
        return [_card(row) for row in rows]

    def _kept(self, members: set[str]) -> dict[str, Card]:
        with reading(self._engine) as session:
            rows = session.execute(
                select(member_cards).where(
                    member_cards.c.member.in_(members),
                    member_cards.c.read_at > self._clock.now() - FRESH,
                )
            ).all()
        return {row.member: _card(row) for row in rows}

    def _read(self, member: str) -> Optional[Card]:
        with self._lock:
            resting = self._seconds() < self._rests_until
            if self._backend is None or resting or member in self._unknown:
                return None
        try:
            return self.keep(self._backend.member(member))
        except BackendRefusal:
            with self._lock:
                self._unknown.add(member)
        except BackendUnavailable as error:
            log.warning("members' names can't be read now: %s", error)
            with self._lock:
                self._rests_until = self._seconds() + REST_SECONDS
        return None


def forget_card(session: Any, member: str) -> None:
    """Inside a transaction: the card of a member who is erased."""
    session.execute(delete(member_cards).where(member_cards.c.member == member))


def drop_cards(session: Any, before: datetime) -> int:
    """Inside a transaction: cards that nobody has needed since."""
    done = session.execute(delete(member_cards).where(member_cards.c.read_at < before))
    return int(done.rowcount)


def _card(row: Any) -> Card:
    return Card(row.member, row.member_no, row.name, row.phone)
