"""What a change is made with: the transaction, the instant, the a-kasse's data and who is asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.backend.contract import Channel
from bot.backend.inbox import Texts
from bot.backend.rules import local_day
from bot.clock import Clock
from bot.profile import Profile


@dataclass(frozen=True)
class House:
    """What lives as long as the process: database, clock, profile and texts."""

    engine: Engine
    clock: Clock
    profile: Profile
    texts: Texts


@dataclass(frozen=True)
class Caller:
    """Who asks for a change (`member:<id>`, `staff:<email>` or `system`) and from where."""

    actor: str
    channel: Channel

    @property
    def is_member(self) -> bool:
        """True for a member acting for themselves."""
        return self.actor.startswith("member:")

    def may_act_for(self, member: str) -> bool:
        """A member acts for themselves only; staff and the system for everybody."""
        return not self.is_member or self.actor == f"member:{member}"


@dataclass(frozen=True)
class Work:
    """One change under way, inside one transaction."""

    session: Session
    now: datetime
    profile: Profile
    texts: Texts
    caller: Caller

    @property
    def today(self) -> date:
        """The local day of `now`."""
        return local_day(self.now)
