"""Whether what an answer says with figures stands in its facts: numbers, weekdays and deadlines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable

from bot.profile import WEEKDAYS, Profile

_NUMBER_WORDS = {
    "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10,
    "elleve": 11, "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15, "seksten": 16, "sytten": 17,
    "atten": 18, "nitten": 19, "tyve": 20, "tredive": 30, "fyrre": 40, "halvtreds": 50, "tres": 60,
    "halvfjerds": 70, "firs": 80, "halvfems": 90, "hundrede": 100, "tusind": 1000, "tredje": 3,
    "fjerde": 4, "femte": 5, "sjette": 6, "halv": 0.5, "halve": 0.5, "halvt": 0.5,
}  # fmt: skip
"""Not "en", "et" and "anden": they are articles and "other" far more often than numbers."""

_UNITS = {
    form: forms[0]
    for forms in (
        ("dag", "dage", "dages", "dags"), ("uge", "uger", "ugers", "ugen"),
        ("måned", "måneder", "måneders"), ("time", "timer", "timers"),
        ("minut", "minutter", "minutters"), ("år", "års"), ("døgn", "døgns"),
    )
    for form in forms
}  # fmt: skip

_DEADLINES = (
    ("inden(?! for)", "senest", "frist", "fristen"),
    ("med det samme", "straks", "omgående", "hurtigst muligt", "øjeblikkeligt"),
    ("samme dag",), ("dagen før",), ("dagen efter",), ("i god tid",), ("i forvejen",),
)  # fmt: skip
"""Words that set a time by which something is to be done; those of one group say the same.

"Inden for 14 dage" is no such word: there the number is the deadline.
"""

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d]+(?:-[^\W\d]+)*")


@dataclass(frozen=True)
class Figure:
    """Something that an answer must not make up. `said` is how it stands in the text."""

    said: str
    value: tuple[str, ...]


def figures(text: str) -> list[Figure]:
    """The numbers (with a unit of time where one follows), weekdays and deadlines of a text."""
    tokens = _TOKEN.findall(text)
    found = [figure for n in range(len(tokens)) if (figure := _number(tokens, n)) is not None]
    low = text.lower()
    for day in WEEKDAYS:
        if re.search(rf"\b{day}(e|en|s)?\b", low):
            found.append(Figure(day, ("weekday", day)))
    for group in _DEADLINES:
        said = re.search(rf"\b({'|'.join(group)})\b", low)
        if said is not None:
            found.append(Figure(said.group(), ("deadline", group[0])))
    return found


def ungrounded(text: str, facts: Iterable[str], profile: Profile) -> list[str]:
    """The figures of an answer that none of its facts' texts has, as they stand in the answer.

    Phone number, opening hours and addresses are the profile's own and may stand anywhere.
    """
    known = {figure.value for fact in facts for figure in figures(fact)}
    known |= {value[:2] for value in known if value[0] == "number"}
    for day, hours in profile.support.hours.items():
        known.add(("weekday", day))
        known |= {("number", f"{end.hour}.{end.minute:02}") for end in (hours.opens, hours.closes)}
    told = text
    for own in (profile.support.phone, *(place.address for place in profile.offices)):
        told = told.replace(own, " ")
    return [figure.said for figure in figures(told) if figure.value not in known]


def _number(tokens: list[str], n: int) -> Figure | None:
    token = tokens[n].lower()
    value = token if token[0].isdigit() else str(_NUMBER_WORDS.get(token, ""))
    if not value:
        return None
    unit = next((_UNITS[t] for t in map(str.lower, tokens[n + 1 : n + 3]) if t in _UNITS), None)
    said = tokens[n] if unit is None else f"{tokens[n]} {unit}"
    return Figure(said, ("number", value) if unit is None else ("number", value, unit))
