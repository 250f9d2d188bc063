"""Replies in words: `data/replies/dialogue.yml` and the answers, rendered for every channel at once."""

from __future__ import annotations

import string
from functools import lru_cache
from pathlib import Path
from typing import Any, Mapping, Optional

from pydantic import BaseModel

from bot.dialogue.answers import Answers, load_answers
from bot.dialogue.reply import Part, Reply
from bot.dialogue.spoken import Spoken, SpokenChoice, SpokenHandover
from bot.profile import Profile, profile
from bot.settings import ROOT
from bot.yaml_source import SourceError, build, line_of, read_yaml

REPLIES = ROOT / "data" / "replies" / "dialogue.yml"


class Worded(BaseModel):
    """One entry: text for Min side, and for text messages where those need other words."""

    text: str
    sms: Optional[str] = None

    class Config:
        extra = "forbid"


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
                SpokenChoice(title=self._said(choice.title).text, payload=dict(choice.payload))
                for choice in reply.choices
            ],
            calendar=reply.calendar,
        )
        if reply.handover is not None:
            summary = "\n".join(self._said(part).text for part in reply.handover.summary)
            said.handover = SpokenHandover(
                reason=reply.handover.reason, urgency=reply.handover.urgency, summary=summary
            )
        return said if reply.answer is None else self._after_answer(reply, said)

    def _after_answer(self, reply: Reply, said: Spoken) -> Spoken:
        topic = self.answers.beyond(reply.about) if reply.about else reply.answer
        answer = self.answers.spoken(topic or "out_of_scope")
        return Spoken(
            text="\n\n".join(filter(None, (answer.text, said.text))),
            sms="\n".join(filter(None, (answer.sms, said.sms))),
            choices=said.choices or answer.choices,
            sources=answer.sources,
            calendar=said.calendar,
            handover=said.handover or answer.handover,
        )

    def _said(self, part: Part) -> Worded:
        entry = self.replies[part.key]
        values = {name: _in_words(value) for name, value in part.values.items()}
        return Worded(
            text=entry.text.strip().format_map(values),
            sms=(entry.sms or entry.text).strip().format_map(values),
        )


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
