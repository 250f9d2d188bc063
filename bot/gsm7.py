"""The length of a text message: the GSM 7-bit alphabet and its segments (3GPP TS 23.038)."""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet: one septet each."""

EXTENDED = frozenset("\f^{}\\[~]|€")
"""The extension table: two septets each, the escape and the character, never parted."""

ALONE = 160
"""Septets of a message that is one segment."""

JOINED = 153
"""Septets of each segment of a longer message: the rest carries the header that joins them."""


def foreign(text: str) -> tuple[str, ...]:
    """The characters that GSM-7 does not have, each once, in order."""
    return tuple(dict.fromkeys(c for c in text if c not in BASIC and c not in EXTENDED))


def septets(text: str) -> int:
    """The text's length. Raises ValueError where a character is not in GSM-7."""
    strange = foreign(text)
    if strange:
        raise ValueError(f"not in GSM-7: {' '.join(repr(c) for c in strange)}")
    return sum(_width(c) for c in text)


def segments(text: str) -> int:
    """How many segments the text is sent (and paid) as; at least one. Raises ValueError as `septets`."""
    if septets(text) <= ALONE:
        return 1
    count, used = 1, 0
    for c in text:
        if used + _width(c) > JOINED:
            count, used = count + 1, 0
        used += _width(c)
    return count


def _width(c: str) -> int:
    return 2 if c in EXTENDED else 1
