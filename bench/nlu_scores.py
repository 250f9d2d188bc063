"""How good readings are: shares right, per class and in all."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.heldout import Line
from bench.nlu_reading import Answer

OUTSIDE = "out_of_scope"


@dataclass(frozen=True)
class Score:
    """Of one class: how many there are, how many found, precision, recall and their mean."""

    support: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(wanted: Sequence[str], got: Sequence[str], name: str) -> Score:
    """`name` against all others."""
    support = sum(w == name for w in wanted)
    found = sum(g == name for g in got)
    right = sum(w == g == name for w, g in zip(wanted, got, strict=True))
    return Score(support, right / found if found else 0.0, right / support if support else 0.0)


def accuracy(pairs: Sequence[tuple[str, str]]) -> float:
    """The share of pairs that agree; 0 for none."""
    return sum(wanted == got for wanted, got in pairs) / len(pairs) if pairs else 0.0


def entity_scores(
    lines: Sequence[Line], answers: Sequence[Answer], entity: str, of: Callable[[Line], str]
) -> dict[str, Score]:
    """Per value ("-" is none) the score of the first entity of that name."""
    wanted = [of(line) for line in lines]
    got = [next((v for e, v in answer.entities if e == entity), "-") for answer in answers]
    return {value: score(wanted, got, value) for value in sorted(set(wanted))}


def named_score(
    lines: Sequence[Line], answers: Sequence[Answer], entity: str, of: Callable[[Line], str]
) -> Score:
    """Over all values but "-", each message counting the same (micro average)."""
    wanted = [of(line) for line in lines]
    got = [next((v for e, v in answer.entities if e == entity), "-") for answer in answers]
    right = sum(w == g != "-" for w, g in zip(wanted, got, strict=True))
    named, meant = sum(g != "-" for g in got), sum(w != "-" for w in wanted)
    return Score(meant, right / named if named else 0.0, right / meant if meant else 0.0)


def times_read(lines: Sequence[Line], answers: Sequence[Answer]) -> tuple[int, int, int, int]:
    """Messages whose times are read exactly, of those with any; without any but read as one, of those."""
    exact = dated = false = dateless = 0
    for line, answer in zip(lines, answers, strict=True):
        got = sorted(value for entity, value in answer.entities if entity == "time")
        if line.times == "-":
            dateless += 1
            false += bool(got)
        elif line.times != "?":
            dated += 1
            exact += got == sorted(line.times.split())
    return exact, dated, false, dateless


def pairs_of(lines: Sequence[Line], answers: Sequence[Answer]) -> list[tuple[str, str]]:
    """Intents meant and read, message by message."""
    return [(line.intent, answer.intent) for line, answer in zip(lines, answers, strict=True)]


def figures(lines: Sequence[Line], answers: Sequence[Answer]) -> dict[str, float]:
    """The figures of the history, shares between 0 and 1."""
    pairs = pairs_of(lines, answers)
    wanted, got = [w for w, _ in pairs], [g for _, g in pairs]
    inside = [(g, a) for (w, g), a in zip(pairs, answers, strict=True) if w != OUTSIDE]
    times = sorted(answer.milliseconds for answer in answers)
    return {
        "accuracy": accuracy(pairs),
        "macro_f1": statistics.mean(score(wanted, got, n).f1 for n in sorted(set(wanted))),
        "worst_style": min(value for _, _, value in by_style(lines, answers)),
        "caught": score(wanted, got, OUTSIDE).recall,
        "refused": sum(g == OUTSIDE for g, _ in inside) / len(inside),
        "asked": sum(a.asked for _, a in inside) / len(inside),
        "median_ms": statistics.median(times),
        "p95_ms": times[int(0.95 * (len(times) - 1))],
    }


def reasons_right(lines: Sequence[Line], answers: Sequence[Answer]) -> float:
    """The share of messages whose reason, or having none, is read as meant."""
    got = [next((v for e, v in a.entities if e == "reason"), "-") for a in answers]
    return accuracy([(line.reason, one) for line, one in zip(lines, got, strict=True)])


def by_style(lines: Sequence[Line], answers: Sequence[Answer]) -> list[tuple[str, int, float]]:
    """Each style, its messages, and the share of their intents read rightly."""
    found = []
    for style in sorted({line.style for line in lines}):
        both = [
            (line.intent, answer.intent)
            for line, answer in zip(lines, answers, strict=True)
            if line.style == style
        ]
        found.append((style, len(both), accuracy(both)))
    return found
