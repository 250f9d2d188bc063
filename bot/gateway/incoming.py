"""What a member may send: the cleaned text or a choice, under an id of the client's own."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal, Optional

from bot.gateway.cpr import mask_cpr

LONGEST_TEXT = 4000
"""Characters of one message."""

Channel = Literal["min_side", "sms"]

_SHAPES_EMOJI = frozenset("\u200c\u200d")
_TAGS = range(0xE0020, 0xE0080)


class EmptyText(Exception):
    """Nothing that can be read is left of the text."""


class TextTooLong(Exception):
    """More than LONGEST_TEXT characters."""


@dataclass(frozen=True)
class Incoming:
    """One message of a member: just one of `text` (clean, masked) and `choice` (an offered id).

    `member` None: of a phone (`phone`, E.164) that nobody has proven to be theirs. `payload`: what the
    text stands for, where it is a choice's number or a keyword.
    """

    member: Optional[str]
    channel: Channel
    client_id: str
    text: Optional[str] = None
    choice: Optional[str] = None
    phone: Optional[str] = None
    payload: Optional[dict[str, Any]] = None

    @property
    def body_hash(self) -> str:
        """Tells one body from another under the same client_id; made of the masked text only."""
        kind, value = ("choice", self.choice) if self.text is None else ("text", self.text)
        return hashlib.sha256(f"{kind}\x00{value}".encode()).hexdigest()


def clean(text: str) -> str:
    """Text fit to be stored and shown: no control, unpaired or unseen direction characters, no CPR.

    Line breaks and tabs stay. Raises EmptyText and TextTooLong.
    """
    kept = "".join(char for char in text.replace("\r\n", "\n").replace("\r", "\n") if _kept(char))
    kept = kept.strip()
    if not any(_seen(char) for char in kept):
        raise EmptyText
    if len(kept) > LONGEST_TEXT:
        raise TextTooLong
    return mask_cpr(kept)


def _kept(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Cf":  # zero width and bidi marks hide things; what shapes emoji stays
        return char in _SHAPES_EMOJI or ord(char) in _TAGS
    return category not in ("Cc", "Cs") or char in "\n\t"


def _seen(char: str) -> bool:
    """Emoji newer than this Python's tables are unassigned (Cn) to it, and are seen."""
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")
