"""Several things in one message: each is answered; a matter's own question comes last and stays open."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional, Sequence, TypeVar

from bot.dialogue.reply import Reply
from bot.dialogue.spoken import Spoken, SpokenChoice

CHOICES = 4
"""Most choices under several answers."""

_NO_NEW_SUBJECT = ("thanks", "greet", "repeat")

_Item = TypeVar("_Item")


def last_topic(before: Optional[str], replies: Sequence[Reply]) -> Optional[str]:
    """The question about rights and duties that the next message may lean on, by Rasa's name.

    Thanks, and answers that lean on a topic themselves, leave it as it was.
    """
    for one in reversed(replies):
        if one.answer is not None and one.answer.startswith("faq"):
            return one.answer
    answered = next((one.answer for one in replies if one.answer is not None), None)
    if answered is None:
        return None
    stays = answered in _NO_NEW_SUBJECT or answered.startswith("context/")
    return before if stays else None


def have_room(reply: Reply) -> bool:
    """Whether other questions are answered beside this reply: not where somebody is in a crisis."""
    return reply.handover is None or reply.handover.reason != "crisis"


def opening_apart(reply: Reply, others: Sequence[Reply]) -> list[Reply]:
    """The reply, with its human first sentence apart where other answers are to come after that."""
    if reply.opening is None or not others:
        return [reply]
    return [Reply(opening=reply.opening), replace(reply, opening=None)]


def together(first: Sequence[Spoken], others: Sequence[Spoken], open_question: bool) -> Spoken:
    """One message of all. With a question open it comes last, and its choices are the only ones.

    `first`: the reply to what is acted on, before it maybe the sentence that opens the message.
    """
    *opening, said = first
    if not others:
        return said
    everything = [*opening, *others, said] if open_question else [*opening, said, *others]
    return said.copy(
        update={
            "text": "\n\n".join(one.text for one in everything),
            "sms": "\n".join(one.sms for one in everything),
            "choices": said.choices if open_question else _choices(everything),
            "sources": _each_once([source for one in everything for source in one.sources]),
            "cards": _each_once([card for one in everything for card in one.cards]),
            "verify": any(one.verify for one in everything),
            "queue": next((one.queue for one in everything if one.queue), None),
        }
    )


def _choices(said: Sequence[Spoken]) -> list[SpokenChoice]:
    """The first choice of each, then the second of each, and so on; each once."""
    longest = max((len(one.choices) for one in said), default=0)
    in_turn = [one.choices[n] for n in range(longest) for one in said if n < len(one.choices)]
    return each_title_once(in_turn)[:CHOICES]


def each_title_once(choices: Sequence[SpokenChoice]) -> list[SpokenChoice]:
    """The choices without those whose title stands there already."""
    found: dict[str, SpokenChoice] = {}
    for choice in choices:
        found.setdefault(choice.title, choice)
    return list(found.values())


def _each_once(items: Sequence[_Item]) -> list[_Item]:
    found: list[_Item] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found
