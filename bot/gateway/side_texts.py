"""What the chat and the demo of Min side show of themselves: `data/replies/min_side.yml`, typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, Iterator

from pydantic import BaseModel, Field, root_validator

from bot.profile import Profile
from bot.settings import ROOT
from bot.yaml_source import load_model

FILE = ROOT / "data" / "replies" / "min_side.yml"

PLACEHOLDERS = frozenset(
    "count name clock section adviser receipt when akasse phone phone_number jobcenter_site inbox "
    "kind definite day days months where place".split()
)

_SAFE_ADDRESS = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+/[\w./-]*|tel:\+?\d{3,15}")


class _Texts(BaseModel):
    class Config:
        extra = "forbid"
        allow_mutation = False


class Welcome(_Texts):
    """The first contact: who answers, what happens to what one writes, how to get a person."""

    title: str
    lines: list[str] = Field(..., min_items=1)


class Suggestion(_Texts):
    """`title` on the button, `text` is what is sent for it."""

    title: str
    text: str


class Suggestions(_Texts):
    """What may be suggested, in words. Which of them fit a member: `bot.gateway.welcome`."""

    missed: Suggestion
    meeting_today: Suggestion
    cannot_today: Suggestion
    meeting_tomorrow: Suggestion
    cannot_tomorrow: Suggestion
    book: Suggestion
    meetings: Suggestion
    afbud: Suggestion
    participation: Suggestion
    course: Suggestion
    staff: Suggestion


class Link(_Texts):
    """A text that becomes a link wherever it stands in a message."""

    text: str
    address: str


class Errors(_Texts):
    """What a member reads when something can't be fetched."""

    no_attachment: str
    unavailable: str
    too_many: str


class Statuses(_Texts):
    """How a meeting stands; `begun`: its time has come, and nothing is known of it yet."""

    booked: str
    begun: str
    held: str
    missed: str
    cancelled: str


class Participations(_Texts):
    """Whether the a-kasse joins a Jobcenter meeting."""

    requested: str
    accepted: str
    declined: str


class Page(_Texts):
    """Words of the demo's list of meetings."""

    statuses: Statuses
    in_person: str
    in_person_no_place: str
    digital: str
    adviser: str
    jobcenter: str
    participation: Participations


class Stop(_Texts):
    """One stop of the way in words."""

    title: str
    note: str


class Way(_Texts):
    """The course as a picture of the way. Which stops a member has: `bot.gateway.way`."""

    unemployed: Stop
    held: Stop
    missed: Stop
    missed_contact: Stop
    begun: Stop
    booked: Stop
    jobcenter: Stop
    deadline: Stop
    deadline_called_in: Stop
    expired: Stop
    within_days: Stop
    around_months: Stop
    later: Stop
    place: str
    in_person: str
    digital: str


class SideTexts(_Texts):
    """The whole file. `widget` are the chat's own words, by the keys that its scripts use."""

    widget: dict[str, str]
    welcome: Welcome
    suggestions: Suggestions
    links: tuple[Link, ...]
    calendar: str
    errors: Errors
    page: Page
    way: Way

    @root_validator(pre=True)
    @classmethod
    def _known_placeholders(cls, values: dict[str, Any]) -> dict[str, Any]:
        for text in _strings(values):
            try:
                used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            except ValueError as error:
                raise ValueError(f"a brace is missing or too many in {text!r}: {error}") from error
            if not used <= PLACEHOLDERS:
                strange = ", ".join(sorted(used - PLACEHOLDERS))
                raise ValueError(f"unknown placeholder {strange} in {text!r}")
        return values

    def for_widget(self, profile: Profile) -> dict[str, Any]:
        """What the chat's scripts get: `{"texts", "welcome": {"title", "lines"}, "links"}`."""
        places = profile_places(profile)
        links = (
            {"text": link.text.format_map(places), "address": link.address.format_map(places)}
            for link in self.links
        )
        return {
            "texts": dict(self.widget),
            "welcome": {
                "title": self.welcome.title.format_map(places),
                "lines": [line.format_map(places) for line in self.welcome.lines],
            },
            "links": [link for link in links if _SAFE_ADDRESS.fullmatch(link["address"])],
        }


def profile_places(profile: Profile) -> dict[str, str]:
    """What the placeholders of the a-kasse stand for."""
    phone = profile.support.phone
    number = re.sub(r"\D", "", phone)
    return {
        "akasse": profile.name,
        "phone": phone,
        "phone_number": f"+{number}" if phone.strip().startswith("+") else number,
        "jobcenter_site": profile.systems.jobcenter_site,
        "inbox": profile.systems.inbox,
    }


def _strings(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from _strings(value)
    elif isinstance(tree, (list, tuple)):
        for value in tree:
            yield from _strings(value)


def load_side_texts(path: Path = FILE) -> SideTexts:
    """Read and check the file. Raises SourceError."""
    return load_model(path, SideTexts)


@lru_cache(maxsize=1)
def side_texts() -> SideTexts:
    """The texts, read once a process."""
    return load_side_texts()
