"""The answers of one a-kasse, in words, and which of them a message asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Optional

from bot.dialogue.answer_file import FAQ_TOPICS
from bot.dialogue.context import ContextTable
from bot.dialogue.spoken import Source, Spoken, SpokenChoice


@dataclass(frozen=True)
class Answer:
    """One topic's answer in words. `aloud` is for a speech synthesiser; `where` is `file:line`."""

    topic: str
    where: str
    text: str
    sms: str
    aloud: str
    facts: tuple[str, ...]
    sources: tuple[Source, ...]
    choices: tuple[SpokenChoice, ...]
    words: tuple[str, ...] = ()
    least: int = 1


class Answers:
    """All answers of one a-kasse."""

    def __init__(self, answers: Iterable[Answer], context: Optional[ContextTable] = None) -> None:
        self._context = context
        self._answers = {answer.topic: answer for answer in answers}
        self._topics = {intent_name(topic): topic for topic in self._answers}

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic that has an answer, in the order of the files."""
        return tuple(self._answers)

    def answer(self, topic: str) -> Answer:
        """By the catalogue's name (`faq/min_plan`) or Rasa's (`faq_min_plan`). Raises KeyError."""
        return self._answers[self._topics.get(topic, topic)]

    def spoken(self, topic: str) -> Spoken:
        """The answer for every channel. Raises KeyError."""
        found = self.answer(topic)
        return Spoken(
            text=found.text, sms=found.sms, choices=list(found.choices), sources=list(found.sources)
        )

    def in_context(self, last: Optional[str], text: str) -> Optional[str]:
        """The topic of a message that leans on the answer to `last` ("og digitalt?"); None: it does not.

        `last` by either name, None where the turn before was about something else.
        """
        topic = self._topics.get(last or "", last)
        if self._context is None or topic not in FAQ_TOPICS:
            return None
        return self._context.meant(topic, text)

    def beyond(self, text: str) -> str:
        """The topic for a message out of scope: the first `beyond/` one whose words stand in it."""
        message = " ".join(re.findall(r"\w+", text.lower()))
        for answer in self._answers.values():
            if answer.words and sum(_stands(w, message) for w in answer.words) >= answer.least:
                return answer.topic
        return "out_of_scope"


def intent_name(topic: str) -> str:
    """Rasa's name of a topic of the catalogue: plain, without a slash."""
    return topic.replace("/", "_")


def _stands(word: str, message: str) -> bool:
    """Whether a word or a phrase stands in the message (lower case, words with one space between)."""
    pattern = re.escape(word).replace(r"\*", r"\w*")
    return re.search(rf"\b{pattern}\b", message) is not None
