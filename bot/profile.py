"""The a-kasse's profile: what differs between a-kasser and moves with the law, as typed data."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Optional

from pydantic import BaseModel, Field, root_validator, validator

from bot.settings import ROOT
from bot.yaml_source import SourceError, load_model

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
    than one and so is unclear; answers then name them all.
    """

    within_days: Optional[int] = Field(None, ge=1)
    around_months: Optional[int] = Field(None, ge=1)
    every_months: Optional[int] = Field(None, ge=1)
    before_month: Optional[int] = Field(None, ge=1)
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
    count: Optional[int] = Field(None, ge=1)
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
    kinds: dict[str, MeetingKind]
    reasons: dict[str, AbsenceReason]
    joblog_per_week: int = Field(..., ge=0)
    doubt_after_months: Optional[int] = None
    akasse_joins_jobcenter: bool
    rebook_days: int = Field(..., ge=1)
    proposal_minutes: int = Field(30, ge=1)
    closing_days: tuple[date, ...] = ()
    facts: dict[str, Fact]

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

    def reason(self, reason: str) -> AbsenceReason:
        """The reason's category, `other` for one that this profile does not have."""
        return self.reasons.get(reason, self.reasons["other"])


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
