"""Clock times, parts of the day and ranges of hours, read from canonical text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.nlu.times.words import NUMBERS, PARTS, UNITS

_HOUR_WORDS = "|".join(sorted((w for w, v in NUMBERS.items() if v <= 24), key=len, reverse=True))
_STEP = r"(?:5|10|15|20|25|fem|ti|femten|tyve|femogtyve)(?: min(?:utter|\.)?)?"
_DIGITAL = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
_TWELVE = rf"(?:{_HOUR_WORDS}|1[0-2]|[1-9])"
_SPOKEN = rf"(?:halv ?|kvart(?:er)? (?:i|over) |{_STEP} (?:i|over) (?:halv )?){_TWELVE}"
_BARE = rf"(?:(?:[01]?\d|2[0-4])|(?:{_HOUR_WORDS}))"
_KL = r"(?:kl (?:er|var|blev|slog|cirka|ca\.?) |kl(?:\.|:)? ?)"
_END = rf"(?![\w\d/]|[.,:]\d| ?{UNITS}\b|-\d)"
_FREE = (
    r"(?= ?(?:$|[,.;!?)\n]|(?:paa|i|den|d|om|og|eller|men|hvis|saa|tak|til|fra|passer|kan|er|naar|der|"
    r"for|da|mandag|tirsdag|onsdag|torsdag|fredag|loerdag|soendag|hos|mvh|vil|hver|det|jeg|ca|ville)\b))"
)
_RUN_TOGETHER = r"(?:[01]?\d[ ,][0-5]\d|(?:[01]\d|2[0-3])[0-5]\d|\d[0-5]\d)(?!\d)"
_AFTER_KL = rf"(?:{_SPOKEN}|{_DIGITAL}|{_RUN_TOGETHER}|{_BARE})"
_WITH_KL = rf"{_KL}{_AFTER_KL}"
_ALONE = rf"(?:(?:halv |kvart(?:er)? (?:i|over) |{_STEP} (?:i|over) halv ){_TWELVE}|{_DIGITAL})"
_ANY = rf"(?:{_WITH_KL}|{_SPOKEN}|{_DIGITAL}|{_BARE})"

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "range",
            rf"\b(?:i tidsrummet )?(?:mellem|ml\.?|imellem) (?P<a>{_ANY}) ?(?:og|til|-) ?(?P<b>{_ANY}){_END}",
        ),
        ("range", rf"\b(?:fra )?(?P<a>{_WITH_KL}|{_DIGITAL}) ?(?:til|-) ?(?P<b>{_ANY}){_END}"),
        ("range", rf"\bfra (?P<a>{_ANY}) ?(?:til|-) ?(?P<b>{_ANY}){_END}"),
        ("bare range", rf"(?<![\w./:,-])(?P<a>{_BARE}) ?(?:til|-) ?(?P<b>{_BARE}){_END}{_FREE}"),
        (
            "after",
            rf"\b(?:efter|fra|tidligst|ikke foer)(?: ca\.?)? (?P<a>{_WITH_KL}|{_ALONE}){_END}",
        ),
        ("before", rf"\b(?:foer|inden|senest|indtil)(?: ca\.?)? (?P<b>{_WITH_KL}|{_ALONE}){_END}"),
        ("after", rf"\befter (?P<a>{_BARE}){_END}{_FREE}"),
        ("before", rf"\b(?:foer|inden) (?P<b>{_BARE}){_END}{_FREE}"),
        ("at", rf"\b{_KL}?(?P<a>{_BARE}) ?-? ?tiden\b"),
        ("at", rf"\b(?P<a>{_WITH_KL}){_END}"),
        ("at", rf"(?<![\w./:,-])(?P<a>{_SPOKEN}){_END}"),
        ("at", rf"(?<![\w./:,-])(?P<a>{_DIGITAL}){_END}"),
        ("at", rf"\b(?:ved|omkring|ca\.?|cirka|circa) (?P<a>{_BARE}){_END}{_FREE}"),
    )
)
_NOON = re.compile(r"\b(?:ved middagstid|omkring middag|til middag|middagstid|middag)\b")
_PART = re.compile(
    r"\b(?:(?:tidligt? |sent |hen )?(?:om |paa |ud paa )?(?P<inf>morgenen|formiddagen|eftermiddagen|aftenen)"
    r"|(?:tidligt? |sent )?om (?P<om>morgen|formiddag|eftermiddag|aften|natten?)\b"
    r"|(?P<after>efter middag)\b|(?P<bare>formiddag|eftermiddag|aften|morgen)(?:er)?|(?P<early>tidligt?))\b"
)
_ALSO = re.compile(rf"(?: ?,? ?(?:eller|og|samt) ?)(?P<a>{_ANY}){_END}{_FREE}")
_MOVING = re.compile(r"\b(?:flyt|ryk|skub|aendr|udskyd|udsaet|byt|skift)")


@dataclass(frozen=True)
class Clock:
    """An hour and minute as said: `spoken` leaves open which half of the day is meant."""

    hour: int
    minute: int
    spoken: bool

    def minutes(self, part: str | None = None) -> int:
        """Minutes past midnight: of 1 to 6 the afternoon, unless the night or morning was named."""
        hour = self.hour
        if self.spoken:
            if part == "nat":
                hour %= 12
            elif (
                part == "aften" or hour == 0 or (hour <= 6 and part not in ("morgen", "formiddag"))
            ):
                hour += 12 if hour < 12 else 0
        return hour * 60 + self.minute


@dataclass(frozen=True)
class ClockAtom:
    """Hours in the text: an instant (`first` alone, `open` False), a range, or one side of one."""

    begin: int
    stop: int
    first: Clock | None
    last: Clock | None = None
    is_range: bool = False
    unsure: bool = False

    def bounds(self, part: str | None = None) -> tuple[int, int]:
        """Minutes past midnight; a range that lacks a side goes to the day's own bound."""
        start = self.first.minutes(part) if self.first else 0
        if not self.is_range:
            return start, start + 1
        if self.last is None:
            return start, 24 * 60
        stop = self.last.minutes(part)
        if stop <= start and self.first:
            stop += 12 * 60 if self.last.spoken and stop + 12 * 60 > start else 24 * 60
        return start, stop


@dataclass(frozen=True)
class PartAtom:
    """A part of the day; `unsure` where it is one only beside a day ("tidligt")."""

    begin: int
    stop: int
    name: str
    unsure: bool = False


def clock_atoms(text: str, taken: list[tuple[int, int]]) -> list[ClockAtom]:
    """The clock times outside the spans already taken, in the order of the text."""
    found: list[ClockAtom] = []
    for name, rule in _RULES:
        for match in rule.finditer(text):
            if _free(match.span(), taken):
                atoms = list(_atoms(name, match, text))
                found.extend(atoms)
                taken.extend((atom.begin, atom.stop) for atom in atoms)
    for atom in sorted(found, key=lambda each: each.begin):
        _take_further(atom, text, taken, found)
    for match in _NOON.finditer(text):
        if _free(match.span(), taken):
            found.append(ClockAtom(*match.span(), Clock(12, 0, False), unsure=True))
            taken.append(match.span())
    return sorted(found, key=lambda each: each.begin)


def part_atoms(text: str, taken: list[tuple[int, int]]) -> list[PartAtom]:
    """The parts of the day outside the spans already taken."""
    found = []
    for match in _PART.finditer(text):
        if not _free(match.span(), taken):
            continue
        word = match.group("inf") or match.group("om") or match.group("bare") or "morgen"
        name = next(part for part in PARTS if word.startswith(part))
        name = "eftermiddag" if match.group("after") else name
        unsure = match.group("early") is not None or match.group("bare") in ("morgen", "aften")
        found.append(PartAtom(*match.span(), name, unsure))
        taken.append(match.span())
    return found


def _take_further(
    atom: ClockAtom, text: str, taken: list[tuple[int, int]], found: list[ClockAtom]
) -> None:
    """The further hours of a list: "kl. 10 eller 11"."""
    while not atom.is_range:
        match = _ALSO.match(text, atom.stop)
        if match is None or not _free(match.span("a"), taken):
            return
        clock = _clock(match.group("a"))
        if clock is None:
            return
        atom = ClockAtom(*match.span("a"), clock)
        found.append(atom)
        taken.append(match.span("a"))


def _atoms(name: str, match: re.Match[str], text: str) -> Iterator[ClockAtom]:
    groups = match.groupdict()
    first, last = _clock(groups.get("a")), _clock(groups.get("b"))
    if (groups.get("a") and first is None) or (groups.get("b") and last is None):
        return
    begin, stop = match.span()
    if name == "at":
        yield ClockAtom(begin, stop, first)
    elif "range" in name and _MOVING.search(text, 0, begin) and not text[begin:].startswith("mel"):
        yield ClockAtom(*match.span("a"), first)
        yield ClockAtom(*match.span("b"), last)
    else:
        yield ClockAtom(begin, stop, first, last, True, unsure=name == "bare range")


def _clock(said: str | None) -> Clock | None:
    """What an expression of the rules above says; None where no clock shows it."""
    if not said:
        return None
    said = re.sub(rf"^{_KL}", "", said).strip()
    digital = re.fullmatch(r"(\d{1,2})[.:, ](\d\d)|(\d{1,2})(\d\d)", said)
    if digital:
        hour, minute = (int(group) for group in digital.groups() if group is not None)
        padded = said.startswith("0") and len(said) > 3
        return Clock(hour, minute, not padded and 0 < hour <= 12) if hour < 24 else None
    spoken = re.fullmatch(
        r"(?:(?P<quarter>kvart(?:er)?)|(?P<step>\w+)(?: min\S*)?) (?P<way>i|over) "
        r"(?P<half>halv )?(?P<hour>\w+)",
        said,
    )
    if spoken:
        shift = 15 if spoken.group("quarter") else _number(spoken.group("step"))
        total = _number(spoken.group("hour")) * 60 - (30 if spoken.group("half") else 0)
        total += shift if spoken.group("way") == "over" else -shift
        return Clock(total // 60 % 13, total % 60, True) if total > 0 else None
    if said.startswith("halv"):
        return Clock(_number(said[4:].strip()) - 1, 30, True)
    hour = _number(said)
    return Clock(hour, 0, 0 < hour <= 12 and not said.startswith("0")) if 0 <= hour <= 24 else None


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else NUMBERS.get(word, -1)


def _free(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return all(span[1] <= begin or span[0] >= stop for begin, stop in taken)
