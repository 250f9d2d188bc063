"""The a-kasse's profile: what differs between a-kasser and moves with the law, as typed data."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Optional

import holidays
from pydantic import BaseModel, Field, root_validator, validator

from bot.settings import ROOT
from bot.yaml_source import SourceError, load_model

NoticeKind = Literal["time_to_book", "deadline", "meeting_tomorrow", "receipt"]
Format = Literal["in_person", "digital"]
Weekday = Literal["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
WEEKDAYS: tuple[Weekday, ...] = (
    "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag",
)  # fmt: skip


class _Part(BaseModel):
    class Config:
        extra = "forbid"
        allow_mutation = False


class Source(_Part):
    """The page that every answer rests on, as it is shown under an answer."""

    title: str
    page_date: date
    url: Optional[str] = None


class Fact(_Part):
    """One numbered fact of the page and the section that it stands in."""

    section: str
    text: str


class Timing(_Part):
    """When a kind of meeting falls due, counted from the first day of unemployment.

    `wordings`: the page's own words before the number of months ("knap", "efter"), where it has more
    than one and so is unclear; answers then name them all. `apart_days`: how long after one another the
    meetings of a pair around the same mark fall due (our assumption, no answer tells it).
    """

    within_days: Optional[int] = Field(default=None, ge=1)
    around_months: Optional[int] = Field(default=None, ge=1)
    every_months: Optional[int] = Field(default=None, ge=1)
    before_month: Optional[int] = Field(default=None, ge=1)
    apart_days: int = Field(30, ge=1)
    wordings: tuple[str, ...] = ()

    @root_validator
    def _some_timing(cls, values: dict[str, Any]) -> dict[str, Any]:
        if not any(values.get(name) for name in ("within_days", "around_months", "every_months")):
            raise ValueError("give within_days, around_months or every_months")
        return values


class MeetingKind(_Part):
    """A kind of meeting. Names are Danish, as they stand in the middle of a sentence."""

    name: str
    article: Literal["en", "et"] = "en"
    definite: str
    plural: str
    owner: Literal["akasse", "jobcenter"]
    booked_by: Literal["member", "akasse", "jobcenter_site"]
    count: Optional[int] = Field(default=None, ge=1)
    timing: Optional[Timing] = None
    formats: list[Format] = Field(..., min_items=1)
    minutes: int = Field(45, ge=5, le=480)


class AbsenceReason(_Part):
    """A category of reason for afbud; `named` where the page itself names it as an example.

    `full_name`: how answers name it where the short `name` says less than the page.
    """

    name: str
    named: bool
    full_name: Optional[str] = None


class Hours(_Part):
    """Opening hours of one weekday, local time."""

    opens: time
    closes: time

    @root_validator
    def _in_order(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("opens") and values.get("closes") and values["opens"] >= values["closes"]:
            raise ValueError("opens must lie before closes")
        return values


class Support(_Part):
    """How members reach people. `escalate_minutes`: an unclaimed case is marked after that long."""

    phone: str
    hours: dict[Weekday, Hours]
    escalate_minutes: int = Field(15, ge=1)

    @validator("hours", pre=True)
    def _clock_times(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {day: _hours(span) for day, span in value.items()}


class Notices(_Part):
    """What members are told unasked, and when; clocks are local.

    `deadline_days`: so many days before a deadline the member is reminded of it. `at`: when on that
    day, and the day before a meeting. In `quiet` ("20.00-8.00", over midnight too) nothing is due.
    """

    send: tuple[NoticeKind, ...] = ("time_to_book", "deadline", "meeting_tomorrow", "receipt")
    deadline_days: tuple[int, ...] = (3, 1)
    at: time = time(9)
    quiet: Optional[tuple[time, time]] = (time(20), time(8))

    @validator("deadline_days", each_item=True)
    def _some_days(cls, days: int) -> int:
        if not 1 <= days <= 60:
            raise ValueError("a number of days from 1 to 60 is expected")
        return days

    @validator("at", pre=True)
    def _clock(cls, value: Any) -> Any:
        if not isinstance(value, (str, time)):  # unquoted, YAML reads 9.00 as a number
            raise ValueError("write the clock in quotes: '9.00'")
        return value.replace(".", ":").zfill(5) if isinstance(value, str) else value

    @validator("quiet", pre=True)
    def _ends(cls, value: Any) -> Any:
        span = _hours(value)
        return (span["opens"], span["closes"]) if isinstance(span, dict) else span


class AutomaticCourse(_Part):
    """How the back end itself calls in to the meetings of `kinds`; all of it is our assumption.

    `invite_days`: so long before its mark a meeting is called for. `book_days`: how long the member has
    at least. `notice_days`: how far ahead a fixed time lies at least.
    """

    automatic: bool = True
    invite_days: int = Field(default=21, ge=0)
    book_days: int = Field(default=14, ge=1)
    notice_days: int = Field(default=3, ge=0)


class Keep(_Part):
    """Days after which a kind of data is erased, or masked, by the gateway's upkeep.

    `conversations`: messages, notes, what was offered. `logs`: who changed and who looked at what.
    `absence_notes`: a member's own words about an afbud, which may be health data (masked in the
    desk's answers and files). `unanswered`: masked messages that the bot could not answer.
    """

    conversations: int = Field(default=730, ge=1)
    absence_notes: int = Field(default=365, ge=1)
    logs: int = Field(default=1825, ge=1)
    unanswered: int = Field(default=365, ge=1)


class DeskRules(_Part):
    """The support desk. `answer_minutes`: opening minutes within which members are told to expect
    an answer, unless waits have been longer lately."""

    answer_minutes: int = Field(default=20, ge=1)
    keep: Keep = Keep()


class TextMessages(_Part):
    """Words that act when they are the whole text message; capitals and punctuation do not matter.

    `keywords`: the intent that each stands for.
    """

    stop: tuple[str, ...] = ("STOP",)
    start: tuple[str, ...] = ("START",)
    keywords: dict[str, str] = {}

    @root_validator
    def _never_an_opt_out(cls, values: dict[str, Any]) -> dict[str, Any]:
        words = [word.casefold() for name in ("stop", "start") for word in values.get(name, ())]
        twice = {word for word in words if words.count(word) > 1}
        clash = twice | {word for word in values.get("keywords", {}) if word.casefold() in words}
        if clash:
            raise ValueError(f"{', '.join(sorted(clash))} can't mean two things")
        if any("afbud" in word or "aflys" in word for word in words):
            raise ValueError(
                "'afbud' and 'aflys' give a meeting up; they never end or begin messages"
            )
        return values


class Place(_Part):
    """An office that members can come to, as answers name it; who works there is the back end's."""

    name: str
    address: str


class Systems(_Part):
    """Names of the systems that members meet."""

    own_site: str
    inbox: str
    jobcenter_site: str
    registration: str


class Profile(_Part):
    """One a-kasse's dated profile file, `data/profiles/<id>.yml`."""

    id: str
    name: str
    valid_from: date
    source: Source
    systems: Systems
    support: Support
    offices: tuple[Place, ...] = ()
    kinds: dict[str, MeetingKind]
    reasons: dict[str, AbsenceReason]
    joblog_per_week: int = Field(..., ge=0)
    doubt_after_months: Optional[int] = None
    akasse_joins_jobcenter: bool
    rebook_days: int = Field(..., ge=1)
    proposal_minutes: int = Field(30, ge=1)
    holidays: Optional[str] = "DK"
    closing_days: tuple[date, ...] = ()
    closed_every_year: tuple[str, ...] = ()
    notices: Notices = Notices()
    course: AutomaticCourse = AutomaticCourse()
    desk: DeskRules = DeskRules()
    sms: TextMessages = TextMessages()
    facts: dict[str, Fact]

    @validator("holidays")
    def _known_country(cls, country: Optional[str]) -> Optional[str]:
        if country is not None and country not in holidays.list_supported_countries():
            raise ValueError(f"{country!r} is no country of the library `holidays`, such as DK")
        return country

    @validator("closed_every_year", each_item=True)
    def _month_and_day(cls, day: str) -> str:
        try:
            date.fromisoformat(f"2028-{day}")  # a leap year: 02-29 is a day
        except ValueError as error:
            raise ValueError(f"{day!r} is no day of the year; write it as '12-24'") from error
        return day

    @validator("kinds")
    def _a_kind_each_owner(cls, kinds: dict[str, MeetingKind]) -> dict[str, MeetingKind]:
        if not any(kind.owner == "akasse" for kind in kinds.values()):
            raise ValueError("at least one kind must belong to the a-kasse (owner: akasse)")
        return kinds

    @validator("reasons")
    def _has_other(cls, reasons: dict[str, AbsenceReason]) -> dict[str, AbsenceReason]:
        if "other" not in reasons or reasons["other"].named:
            raise ValueError(
                "a reason 'other' with named: false is needed for what fits no category"
            )
        return reasons

    def kind(self, kind: str) -> MeetingKind:
        """The kind, or a neutral one for a kind that this profile no longer has."""
        return self.kinds.get(kind) or MeetingKind(
            name=kind, definite=kind, plural=kind, owner="akasse", booked_by="akasse",
            formats=["in_person"],
            count=None,
            minutes=45,
        )  # fmt: skip

    def is_closed(self, day: date) -> bool:
        """True on a public holiday of `holidays`, and on the a-kasse's own closing days."""
        return (
            day in self.closing_days
            or f"{day:%m-%d}" in self.closed_every_year
            or (self.holidays is not None and day in _public_holidays(self.holidays, day.year))
        )

    def reason(self, reason: str) -> AbsenceReason:
        """The reason's category, `other` for one that this profile does not have."""
        return self.reasons.get(reason, self.reasons["other"])


@lru_cache(maxsize=64)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def _hours(span: Any) -> Any:
    """'9.00-15.30' as an editor writes it, to the two ends."""
    if not isinstance(span, str):
        return span
    ends = span.replace(".", ":").split("-")
    if len(ends) != 2:
        raise ValueError(f"{span!r} is no opening time; write it as '9.00-15.30'")
    return {"opens": ends[0].strip().zfill(5), "closes": ends[1].strip().zfill(5)}


def load_profile(name: str, folder: Path = ROOT / "data" / "profiles") -> Profile:
    """Read and check `<folder>/<name>.yml`. Raises SourceError."""
    path = folder / f"{name}.yml"
    if not path.exists():
        there = ", ".join(sorted(file.stem for file in folder.glob("*.yml"))) or "none"
        raise SourceError(f"{path}: no profile of that name; MOEDEKLAR_PROFILE may be: {there}")
    profile = load_model(path, Profile)
    if profile.id != name:
        raise SourceError(f"{path}:1: id is {profile.id!r}; it must be the file's name, {name!r}")
    return profile


@lru_cache(maxsize=4)
def profile(name: str) -> Profile:
    """`load_profile`, read once a process."""
    return load_profile(name)
