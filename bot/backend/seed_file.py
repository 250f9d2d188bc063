"""The seed file: its shape, and every fault with file and line before anything is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Optional

from pydantic import BaseModel, ConstrainedStr, Field, conlist, validator

from bot.backend import seed_times
from bot.backend.contract import Format, MeetingStatus, Office, Owner
from bot.profile import Profile
from bot.yaml_source import SourceError, build, line_of, read_yaml

_PHONE = re.compile(r"^\+[1-9][0-9]{6,14}$")
_ANY_DAY = datetime.fromisoformat("2026-01-07T12:00:00+00:00")


class Id(ConstrainedStr):
    """An id of the seed file."""

    regex = r"^[A-Za-z0-9_.-]{1,64}$"


class _Entry(BaseModel):
    class Config:
        extra = "forbid"


def _written(value: Any) -> Any:
    """A date or time that YAML has read itself, back to ISO 8601."""
    if isinstance(value, datetime):
        zone = getattr(value, "_yaml", {}).get("tz")  # ruamel: moved to UTC, without saying so
        return value.isoformat() + ("+00:00" if zone and value.tzinfo is None else "")
    return value.isoformat() if isinstance(value, date) else value


def _expression(read: Callable[[str, datetime], Any]) -> Any:
    def check(cls: Any, value: str) -> str:
        read(value, _ANY_DAY)
        return value

    return check


class SeedOffice(_Entry):
    """A lokalafdeling."""

    id: Id
    name: str = Field(..., min_length=1)
    address: str = Field(..., min_length=1)


class SeedAdviser(_Entry):
    """An adviser and the office they sit in."""

    id: Id
    name: str = Field(..., min_length=1)
    office: Id


class SeedMember(_Entry):
    """A member; without a phone no text messages."""

    id: Id
    member_no: str = Field(..., min_length=1)
    name: str = Field(..., min_length=1)
    phone: Optional[str] = None
    office: Id
    unemployed_since: str

    _iso = validator("unemployed_since", pre=True, allow_reuse=True)(_written)
    _day = validator("unemployed_since", allow_reuse=True)(_expression(seed_times.day))

    @validator("phone")
    def _e164(cls, value: str) -> str:
        if not _PHONE.match(value):  # unquoted, YAML reads a number and drops the plus
            raise ValueError('write the number with its country, and quote it: "+4520000001"')
        return value


class Repeat(_Entry):
    """`count` days, the first included; `at` takes the place of start's clock."""

    every: str
    count: int = Field(..., ge=1, le=1000)
    at: list[str] = []

    @validator("every")
    def _distance(cls, value: str) -> str:
        seed_times.repeated(_ANY_DAY, value, 1, [])
        return value

    @validator("at", each_item=True)
    def _clock(cls, value: str) -> str:
        seed_times.clock(value)
        return value


class SeedTime(_Entry):
    """One free time, or with `repeat` many."""

    office: Id
    adviser: Id
    kinds: conlist(str, min_items=1, unique_items=True)  # type: ignore[valid-type]
    formats: conlist(Format, min_items=1, unique_items=True)  # type: ignore[valid-type]
    start: str
    minutes: int = Field(..., ge=5, le=480)
    repeat: Optional[Repeat] = None

    _iso = validator("start", pre=True, allow_reuse=True)(_written)
    _time = validator("start", allow_reuse=True)(_expression(seed_times.instant))

    def starts(self, now: datetime) -> list[datetime]:
        """All its instants, in UTC. Raises TimeExpressionError for a clock that a day lacks."""
        first = seed_times.instant(self.start, now)
        if self.repeat is None:
            return [first]
        return seed_times.repeated(first, self.repeat.every, self.repeat.count, self.repeat.at)


class SeedMeeting(_Entry):
    """A meeting that a member has, had or cancelled."""

    id: Id
    member: Id
    kind: str
    start: str
    minutes: Optional[int] = Field(default=None, ge=5, le=480)
    format: Format = "in_person"
    owner: Optional[Owner] = None
    adviser: Optional[Id] = None
    place: Optional[str] = None
    status: MeetingStatus = "booked"

    _iso = validator("start", pre=True, allow_reuse=True)(_written)
    _time = validator("start", allow_reuse=True)(_expression(seed_times.instant))


class SeedInvitation(_Entry):
    """A call to book by a local day."""

    member: Id
    kind: str
    book_by: str
    reason: str = ""

    _iso = validator("book_by", pre=True, allow_reuse=True)(_written)
    _day = validator("book_by", allow_reuse=True)(_expression(seed_times.day))


class SeedStaff(_Entry):
    """Somebody at the support desk; kept by the gateway, not by the back end."""

    email: str = Field(..., regex=r"^[^@\s]+@[^@\s]+$")
    name: str = Field(..., min_length=1)
    password: str = Field(..., min_length=1)
    role: Literal["staff", "lead"] = "staff"


class SeedFile(_Entry):
    """The whole file; every section may be left out."""

    offices: list[SeedOffice] = []
    advisers: list[SeedAdviser] = []
    members: list[SeedMember] = []
    times: list[SeedTime] = []
    meetings: list[SeedMeeting] = []
    invitations: list[SeedInvitation] = []
    staff: list[SeedStaff] = []


@dataclass
class Known:
    """What the database has already, so that a file may refer to it."""

    offices: dict[str, Office] = field(default_factory=dict)
    advisers: set[str] = field(default_factory=set)
    office_of_member: dict[str, str] = field(default_factory=dict)


class Source:
    """A seed file that was read, with its lines; faults are gathered and raised together."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises SourceError for what is no YAML or not of the shape."""
        self.path, self.tree = path, read_yaml(path)
        self.file = build(path, self.tree, SeedFile)
        self.known = Known()
        self._faults: list[tuple[int, str]] = []

    def office(self, member: str) -> Office:
        """The office of a member, of this file or of the database."""
        return self._office_of[member]

    @cached_property
    def _office_of(self) -> dict[str, Office]:
        offices = self.known.offices | {
            one.id: Office(id=one.id, name=one.name, address=one.address)
            for one in self.file.offices
        }
        members = self.known.office_of_member | {one.id: one.office for one in self.file.members}
        return {member: offices[office] for member, office in members.items()}

    def line(self, *place: str | int) -> int:
        """The line of a place such as ('members', 2, 'office')."""
        return line_of(self.tree, place)

    def fault(self, what: str, *place: str | int) -> None:
        """Note a fault at a place."""
        line = self.line(*place)
        name = ".".join(str(part) for part in place)
        self._faults.append((line, f"{self.path}:{line}: {name}: {what}"))

    def raise_faults(self) -> None:
        """Raises SourceError with all faults, in the order of their lines; nothing if there are none."""
        if self._faults:
            raise SourceError("\n".join(text for _, text in sorted(self._faults)))


def read(path: Path, profile: Profile, known: Known) -> Source:
    """Read a seed file and check what its entries say of each other. Raises SourceError."""
    source = Source(path)
    source.known = known
    _unique(source)
    _references(source)
    _kinds(source, profile)
    source.raise_faults()
    return source


def _unique(source: Source) -> None:
    for section, name in (
        ("offices", "id"), ("advisers", "id"), ("members", "id"), ("members", "member_no"),
        ("members", "phone"), ("meetings", "id"), ("staff", "email"),
    ):  # fmt: skip
        seen: dict[str, int] = {}
        for place, value in _values(source, section, name):
            if value in seen:
                source.fault(f"{value!r} is there already, in line {seen[value]}", *place)
            else:
                seen[value] = source.line(*place)


def _references(source: Source) -> None:
    ids = {
        "office": {entry.id for entry in source.file.offices} | set(source.known.offices),
        "adviser": {entry.id for entry in source.file.advisers} | source.known.advisers,
        "member": {entry.id for entry in source.file.members} | set(source.known.office_of_member),
    }
    for section, name in (
        ("advisers", "office"), ("members", "office"), ("times", "office"), ("times", "adviser"),
        ("meetings", "member"), ("meetings", "adviser"), ("invitations", "member"),
    ):  # fmt: skip
        for place, value in _values(source, section, name):
            if value not in ids[name]:
                there = ", ".join(sorted(ids[name])) or "none"
                source.fault(f"no {name} {value!r}; there are: {there}", *place)


def _kinds(source: Source, profile: Profile) -> None:
    """A kind is the profile's; only the Jobcenter may have kinds that the a-kasse doesn't know."""
    ours = sorted(kind for kind, is_kind in profile.kinds.items() if is_kind.owner == "akasse")
    for number, time in enumerate(source.file.times):
        for index, kind in enumerate(time.kinds):
            if kind not in ours:
                source.fault(
                    f"{kind!r} is no kind of the a-kasse's; allowed: {', '.join(ours)}",
                    "times", number, "kinds", index,
                )  # fmt: skip
    for number, invitation in enumerate(source.file.invitations):
        if invitation.kind not in ours:
            source.fault(
                f"{invitation.kind!r} is no kind of the a-kasse's; allowed: {', '.join(ours)}",
                "invitations", number, "kind",
            )  # fmt: skip
    for number, meeting in enumerate(source.file.meetings):
        if meeting.kind not in profile.kinds and meeting.owner != "jobcenter":
            source.fault(
                f"{meeting.kind!r} is no kind of the profile's; allowed: "
                f"{', '.join(profile.kinds)}",
                "meetings", number, "kind",
            )  # fmt: skip


def _values(source: Source, section: str, name: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for number, entry in enumerate(getattr(source.file, section)):
        value = getattr(entry, name)
        if value is not None:
            yield (section, number, name), value
