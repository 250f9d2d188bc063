"""Questions that lean on the answer before them ("og hvis jeg er syg?"): `data/answers/context.yml`."""

from __future__ import annotations

import re
from typing import Iterator, Mapping, Optional, Sequence

from pydantic import BaseModel, validator

ANY = "any"
"""The row of the table for every question about rights and duties that has none of its own."""


_BRIEF = 3
"""Words of a message that asks without a question mark: 'og digitalt', 'også i jobcenteret'."""


class ContextTable(BaseModel):
    """What was answered last, and what is named now, to the topic that answers it.

    `asking`, `linking`, `small` and the lists of `named` are words or phrases; a star at a word's end
    stands for any ending. Earlier names win where a message holds several. `after`: last topic (or
    `any`) -> name -> topic.
    """

    asking: tuple[str, ...]
    linking: tuple[str, ...]
    small: tuple[str, ...]
    named: dict[str, tuple[str, ...]]
    after: dict[str, dict[str, str]]

    class Config:
        extra = "forbid"
        allow_mutation = False

    @validator("after")
    def _names_that_there_are(
        cls, after: dict[str, dict[str, str]], values: Mapping[str, object]
    ) -> dict[str, dict[str, str]]:
        known = values.get("named")
        if isinstance(known, dict):
            for topic, row in after.items():
                for name in row:
                    if name not in known:
                        raise ValueError(
                            f"{name!r} under {topic} is not in `named`; allowed: {', '.join(known)}"
                        )
        return after

    def topics(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every topic that the table names, with its place in the file."""
        for last, row in self.after.items():
            if last != ANY:
                yield ("context", "after", last), last
            for name, topic in row.items():
                yield ("context", "after", last, name), topic

    def meant(self, last: str, text: str) -> Optional[str]:
        """The topic that a message asks for after `last`, a question about rights and duties.

        None where it does not lean on it: it says more than what it names, or does not ask.
        """
        said = _plain(text)
        if not self._asks(said, "?" in text):
            return None
        rows = (self.after.get(last, {}), self.after.get(ANY, {}))
        for name, words in self.named.items():
            if _holds(said, words) and self._says_no_more(said, words):
                return next((row[name] for row in rows if name in row), None)
        return None

    def _asks(self, said: str, marked: bool) -> bool:
        linked = re.match(rf"(?:{_pattern(self.linking)}\s*)+", said)
        rest = said[linked.end() :] if linked else said
        if re.match(_pattern(self.asking), rest):
            return True
        if linked:
            return marked or len(said.split()) <= _BRIEF
        return marked and any(re.fullmatch(_pattern(words), said) for words in self.named.values())

    def _says_no_more(self, said: str, words: Sequence[str]) -> bool:
        everything = (*words, *self.asking, *self.linking, *self.small)
        return not re.sub(_pattern(everything), " ", said).strip()


def _holds(said: str, words: Sequence[str]) -> bool:
    return re.search(_pattern(words), said) is not None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _pattern(words: Sequence[str]) -> str:
    """Any of the words or phrases, the longest that fits."""
    longest = sorted(map(_plain_word, words), key=len, reverse=True)
    each = (re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", " ") for word in longest)
    return rf"\b(?:{'|'.join(each)})\b"


def _plain_word(word: str) -> str:
    return " ".join(re.findall(r"[\w*]+", word.lower()))
