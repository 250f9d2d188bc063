"""What the gateway says in text messages, and the words that it acts on itself."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal, Optional

from pydantic import BaseModel, validator

from bot.profile import Profile
from bot.settings import ROOT
from bot.yaml_source import load_model

PLACEHOLDERS = frozenset({"phone", "site", "code", "minutes", "tries"})

Word = Literal["stop", "start"]

_EDGES = re.compile(r"^\W+|\W+$")
_CODE = re.compile(r"\D{0,20}?(\d{3})[ -]?(\d{3})\D{0,20}")


class SmsReplies(BaseModel):
    """`data/replies/sms.yml`: texts by occasion, and what machines write."""

    code: str
    code_again: str
    code_first: str
    code_wrong: str
    code_dead: str
    code_unneeded: str
    code_cap: str
    unknown_number: str
    lookup_down: str
    stopped: str
    started: str
    stopped_summary: str
    failed_summary: str
    only_text: str
    too_much: str
    too_long: str
    answer_afbud: str
    more_elsewhere: str
    auto_replies: tuple[str, ...]
    picture_notices: tuple[str, ...]

    class Config:
        extra = "forbid"
        allow_mutation = False

    @validator("*", each_item=True)
    @classmethod
    def _known_placeholders(cls, text: str) -> str:
        used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if not used <= PLACEHOLDERS:
            raise ValueError(
                f"unknown placeholder {', '.join(sorted(used - PLACEHOLDERS))}; "
                f"allowed: {', '.join(sorted(PLACEHOLDERS))}"
            )
        return text


def load_sms_replies(path: Path = ROOT / "data" / "replies" / "sms.yml") -> SmsReplies:
    """Read and check the file. Raises SourceError."""
    return load_model(path, SmsReplies)


@lru_cache(maxsize=1)
def sms_replies() -> SmsReplies:
    """`load_sms_replies`, read once a process."""
    return load_sms_replies()


class Words:
    """The texts with the a-kasse's own words filled in, and its lists of words."""

    def __init__(self, replies: SmsReplies, profile: Profile) -> None:
        self.replies = replies
        self._profile = profile
        self._stop = frozenset(map(_bare, profile.sms.stop))
        self._start = frozenset(map(_bare, profile.sms.start))
        self._keywords = {_bare(word): intent for word, intent in profile.sms.keywords.items()}

    def say(self, occasion: str, **values: Any) -> str:
        """The text of an occasion. Raises AttributeError for one that there is not."""
        text: str = getattr(self.replies, occasion)
        own = {"phone": self._profile.support.phone, "site": self._profile.systems.own_site}
        return text.format_map({name: "" for name in PLACEHOLDERS} | own | values)

    def word(self, text: str) -> Optional[Word]:
        """STOP or START, if the message is that word and nothing else."""
        bare = _bare(text)
        return "stop" if bare in self._stop else "start" if bare in self._start else None

    def keyword(self, text: str) -> Optional[str]:
        """The intent of a message that is one of the profile's keywords and nothing else."""
        return self._keywords.get(_bare(text))

    def from_a_machine(self, text: str) -> bool:
        """Whether a phone wrote this by itself."""
        return _holds(text, self.replies.auto_replies)

    def announces_a_picture(self, text: str) -> bool:
        """Whether it only says that a picture lies somewhere."""
        return _holds(text, self.replies.picture_notices)


def code_in(text: str) -> Optional[str]:
    """The six digits of a message that is little more than a one-time code."""
    found = _CODE.fullmatch(text.strip())
    return found[1] + found[2] if found else None


def _bare(text: str) -> str:
    return " ".join(_EDGES.sub("", text).casefold().split())


def _holds(text: str, phrases: tuple[str, ...]) -> bool:
    message = " ".join(text.casefold().split())
    return any(phrase in message for phrase in phrases)
