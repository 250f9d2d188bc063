"""The back end's tables. What must never happen is refused here, by the database itself.

The overlap of one member's live meetings is refused by a trigger (SQLite) or an exclusion constraint
(PostgreSQL): both stand in the first migration and raise with the name NO_OVERLAP.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from bot.database import UtcInstant

MIGRATIONS = Path(__file__).parent / "migrations"
"""The Alembic folder that makes these tables."""

ONE_PER_TIME = "one_live_meeting_per_time"
"""Unique index: a free time has at most one live (booked) meeting."""

NO_OVERLAP = "no_overlap_for_member"
"""Trigger or exclusion constraint: no two live meetings of one member overlap."""

ONE_PER_STEP = "one_invitation_per_step"
"""Unique index: the automatic course calls a member in to each step once."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

offices = Table(
    "offices",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("address", String(300), nullable=False),
)

advisers = Table(
    "advisers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("office_id", ForeignKey("offices.id"), nullable=False),
)

# course_from: the local day since which the records here are whole; course_checked: the last day on
# which the automatic course looked at the member (see automatic.py).
members = Table(
    "members",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("member_no", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("phone", String(20), unique=True),
    Column("office_id", ForeignKey("offices.id"), nullable=False),
    Column("unemployed_since", Date, nullable=False),
    Column("course_from", Date),
    Column("course_checked", Date),
)

# offered: false where the adviser is taken by a meeting that has a time of its own (see seed.py).
times = Table(
    "times",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("office_id", ForeignKey("offices.id"), nullable=False),
    Column("adviser_id", ForeignKey("advisers.id"), nullable=False),
    Column("starts_at", UtcInstant, nullable=False),
    Column("ends_at", UtcInstant, nullable=False),
    Column("in_person", Boolean, nullable=False),
    Column("digital", Boolean, nullable=False),
    Column("offered", Boolean, nullable=False),
    CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    CheckConstraint("in_person OR digital", name="some_format"),
    Index("times_of_office", "office_id", "starts_at"),
    Index("one_time_per_adviser_and_start", "adviser_id", "starts_at", unique=True),
)

# place: the order in which the kinds were given; booking prefers the first.
time_kinds = Table(
    "time_kinds",
    metadata,
    Column("time_id", ForeignKey("times.id"), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("place", Integer, nullable=False),
)

# A meeting without a time is the Jobcenter's, or one that was never among the free times.
meetings = Table(
    "meetings",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("owner", String(16), nullable=False),
    Column("starts_at", UtcInstant, nullable=False),
    Column("ends_at", UtcInstant, nullable=False),
    Column("format", String(16), nullable=False),
    Column("place", String(500)),
    Column("adviser_id", ForeignKey("advisers.id")),
    Column("time_id", ForeignKey("times.id")),
    Column("status", String(16), nullable=False),
    Column("replaces", ForeignKey("meetings.id")),
    Column("afbud_reason", String(64)),
    Column("afbud_note", Text),
    Column("afbud_assessment", String(16)),
    Column("afbud_at", UtcInstant),
    Column("contact_at", UtcInstant),
    Column("contact_channel", String(16)),
    Column("participation", String(16)),
    Column("made_at", UtcInstant),
    CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    CheckConstraint("owner IN ('akasse', 'jobcenter')", name="owner"),
    CheckConstraint("format IN ('in_person', 'digital')", name="format"),
    CheckConstraint("status IN ('booked', 'cancelled', 'held', 'missed')", name="status"),
    CheckConstraint("(afbud_reason IS NULL) = (afbud_at IS NULL)", name="afbud_whole"),
    CheckConstraint("(contact_at IS NULL) = (contact_channel IS NULL)", name="contact_whole"),
    Index("meetings_of_member", "member_id", "starts_at"),
    Index("meetings_of_adviser", "adviser_id", "starts_at"),
    Index("meetings_by_replaced", "replaces"),
    Index(
        "live_meetings_by_start",
        "starts_at",
        sqlite_where=text("status = 'booked'"),
        postgresql_where=text("status = 'booked'"),
    ),
    Index(
        ONE_PER_TIME,
        "time_id",
        unique=True,
        sqlite_where=text("status = 'booked'"),
        postgresql_where=text("status = 'booked'"),
    ),
)

# Open or expired while no meeting covers it: which of the two is a question to the clock.
# source: given (seeded), staff, course (automatic, with its step such as `raadighed:1`) or afbud.
# made_at is empty for what was seeded: it was there long before. told_at: when the outbox first spoke of it.
invitations = Table(
    "invitations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("book_by", Date, nullable=False),
    Column("meeting_id", ForeignKey("meetings.id"), unique=True),
    Column("source", String(16), nullable=False, server_default="given"),
    Column("step", String(80)),
    Column("made_at", UtcInstant),
    Column("told_at", UtcInstant),
    Index("invitations_of_member", "member_id", "book_by"),
    Index(ONE_PER_STEP, "member_id", "step", unique=True),
    Index("invitations_by_deadline", "book_by"),
    Index(
        "untold_invitations",
        "book_by",
        sqlite_where=text("told_at IS NULL"),
        postgresql_where=text("told_at IS NULL"),
    ),
)

log = Table(
    "log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcInstant, nullable=False),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("actor", String(320), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("action", String(16), nullable=False),
    Column("meeting_id", ForeignKey("meetings.id")),
    Column("receipt", String(16), unique=True),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Column("detail", JSON(none_as_null=True)),
    Index("log_of_member", "member_id", "id"),
    Index("log_of_meeting", "meeting_id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcInstant, nullable=False),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("title", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("receipt", String(16)),
    Index("inbox_of_member", "member_id", "id"),
)

# answer is null only inside the transaction that is making it.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("status", Integer),
    Column("answer", JSON(none_as_null=True)),
)

# The outbox. subject: the invitation, meeting or receipt that it is about; said_in: the channel where
# the member was told already, by the chat itself.
notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("days_before", Integer),
    Column("book_by", Date),
    Column("due_at", UtcInstant, nullable=False),
    Column("title", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("sms", Text, nullable=False),
    Column("said_in", String(16)),
    Column("state", String(16), nullable=False),
    Column("reported_at", UtcInstant),
    Column("reason", String(200)),
    CheckConstraint("state IN ('waiting', 'sent', 'failed', 'dropped')", name="state"),
    Index("notices_by_state", "state", "due_at", "id"),
    Index("notices_of_subject", "subject", "kind"),
    Index("notices_of_member", "member_id", "id"),
)
