"""Words and phrases of `data/vocabulary/*.yml`, and where a message says them.

An editor writes plain words; typing errors, missing æøå and negation are this module's work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Iterable, Optional, Sequence

from pydantic import BaseModel, Field, validator

from bot.nlu.spelling import distance, fold, nearest

GAP = 4
"""Most words that ".." in a phrase may stand for."""

_WORD = re.compile(r"[^\W\d_]+|\d+")
_PHRASE = re.compile(
    r"^(?:\*?[\w'.\-]+\*?|[\w.\-]+\*[\w.\-]+\*?|\.\.)(?: (?:\*?[\w'.\-]+\*?|\.\.))*$"
)
_CLAUSE_END = re.compile(r"[.;!?\n]")
NEGATIONS = frozenset("ikke ik ikk ike ikek ikken aldrig ingen intet hverken uden inte".split())
_BETWEEN = frozenset(
    "lengere mere sa rigtig serlig specielt decideret en et noget nogen til pa er blevet var fordi "
    "jeg selv at hverken eller den det de min mit har haft veret i nogle verken".split()
)
_COMING = frozenset(
    "kommer komme kom kommet kan ka kna kunne nar na naede moder mode modte deltage deltager".split()
)


_LONG_COMING = tuple(sorted(word for word in _COMING if len(word) >= 5))


class Says(BaseModel):
    """The phrases of one category."""

    says: list[str] = Field(min_items=1)
    illness_of: Optional[str] = None

    class Config:
        extra = "forbid"

    @validator("says", each_item=True)
    def _is_phrase(cls, phrase: str) -> str:
        if not _PHRASE.match(phrase) or phrase.startswith("..") or phrase.endswith(".."):
            raise ValueError(
                f"{phrase!r}: write words, * at a word's end or beginning, .. between words"
            )
        return phrase


class KindsFile(BaseModel):
    """`kinds.yml` and `formats.yml`: phrases a value, and phrases that only look like one.

    `beside`: phrases that count only in messages about meetings of that sort ("kommunen", "skærmen").
    """

    kinds: dict[str, Says]
    beside: dict[str, Says] = Field(default_factory=dict)
    exceptions: list[str] = Field(default_factory=list, alias="except")

    class Config:
        extra = "forbid"


@dataclass(frozen=True)
class Word:
    """One word of a message: `rough` spelling, code points, its clause, whether a negation."""

    rough: str
    begin: int
    stop: int
    clause: int


@dataclass(frozen=True)
class Hit:
    """A phrase that the message says: category, code points, words' places, denied or not."""

    category: str
    begin: int
    stop: int
    first: int
    last: int
    denied: bool = False


def rough(text: str) -> str:
    """Folded further, so that "tandlæge", "tandlaege" and "tandlege" are one."""
    return fold(text).replace("ae", "e").replace("oe", "o").replace("aa", "a")


def words_of(text: str) -> list[Word]:
    """The message's words in order."""
    words, clause, end = [], 0, 0
    for match in _WORD.finditer(text):
        clause += bool(_CLAUSE_END.search(text, end, match.start()))
        end = match.end()
        words.append(Word(rough(match.group()), match.start(), match.end(), clause))
    return words


class Phrases:
    """The phrases of several categories, ready to be looked for; `exactly`, or misspelt as well."""

    def __init__(
        self, categories: Iterable[tuple[str, Sequence[str]]], exactly: bool = False
    ) -> None:
        self._exactly = exactly
        self._patterns: dict[str, int] = {}
        self._by_letter: dict[str, list[tuple[str, int]]] = {}
        self._phrases: dict[int, list[tuple[str, tuple[int, ...]]]] = {}
        for category, phrases in categories:
            for phrase in phrases:
                parts = tuple(self._pattern(part) for part in _parts(phrase))
                self._phrases.setdefault(parts[0], []).append((category, parts))
        self._matching = lru_cache(maxsize=8192)(self._match_word)

    def _pattern(self, part: str) -> int:
        if part == "..":
            return -1
        if part not in self._patterns:
            self._patterns[part] = len(self._patterns)
            self._by_letter.setdefault(part[0], []).append((part, self._patterns[part]))
        return self._patterns[part]

    def _match_word(self, word: str) -> frozenset[int]:
        candidates = (*self._by_letter.get(word[0], ()), *self._by_letter.get("*", ()))
        return frozenset(
            number for pattern, number in candidates if _fits(word, pattern, self._exactly)
        )

    def hits(self, words: Sequence[Word]) -> list[Hit]:
        """Every phrase said, in order of place; of phrases on the same words all."""
        fitting = [self._matching(word.rough) for word in words]
        found = []
        for first, numbers in enumerate(fitting):
            for number in numbers:
                for category, parts in self._phrases.get(number, ()):
                    last = _last(parts, fitting, first)
                    if last is not None and words[first].clause == words[last].clause:
                        denied = _denied(words, first) and not any(
                            word.rough in NEGATIONS for word in words[first : last + 1]
                        )
                        found.append(
                            Hit(category, words[first].begin, words[last].stop, first, last, denied)
                        )
        return found


def _parts(phrase: str) -> list[str]:
    """ "s-tog" -> ["s", "tog"]: split as a message is; stars stay with their word."""
    parts: list[str] = []
    for word in phrase.split():
        parts += [".."] if word == ".." else re.findall(r"\*?[^\W_]+(?:\*[^\W_]+)*\*?", rough(word))
    return parts


def _fits(word: str, pattern: str, exactly: bool) -> bool:
    core = pattern.strip("*")
    if "*" in core:
        start, _, end = core.partition("*")
        return word.startswith(start) and end in word[len(start) :]
    if pattern.startswith("*"):
        return core in word if pattern.endswith("*") else word.endswith(core)
    if word == core or (pattern.endswith("*") and word.startswith(core)):
        return True
    if exactly or len(core) < 6 or len(word) < 5 or word[0] != core[0]:
        return False
    bound = 2 if len(core) >= 9 else 1
    if pattern.endswith("*"):
        return len(word) > len(core) - 2 and any(
            distance(word[: len(core) + shift], core, bound) <= bound for shift in (0, -1, 1)
        )
    return abs(len(word) - len(core)) <= bound and distance(word, core, bound) <= bound


def _last(parts: Sequence[int], fitting: Sequence[frozenset[int]], first: int) -> Optional[int]:
    place = first
    gap = False
    for part in parts[1:]:
        if part == -1:
            gap = True
            continue
        reach = range(place + 1, min(place + 2 + (GAP if gap else 0), len(fitting)))
        following = next((each for each in reach if part in fitting[each]), None)
        if following is None:
            return None
        place, gap = following, False
    return place


def _denied(words: Sequence[Word], first: int) -> bool:
    """Whether "ikke" and its like stand before the word and mean it ("kommer ikke, syg" does not)."""
    for place in range(first - 1, max(first - 5, -1), -1):
        word = words[place]
        if word.clause != words[first].clause:
            return False
        if word.rough in NEGATIONS:
            return not (place and _is_coming(words[place - 1].rough))
        if word.rough not in _BETWEEN:
            return False
    return False


def _is_coming(word: str) -> bool:
    return word in _COMING or nearest(word, _LONG_COMING, long_from=99) is not None


def phrases_of(kinds: dict[str, Says]) -> Phrases:
    """The phrases of a file's categories."""
    return Phrases((name, says.says) for name, says in kinds.items())


def content_of(folder: Path) -> str:
    """The text of every vocabulary file, for a fingerprint."""
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.yml")))
