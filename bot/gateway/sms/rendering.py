"""Texts as a text message can carry them: GSM-7 only, choices as numbers, no longer than it may be."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bot import gsm7

MOST_SEGMENTS = 3
"""Of an answer of the bot."""
MOST_SEGMENTS_OF_STAFF = 6
"""Of one message of staff; a longer text goes out as several."""

_INSTEAD = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "´": "'", "`": "'",
    "–": "-", "—": "-", "‑": "-", "−": "-", "•": "-", "·": "-", "…": "...", "→": "->", "×": "x",
    "\t": " ", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "⁄": "/",
}  # fmt: skip


class Offered(Protocol):
    """A choice as the dialogue offers it."""

    title: str
    payload: dict[str, Any]


Choice = TypeVar("Choice", bound=Offered)


@dataclass(frozen=True)
class Rendered:
    """A message ready to be sent, and how many of the choices it lists."""

    text: str
    listed: int


def sendable(text: str) -> str:
    """The text in GSM-7: look-alikes for what it does not have, nothing for emoji."""
    return "".join(_sendable(char) for char in text).strip()


def storable(text: str) -> str:
    """The text without what no database takes: NUL and lone surrogates."""
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")


def render(text: str, choices: Sequence[Offered], more: str) -> Rendered:
    """Text and numbered choices in at most MOST_SEGMENTS; what is too long ends with `more`.

    A question of yes or no lists nothing: the text says which word to answer.
    """
    body = sendable(text)
    offered = [] if is_yes_or_no(choices) else choices
    lines = [f"{number}) {sendable(choice.title)}" for number, choice in enumerate(offered, 1)]
    while lines and gsm7.segments("\n".join([body, *lines])) > MOST_SEGMENTS:
        lines.pop()
    if gsm7.segments(body) > MOST_SEGMENTS:
        body = cut(body, MOST_SEGMENTS * gsm7.JOINED, sendable(more))
    return Rendered("\n".join([body, *lines]), len(lines))


def is_yes_or_no(choices: Sequence[Offered]) -> bool:
    """Whether the choices confirm or decline a change."""
    intents = {choice.payload.get("intent") for choice in choices}
    return {"affirm", "deny"} <= intents


def cut(text: str, septets: int, more: str) -> str:
    """The beginning of the text, up to a whole sentence where there is one, and then `more`."""
    kept = _first(text, septets - gsm7.septets(more) - 1)
    end = max(kept.rfind(mark) for mark in (". ", ".\n", "? ", "! "))
    space = kept.rfind(" ")
    if end > len(kept) // 2:
        kept = kept[: end + 1]
    elif space > len(kept) // 2:
        kept = kept[:space]
    return f"{kept} {more}"


def portions(text: str, segments: int = MOST_SEGMENTS_OF_STAFF) -> list[str]:
    """A text of any length as messages of at most so many segments, parted between words."""
    rest, parts = sendable(text), []
    most = segments * gsm7.JOINED - segments  # an escape that is moved whole costs one a segment
    while gsm7.segments(rest) > segments:
        head = _first(rest, most)
        space = max(head.rfind(" "), head.rfind("\n"))
        head = head[:space] if space > len(head) // 2 else head
        parts.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return [*parts, rest]


def _first(text: str, septets: int) -> str:
    """As much of the beginning as takes no more than so many septets."""
    for end, char in enumerate(text):
        septets -= gsm7.septets(char)
        if septets < 0:
            return text[:end]
    return text


def _sendable(char: str) -> str:
    if not gsm7.foreign(char):
        return char
    if char in _INSTEAD:
        return _INSTEAD[char]
    plain = "".join(
        _INSTEAD.get(part, part)
        for part in unicodedata.normalize("NFKD", char)
        if not unicodedata.combining(part)
    )
    if plain and not gsm7.foreign(plain):
        return plain
    return "?" if unicodedata.category(char)[0] in "LN" else ""
