"""The files of `data/answers`: which topics there are, and what one entry may hold."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import BaseModel, Field, root_validator, validator

from bot.dialogue.context import ContextTable
from bot.dialogue.profile_words import Condition

FAQ_TOPICS: tuple[str, ...] = (
    "faq/contact_course", "faq/first_six_months", "faq/after_six_months", "faq/cv_meeting",
    "faq/min_plan", "faq/job_search_requirements", "faq/joblog", "faq/raadighedssamtale",
    "faq/jobcenter_meetings", "faq/book_jobcenter", "faq/book_akasse", "faq/booking_deadline",
    "faq/no_free_time", "faq/invitation", "faq/akasse_at_jobcenter", "faq/digital_meetings",
    "faq/duty_to_attend", "faq/valid_absence", "faq/how_to_afbud", "faq/no_show",
    "faq/invalid_absence", "faq/availability_doubt",
)  # fmt: skip
"""The catalogue's questions about rights and duties."""

OTHER_TOPICS: tuple[str, ...] = (
    "greet", "goodbye", "thanks", "ask_capabilities", "bot_challenge", "negative_feedback",
    "out_of_scope",
)  # fmt: skip
"""Small talk and the edge."""

TOPICS = FAQ_TOPICS + OTHER_TOPICS
"""What must have an answer. There may be more: `beyond/<subject>`, an out_of_scope told more exactly, and
`context/<subject>`, what is only asked with the answer before it in mind."""

MORE_TOPICS = ("beyond/", "context/")
"""How the topics begin that there may be beside those."""


class _Entry(BaseModel):
    class Config:
        extra = "forbid"
        allow_mutation = False


class Sentence(_Entry):
    """A stretch of text, said where the profile is as `when` tells, and the facts it rests on."""

    when: dict[str, Condition] = {}
    say: str = Field(..., min_length=1)
    facts: tuple[str, ...] = ()


class Piece(_Entry):
    """A stretch of an answer: its own words (`say`) or a phrase that several answers `use`."""

    when: dict[str, Condition] = {}
    say: Optional[str] = None
    use: Optional[str] = None
    facts: tuple[str, ...] = ()

    @root_validator
    def _one_of_both(cls, values: dict[str, Any]) -> dict[str, Any]:
        if bool(values.get("say")) == bool(values.get("use")):
            raise ValueError("give either say or use")
        return values


class FollowUp(_Entry):
    """A choice under an answer; `title` only where the offered intent's own one does not fit here."""

    when: dict[str, Condition] = {}
    offer: str
    title: Optional[str] = None


class Entry(_Entry):
    """One topic. `title` is what the topic is called as a choice under another answer.

    `words` (of a `beyond/` topic): a message in which at least `least` of them stand is about it; a
    star at a word's end stands for any ending.
    """

    title: Optional[str] = None
    facts: tuple[str, ...] = ()
    text: tuple[Piece, ...]
    sms: tuple[Piece, ...]
    follow_ups: tuple[FollowUp, ...] = ()
    words: tuple[str, ...] = ()
    least: int = Field(1, ge=1)

    @validator("text", "sms", pre=True)
    def _text_alone(cls, value: Any) -> Any:
        pieces = [value] if isinstance(value, str) else value
        return [{"say": p} if isinstance(p, str) else p for p in pieces] if pieces else pieces

    @validator("follow_ups", pre=True)
    def _intent_alone(cls, value: Any) -> Any:
        return [{"offer": item} if isinstance(item, str) else item for item in value]


class AnswerFile(_Entry):
    """One file of the folder: any of these parts, merged over all files."""

    answers: dict[str, Entry] = {}
    phrases: dict[str, tuple[Sentence, ...]] = {}
    choices: dict[str, str] = {}
    source: Optional[str] = None
    context: Optional[ContextTable] = None
