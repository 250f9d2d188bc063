"""The inbox on Min side: its texts (`data/replies/inbox.yml`), one message for every change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from string import Formatter
from typing import Any, Optional, get_args

from babel.dates import format_date, format_datetime
from pydantic import BaseModel, validator
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.backend import tables
from bot.backend.contract import InboxMessage, Invitation, Meeting
from bot.backend.refusals import STATUS
from bot.clock import COPENHAGEN
from bot.profile import NoticeKind, Profile
from bot.settings import ROOT
from bot.yaml_source import load_model

MESSAGES = (
    "book", "afbud", "afbud_new_time", "move", "format", "contact", "participation",
    "participation_accepted", "participation_declined", "attendance_held", "attendance_missed",
    "assess_lawful", "assess_not_lawful", "invite", "invite_fixed",
)  # fmt: skip
PLACES = frozenset({
    "kind", "definite", "when", "where", "adviser", "old_when", "old_definite", "book_by", "reason",
    "receipt",
})  # fmt: skip


def checked_places(text: str, allowed: frozenset[str]) -> str:
    """The text, if it has no other placeholders. Raises ValueError."""
    strange = {name for _, name, _, _ in Formatter().parse(text) if name is not None} - allowed
    if strange:
        raise ValueError(
            f"unknown placeholder {', '.join(sorted(strange))}; allowed: {', '.join(sorted(allowed))}"
        )
    return text


class Template(BaseModel):
    """One message; its placeholders are those of PLACES."""

    title: str
    text: str

    class Config:
        extra = "forbid"

    @validator("title", "text")
    def _known_places(cls, value: str) -> str:
        return checked_places(value, PLACES)


NOTICE_PLACES = PLACES | {"day", "own_site", "title", "said"}


class Words(BaseModel):
    """How a place and an adviser stand in a sentence."""

    in_person: str
    in_person_no_place: str
    digital: str
    adviser: str

    class Config:
        extra = "forbid"


class NoticeTemplate(BaseModel):
    """One notice: for Min side, and as a text message that says nothing personal."""

    title: str
    text: str
    sms: str

    class Config:
        extra = "forbid"

    @validator("title", "text", "sms")
    def _known_places(cls, value: str) -> str:
        return checked_places(value, NOTICE_PLACES)


class CalendarWords(BaseModel):
    """What stands in a meeting's calendar file; `{akasse}` is the a-kasse's name."""

    summary: str
    description: str
    digital: str

    class Config:
        extra = "forbid"

    @validator("summary", "description")
    def _known_places(cls, value: str) -> str:
        return checked_places(value, PLACES | {"akasse"})


class Texts(BaseModel):
    """The whole file: a template for each of MESSAGES, a sentence for each refusal's code."""

    words: Words
    calendar: CalendarWords
    messages: dict[str, Template]
    notices: dict[NoticeKind, NoticeTemplate]
    refusals: dict[str, str]

    class Config:
        extra = "forbid"

    @validator("messages")
    def _all_messages(cls, value: dict[str, Template]) -> dict[str, Template]:
        return _exactly(value, MESSAGES)

    @validator("notices")
    def _all_notices(cls, value: dict[str, NoticeTemplate]) -> dict[str, NoticeTemplate]:
        return _exactly(value, get_args(NoticeKind))

    @validator("refusals")
    def _all_refusals(cls, value: dict[str, str]) -> dict[str, str]:
        return _exactly(value, STATUS)


def load_texts(path: Path = ROOT / "data" / "replies" / "inbox.yml") -> Texts:
    """Read and check the file. Raises SourceError."""
    return load_model(path, Texts)


def put(
    session: Session, member: str, at: datetime, template: Template, places: Mapping[str, str]
) -> tuple[str, str]:
    """Lay a message in the member's inbox; gives its title and text."""
    title = template.title.format_map(places)
    text = " ".join(template.text.format_map(places).split())
    session.execute(
        insert(tables.inbox).values(
            member_id=member, at=at, title=title, text=text, receipt=places["receipt"]
        )
    )
    return title, text


def messages(session: Session, member: str) -> list[InboxMessage]:
    """The member's inbox, newest first."""
    rows = session.execute(
        select(tables.inbox)
        .where(tables.inbox.c.member_id == member)
        .order_by(tables.inbox.c.id.desc())
    )
    return [
        InboxMessage(id=str(row.id), at=row.at, title=row.title, text=row.text, receipt=row.receipt)
        for row in rows
    ]


def places(
    texts: Texts,
    profile: Profile,
    receipt: str,
    meeting: Optional[Meeting],
    old: Optional[Meeting],
    invitation: Optional[Invitation],
) -> dict[str, str]:
    """What the placeholders stand for in this change; empty where it has no such thing."""
    found = dict.fromkeys(PLACES, "")
    found["receipt"] = receipt
    if invitation is not None:
        found["kind"] = profile.kind(invitation.kind).name
        found["definite"] = profile.kind(invitation.kind).definite
        found["book_by"], found["reason"] = day_text(invitation.book_by), invitation.reason
    if old is not None:
        found["old_definite"], found["old_when"] = profile.kind(old.kind).definite, _when(old.start)
    if meeting is not None:
        found["kind"] = profile.kind(meeting.kind).name
        found["definite"] = profile.kind(meeting.kind).definite
        found["when"], found["where"] = _when(meeting.start), _where(texts.words, meeting)
        if meeting.adviser:
            found["adviser"] = texts.words.adviser.format(adviser=meeting.adviser)
    return found


def _exactly(value: dict[str, Any], wanted: Any) -> dict[str, Any]:
    missing, strange = set(wanted) - set(value), set(value) - set(wanted)
    if missing or strange:
        raise ValueError(
            f"missing: {', '.join(sorted(missing)) or 'nothing'}; "
            f"not known: {', '.join(sorted(strange)) or 'nothing'}"
        )
    return value


def _where(words: Words, meeting: Meeting) -> str:
    if meeting.format == "digital":
        return words.digital
    return (
        words.in_person.format(place=meeting.place) if meeting.place else words.in_person_no_place
    )


def _when(instant: datetime) -> str:
    local = instant.astimezone(COPENHAGEN)
    return str(format_datetime(local, "EEEE 'den' d. MMMM y 'kl.' HH.mm", locale="da"))


def day_text(day: date) -> str:
    """Weekday and date, as they stand in a sentence."""
    return str(format_date(day, "EEEE 'den' d. MMMM y", locale="da"))
