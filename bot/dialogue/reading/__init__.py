"""The one place that reads what a member wrote: `(evidence, where it stands) -> moves`."""

from bot.dialogue.reading.evidence import Clause, Evidence, read_evidence
from bot.dialogue.reading.reading import read
from bot.dialogue.reading.standing import Standing, standing

__all__ = ["Clause", "Evidence", "Standing", "read", "read_evidence", "standing"]
