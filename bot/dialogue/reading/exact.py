"""What is exact in a message, by `data/reading/exact.yml`: numbers, directions, what "ikke" reaches."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Mapping, Optional, Sequence, TypeVar

from pydantic import BaseModel

from bot.dialogue.moves import Aspect, Direction, Relation, TimeMention
from bot.dialogue.state import FlowName
from bot.dialogue.wish import Order
from bot.nlu.spelling import fold
from bot.nlu.times.words import WEEKDAYS
from bot.settings import ROOT
from bot.yaml_source import load_model

FILE = ROOT / "data" / "reading" / "exact.yml"

_NUMBER = re.compile(
    r"^\W*(?:(?:nr|nummer|no|mulighed|valg|tid|svar|jeg tager|tager|tag|ja|den|det|saa|ok)\W*)*(\d)\W*"
    r"(?:tak|takker|passer|please|(?:er|lyder)\W+(?:perfekt|fin|fint|god|godt|super|ok))?\W*$"
)
_NUMBERED = re.compile(r"\b(?:nr|nummer|no|mulighed|valg)\W*(\d)\b")
_HOUR = re.compile(
    r"^\W*(?:(?:klokken|kl|ved|saa|ok|ja)\W+)*(\d{1,2})"
    r"(?:\W*(?:tak|passer|(?:er|lyder)\W+(?:perfekt|fin|fint|god|godt|super|ok)))*\W*$"
)
_EARLIEST, _LATEST = 7, 20
"""A bare number is an hour only where meetings can be: "5" is no hour, and would rather be a slip."""
_NAME = re.compile(r"[^\W\d_]{3,}")
_MOST_BETWEEN = 4
_Name = TypeVar("_Name", bound=str)
_IKKE = re.compile(r"\b(?:ik|ikk|ike|ikka|itt|ett|ej)\b")
_KAN = re.compile(r"\bka\b")
_SENTENCE_END = re.compile(r"[.!?;\n]")


class Coming(BaseModel):
    """How it is said that one turns up: the words, what may stand before the day, what takes it back."""

    said: tuple[str, ...]
    between: tuple[str, ...]
    unless: tuple[str, ...]

    class Config:
        extra = "forbid"


class English(BaseModel):
    """How English is told from Danish."""

    least: int
    words: tuple[str, ...]
    danish: tuple[str, ...]

    class Config:
        extra = "forbid"


class ExactFile(BaseModel):
    """`exact.yml`; the comments there say what each list is for."""

    ordinals: dict[int, tuple[str, ...]]
    counts: dict[str, int]
    not_an_ordinal_after: tuple[str, ...]
    directions: dict[Direction, tuple[str, ...]]
    order: dict[Order, tuple[str, ...]]
    relations: dict[Relation, tuple[str, ...]]
    negations: tuple[str, ...]
    between: tuple[str, ...]
    ruled_out_after: tuple[str, ...]
    busy_after: tuple[str, ...]
    free: tuple[str, ...]
    ruled_out_before: tuple[str, ...]
    coming: Coming
    matters: dict[FlowName, tuple[str, ...]]
    tags: tuple[str, ...]
    more_to_do: tuple[str, ...]
    what_now: tuple[str, ...]
    new_job: tuple[str, ...]
    queue: tuple[str, ...]
    instead: tuple[str, ...]
    this_one: tuple[str, ...]
    ours: tuple[str, ...]
    with_: tuple[str, ...]
    aspects: dict[Aspect, tuple[str, ...]]
    english: English

    class Config:
        extra = "forbid"
        fields: ClassVar[dict[str, str]] = {"with_": "with"}


class ExactWords:
    """The lists of the file, ready to be looked for in folded text. Raises SourceError where it is wrong."""

    def __init__(self, path: Path = FILE) -> None:
        words = load_model(path, ExactFile)
        self._ordinals = {fold(w): n for n, said in words.ordinals.items() for w in said}
        self._counts = {fold(word): number for word, number in words.counts.items()}
        self._no_ordinal_after = frozenset(fold(word) for word in words.not_an_ordinal_after)
        self._directions = {name: _any(said) for name, said in words.directions.items()}
        self._order = {name: _any(said) for name, said in words.order.items()}
        self._relations = {name: _any(said) for name, said in words.relations.items()}
        self._instead = _any(words.instead)
        self._this_one = _any(words.this_one)
        self._ours = _any(words.ours)
        self._with = re.compile(
            rf"{_any(words.with_).pattern}\s+((?:[^\W\d_]+\W+){{0,2}}[^\W\d_]+)"
        )
        self._aspects = {name: _any(said) for name, said in words.aspects.items()}
        between = _any(words.between).pattern
        self._denied_before = re.compile(
            rf"(?:{_any(words.negations).pattern}(?:\W+{between}){{0,{_MOST_BETWEEN}}}"
            rf"|{_any(words.ruled_out_before).pattern}(?:\W+(?:{between})){{0,2}})\W*$"
        )
        self._chained = re.compile(
            rf"^\W*(?:{_any(('og', 'eller', 'heller ikke')).pattern}\W+)?(?:{between}\W+)?$"
        )
        self._denied_after = re.compile(
            rf"^\W*(?:{_any(words.ruled_out_after).pattern}"
            rf"|{_any(words.busy_after).pattern}(?!\W+(?:\w+\W+)?{_any(words.free).pattern}))"
        )
        days = ("i dag", "idag", "i morgen", "imorgen", "imorn", "kl", "klokken", *WEEKDAYS)
        self._coming = re.compile(
            rf"{_any(words.coming.said).pattern}(?:\W+{_any(words.coming.between).pattern}){{0,4}}"
            rf"\W+(?:{_any(days).pattern}|\d)"
        )
        self._not_coming = re.compile(
            rf"{_any(words.negations).pattern}|{_any(words.coming.unless).pattern}"
        )
        self._matters = {name: _any(said) for name, said in words.matters.items()}
        self._queue = _any(words.queue)
        self._tags = re.compile(rf"{_any(words.tags).pattern}\W*$")
        self._more_to_do = _any(words.more_to_do)
        self._what_now = re.compile(
            rf"^\W*(?:{_any(('og', 'så', 'men')).pattern}\W+)*{_any(words.what_now).pattern}\W*$"
        )
        self._new_job = _any(words.new_job)
        self._habit = re.compile(rf"\bom\s+({'|'.join(WEEKDAYS)})(?:en|ene|e)?\b")
        self._english = frozenset(words.english.words)
        self._danish = frozenset(fold(word) for word in words.english.danish)
        self._least_english = words.english.least

    def ordinal(self, text: str, count: int) -> Optional[int]:
        """The index that the text names among `count` things shown, or None.

        Where the member corrects themselves ("den anden, nej vent, den tredje") the last one counts.
        """
        folded = fold(text).strip()
        if count == 0 or self._directions["other_day"].search(folded):
            return None
        number = _NUMBER.match(folded) or _last(_NUMBERED, folded)
        if number:
            index = int(number.group(1)) - 1
            return index if 0 <= index < count else None
        words = re.findall(r"[\w']+", folded)
        if len(words) == 1 and words[0] in self._counts:
            index = self._counts[words[0]]
            return index if index < count else None
        found = None
        for place, word in enumerate(words):
            if word in self._ordinals and self._names_one(words, place):
                index = self._ordinals[word]
                found = count - 1 if index == -1 else index
        return found if found is not None and found < count else None

    def _names_one(self, words: Sequence[str], place: int) -> bool:
        """ "den anden" names one; "en anden", "anden dag" and "første februar" do not."""
        before = words[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        if words[place] in ("anden", "andet"):
            return before not in self._no_ordinal_after and after not in (
                "dag",
                "tid",
                "uge",
                "gang",
            )
        if after in ("gang", "gange", "halvaar", "uge", "maaned", "kontakt", "oktober", "ledige"):
            return False
        return (
            before
            in ("den", "det", "paa", "tag", "tager", "nr", "bare", "ja", "", "de", "der", "dem")
            or len(words) <= 4
        )

    def direction(self, text: str) -> Optional[Direction]:
        """Whether other times than the offered ones are wanted, and in which direction."""
        folded = fold(text)
        for name in ("other_day", "none", "later", "earlier"):
            if name in self._directions and self._directions[name].search(folded):
                return name
        return None

    def order(self, text: str) -> Optional[Order]:
        """Whether the earliest or the latest that fits is wanted."""
        return _named(self._order, text)

    def relations(self, text: str) -> tuple[Relation, ...]:
        """Times named by the one under discussion."""
        folded = fold(text)
        return tuple(name for name, pattern in self._relations.items() if pattern.search(folded))

    def aspect(self, text: str) -> Optional[Aspect]:
        """What is asked about a meeting or a time."""
        return _named(self._aspects, text)

    def instead(self, text: str) -> bool:
        """Whether a time named beside an afbud is a wish for a new one."""
        return bool(self._instead.search(fold(text)))

    def this_one(self, text: str) -> bool:
        """Whether a format is wished for the meeting that there is ("bare tage den digitalt")."""
        return bool(self._this_one.search(fold(text)))

    def bare_ordinal(self, words: str) -> bool:
        """Whether a date is only an ordinal ("den første"), which rather names a thing shown."""
        found = re.findall(r"[\w']+", fold(words))
        return bool(found) and all(w in self._ordinals or w in ("den", "det", "d") for w in found)

    def not_this_matter(self, matter: str, text: str) -> bool:
        """Whether a matter is named only to say that it is not wanted ("jeg vil ikke melde afbud")."""
        pattern = next((p for name, p in self._matters.items() if name == matter), None)
        places = [found.span() for found in pattern.finditer(fold(text))] if pattern else []
        return bool(places) and all(self.denied(fold(text), places))

    def tagged(self, text: str) -> bool:
        """Whether the last word makes a question of it ("… vel")."""
        return bool(self._tags.search(fold(text)))

    def more_to_do(self, text: str) -> bool:
        """Whether it is asked if there is more to be done."""
        return bool(self._more_to_do.search(fold(text)))

    def coming(self, text: str) -> bool:
        """Whether somebody says that they turn up on a day ("så ses vi på torsdag")."""
        folded = fold(text)
        return bool(self._coming.search(folded)) and not self._not_coming.search(folded)

    def what_now(self, text: str) -> bool:
        """Whether nothing is asked but what to do now."""
        return bool(self._what_now.search(fold(text)))

    def new_job(self, text: str) -> bool:
        """Whether somebody tells of having got work."""
        return bool(self._new_job.search(fold(text)))

    def queue(self, text: str) -> bool:
        """Whether words stand in it by which the queue is asked about."""
        return bool(self._queue.search(fold(text)))

    def weekdays(self, text: str) -> tuple[tuple[int, bool], ...]:
        """Weekdays that are meant in every week ("om mandagen"), each with whether it is denied."""
        folded = fold(text)
        found = list(self._habit.finditer(folded))
        denied = self.denied(folded, [one.span() for one in found])
        return tuple(
            (WEEKDAYS.index(one.group(1)), under) for one, under in zip(found, denied, strict=True)
        )

    def ours(self, text: str) -> bool:
        """Whether the a-kasse's own meeting is meant ("jeres")."""
        return bool(self._ours.search(fold(text)))

    def names(self, text: str) -> tuple[str, ...]:
        """Folded words that may be the name of whom a meeting is with."""
        return tuple(
            word
            for found in self._with.finditer(fold(text))
            for word in _NAME.findall(found.group(1))
        )

    def denied(self, text: str, places: Sequence[tuple[int, int]]) -> tuple[bool, ...]:
        """For each stretch of the text that names a time: whether it stands under a "not"."""
        found: list[bool] = []
        for number, (start, stop) in enumerate(places):
            since = places[number - 1][1] if number else 0
            between = _evened(text[since:start])
            before = between
            broken = _SENTENCE_END.split(before)
            before = broken[-1]
            here = bool(self._denied_before.search(before))
            if not here and number and found[-1] and len(broken) == 1:
                here = bool(self._chained.match(between)) and bool(between.strip(" ,"))
            until = places[number + 1][0] if number + 1 < len(places) else len(text)
            after = _SENTENCE_END.split(_evened(text[stop:until]))[0]
            behind = bool(self._denied_after.match(after))
            if behind and number and re.fullmatch(r"\W*(?:og|eller)?\W*", between):
                found[-1] = True  # "tirsdag og onsdag går ikke"
            found.append(here or behind)
        return tuple(found)

    def bare_hour(self, text: str, count: int) -> Optional[int]:
        """Where a time was asked for, "14" is two o'clock: unless it is the number of a thing shown."""
        number = _HOUR.match(fold(text).strip())
        if number is None:
            return None
        hour = int(number.group(1))
        return hour if hour > count and _EARLIEST <= hour <= _LATEST else None

    def english(self, text: str) -> Optional[bool]:
        """Whether the text is English (True), Danish (False), or too short to say (None)."""
        words = re.findall(r"[a-z]+", fold(text))
        danish = sum(word in self._danish for word in words)
        english = sum(word in self._english and word not in self._danish for word in words)
        if danish == 0 and english >= self._least_english and 2 * english >= len(words):
            return True
        return False if danish >= 2 or (danish and len(words) <= 3 and not english) else None


def with_denials(
    mentions: Sequence[TimeMention], denied: Sequence[bool]
) -> tuple[TimeMention, ...]:
    """The mentions, marked where they stand under a "not"."""
    return tuple(
        replace(mention, denied=under or mention.denied)
        for mention, under in zip(mentions, denied, strict=True)
    )


def ordinal(text: str, count: int) -> Optional[int]:
    """See `ExactWords.ordinal`: for doors that list choices themselves."""
    return exact_words().ordinal(text, count)


@lru_cache(maxsize=1)
def exact_words() -> ExactWords:
    """The ones of `data/reading`, read once a process."""
    return ExactWords()


def _evened(text: str) -> str:
    """Folded, with "ikke" and "kan" as they are written in full."""
    return _KAN.sub("kan", _IKKE.sub("ikke", fold(text)))


def _named(patterns: Mapping[_Name, re.Pattern[str]], text: str) -> Optional[_Name]:
    folded = fold(text)
    return next((name for name, pattern in patterns.items() if pattern.search(folded)), None)


def _last(pattern: re.Pattern[str], text: str) -> Optional[re.Match[str]]:
    return max(pattern.finditer(text), key=lambda found: found.start(), default=None)


def _any(words: Sequence[str]) -> re.Pattern[str]:
    """Any of the words or phrases, the longest that fits; a star stands for any ending."""
    longest = sorted((fold(word) for word in words), key=len, reverse=True)
    each = (re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\W+") for word in longest)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)")
