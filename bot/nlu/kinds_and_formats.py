"""Which meeting a member means (CV, rådighed, Jobcenter) and how it is to be held (digitally or not)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Optional, Sequence

from bot.nlu.vocabulary import Hit, KindsFile, Phrases, phrases_of, words_of
from bot.yaml_source import SourceError, load_model

LIKELY = 0.3
"""From this probability on a message counts as one of those intents."""
OWN_MEETING = frozenset({
    "ask_next_meeting", "book_meeting", "afbud", "reschedule_meeting", "change_format",
    "missed_meeting", "inform",
})  # fmt: skip
ABOUT_JOBCENTER = OWN_MEETING | {
    "request_participation", "faq/akasse_at_jobcenter", "faq/jobcenter_meetings", "faq/book_jobcenter",
}  # fmt: skip
ABOUT_FORMAT = frozenset({
    "book_meeting", "reschedule_meeting", "change_format", "inform", "affirm", "deny", "faq/digital_meetings",
})  # fmt: skip


@dataclass(frozen=True)
class NamedFound:
    """A value of the catalogue and the code points that name it."""

    value: str
    begin: int
    stop: int


class NamedWords:
    """A vocabulary of values: `kinds.yml` or `formats.yml`. Raises SourceError where it is wrong.

    `about`: the intents (catalogue names) of messages in which the phrases `beside` count as well.
    """

    def __init__(
        self,
        path: Path,
        values: tuple[str, ...],
        about: frozenset[str],
        denied_counts: bool = False,
    ) -> None:
        source = load_model(path, KindsFile)
        if set(source.kinds) != set(values) or not set(source.beside) <= set(values):
            raise SourceError(f"{path}:1: kinds must be exactly {', '.join(values)}")
        self._values = phrases_of(source.kinds)
        self._beside = phrases_of(source.beside)
        self._except = Phrases([("except", source.exceptions)], exactly=True)
        self._about = about
        self._denied_counts = denied_counts

    def read(self, text: str, intents: Optional[Mapping[str, float]] = None) -> list[NamedFound]:
        """The values that the text names, in its order, neighbours of one value once.

        None that is denied ("ikke digitalt"), unless `denied_counts` and no other is named. `intents`:
        probabilities by catalogue name; without them every phrase counts.
        """
        words = words_of(text)
        only_look = self._except.hits(words)
        hits = self._values.hits(words)
        if intents is None or sum(intents.get(name, 0.0) for name in self._about) >= LIKELY:
            hits += self._beside.hits(words)
        named = [hit for hit in hits if not any(_overlap(hit, other) for other in only_look)]
        said = [hit for hit in named if not hit.denied]
        return _in_order(said or named if self._denied_counts else said)


def _in_order(said: Sequence[Hit]) -> list[NamedFound]:
    chosen: list[Hit] = []
    for hit in sorted(said, key=lambda each: (each.begin - each.stop, each.begin)):
        if not any(_overlap(hit, other) for other in chosen):
            chosen.append(hit)
    ordered = sorted(chosen, key=lambda each: each.begin)
    return [
        NamedFound(hit.category, hit.begin, hit.stop)
        for place, hit in enumerate(ordered)
        if not (place and ordered[place - 1].category == hit.category
                and hit.first - ordered[place - 1].last <= 2)
    ]  # fmt: skip


def kind_words(folder: Path) -> NamedWords:
    """The vocabulary of `meeting_kind`."""
    values = ("cv", "raadighed", "jobcenter")
    # "jeg kan ikke komme til cv-samtalen", "har aldrig været til en cv-samtale" are about it all the same.
    return NamedWords(folder / "kinds.yml", values, ABOUT_JOBCENTER, denied_counts=True)


def format_words(folder: Path) -> NamedWords:
    """The vocabulary of `meeting_format`."""
    return NamedWords(folder / "formats.yml", ("digital", "in_person"), ABOUT_FORMAT)


def _overlap(first: Hit, second: Hit) -> bool:
    return first.begin < second.stop and second.begin < first.stop
