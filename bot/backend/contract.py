"""Request and answer types of the back end's API: written once, used by the server and by the client.

All instants are aware and in UTC; `book_by` is a local date (Europe/Copenhagen): the act and the
meeting both lie before the end of that day. Kinds and reasons are ids of the a-kasse's profile.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, Optional

from pydantic import BaseModel, Field, root_validator, validator
from pydantic.fields import SHAPE_SINGLETON, ModelField

from bot.backend.document import EXAMPLES, TOGETHER

Format = Literal["in_person", "digital"]
Owner = Literal["akasse", "jobcenter"]
MeetingStatus = Literal["booked", "cancelled", "held", "missed"]
Assessment = Literal["named", "to_assess", "lawful", "not_lawful"]
ParticipationStatus = Literal["requested", "accepted", "declined"]
InvitationStatus = Literal["open", "booked", "expired"]
Action = Literal[
    "book", "afbud", "move", "format", "contact", "participation", "attendance", "assess", "invite",
    "notice",
]  # fmt: skip
Channel = Literal["min_side", "sms", "desk"]
StepStatus = Literal["before", "later", "due", "invited", "expired", "booked", "held", "missed"]
NoticeKind = Literal["time_to_book", "deadline", "meeting_tomorrow", "receipt"]
NoticeState = Literal["waiting", "sent", "failed", "dropped"]


class Wire(BaseModel):
    """Base of everything that goes over the wire: unknown fields are refused."""

    class Config:
        extra = "forbid"

        @staticmethod
        def schema_extra(schema: dict[str, Any], model: type[BaseModel]) -> None:
            """pydantic 1 leaves out that an optional field may be null; the document has to say it."""
            for name, field in model.__fields__.items():
                optional = field.allow_none and not field.required  # a Literal always allows none
                if optional and name in schema.get("properties", {}):
                    said = schema["properties"][name]
                    title = {"title": said.pop("title")} if "title" in said else {}
                    schema["properties"][name] = {"anyOf": [said, {"type": "null"}], **title}
            schema.update(TOGETHER.get(model.__name__, {}))
            if model.__name__ in EXAMPLES:
                schema["examples"] = [EXAMPLES[model.__name__]]

    @validator("*", pre=True)
    def _storable(cls, value: Any, field: ModelField) -> Any:
        """Text is text, not a number; what no database takes (NUL, lone surrogates) is refused."""
        is_text = isinstance(field.type_, type) and issubclass(field.type_, str)
        if is_text and field.shape == SHAPE_SINGLETON and not isinstance(value, (str, type(None))):
            raise ValueError("text is expected")
        if isinstance(value, str) and ("\x00" in value or not _encodable(value)):
            raise ValueError("text with characters that can't be stored")
        return value


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


class Office(Wire):
    """A lokalafdeling."""

    id: str
    name: str
    address: str


class Member(Wire):
    """A member as the a-kasse knows them; without a phone no text messages."""

    id: str
    member_no: str
    name: str
    phone: Optional[str]
    office: Office
    unemployed_since: date


class Afbud(Wire):
    """The afbud of a cancelled meeting. The note is the member's own words; it may be health data."""

    reason: str
    note: Optional[str]
    assessment: Assessment
    at: datetime


class Contact(Wire):
    """When the member got in touch after a missed meeting, and where."""

    at: datetime
    channel: Channel


class Meeting(Wire):
    """A meeting of the member's course; a Jobcenter's is shown, never changed."""

    id: str
    kind: str
    owner: Owner
    start: datetime
    end: datetime
    format: Format
    place: Optional[str]
    adviser: Optional[str]
    status: MeetingStatus
    afbud: Optional[Afbud] = None
    contact: Optional[Contact] = None
    participation: Optional[ParticipationStatus] = None


class Invitation(Wire):
    """A call to book (or a call-in); `reason` is for the member's eyes and may be empty."""

    id: str
    kind: str
    reason: str
    book_by: date
    status: InvitationStatus


class NextStep(Wire):
    """What the member has to book next, and by when."""

    kind: str
    book_by: date


class Course(Wire):
    """The member's contact course as it stands now."""

    unemployed_since: date
    phase: str
    next: Optional[NextStep]
    invitations: list[Invitation]
    meetings: list[Meeting]


class CourseStep(Wire):
    """One meeting of the course: called for from `opens`, to be held by `due` (local days).

    `before`: it was over when the member's records began here. `later`: not called for yet. `due`: the
    call is on its way. `expired`: called for, and the deadline has passed.
    """

    kind: str
    number: int
    status: StepStatus
    opens: date
    due: date
    meeting: Optional[str]
    invitation: Optional[str]


class FreeTime(Wire):
    """A time that can be booked."""

    id: str
    start: datetime
    end: datetime
    kinds: list[str]
    formats: list[Format]
    office: Office
    adviser: str


class InboxMessage(Wire):
    """One message in the inbox on Min side, newest first in lists."""

    id: str
    at: datetime
    title: str
    text: str
    receipt: Optional[str]


class LogRow(Wire):
    """One change, as proof. `before` and `after` are meetings (or invitations) as they were shown."""

    at: datetime
    actor: str
    channel: str
    action: Action
    meeting: Optional[str]
    receipt: Optional[str]
    before: Optional[dict[str, Any]]
    after: Optional[dict[str, Any]]
    detail: Optional[dict[str, Any]]


class Change(Wire):
    """Proof of a change: receipt number, the meeting as it now is, and the one it took the place of."""

    receipt: str
    at: datetime
    meeting: Meeting
    replaced: Optional[Meeting] = None


class Invited(Wire):
    """Proof of an invitation by staff; `meeting` is there when it came with a fixed time."""

    receipt: str
    at: datetime
    invitation: Invitation
    meeting: Optional[Meeting] = None


class Lookup(Wire):
    """Find a member by phone number in E.164 (`+4520000001`)."""

    phone: str = Field(..., min_length=3, max_length=20)


class Book(Wire):
    """Take a free time. `kind` says which, where the time suits several; else the back end finds it."""

    time: str
    format: Format
    kind: Optional[str] = None


class GiveAfbud(Wire):
    """Give up a meeting; with `new_time` both happen or neither."""

    reason: str
    note: Optional[str] = Field(default=None, max_length=2000)
    new_time: Optional[str] = None
    new_format: Optional[Format] = None

    @root_validator
    def _format_needs_time(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("new_format") and not values.get("new_time"):
            raise ValueError("new_format goes with new_time")
        return values


class Move(Wire):
    """Move a meeting to another free time; the format stays unless given."""

    new_time: str
    format: Optional[Format] = None


class ChangeFormat(Wire):
    """Hold the meeting digitally, or in person."""

    format: Format


class RegisterContact(Wire):
    """The member's first message about a missed meeting arrived at `at` (ISO 8601 with an offset)."""

    at: datetime

    @validator("at", pre=True)
    def _no_number(cls, value: Any) -> Any:
        if not isinstance(value, (str, datetime)):
            raise ValueError("an ISO 8601 time with an offset is expected")
        return value

    @validator("at")
    def _aware(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("an ISO 8601 time with an offset is expected")
        return value


class RequestParticipation(Wire):
    """Ask that the a-kasse joins a Jobcenter meeting (an empty body)."""


class Attendance(Wire):
    """Staff: whether the member turned up."""

    status: Literal["held", "missed"]


class Assess(Wire):
    """Staff: what the a-kasse decided about an afbud's reason."""

    assessment: Literal["lawful", "not_lawful"]


class AnswerParticipation(Wire):
    """Staff: whether the a-kasse joins the Jobcenter meeting."""

    participation: Literal["accepted", "declined"]


class Invite(Wire):
    """Staff: call the member in, to book by a date or to a fixed time (of the free times)."""

    kind: str
    reason: str = Field(..., min_length=1, max_length=500)
    book_by: Optional[date] = None
    time: Optional[str] = None
    format: Optional[Format] = None

    @root_validator
    def _by_or_at(cls, values: dict[str, Any]) -> dict[str, Any]:
        if (values.get("book_by") is None) == (values.get("time") is None):
            raise ValueError("give book_by or time, one of the two")
        return values


class Notice(Wire):
    """What a member is to be told unasked. `text` is for Min side, `sms` says nothing personal.

    `due`: not to be delivered before. `said_in`: the chat where the member made the change and saw its
    receipt already; the notice is for other channels. `dropped`: overtaken before it was delivered.
    """

    id: str
    kind: NoticeKind
    member: str
    due: datetime
    title: str
    text: str
    sms: str
    meeting: Optional[str]
    invitation: Optional[str]
    receipt: Optional[str]
    said_in: Optional[Channel]
    state: NoticeState
    reported_at: Optional[datetime]
    reason: Optional[str]


class NoticeFailed(Wire):
    """Why a notice could not be delivered, in a word for staff (no member's words, no number)."""

    reason: str = Field("", max_length=200)


class ErrorBody(Wire):
    """What went wrong: a code to act on, a Danish sentence that a member may read."""

    code: str
    message: str


class ErrorEnvelope(Wire):
    """Every error of every HTTP edge."""

    error: ErrorBody
