"""Days, clock times and parts of the day that tell of one time, put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Union

from bot.nlu.times import calendar
from bot.nlu.times.clocks import ClockAtom, PartAtom
from bot.nlu.times.days import DayAtom, InstantAtom
from bot.nlu.times.meaning import Days

Atom = Union[DayAtom, InstantAtom, ClockAtom, PartAtom]

_LINK = re.compile(
    r"[ ,.(:-]*(?:(?:den|d|kl|om|paa|i|ved|ca|cirka|omkring|helst|gerne|hos|jer|med|der|altsaa|saa|en gang|"
    r"engang|allerede|fra|til|og|tid\w*|moede\w*|samtale\w*|aftale\w*|cv\w*|raad\w*|jobcenter\w*)[ ,.:-]*)*"
)
_OWN_CLAUSE = re.compile(
    r"[;!?\n]|\. |\b(?:men|fordi|for|eller|og|hvis|da|at|naar|som|end|skal|har|kan|vil|til|fra|foer|efter)\b"
)
_WORDS_BETWEEN = re.compile(r"\b(?!(?:den|d|i|altsaa)\b)\w")
_AND = re.compile(r"[ ,]*(?:og|eller|samt|,)[ ,]*(?:kl\.? ?)?(?:paa |igen )?")


@dataclass(frozen=True)
class Mention:
    """What was said of one time: at most one of each; `begin` and `stop` count canonical characters."""

    begin: int
    stop: int
    days: Days | None = None
    clock: ClockAtom | None = None
    part: str | None = None
    instant: datetime | None = None

    @property
    def plain_day(self) -> bool:
        """Whether it names days and nothing of the day."""
        return self.days is not None and self.clock is None and self.part is None


def mentions_of(text: str, atoms: Sequence[Atom]) -> list[Mention]:
    """The times that a text tells of, in its order, from what was found in it."""
    mentions: list[Mention] = []
    for atom in atoms:
        said = _said(atom)
        if mentions:
            gap = text[mentions[-1].stop : said.begin]
            joined = _joined(mentions[-1], said, gap)
            if joined is None and _AND.fullmatch(gap) and said.days is None and mentions[-1].days:
                joined_day = mentions[-1].days
                if said.clock and mentions[-1].clock and joined_day.single:
                    mentions.append(replace(said, days=joined_day))
                    continue
            if joined is not None:
                mentions[-1] = joined
                _spread_week(text, mentions)
                _spread_day(text, mentions)
                continue
        mentions.append(said)
    mentions = _join_apart(text, mentions)
    _lend_day(mentions)
    return [mention for mention in mentions if not _too_vague(mention, text)]


def _said(atom: Atom) -> Mention:
    if isinstance(atom, InstantAtom):
        return Mention(atom.begin, atom.stop, instant=atom.instant)
    if isinstance(atom, DayAtom):
        return Mention(atom.begin, atom.stop, days=atom.days, part=atom.part)
    if isinstance(atom, ClockAtom):
        return Mention(atom.begin, atom.stop, clock=atom)
    return Mention(atom.begin, atom.stop, part=atom.name)


def _joined(first: Mention, second: Mention, gap: str) -> Mention | None:
    """Both as one mention where they tell of one time, else None."""
    if first.instant or second.instant or not _LINK.fullmatch(gap):
        return None
    whole = replace(first, stop=second.stop)
    if first.days and second.days:
        if re.search(r"\b(?:til|og|fra)\b|-", gap) and not (first.part and not second.part):
            return None
        both = _both_days(first.days, second.days, bool(_WORDS_BETWEEN.search(gap)))
        if both is None or (second.part and (first.part or first.clock)):
            return None
        return replace(whole, days=both, part=first.part or second.part)
    if re.search(r"\bog\b", gap):
        return None
    if (first.clock and second.clock) or (first.part and second.part):
        return None
    days = first.days or second.days
    if days and not days.single and (first.clock or second.clock or second.part or first.part):
        return None
    return replace(
        whole, days=days, clock=first.clock or second.clock, part=first.part or second.part
    )


def _both_days(first: Days, second: Days, apart: bool) -> Days | None:
    """ "torsdag den 3.", "torsdag i næste uge", "uge 49, tirsdag", "i dag torsdag" as one day.

    With words between them (`apart`) a weekday and a date that disagree are two.
    """
    for weekday, other in ((first, second), (second, first)):
        if weekday.of_week and other.grain == "week":
            start, stop = (other.start + timedelta(days=days) for days in weekday.of_week)
            return Days(start, stop)
        if weekday.weekday is None or other.weekday is not None:
            continue
        if other.grain == "week":
            day = other.start + timedelta(days=weekday.weekday)
            return Days(day, day + timedelta(days=1))
        if other.single and not other.next_week:
            if apart and other.start.weekday() != weekday.weekday:
                return None
            return _agreeing(weekday.weekday, other)
    return None


def _agreeing(weekday: int, named: Days) -> Days:
    """The date; the same day of last month where only that one has the weekday ("fredag den 13.")."""
    if named.start.weekday() == weekday:
        return named
    earlier = calendar.add_months(named.start, -1)
    day = calendar.real_date(earlier.year, earlier.month, named.start.day)
    if day and day.weekday() == weekday:
        return Days(day, day + timedelta(days=1))
    return named


def _spread_week(text: str, mentions: list[Mention]) -> None:
    """ "mandag eller tirsdag i næste uge": the week is said of both."""
    last = mentions[-1].days
    if last is None or "uge" not in text[mentions[-1].begin : mentions[-1].stop]:
        return
    for place in range(len(mentions) - 2, -1, -1):
        before = mentions[place]
        if not before.days or before.days.weekday is None or before.clock:
            return
        if not _AND.fullmatch(text[before.stop : mentions[place + 1].begin]):
            return
        day = calendar.monday_of(last.start) + timedelta(days=before.days.weekday)
        mentions[place] = replace(before, days=Days(day, day + timedelta(days=1)))


def _spread_day(text: str, mentions: list[Mention]) -> None:
    """ "kl. 10 eller 11 på torsdag": the day is said of both."""
    last = mentions[-1]
    for place in range(len(mentions) - 2, -1, -1):
        before = mentions[place]
        gap = text[before.stop : mentions[place + 1].begin]
        if not (
            last.days and last.clock and before.clock and not before.days and _AND.fullmatch(gap)
        ):
            return
        mentions[place] = replace(before, days=last.days)


def _join_apart(text: str, mentions: list[Mention]) -> list[Mention]:
    """A day and a clock time of one clause that stand apart: "på fredag er det vist hos jer kl. 10"."""
    joined: list[Mention] = []
    for mention in mentions:
        last = joined[-1] if joined else None
        if last is not None and _one_clause(text[last.stop : mention.begin]):
            days = last.days or mention.days
            complementary = (last.plain_day and mention.clock and not mention.days) or (
                mention.plain_day and last.clock and not last.days
            )
            if complementary and days and days.single:
                joined[-1] = replace(
                    last, stop=mention.stop, days=days, clock=last.clock or mention.clock,
                    part=last.part or mention.part,
                )  # fmt: skip
                continue
        joined.append(mention)
    return joined


def _lend_day(mentions: list[Mention]) -> None:
    """Hours without a day belong to the one day that the message named before them, if only one."""
    days: list[Days] = []
    for place, mention in enumerate(mentions):
        if mention.days and mention.days.single:
            days.append(mention.days)
        elif mention.clock and not mention.clock.unsure and len({each.start for each in days}) == 1:
            mentions[place] = replace(mention, days=days[0])


def _one_clause(gap: str) -> bool:
    return len(gap.split()) <= 6 and not _OWN_CLAUSE.search(gap)


def _too_vague(mention: Mention, text: str) -> bool:
    """A bare "morgen", "middag" or "10-12" beside no day counts only as a message of its own."""
    if mention.days or mention.instant:
        return False
    said = text[mention.begin : mention.stop]
    alone = text.strip(" .!?") == said
    if mention.clock is None:
        return bool(re.fullmatch(r"morgen|aften|tidligt?", said)) and not alone
    return mention.clock.unsure and not (
        alone or re.search(r"kl|middagstid|ved |omkring |til middag", said) or mention.part
    )
