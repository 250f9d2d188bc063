"""Which meeting a member means (CV, rådighed, Jobcenter) and how it is to be held (digitally or not)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.nlu.vocabulary import Hit, KindsFile, Phrases, phrases_of, words_of
from bot.yaml_source import SourceError, load_model


@dataclass(frozen=True)
class NamedFound:
    """A value of the catalogue and the code points that name it."""

    value: str
    begin: int
    stop: int


class NamedWords:
    """A vocabulary of values: `kinds.yml` or `formats.yml`. Raises SourceError where it is wrong."""

    def __init__(self, path: Path, values: tuple[str, ...]) -> None:
        source = load_model(path, KindsFile)
        if set(source.kinds) != set(values):
            raise SourceError(f"{path}:1: kinds must be exactly {', '.join(values)}")
        self._values = phrases_of(source.kinds)
        self._except = Phrases([("except", source.exceptions)])

    def read(self, text: str) -> list[NamedFound]:
        """The values that the text names, in its order, neighbours of one value once; none denied."""
        words = words_of(text)
        only_look = self._except.hits(words)
        said = [
            hit
            for hit in self._values.hits(words)
            if not hit.denied and not any(_overlap(hit, other) for other in only_look)
        ]
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
    return NamedWords(folder / "kinds.yml", ("cv", "raadighed", "jobcenter"))


def format_words(folder: Path) -> NamedWords:
    """The vocabulary of `meeting_format`."""
    return NamedWords(folder / "formats.yml", ("digital", "in_person"))


def _overlap(first: Hit, second: Hit) -> bool:
    return first.begin < second.stop and second.begin < first.stop
