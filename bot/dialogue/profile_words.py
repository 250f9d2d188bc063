"""What a placeholder of `data/answers` stands for: the profile's fields, and lists made from them."""

from __future__ import annotations

import re
import string
from datetime import date, time
from typing import Any, Mapping, Optional, Sequence, Union

from babel.dates import format_date
from babel.lists import format_list
from pydantic import BaseModel, StrictBool

from bot.profile import MeetingKind, Profile

Condition = Union[StrictBool, int, str]
"""What a path must be: `true` there, `false` not there, else its value or one of its values.

`not x`: there, and neither x nor with x among its values.
"""

_STEP = re.compile(r"\.?(?P<name>[A-Za-z_]\w*)|\[(?P<key>\w+)\]")


class PlaceError(Exception):
    """A placeholder or a path that no profile can fill; the text says what is allowed."""


class AbsentError(Exception):
    """A path that this profile has no value for; another one may have."""


class ProfileWords(string.Formatter):
    """Fills `{kinds[cv].timing.within_days:dag|dage}` and the like from one profile.

    Beside the profile's fields there are, of the a-kasse's own kinds: `counted[<kind>]` ("2
    rådighedssamtaler"; of one alone the definite form), `own_meetings` (all of these as a list),
    `other_meetings` (those that have no topic of their own), `digital_meetings`,
    `in_person_meetings`, `booked_meetings` (by the member), `called_in_meetings`; and
    `named_reasons` ("sygdom og jobsamtale"), `office_places`, `page_date`. After a colon stand
    the words for one and for several; `!c` makes the first letter a capital.
    """

    def __init__(self, profile: Profile) -> None:
        own = {key: kind for key, kind in profile.kinds.items() if kind.owner == "akasse"}
        self._values: dict[str, Any] = {
            **{name: getattr(profile, name) for name in profile.__fields__},
            "counted": {key: _counted(kind) for key, kind in profile.kinds.items()},
            "own_meetings": _listed([_counted(kind) for kind in own.values()]),
            "other_meetings": _listed(
                [_counted(kind) for key, kind in own.items() if key not in ("cv", "raadighed")]
            ),
            "digital_meetings": _named(k for k in own.values() if "digital" in k.formats),
            "in_person_meetings": _named(k for k in own.values() if "digital" not in k.formats),
            "booked_meetings": _named(k for k in own.values() if k.booked_by == "member"),
            "called_in_meetings": _named(k for k in own.values() if k.booked_by == "akasse"),
            "named_reasons": _listed(
                [r.full_name or r.name for r in profile.reasons.values() if r.named]
            ),
            "office_places": _listed([f"{p.name} ({p.address})" for p in profile.offices]),
            "page_date": _day(profile.source.page_date),
        }

    def fill(self, text: str) -> str:
        """The text with its placeholders filled. Raises PlaceError, AbsentError."""
        try:
            return self.format(text)
        except ValueError as error:
            raise PlaceError(f"{error}; write a brace that is no placeholder twice") from error

    def fits(self, when: Mapping[str, Condition]) -> bool:
        """Whether every path is as its condition says. Raises PlaceError."""
        return all(self._fits(path, wanted) for path, wanted in when.items())

    def value(self, path: str) -> Any:
        """What stands at a path. Raises PlaceError, AbsentError."""
        found: Any = self._values
        for step in _steps(path):
            if found is None:
                raise AbsentError(path)
            found = _step_into(found, step, path)
        if found is None or found == "":
            raise AbsentError(path)
        return found

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """`string.Formatter`: by our own paths, so that no attribute of Python's can be reached."""
        return self.value(field_name), field_name

    def convert_field(self, value: Any, conversion: Optional[str]) -> Any:
        """`string.Formatter`: `!c` alone."""
        if conversion is None:
            return value
        if conversion != "c":
            raise PlaceError(f"!{conversion} is not known; allowed: !c (capital first letter)")
        words = _shown(value)
        return words[:1].upper() + words[1:]

    def format_field(self, value: Any, format_spec: str) -> str:
        """`string.Formatter`: a number with its word, in the singular or the plural."""
        if not format_spec:
            return _shown(value)
        one, bar, several = format_spec.partition("|")
        if not bar or not isinstance(value, int):
            raise PlaceError(f":{format_spec} needs a number and two words, such as :dag|dage")
        return f"{value} {one if value == 1 else several}"

    def _fits(self, path: str, wanted: Condition) -> bool:
        try:
            found = self.value(path)
        except AbsentError:
            return wanted is False
        if isinstance(wanted, bool):
            return bool(found) is wanted
        among = found if isinstance(found, (list, tuple)) else [found]
        words = [str(value) for value in among]
        if isinstance(wanted, str) and wanted.startswith("not "):
            return wanted[len("not ") :] not in words
        return str(wanted) in words


def _steps(path: str) -> list[tuple[str, bool]]:
    """A path's steps, each with whether it is a key in brackets."""
    steps, end = [], 0
    while end < len(path):
        found = _STEP.match(path, end)
        if found is None or (end == 0 and not found["name"]):
            raise PlaceError(f"{path!r} is no path; write it as kinds[cv].timing.within_days")
        steps.append((found["name"] or found["key"], found["key"] is not None))
        end = found.end()
    if not steps:
        raise PlaceError("an empty placeholder; name a field of the profile in it")
    return steps


def _step_into(found: Any, step: tuple[str, bool], path: str) -> Any:
    name, is_key = step
    if isinstance(found, BaseModel) and not is_key:
        if name not in found.__fields__:
            raise PlaceError(
                f"{name} in {path!r} is not known; allowed: {', '.join(found.__fields__)}"
            )
        return getattr(found, name)
    if isinstance(found, Mapping):
        if name in found:
            return found[name]
        if not is_key:
            raise PlaceError(
                f"{name} in {path!r} is not known; allowed: {', '.join(sorted(found))}"
            )
        raise AbsentError(path)
    if isinstance(found, (list, tuple)) and is_key and name.isdigit():
        if int(name) < len(found):
            return found[int(name)]
        raise AbsentError(path)
    raise PlaceError(f"{path!r} goes too far: there is nothing called {name} in it")


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, time):
        return f"{value.hour}.{value.minute:02}"
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise PlaceError("it stands for several values; name one of them")
    return str(value)


def _counted(kind: MeetingKind) -> str:
    if kind.count == 1:
        return kind.definite
    return kind.plural if kind.count is None else f"{kind.count} {kind.plural}"


def _named(kinds: Any) -> str:
    return _listed([kind.definite if kind.count == 1 else kind.plural for kind in kinds])


def _listed(words: Sequence[str]) -> str:
    return str(format_list(words, locale="da"))


def _day(value: date) -> str:
    return str(format_date(value, "d. MMMM y", locale="da"))
