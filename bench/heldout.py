"""The held-out messages of tests/nlu, as tests/nlu/README.md describes them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent / "tests/nlu"
HELD_OUT = _HERE / "heldout.tsv"
EARLIER = _HERE / "heldout_first.tsv"
PLAIN = _HERE / "heldout_plain.tsv"
STOCK = _HERE / "stock.tsv"
NOW = "2026-11-23T09:00:00+01:00"
"""The instant at which the messages were sent, for what they name as "i morgen"."""


@dataclass(frozen=True)
class Line:
    """A held-out message: what it means and names. "-" where it names nothing, "?" where it is not marked.

    `times`, at `NOW`, as `value/grain` or `from..to`, a blank between two; "?" also where readers differ.
    """

    intent: str
    style: str
    reason: str
    text: str
    kind: str = "?"
    format: str = "?"
    times: str = "?"


def read(path: Path) -> list[Line]:
    """The messages of a file as in tests/nlu/README.md, in order."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Line(**row) for row in rows]
