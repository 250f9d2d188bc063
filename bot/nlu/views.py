"""Views of a message that make Danish spellings alike: what the intent features are counted on."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
_STRETCHED = re.compile(r"(.)\1{2,}")
_DIGIT = re.compile(r"\d")
_SIGNATURE = re.compile(
    r"[\s,.!]*\b(mvh|m\.v\.h\.?|med venlig hilsen|venlig hilsen|de bedste hilsner|bedste hilsner"
    r"|kh|vh|hilsen|hilsner|knus)\b[ .,:/]*(?:fra )?[\w.\- ]{0,30}$"
)
_DANISH_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})

SHORTEST_SIGNED = 12
"""Characters that must be left for a signature to be cut: "mange hilsner" is itself a message."""


def normalise(text: str) -> str:
    """Lower case, æøå as ae/oe/aa, at most two of a letter in a row, every digit 0, unsigned."""
    folded = text.strip().lower().translate(_DANISH_LETTERS)
    folded = _DIGIT.sub("0", _STRETCHED.sub(r"\1\1", folded))
    unsigned = _SIGNATURE.sub("", folded)
    return unsigned if len(unsigned) > SHORTEST_SIGNED else folded


def words(normalised: str) -> str:
    """The tokens, with a space between; signs and emoji are tokens of one character."""
    return " ".join(_TOKEN.findall(normalised))


def edges(normalised: str) -> str:
    """Tokens for how the message begins, how it ends and about how long it is."""
    tokens = _TOKEN.findall(normalised)
    begins = ["^" + "_".join(tokens[:count]) for count in (1, 2, 3)]
    ends = ["_".join(tokens[-count:]) + "$" for count in (1, 2)]
    length = f"#{len(tokens)}" if len(tokens) < 8 else f"#8+{min(3, len(tokens) // 12)}"
    return " ".join([*begins, *ends, length])


def skips(normalised: str) -> str:
    """Pairs of words with one or two words between them: "kan_komme" in "kan ikke komme"."""
    found = _WORD.findall(normalised)
    return " ".join(
        f"{word}_{found[place + gap]}"
        for place, word in enumerate(found)
        for gap in (2, 3)
        if place + gap < len(found)
    )


def bare(text: str) -> str:
    """Letters and digits alone, for comparing messages; a message of signs only stays as it is."""
    folded = text.strip().lower().translate(_DANISH_LETTERS)
    return re.sub(r"[\W_]+", " ", folded).strip() or folded
