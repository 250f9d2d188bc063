"""A message in clauses: stretches that each do one thing, as far as signs and small words can tell."""

from __future__ import annotations

import re
from typing import List, Tuple

MOST = 8
"""So many clauses are read by themselves; of a longer message the rest is one."""

_CUT = re.compile(
    r"(?<=[.?!;])(?<!\d\.)(?<!\bkl\.)(?<!\bd\.)(?<!\bnr\.)\s+"  # the end of a sentence, not of "kl."
    r"|(?<=\d\.)\s+(?-i:(?=[A-ZÆØÅ]))"
    r"|\n+"
    r"|(?<!\s),?\s+(?=(?:men|og så|og kan|og ka|og må|og skal|og ska|og hvad|og hvor|og hvornår|og hvis"
    r"|og er|og har|fordi)\s)"
    r"|(?<=\bja)\W+(?=\w)|(?<=\bnej)\W+(?=\w)|(?<=\btak),?\s+(?=\w)|(?<=^hej)\s+(?=\w)"
    r"|(?<=\w),\s+(?=(?:jeg|kan|ka|er|må|skal|hvad|hvor|tak)\s)",
    re.IGNORECASE,
)
_SAYS_SOMETHING = re.compile(r"\w|\?")


def clauses_of(text: str) -> List[Tuple[int, int]]:
    """Where each clause begins and ends; one of the whole text where it does not come apart."""
    found: List[Tuple[int, int]] = []
    begin = 0
    for cut in _CUT.finditer(text):
        if len(found) == MOST - 1:
            break
        if cut.start() > begin and _SAYS_SOMETHING.search(text, begin, cut.start()):
            found.append((begin, cut.start()))
            begin = cut.end()
    found.append((begin, len(text)))
    return found
