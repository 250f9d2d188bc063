"""What a member types is never a command to Rasa: a typed `/intent{"slot": …}` would set slots."""

from __future__ import annotations

from unicodedata import category

NOTHING_LEFT = "?"
"""Sent for a text of slashes only: it is no intent, so the dialogue asks what is meant."""


def neutral(text: str) -> str:
    """The text without the slashes at its start, whatever white space stands among them.

    Rasa strips Unicode white space before it looks for a slash; the same (`str.isspace`) and what
    is invisible (joiners, marks of order) is stripped here. Never empty.
    """
    rest = text
    while rest and (rest[0] == "/" or rest[0].isspace() or category(rest[0]) in ("Cc", "Cf")):
        rest = rest[1:]
    return rest.rstrip() or NOTHING_LEFT
