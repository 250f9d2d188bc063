"""Days, weeks and months, read from canonical text: one rule a way of saying it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Union

from bot.clock import COPENHAGEN
from bot.nlu.times import meaning
from bot.nlu.times.meaning import NEAR, Days
from bot.nlu.times.words import (
    FEASTS,
    LATE_ORDINALS,
    MONTH_ABBREVIATIONS,
    MONTHS,
    NUMBERS,
    ORDINALS,
    UNITS,
    WEEKDAYS,
)


@dataclass(frozen=True)
class DayAtom:
    """Days and the span of canonical text that names them; `part` where the word holds one too."""

    begin: int
    stop: int
    days: Days
    part: str | None = None


@dataclass(frozen=True)
class InstantAtom:
    """A minute counted from now: "om en time"."""

    begin: int
    stop: int
    instant: datetime


Atom = Union[DayAtom, InstantAtom]
Reader = Callable[["re.Match[str]", datetime], Days | tuple[Days, str] | datetime | None]

_WD = "(?P<wd>" + "|".join(WEEKDAYS) + ")"
_MONTH = (
    "(?P<month>"
    + "|".join([*MONTHS, *sorted(MONTH_ABBREVIATIONS, key=len, reverse=True)])
    + r")\b\.?"
)
_ORD = "|".join(sorted(ORDINALS, key=len, reverse=True))
_LATE = "|".join(sorted(LATE_ORDINALS, key=len, reverse=True))
_DAY = rf"(?P<day>0?[1-9]|[12]\d|3[01]|{_ORD})"
_N = (
    r"(?P<n>\d{1,3}|en|et|"
    + "|".join(sorted(NUMBERS, key=len, reverse=True))
    + r"|et par|halvanden)"
)
_DEN = r"(?:\bd\.? ?|\bden )"
_YEAR = r"(?:,? (?P<year>20\d\d)\b(?![.:]\d)| ?-? ?'(?P<yy>\d\d)\b)?"
_WEEK_NUMBER = r"(?:\d{1,2}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
_WEEK = (
    r"(?:(?P<which>naeste|kommende|denne|den her|sidste|forrige|naestkommende) uge|(?P<this>ugen)|"
    rf"uge(?: nr\.?)? (?P<number>{_WEEK_NUMBER}))"
)
_AHEAD = r"(?: (?P<ahead>(?:om )?(?:otte|8|fjorten|14) dage|om (?:en|1|to|2|tre|3) uger?))"
_UNIT = r"(?P<unit>minut(?:ter)?|min|kvarter|timer?|dage?|uger?|maaneder|maaned|mdr)(?:s tid)?"
_ABOUT = "regel reglen regler reglerne krav kravet noget staar frist fristen"
_SAYS_ABOUT = "".join(f"(?<!{word} )" for word in _ABOUT.split())


def day_atoms(text: str, now: datetime) -> list[Atom]:
    """Everything that names days or counts from now (aware); rules that say more go first."""
    found: list[Atom] = []
    taken: list[tuple[int, int]] = []
    for rule, reader in _RULES:
        for match in rule.finditer(text):
            span = match.span("it") if "it" in rule.groupindex else match.span()
            if any(span[0] < stop and span[1] > begin for begin, stop in taken):
                continue
            read = reader(match, now.astimezone(COPENHAGEN))
            if read is None:
                continue
            if isinstance(read, datetime):
                found.append(InstantAtom(*span, read))
            elif isinstance(read, tuple):
                found.append(DayAtom(*span, *read))
            else:
                found.append(DayAtom(*span, read))
            taken.append(span)
    return sorted(found, key=lambda atom: atom.begin)


_NEAR_WORDS = (
    "(?P<near>" + "|".join(re.escape(w) for w in sorted(NEAR, key=len, reverse=True)) + r")(?!\w)"
)
_LISTED = (
    rf"(?= ?(?:\.|,)? ?(?:og|eller|til og med|til|-|,) ?{_DEN}?(?:[1-3]?\d|{_ORD})\.? ?{_MONTH})"
)
_PLACE = r"(?P<place>foerst|midt|sidst|start(?:en)?|begyndelsen|slut(?:ningen)?|midten) (?:(?:paa|i|af) )*"

_RULES: Iterable[tuple[re.Pattern[str], Reader]] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"\b(?P<year>20\d\d)-(?P<month>0\d|1[0-2])-(?P<day>[0-3]\d)\b", meaning.date_meant),
        (
            rf"(?<![\d.,/]){_DEN}?{_DAY} ?(?P<s>[./-]) ?(?P<month>1[0-2]|0?[1-9])(?: ?(?P=s) ?|[ -]'?|/)"
            r"(?P<year>20\d\d|19\d\d|\d\d)(?![\d:.]\d|\d)",
            meaning.date_meant,
        ),
        (rf"(?<![\d.,/:]){_DEN}?{_DAY}\.?/(?P<month>1[0-2]|0?[1-9])\b\.?(?!/)", meaning.date_meant),
        (rf"{_DEN}{_DAY}\. ?(?P<month>1[0-2]|0?[1-9])\b(?!:)\.?", meaning.date_meant),
        (
            r"(?<![\d.,/:])(?P<day>0?[1-9]|[12]\d|3[01])\.(?P<month>1[0-2]|0?[1-9])\.(?!\d)",
            meaning.date_meant,
        ),
        (
            r"(?<![\d.,/:])(?<!kl )(?<!kl\.)(?<!kl)(?<!kl\. )"
            r"(?<!efter )(?<!foer )(?<!ved )(?<!mellem )(?<!inden )"
            r"(?P<day>[1-7]|0[1-7]|1[89]|2\d|3[01])\.(?P<month>1[0-2]|0?[1-9])"
            r"(?![\d.,:]\d|\d)(?! (?:-|til|og) ?\d)"
            r"(?!-\d)",
            meaning.date_meant,
        ),
        (
            rf"(?<![\d.,/:]){_DEN}?\b{_DAY}(?:\.? |\.)(?:i )?{_MONTH}{_YEAR}(?!\w)",
            meaning.date_meant,
        ),
        (rf"(?<![\d.,/:])(?P<it>{_DEN}?\b{_DAY}\.?){_LISTED}", meaning.date_meant),
        (
            rf"{_DEN}\d\d?\.? (?:eller|og) (?P<it>(?P<day>0?[1-9]|[12]\d|3[01])\b\.?)(?! ?{UNITS}|[./:]\d)",
            meaning.day_of_month_meant,
        ),
        (rf"{_DEN}(?P<day>\d\d?|{_ORD})\.? i (?P<month>1[0-2]|[1-9])\.", meaning.date_meant),
        (rf"(?:{_DEN})?\b(?P<day>\d\d?\.|{_ORD}) i (?P<month>{_ORD})\b", meaning.date_meant),
        (rf"{_MONTH} (?:d\.? ?|den )(?P<day>\d\d?)\b\.?", meaning.date_meant),
        (rf"{_NEAR_WORDS}(?:{_AHEAD}\b)?", meaning.near_meant),
        (rf"\b{_WD}{_AHEAD}\b", meaning.weekday_ahead_meant),
        (rf"\bi (?P<wd>{'|'.join(WEEKDAYS)})s\b", meaning.past_weekday_meant),
        (rf"\b(?:sidste|forrige|siden) {_WD}s?\b", meaning.past_weekday_meant),
        (rf"\bnaeste {_WD}s?\b", meaning.next_weekday_meant),
        (rf"\b(?:(?:nu paa|foerstkommende|kommende|denne|nu) )?{_WD}\b", meaning.weekday_meant),
        (rf"\b{_PLACE}{_WEEK}(?!\w)", meaning.part_of_week_meant),
        (
            rf"(?<!om )\b(?:(?P<which>naeste|kommende|denne|den her|sidste|forrige|naestkommende) uge|"
            rf"(?:uge|ugerne|u(?=\.? ?\d\d))(?: nr\.?|\.)? ?(?P<number>{_WEEK_NUMBER})"
            r"(?:,? (?P<year>20\d\d))?)(?![\w/])",
            meaning.week_meant,
        ),
        (
            r"(?:(?<=\buge \d)|(?<=gerne \d)) ?(?:og|eller|-|til) ?"
            r"(?P<it>(?P<which>)(?P<number>\d{1,2}))(?![\w.:/])",
            meaning.week_meant,
        ),
        (
            r"(?:(?<=\buge \d\d)|(?<=gerne \d\d)) ?(?:og|eller|-|til) ?"
            r"(?P<it>(?P<which>)(?P<number>\d{1,2}))(?![\w.:/])",
            meaning.week_meant,
        ),
        (rf"{_SAYS_ABOUT}\bom (?:(?P<half>en halv|halv) |{_N} ){_UNIT}\b", meaning.counted_meant),
        (rf"\bfor (?:(?P<half>en halv|halv) |{_N} ){_UNIT} siden\b", meaning.counted_meant),
        (r"\b(?P<which>naeste|denne|sidste|forrige|kommende) maaned\b", meaning.month_near_meant),
        (
            r"\b(?:(?P<which>naeste|denne|kommende|sidste|forrige) weekend|(?:i )?weekenden)\b",
            meaning.weekend_meant,
        ),
        (r"\b(?P<feast>" + "|".join(FEASTS) + r")\b", meaning.feast_meant),
        (
            rf"{_DEN}(?P<day>0?[1-9]|[12]\d|3[01])\b(?![./:]\d| ?-? ?tiden|\. ?gang| gang| \d)\.?",
            meaning.day_of_month_meant,
        ),
        (rf"{_DEN}(?P<day>{_LATE}|foerste(?= i ))\b", meaning.day_of_month_meant),
        (rf"\b{_WD},? (?P<it>den (?P<day>{_ORD}))\b", meaning.day_of_month_meant),
        (
            r"\bd\.? ?(?P<day>foerste|tredje|fjerde|femte|sjette|syvende|ottende|niende)\b",
            meaning.day_of_month_meant,
        ),
        (
            r"(?P<month>" + "|".join(MONTHS) + r")(?:,? (?P<year>20\d\d))?\b(?! \d)",
            meaning.month_named_meant,
        ),
    )
)
