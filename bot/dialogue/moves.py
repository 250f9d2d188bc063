"""What a member does in a turn: the few, typed moves that `bot.dialogue.reading` reads and flows consume.

`docs/moves.md` says of each when it is made; `data/dialogues` has turns that are marked with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal, Optional, Union

from bot.backend.contract import Format
from bot.clock import COPENHAGEN
from bot.dialogue.state import FlowName
from bot.dialogue.wish import Order

Direction = Literal["later", "earlier", "other_day", "none"]
"""Other times than the offered ones: which. `none`: none of them, without saying more."""

Relation = Literal[
    "week_after", "day_after", "same_hour", "same_day", "same_week", "earlier_that_day", "later_that_day"
]  # fmt: skip
"""A time that is named by the meeting or the offer under discussion ("ugen efter", "samme tid")."""


@dataclass(frozen=True)
class TimeMention:
    """A time that the member named, as a half-open interval in Copenhagen time; an end may be open.

    `dated`: a day was named ("torsdag"), not only a clock time or a part of the day ("om formiddagen").
    `clock`: the start is a clock time ("kl. 14"), not merely where the interval begins.
    `other`: the second reading where Danes differ ("næste torsdag"), else None.
    `weekday`: the day was named by its weekday alone, so that another week can be meant.
    `denied`: it stands under a "not" ("ikke onsdag", "onsdag kan jeg ikke").
    """

    start: Optional[datetime]
    end: Optional[datetime]
    grain: str
    dated: bool = True
    clock: bool = False
    other: Optional[datetime] = None
    weekday: bool = False
    denied: bool = False

    def covers(self, instant: datetime) -> bool:
        """Whether the instant lies in the interval; of a clock time only the very minute counts."""
        local = instant.astimezone(COPENHAGEN)
        if self.start is not None and local < self.start:
            return False
        return self.end is None or local < self.end

    @property
    def exact(self) -> bool:
        """Whether a clock time itself was named ("kl. 14"), not a span ("efter kl. 15")."""
        return (
            self.clock
            and self.start is not None
            and self.end is not None
            and self.end - self.start <= timedelta(minutes=1)
        )

    def hours(self) -> tuple[Optional[time], Optional[time]]:
        """The clock part alone, for a wish that names no day."""
        start = self.start.astimezone(COPENHAGEN).time() if self.start else None
        end = self.end.astimezone(COPENHAGEN).time() if self.end else None
        return start, (None if end == time(0) else end)


@dataclass(frozen=True)
class Accept:
    """A yes to what was asked, offered or proposed. Which one of several is the turn's `choice`."""


@dataclass(frozen=True)
class Refuse:
    """A no to what was asked, offered or proposed; the matter goes on."""


@dataclass(frozen=True)
class WishFor:
    """When or how the new time should be, or should not be."""

    times: tuple[TimeMention, ...] = ()
    direction: Optional[Direction] = None
    relations: tuple[Relation, ...] = ()
    format: Optional[Format] = None
    order: Optional[Order] = None
    weekdays: tuple[tuple[int, bool], ...] = ()
    """Weekdays that are meant in every week ("ikke om mandagen"), each with whether it is denied."""


@dataclass(frozen=True)
class NoNewTime:
    """The afbud without a new time now."""


@dataclass(frozen=True)
class GiveReason:
    """Why the member can't come. `words`: their own, for the record (may be health data)."""

    category: str
    words: str


@dataclass(frozen=True)
class Mean:
    """Which meeting is meant: by day, kind, owner or whom it is with. `plainly`: it was said for that."""

    times: tuple[TimeMention, ...] = ()
    kinds: tuple[str, ...] = ()
    ours: bool = False
    names: tuple[str, ...] = ()
    plainly: bool = True


@dataclass(frozen=True)
class Begin:
    """A matter is to be begun, or said again. `or_else`: what it can as well be, where that is unsure."""

    matter: FlowName
    or_else: Optional[FlowName] = None


Aspect = Literal["length", "format", "place", "adviser", "when"]


@dataclass(frozen=True)
class Ask:
    """A question. `about`: a topic of `data/answers` (`faq_…`, `beyond/…`, `context/…`), or `next`,
    `deadline`, `course` (the member's own), `table` (what is offered, proposed or was done), `queue`.
    """

    about: str
    aspect: Optional[Aspect] = None
    times: tuple[TimeMention, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Keep:
    """The meeting stays as it is."""


@dataclass(frozen=True)
class Leave:
    """The matter is dropped."""


@dataclass(frozen=True)
class Undo:
    """What was done is to be taken back."""


@dataclass(frozen=True)
class Person:
    """A human is wanted."""


@dataclass(frozen=True)
class Repeat:
    """Say it again."""


@dataclass(frozen=True)
class Social:
    """Thanks, a greeting, a goodbye."""

    kind: Literal["thanks", "greet", "goodbye"]


@dataclass(frozen=True)
class Complain:
    """The assistant is wrong or does not understand; anger at it."""


@dataclass(frozen=True)
class Tell:
    """Something told that asks for nothing. `words`: the member's, where they answer an open question."""

    words: str = ""


@dataclass(frozen=True)
class Unclear:
    """Nothing certain; `nearest`: the likeliest intents (Rasa's names), for asking back."""

    nearest: tuple[str, ...] = ()


Move = Union[
    Accept, Refuse, WishFor, NoNewTime, GiveReason, Mean, Begin, Ask, Keep, Leave, Undo, Person,
    Repeat, Social, Complain, Tell, Unclear,
]  # fmt: skip

LABELS = (
    "accept", "pick", "refuse", "wish", "no_new_time", "reason", "this",
    "begin afbud", "begin move", "begin book", "begin format", "begin participation", "begin missed",
    "ask own", "ask table", "ask queue", "ask faq", "ask can", "ask human", "ask beyond",
    "keep", "leave", "undo", "person", "repeat", "thanks", "greet", "bye", "complain", "tell", "unclear",
)  # fmt: skip
"""What the model scores (`bot.nlu.moves`): kinds of moves, without what is ruled about them."""
