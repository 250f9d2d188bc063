"""What the bot could not answer, kept for editors: masked, and without a trace of who wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Any, TextIO

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString
from sqlalchemy import func, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.clock import COPENHAGEN
from bot.database import reading
from bot.desk.tables import unanswered

LONGEST = 300
"""Characters kept: longer ones are stories, not questions."""

_WORD = r"[^\W\d_]"
_EMAIL = re.compile(r"\S+@\S+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d(?:[ ./-]?\d){4,}")
_STREET = re.compile(
    rf"\b{_WORD}+(?:vej|gade|gaden|alle|allé|stræde|plads|vænget)\s+\d+\w?\b", re.I
)
_SAID_NAME = re.compile(
    rf"\b(jeg hedder|mit navn er|hilsen|hedder|mvh\.?|vh\.?)\s+({_WORD}+(?:\s+{_WORD}+)?)",
    re.IGNORECASE,
)
_CAPITAL = re.compile(rf"(?<=[^.!?\s] )(?:[A-ZÆØÅ]{_WORD}+)(?:[ -][A-ZÆØÅ]{_WORD}+)*")
_OWN = frozenset(
    "Min Jobcenter Jobcenteret Jobcentret Jobnet MitID NemID CV Krav Danmark Borger Digital Post "
    "Mandag Tirsdag Onsdag Torsdag Fredag Lørdag Søndag Jeg I De Dem Deres SU GF STOP AFBUD".split()
)
"""Words that Danes write with a capital and that name nobody."""


@dataclass(frozen=True)
class Unanswered:
    """A masked text, the nearest intent, how often it came, and the last day."""

    text: str
    guess: str
    times: int
    last: date


def masked(text: str) -> str:
    """The text without what points at a person: addresses, links, long numbers, names.

    Danish writes common nouns small, so a capital inside a sentence is a name, unless it is one of
    the domain's own words. What this lets through once it also lets editors see, so nothing else of
    the message's origin is kept with it.
    """
    for pattern, mask in ((_EMAIL, "[e-mail]"), (_LINK, "[link]"), (_STREET, "[adresse]")):
        text = pattern.sub(mask, text)
    text = _NUMBER.sub("[nummer]", text)
    text = _SAID_NAME.sub(lambda found: f"{found[1]} [navn]", text)
    text = _CAPITAL.sub(_name, text)
    return " ".join(text.split())[:LONGEST]


def keep_unanswered(session: Session, text: str, guess: str, at: datetime) -> None:
    """Keep a message that the bot had no answer to."""
    session.execute(
        insert(unanswered).values(
            day=at.astimezone(COPENHAGEN).date(), guess=guess[:60], text=masked(text)
        )
    )


def listed(engine: Engine) -> list[Unanswered]:
    """All of them, the most frequent first; the same words count together."""
    plain = func.lower(unanswered.c.text)
    with reading(engine) as session:
        rows = session.execute(
            select(
                func.min(unanswered.c.text),
                func.max(unanswered.c.guess),
                func.count(),
                func.max(unanswered.c.day),
            )
            .group_by(plain)
            .order_by(func.count().desc(), func.max(unanswered.c.day).desc(), plain)
        ).all()
    return [Unanswered(*row) for row in rows]


def write_list(entries: Sequence[Unanswered], out: TextIO) -> None:
    """A line each: how often, the last day, the nearest intent, the text."""
    for entry in entries:
        out.write(f"{entry.times:>4}  {entry.last}  {entry.guess:<24}  {entry.text}\n")


def write_rasa(entries: Sequence[Unanswered], out: TextIO) -> None:
    """Rasa's training data, grouped by the nearest intent: to be read, moved and mended by an editor."""
    groups: dict[str, list[str]] = {}
    for entry in entries:
        groups.setdefault(entry.guess, []).append(entry.text)
    tree = {
        "version": "3.1",
        "nlu": [
            {"intent": guess, "examples": LiteralScalarString(_examples(texts))}
            for guess, texts in sorted(groups.items())
        ],
    }
    text = StringIO()
    writer: Any = YAML()
    writer.width = 10_000  # a message is never broken
    writer.dump(tree, text)
    out.write(text.getvalue())


def _examples(texts: Sequence[str]) -> str:
    """One a line; brackets are Rasa's marks for entities, so ours become round."""
    return "".join(f"- {text.translate(_ROUND)}\n" for text in texts)


_ROUND = str.maketrans("[]", "()")


def _name(found: re.Match[str]) -> str:
    words = found[0].replace("-", " ").split()
    return found[0] if all(word in _OWN for word in words) else "[navn]"
