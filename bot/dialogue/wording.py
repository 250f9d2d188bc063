"""Replies in words: `data/replies/dialogue.yml` and the answers, rendered for every channel at once."""

from __future__ import annotations

import string
from functools import lru_cache
from pathlib import Path
from typing import Any, Mapping, Optional

from pydantic import BaseModel, validator

from bot.dialogue.answer_reading import load_answers
from bot.dialogue.answers import Answers
from bot.dialogue.cards import card, starts
from bot.dialogue.reply import Part, Reply
from bot.dialogue.several import each_title_once
from bot.dialogue.spoken import CardState, MeetingCard, Spoken, SpokenChoice, SpokenHandover
from bot.profile import Profile, profile
from bot.settings import ROOT
from bot.yaml_source import SourceError, build, line_of, read_yaml

REPLIES = ROOT / "data" / "replies" / "dialogue.yml"


class Worded(BaseModel):
    """One entry: text for Min side, and for text messages where those need other words.

    `cards`: which of its placeholders Min side shows as a meeting card as well, and as what.
    """

    text: str
    sms: Optional[str] = None
    cards: dict[str, CardState] = {}

    class Config:
        extra = "forbid"

    @validator("cards")
    @classmethod
    def _in_the_text(
        cls, cards: dict[str, CardState], values: dict[str, Any]
    ) -> dict[str, CardState]:
        strange = [name for name in cards if f"{{{name}." not in values.get("text", "")]
        if strange:
            raise ValueError(f"the text has no {{{strange[0]}.…}}")
        return cards


class ReplyFile(BaseModel):
    """The file: entries by key."""

    replies: dict[str, Worded]

    class Config:
        extra = "forbid"


class Wording:
    """Everything the bot can say in a dialogue."""

    def __init__(self, replies: Mapping[str, Worded], answers: Answers) -> None:
        self.replies = replies
        self.answers = answers

    def spoken(self, reply: Reply) -> Spoken:
        """A reply in words. Raises KeyError for a key that the file does not have."""
        texts = [self._said(part) for part in reply.parts]
        said = Spoken(
            text="\n\n".join(worded.text for worded in texts),
            sms="\n".join(worded.sms or worded.text for worded in texts),
            choices=[
                SpokenChoice(
                    title=_capital(self._said(choice.title).text),
                    payload=dict(choice.payload),
                    start=starts(choice.title),
                )
                for choice in reply.choices
            ],
            cards=[card for part in reply.parts for card in self._cards(part)],
            calendar=reply.calendar,
            verify=reply.verify,
            queue=reply.queue,
        )
        if reply.handover is not None:
            summary = "\n".join(self._said(part).text for part in reply.handover.summary)
            said.handover = SpokenHandover(
                reason=reply.handover.reason, urgency=reply.handover.urgency, summary=summary
            )
        if reply.answer is not None:
            said = self._after_answer(reply, said)
        said = said.copy(update={"choices": each_title_once(said.choices)})
        return said if reply.opening is None else self._opened(reply.opening, said)

    def _opened(self, opening: Part, said: Spoken) -> Spoken:
        first = self._said(opening)
        return said.copy(
            update={
                "text": "\n\n".join(filter(None, (first.text, said.text))),
                "sms": " ".join(filter(None, (first.sms, said.sms))),
            }
        )

    def _after_answer(self, reply: Reply, said: Spoken) -> Spoken:
        answer = self.answers.spoken(reply.answer or "out_of_scope")
        return Spoken(
            text="\n\n".join(filter(None, (answer.text, said.text))),
            sms="\n".join(filter(None, (answer.sms, said.sms))),
            choices=said.choices or answer.choices,
            sources=answer.sources,
            cards=said.cards,
            calendar=said.calendar,
            handover=said.handover or answer.handover,
            verify=said.verify,
            queue=said.queue,
        )

    def _cards(self, part: Part) -> list[MeetingCard]:
        return [
            card(part.values[name], state, part.values.get("receipt"))
            for name, state in self.replies[part.key].cards.items()
        ]

    def _said(self, part: Part) -> Worded:
        entry = self.replies[part.key]
        values = {
            name: self._said(value).text if isinstance(value, Part) else _in_words(value)
            for name, value in part.values.items()
        }
        return Worded(
            text=entry.text.strip().format_map(values),
            sms=(entry.sms or entry.text).strip().format_map(values),
        )


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _in_words(value: Any) -> Any:
    """A list of words as a Dane reads it out: 'sygdom og jobsamtale'."""
    if not isinstance(value, (list, tuple)):
        return value
    words = [str(word) for word in value]
    return " og ".join(filter(None, (", ".join(words[:-1]), words[-1] if words else "")))


def load_replies(path: Path = REPLIES) -> Mapping[str, Worded]:
    """Read and check the file; a broken placeholder is named with its line. Raises SourceError."""
    tree = read_yaml(path)
    replies = build(path, tree, ReplyFile).replies
    for key, entry in replies.items():
        for text in filter(None, (entry.text, entry.sms)):
            try:
                list(string.Formatter().parse(text))
            except ValueError as error:
                line = line_of(tree, ("replies", key))
                raise SourceError(
                    f"{path}:{line}: replies.{key}: {error}; write a brace that is no placeholder twice"
                ) from error
    return replies


@lru_cache(maxsize=4)
def wording(profile_name: str) -> Wording:
    """The wording of one a-kasse, read once a process."""
    own: Profile = profile(profile_name)
    return Wording(load_replies(), load_answers(profile=own))
