"""Danish as it is typed: æøå folded, and a misspelt word brought to the nearest word of a list."""

from __future__ import annotations

from functools import lru_cache
from typing import Optional

_FOLDED = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "é": "e", "è": "e", "ü": "u"}
)


def fold(text: str) -> str:
    """Lower case, æøå as ae, oe, aa (and their Swedish twins likewise); may be longer than the text."""
    return text.lower().translate(_FOLDED)


def distance(first: str, second: str, bound: int) -> int:
    """Edits between two words, a swap of neighbours counting one; `bound + 1` when there are more."""
    if abs(len(first) - len(second)) > bound:
        return bound + 1
    last: list[int] = []
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, left in enumerate(first, 1):
        last, before, row = before, row, [i]
        for j, right in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == second[j - 2] and first[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > bound:
            return bound + 1
    return row[-1]


@lru_cache(maxsize=16384)
def nearest(word: str, targets: tuple[str, ...], long_from: int = 7) -> Optional[str]:
    """The one target that a folded word of five letters or more is a slip of, else None.

    One edit is allowed, two where the target has `long_from` letters or more; the first letter must
    be right (or swapped with the second); two targets equally near are no answer.
    """
    if len(word) < 5:
        return None
    best: list[str] = []
    fewest = 3
    for target in targets:
        if word[0] != target[0] and word[:2] != target[1::-1]:
            continue
        bound = 2 if len(target) >= long_from else 1
        edits = distance(word, target, bound)
        if edits > bound or edits > fewest:
            continue
        best = [*best, target] if edits == fewest else [target]
        fewest = edits
    return best[0] if len(best) == 1 else None
