"""An answer in figures: words, readability, and the segments that it is sent as."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot import gsm7
from bot.dialogue.answers import Answer

_WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:](?=\s|$)")


@dataclass(frozen=True)
class Measures:
    """One answer in figures. `segments` of the text message alone, `with_choices` as it is sent.

    Both are 0 for a text that GSM-7 can't write.
    """

    topic: str
    words: int
    lix: float
    segments: int
    with_choices: int
    facts: tuple[str, ...]


def measures(answer: Answer) -> Measures:
    """The figures of an answer."""
    sendable = not gsm7.foreign(sms_with_choices(answer))
    return Measures(
        topic=answer.topic,
        words=word_count(answer.text),
        lix=lix(answer.text),
        segments=gsm7.segments(answer.sms) if sendable else 0,
        with_choices=gsm7.segments(sms_with_choices(answer)) if sendable else 0,
        facts=answer.facts,
    )


def sms_with_choices(answer: Answer) -> str:
    """The text message with its choices numbered."""
    choices = [f"{n}) {choice.title}" for n, choice in enumerate(answer.choices, 1)]
    return "\n".join([answer.sms, *choices])


def lix(text: str) -> float:
    """Words a sentence, plus long words (over six letters) in a hundred. 0 for no words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    long_words = sum(1 for word in words if len(word) > 6)
    return len(words) / sentences + 100 * long_words / len(words)


def word_count(text: str) -> int:
    """Words as a reader counts them: between spaces."""
    return len(text.split())
