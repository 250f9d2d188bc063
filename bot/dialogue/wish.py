"""What a member wishes of a new time: a value that adds up over turns, and judges a time."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal, Optional

from pydantic import BaseModel

Order = Literal["earliest", "latest"]
"""`latest`: the latest on each day first."""


class _Value(BaseModel):
    class Config:
        extra = "forbid"
        frozen = True


class Span(_Value):
    """A stretch of time. Days as instants (half open), hours as clock times of Copenhagen; None: open.

    `weekday`: only that one (0 is Monday), whatever the week.
    """

    start: Optional[datetime] = None
    end: Optional[datetime] = None
    from_hour: Optional[time] = None
    to_hour: Optional[time] = None
    weekday: Optional[int] = None

    def holds(self, local: datetime) -> bool:
        """Whether a time that begins then (Copenhagen) lies in it."""
        clock = local.time()
        return not (
            (self.start is not None and local < self.start)
            or (self.end is not None and local >= self.end)
            or (self.from_hour is not None and clock < self.from_hour)
            or (self.to_hour is not None and clock >= self.to_hour)
            or (self.weekday is not None and local.weekday() != self.weekday)
        )

    @property
    def dated(self) -> bool:
        """Whether it says anything of days."""
        return self.start is not None or self.end is not None or self.weekday is not None


class Wish(_Value):
    """Days of which one must hold, hours of which one must hold, and what must not be; empty: all the same.

    `order`: which of the fitting times come first.
    """

    days: tuple[Span, ...] = ()
    hours: tuple[Span, ...] = ()
    never: tuple[Span, ...] = ()
    order: Order = "earliest"

    def allows(self, local_start: datetime) -> bool:
        """Whether a time that starts then (Copenhagen) is what was wished."""
        return (
            (not self.days or any(span.holds(local_start) for span in self.days))
            and (not self.hours or any(span.holds(local_start) for span in self.hours))
            and not any(span.holds(local_start) for span in self.never)
        )

    @property
    def says_something(self) -> bool:
        """Whether it leaves any time out."""
        return bool(self.days or self.hours or self.never)

    def and_(self, later: Wish) -> Wish:
        """Both. What is said later wins: days replace days and hours replace hours; what was left out stays
        left out, but where the member now asks for just that."""
        never = [
            span for span in self.never
            if not any(_within(asked, span) for asked in (*later.days, *later.hours))
        ]  # fmt: skip
        return Wish(
            days=later.days or self.days,
            hours=later.hours or self.hours,
            never=tuple(dict.fromkeys([*never, *later.never])),
            order=later.order if later.order != "earliest" else self.order,
        )


def _within(asked: Span, span: Span) -> bool:
    """Whether what is asked for lies in a span that was left out."""
    if asked.start is not None:
        return span.holds(asked.start)
    if span.dated or asked.from_hour is None:
        return False
    return Span(from_hour=span.from_hour, to_hour=span.to_hour).holds(
        datetime.combine(datetime.min, asked.from_hour)
    )
