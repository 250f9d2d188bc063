"""Reading a choice among offered things: "den anden", "nr. 2", "torsdag", "halv ti", "ingen af dem"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal, Optional, Sequence

from bot.backend.contract import FreeTime
from bot.clock import COPENHAGEN
from bot.dialogue.state import Wish
from bot.dialogue.turn import TimeMention, Turn

Direction = Literal["none", "later", "earlier", "other_day"]

_ORDINALS = {
    "første": 0, "foerste": 0, "forste": 0, "øverste": 0, "oeverste": 0, "tidligste": 0, "tidlige": 0,
    "1'eren": 0, "ettern": 0, "etteren": 0,
    "anden": 1, "andet": 1, "2'eren": 1, "toeren": 1, "2eren": 1,
    "tredje": 2, "tredie": 2, "3'eren": 2, "treeren": 2,
    "fjerde": 3, "femte": 4,
    "sidste": -1, "nederste": -1, "seneste": -1, "sene": -1, "senest": -1,
}  # fmt: skip
_COUNTS = {"en": 0, "et": 0, "ét": 0, "to": 1, "tre": 2, "fire": 3, "fem": 4}
_NUMBER = re.compile(
    r"^\W*(?:(?:nr|nummer|no|mulighed|valg|tid|svar|jeg tager|tager|den)\W*)*(\d)\W*"
    r"(?:tak|passer|er fint|er fin)?\W*$",
    re.I,
)
_OTHER_DAY = re.compile(
    r"\b(en anden (dag|dato|uge|tid)|andre (dage|tider|muligheder|datoer)|et andet tidspunkt"
    r"|andre tidspunkter|flere tider|noget andet)\b", re.I)  # fmt: skip
_NONE = re.compile(
    r"\b(ingen af (dem|de|tiderne)|ingen passer|passer (alle )?(ikke|ingen)|(ikke|ingen) nogen af"
    r"|duer ikke|kan ikke nogen|ingen af delene|kan (jeg )?ikke (nogen )?af)\b", re.I)  # fmt: skip
_LATER = re.compile(r"\b(senere|længere fremme|laengere fremme|lidt efter)\b", re.I)
_EARLIER = re.compile(r"\b(tidligere|før det|foer det|hurtigere|snarere)\b", re.I)
_NO_NEW_TIME = re.compile(
    r"\b(ingen ny tid|uden (en )?ny tid|ikke (nogen |en )?ny tid|bare (aflys|afbud|meld)\w*"
    r"|kun (afbud|aflys)\w*|(booker|finder|tager) (selv|en) (tid |en )*senere|vent(er)? med (en )?ny tid"
    r"|ikke (lige )?nu|ny tid senere|book(er)? senere)\b", re.I)  # fmt: skip


_HOUR = re.compile(r"^\W*(?:(?:klokken|kl|ved|så|saa|ok|ja)\W+)*(\d{1,2})(?:\W*tak)?\W*$", re.I)
_EARLIEST, _LATEST = 7, 20
"""A bare number is an hour only where meetings can be: "5" is no hour, and would rather be a slip."""
_ANYWAY = re.compile(
    r"^\W*(?:(?:ja|jo|ok|okay|så|saa|bare|melder?|meld|afbud|det|gør|goer|jeg|vil)\W+)*alligevel(?:\W+tak)?\W*$",
    re.I,
)
_LEAD = r"^\W*(?:(?:nej|så|saa|jeg|vil|ok|okay|bare|hellere|men|gerne)\W+)*"
_COME = r"(?:kommer|møder op|moeder op)"
_KEEPS = re.compile(
    rf"{_LEAD}behold\w*(?:\W+(?:mødet|moedet|det|den|tiden|min tid|den gamle(?: tid)?))?\W*$"
    rf"|{_LEAD}{_COME}\W+(?:alligevel|bare|godt nok)\W*$"
    rf"|^\W*nej\W+(?:jeg\W+)?{_COME}\W*$",
    re.I,
)
_LEAVES = re.compile(r"\b(lad (det|den|os)? ?(bare )?(være|vaere|ligge)|drop det|glem det)\b", re.I)


def ordinal(text: str, count: int) -> Optional[int]:
    """The index that the text names among `count` offered things, or None."""
    if count == 0 or _OTHER_DAY.search(text):
        return None
    number = _NUMBER.match(text.strip())
    if number:
        index = int(number.group(1)) - 1
        return index if 0 <= index < count else None
    words = re.findall(r"[\w'æøå]+", text.lower())
    if len(words) == 1 and words[0] in _COUNTS:
        index = _COUNTS[words[0]]
        return index if index < count else None
    if len(words) > 8:
        return None
    for place, word in enumerate(words):
        if word in _ORDINALS and _names_one(words, place):
            index = _ORDINALS[word]
            return count - 1 if index == -1 else (index if index < count else None)
    return None


def direction(text: str) -> Optional[Direction]:
    """Whether the member wants other times than the offered ones, and in which direction."""
    if _LATER.search(text):
        return "later"
    if _EARLIER.search(text):
        return "earlier"
    if _OTHER_DAY.search(text):
        return "other_day"
    return "none" if _NONE.search(text) else None


def with_bare_hour(turn: Turn, count: int) -> Turn:
    """Where a time was asked for, "14" is two o'clock: unless it is the number of an offered thing."""
    number = _HOUR.match(turn.text)
    if number is None or turn.times or turn.choice is not None:
        return turn
    hour = int(number.group(1))
    if hour <= count or not _EARLIEST <= hour <= _LATEST:
        return turn
    start = turn.now.astimezone(COPENHAGEN).replace(hour=hour, minute=0, second=0, microsecond=0)
    end = start + timedelta(minutes=1)
    mention = TimeMention(start=start, end=end, grain="hour", dated=False, clock=True)
    return replace(turn, times=(mention,))


def goes_on_anyway(text: str) -> bool:
    """Whether the words, after a warning, say nothing but "alligevel" ("ja, meld afbud alligevel")."""
    return bool(_ANYWAY.match(text))


def leaves(text: str) -> bool:
    """Whether a no is a no to the whole matter ("nej, lad det være")."""
    return bool(_LEAVES.search(text))


def keeps(text: str) -> bool:
    """Whether the words say nothing but that the meeting stays ("behold det", "jeg kommer alligevel")."""
    return bool(_KEEPS.match(text))


def no_new_time(text: str) -> bool:
    """Whether the member wants no new time now."""
    return bool(_NO_NEW_TIME.search(text))


@dataclass(frozen=True)
class Fit:
    """Offered times that a mention fits: just one is a choice."""

    times: tuple[FreeTime, ...]


def fitting(mentions: Sequence[TimeMention], offered: Sequence[FreeTime]) -> Fit:
    """The offered times that every mention allows ("torsdag" and "kl. 14" together)."""
    return Fit(tuple(time for time in offered if all(_fits(mention, time) for mention in mentions)))


def wish_of(mentions: Sequence[TimeMention], before: Optional[Wish] = None) -> Optional[Wish]:
    """The mentions as a wish for a new time; hours without a day keep the day wished before."""
    if not mentions:
        return before
    wish = before or Wish()
    for mention in mentions:
        start_clock, end_clock = mention.hours()
        if mention.dated:
            wish = wish.copy(update={"start": mention.start, "end": mention.end})
        elif mention.exact:
            wish = wish.copy(
                update={"from_hour": start_clock, "to_hour": _next_minute(start_clock)}
            )
        else:
            wish = wish.copy(update={"from_hour": start_clock, "to_hour": end_clock})
    return wish


def mentioned_day(mention: TimeMention) -> Optional[datetime]:
    """Midnight (Copenhagen) of the day that a dated mention begins on."""
    if not mention.dated or mention.start is None:
        return None
    local = mention.start.astimezone(COPENHAGEN)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def plainly_chosen(turn: Turn, offered: Sequence[FreeTime]) -> Optional[FreeTime]:
    """The one offered time that the turn names, by number, ordinal or time."""
    index = ordinal(turn.text, len(offered))
    if index is not None and not (turn.times and any(m.clock for m in turn.times)):
        return offered[index]
    if turn.times:
        fit = fitting(turn.times, offered)
        if len(fit.times) == 1:
            return fit.times[0]
    return None


def _fits(mention: TimeMention, offered: FreeTime) -> bool:
    start = offered.start.astimezone(COPENHAGEN)
    if mention.dated:
        return mention.covers(offered.start)
    from_hour, to_hour = mention.hours()
    clock = start.time()
    if mention.exact:
        return clock == from_hour
    return (from_hour is None or clock >= from_hour) and (to_hour is None or clock < to_hour)


def _next_minute(clock: Optional[time]) -> Optional[time]:
    if clock is None:
        return None
    return (datetime.combine(datetime.min, clock) + timedelta(minutes=1)).time()


def _names_one(words: list[str], place: int) -> bool:
    """ "den anden" names one; "en anden", "et andet" and "anden dag" do not."""
    word = words[place]
    if word not in ("anden", "andet"):
        return True
    before = words[place - 1] if place else ""
    return before not in ("en", "et", "helt", "nogen") and words[place + 1 : place + 2] != ["dag"]
