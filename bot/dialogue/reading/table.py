"""What a message names of the things on the table: times, and which of the choices shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Mapping, Optional, Sequence

from bot.backend.contract import FreeTime
from bot.clock import COPENHAGEN
from bot.dialogue.moves import (
    TimeMention,
)
from bot.dialogue.reading.evidence import Evidence
from bot.dialogue.reading.exact import with_denials
from bot.dialogue.reading.made import LIKELY, Made
from bot.dialogue.reading.standing import Standing, listing_of
from bot.dialogue.state import Dialogue


class OnTheTable(Made):
    """One message, with the times that it names and the one choice that it takes."""

    def __init__(self, evidence: Evidence, dialogue: Dialogue, where: Standing) -> None:
        super().__init__(evidence, dialogue, where)
        self.mentions = self._mentions()
        self.choice = self._picked()

    def _mentions(self) -> tuple[TimeMention, ...]:
        places = self.evidence.time_places
        mentions = with_denials(self.evidence.times, self.exact.denied(self.text, places))
        mentions = tuple(
            mention for mention, (start, stop) in zip(mentions, places, strict=True)
            if not self.exact.bare_ordinal(self.text[start:stop])
        )  # fmt: skip
        mentions = _sharing_hours(mentions)
        if not mentions and self.where.open in ("time", "confirm"):
            hour = self.exact.bare_hour(self.text, self.where.shown)
            if hour is not None:
                return (_at_hour(hour, self.evidence.now),)
        if self.where.open in ("time", "confirm", "which_day"):
            mentions = tuple(self._on_the_table(mention) for mention in mentions)
        return tuple(mention for mention in mentions if not self._says_the_proposed(mention))

    def _says_the_proposed(self, mention: TimeMention) -> bool:
        """Whether a yes only says again what is proposed ("ja, tirsdag kl. 10 er fint")."""
        flow = self.dialogue.flow
        if flow is None or flow.asked != "confirm" or flow.chosen is None or mention.denied:
            return False
        return self.has("accept") and _fits(mention, flow.chosen)

    def _on_the_table(self, mention: TimeMention) -> TimeMention:
        """A weekday is read against what is offered before it is read against the calendar."""
        if not mention.weekday or mention.start is None:
            return mention
        local = [start.astimezone(COPENHAGEN) for start in self.where.offered]
        if any(start.date() == mention.start.date() for start in local):
            return mention
        same = sorted({s.date() for s in local if s.weekday() == mention.start.weekday()})
        if len(same) != 1:
            return mention
        shift = timedelta(days=(same[0] - mention.start.date()).days)
        end = mention.end + shift if mention.end is not None else None
        return replace(mention, start=mention.start + shift, end=end, other=None)

    def _picked(self) -> Optional[Mapping[str, Any]]:
        shown = self.dialogue.shown
        if self.where.open in ("nothing", "offer") and not shown:
            return None
        by_time = self._picked_time()
        if by_time is not None:
            return by_time
        listed = _listed(shown)
        words = len(self.text.split())
        index = self.exact.ordinal(self.text, len(listed))
        if index is None and words <= 3:
            index = self.exact.ordinal(self.text, len(shown)) if _has_digit(self.text) else None
        elsewhere = any(m.clock or (m.dated and not m.weekday) for m in self.mentions)
        if index is not None and not elsewhere:
            plainly = self.likely("pick", "accept") >= LIKELY or words <= 3
            if plainly and not (self.has("wish") and not self.has("pick")):
                return shown[index]
        if (
            len(listed) == 1
            and self.where.listing
            and self.has("accept")
            and not self.has("wish", "refuse")
        ):
            return listed[0]
        return None

    def _picked_time(self) -> Optional[Mapping[str, Any]]:
        """The one offered time that the message names, as the choice of it."""
        flow = self.dialogue.flow
        if flow is None or flow.asked not in ("time", "confirm") or not flow.offered:
            return None
        wanted = [mention for mention in self.mentions if not mention.denied]
        only_asks = self.has("ask table") and not self.has("pick", "accept", "wish")
        if not wanted or only_asks or self.likely("pick", "accept", "wish", "this") < LIKELY:
            return None
        fitting = [time for time in flow.offered if all(_fits(m, time) for m in wanted)]
        if len(fitting) > 1:
            place = self.exact.ordinal(self.text, len(fitting))
            fitting = [fitting[place]] if place is not None else fitting
        if not fitting:  # one of several times is named to the minute, another only told
            plain = [m for m in wanted if m.dated and m.exact]
            fitting = [time for time in flow.offered if any(_fits(m, time) for m in plain)]
        if len(fitting) != 1 or any(m.denied and _fits(m, fitting[0]) for m in self.mentions):
            return None
        return {"intent": "inform", "menu": flow.menu, "time": fitting[0].id}


def _sharing_hours(mentions: Sequence[TimeMention]) -> tuple[TimeMention, ...]:
    """ "mandag eller tirsdag eftermiddag": the part of the day holds for both."""
    parts = [
        m for m in mentions if m.dated and m.grain == "minute" and not m.exact and m.start and m.end
    ]
    if len(parts) != 1 or mentions[-1] is not parts[0]:
        return tuple(mentions)
    begin, stop = parts[0].hours()
    return tuple(_at_hours(m, begin, stop) if m.dated and m.grain == "day" else m for m in mentions)


def _at_hours(mention: TimeMention, begin: Optional[time], stop: Optional[time]) -> TimeMention:
    if mention.start is None or mention.end is None or begin is None or stop is None:
        return mention
    if mention.end - mention.start > timedelta(days=1):
        return mention
    day = mention.start.date()
    return replace(
        mention, grain="minute",
        start=datetime.combine(day, begin, COPENHAGEN), end=datetime.combine(day, stop, COPENHAGEN),
    )  # fmt: skip


def _listed(shown: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The choices of the list at the top, without the ways on below it; all where there is no list."""
    listing = listing_of(shown)
    return shown if listing is None else [choice for choice in shown if listing in choice]


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _fits(mention: TimeMention, offered: FreeTime) -> bool:
    start = offered.start.astimezone(COPENHAGEN)
    if mention.dated:
        return mention.covers(offered.start)
    from_hour, to_hour = mention.hours()
    clock = start.time()
    if mention.exact:
        return clock == from_hour
    return (from_hour is None or clock >= from_hour) and (to_hour is None or clock < to_hour)


def _at_hour(hour: int, now: datetime) -> TimeMention:
    start = now.astimezone(COPENHAGEN).replace(hour=hour, minute=0, second=0, microsecond=0)
    end = start + timedelta(minutes=1)
    return TimeMention(start=start, end=end, grain="hour", dated=False, clock=True)
