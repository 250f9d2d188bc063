"""Why a member cannot come: the catalogue's categories, from the words and from a trained judgement.

The vocabulary knows words; much is said without one ("institutionen ringede, Alma har 39,5"). So a
small linear model over the text and the vocabulary's finds decides whether a reason is given and
which; the vocabulary says where it stands, and it alone answers where nothing is trained.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Mapping, NamedTuple, Optional, Protocol

from pydantic import BaseModel

from bot.nlu.meaning import Vectors
from bot.nlu.vocabulary import Hit, Phrases, Says, Word, words_of
from bot.settings import ROOT
from bot.yaml_source import load_model

Reason = Literal[
    "child_illness", "family", "job_interview", "work", "holiday", "transport", "illness", "forgot", "other"
]  # fmt: skip
VOCABULARY = ROOT / "data" / "vocabulary"
NEAR = 7
"""Most words between an illness and the person who has it."""


class ReasonsFile(BaseModel):
    """`data/vocabulary/reasons.yml`; the order of `reasons` is their precedence."""

    people: dict[str, list[str]]
    well_again: list[str]
    reasons: dict[Reason, Says]

    class Config:
        extra = "forbid"


class Said(NamedTuple):
    """What is judged: text, evidence of the vocabulary, lemmas with spaces between, maybe meaning."""

    text: str
    evidence: Mapping[str, int]
    lemmas: Callable[[], str]
    meaning: Optional[Callable[[], Vectors]] = None


class Judge(Protocol):
    """What `bot.nlu.reason_model.ReasonModel` promises to the reader of reasons."""

    def judge(self, said: Said, intents: Optional[Mapping[str, float]] = None) -> Optional[str]:
        """The category of the text's reason, or None; `intents` are probabilities by catalogue name."""
        ...


@dataclass(frozen=True)
class ReasonFound:
    """A category of the catalogue and the code points that it was read from."""

    category: str
    begin: int
    stop: int


class ReasonWords:
    """The vocabulary of reasons. Raises SourceError where its file is wrong."""

    def __init__(self, path: Path = VOCABULARY / "reasons.yml") -> None:
        source = load_model(path, ReasonsFile)
        self.order: list[str] = list(source.reasons)
        self._reasons = Phrases((name, says.says) for name, says in source.reasons.items())
        self._people = Phrases(source.people.items())
        self._well = Phrases([("well", source.well_again)])
        self._ill_person = {
            says.illness_of: name for name, says in source.reasons.items() if says.illness_of
        }

    def hits(self, text: str) -> list[Hit]:
        """The reasons whose words the text says, denied ones too; an illness goes to whose it is."""
        words = words_of(text)
        people = self._people.hits(words)
        well = any(not hit.denied for hit in self._well.hits(words))
        found = []
        for hit in self._reasons.hits(words):
            denied = hit.denied or (well and hit.category in ("illness", "child_illness"))
            found.append(replace(hit, denied=denied))
            if hit.category == "illness":
                found.extend(self._of_somebody(replace(hit, denied=denied), people, words))
        return found

    def _of_somebody(self, hit: Hit, people: list[Hit], words: list[Word]) -> list[Hit]:
        own: list[Hit] = []
        for person in people:
            between = max(hit.first - person.last, person.first - hit.last) - 1
            if between > NEAR or words[person.first].clause != words[hit.first].clause:
                continue
            first, last = (hit, person) if hit.first < person.first else (person, hit)
            if any(word.rough == "jeg" for word in words[first.last + 1 : last.first]):
                continue
            own.append(
                Hit(self._ill_person[person.category], first.begin, last.stop, first.first,
                    last.last, hit.denied)
            )  # fmt: skip
        return own


def read_reasons(
    text: str,
    words: ReasonWords,
    judge: Optional[Judge] = None,
    intents: Optional[Mapping[str, float]] = None,
    lemmas: Optional[Callable[[], str]] = None,
    meaning: Optional[Callable[[], Vectors]] = None,
) -> list[ReasonFound]:
    """The reason that a message gives, at most one; empty where it gives none.

    `lemmas` (`bot.nlu.analysis`) and `meaning` are for the judge, who asks where it makes a difference.
    """
    hits = words.hits(text)
    said = [hit for hit in hits if not hit.denied]
    if judge is None:
        chosen = next((name for name in words.order if any(h.category == name for h in said)), None)
    else:
        chosen = judge.judge(
            Said(text, evidence_of(hits), lemmas or as_typed(text), meaning), intents
        )
    if chosen is None:
        return []
    mine = [hit for hit in said if hit.category == chosen]
    if not mine and any(hit.category == chosen for hit in hits):
        return []
    if mine:
        longest = max(mine, key=lambda hit: (hit.stop - hit.begin, -hit.begin))
        return [ReasonFound(chosen, longest.begin, longest.stop)]
    lead = len(text) - len(text.lstrip())
    return [ReasonFound(chosen, lead, lead + len(text.strip()))]


def as_typed(text: str) -> Callable[[], str]:
    """The words where nobody knows their lemmas."""
    return lambda: " ".join(word.rough for word in words_of(text))


def evidence_of(hits: list[Hit]) -> dict[str, int]:
    """How often each category is said, and denied ("illness", "not illness")."""
    counts: dict[str, int] = {}
    for hit in hits:
        name = f"not {hit.category}" if hit.denied else hit.category
        counts[name] = counts.get(name, 0) + 1
    return counts
