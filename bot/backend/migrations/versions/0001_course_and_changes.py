"""Members, their contact course, free times, and the proof of every change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_OVERLAPS = """
    SELECT RAISE(ABORT, 'no_overlap_for_member') WHERE EXISTS (
        SELECT 1 FROM meetings AS other
        WHERE other.member_id = NEW.member_id AND other.status = 'booked' AND other.id <> NEW.id
        AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
    )
"""


def upgrade() -> None:
    _people()
    _times()
    _meetings()
    _proof()
    _refuse_overlap()


def downgrade() -> None:
    for table in (
        "idempotency_keys", "inbox", "log", "invitations", "meetings", "time_kinds", "times",
        "members", "advisers", "offices",
    ):  # fmt: skip
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "offices",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
    )
    op.create_table(
        "advisers",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("office_id", sa.String(64), sa.ForeignKey("offices.id"), nullable=False),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("member_no", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(20), unique=True),
        sa.Column("office_id", sa.String(64), sa.ForeignKey("offices.id"), nullable=False),
        sa.Column("unemployed_since", sa.Date, nullable=False),
    )


def _times() -> None:
    op.create_table(
        "times",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("office_id", sa.String(64), sa.ForeignKey("offices.id"), nullable=False),
        sa.Column("adviser_id", sa.String(64), sa.ForeignKey("advisers.id"), nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime, nullable=False),
        sa.Column("in_person", sa.Boolean, nullable=False),
        sa.Column("digital", sa.Boolean, nullable=False),
        sa.Column("offered", sa.Boolean, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("in_person OR digital", name="some_format"),
    )
    op.create_index("times_of_office", "times", ["office_id", "starts_at"])
    op.create_index(
        "one_time_per_adviser_and_start", "times", ["adviser_id", "starts_at"], unique=True
    )
    op.create_table(
        "time_kinds",
        sa.Column("time_id", sa.String(64), sa.ForeignKey("times.id"), primary_key=True),
        sa.Column("kind", sa.String(64), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
    )


def _meetings() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(16), nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime, nullable=False),
        sa.Column("format", sa.String(16), nullable=False),
        sa.Column("place", sa.String(500)),
        sa.Column("adviser_id", sa.String(64), sa.ForeignKey("advisers.id")),
        sa.Column("time_id", sa.String(64), sa.ForeignKey("times.id")),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("replaces", sa.String(64), sa.ForeignKey("meetings.id")),
        sa.Column("afbud_reason", sa.String(64)),
        sa.Column("afbud_note", sa.Text),
        sa.Column("afbud_assessment", sa.String(16)),
        sa.Column("afbud_at", sa.DateTime),
        sa.Column("contact_at", sa.DateTime),
        sa.Column("contact_channel", sa.String(16)),
        sa.Column("participation", sa.String(16)),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("owner IN ('akasse', 'jobcenter')", name="owner"),
        sa.CheckConstraint("format IN ('in_person', 'digital')", name="format"),
        sa.CheckConstraint("status IN ('booked', 'cancelled', 'held', 'missed')", name="status"),
        sa.CheckConstraint("(afbud_reason IS NULL) = (afbud_at IS NULL)", name="afbud_whole"),
        sa.CheckConstraint(
            "(contact_at IS NULL) = (contact_channel IS NULL)", name="contact_whole"
        ),
    )
    op.create_index("meetings_of_member", "meetings", ["member_id", "starts_at"])
    op.create_index("meetings_of_adviser", "meetings", ["adviser_id", "starts_at"])
    live = sa.text("status = 'booked'")
    op.create_index(
        "one_live_meeting_per_time", "meetings", ["time_id"], unique=True,
        sqlite_where=live, postgresql_where=live,
    )  # fmt: skip
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("book_by", sa.Date, nullable=False),
        sa.Column("meeting_id", sa.String(64), sa.ForeignKey("meetings.id"), unique=True),
    )
    op.create_index("invitations_of_member", "invitations", ["member_id", "book_by"])


def _proof() -> None:
    op.create_table(
        "log",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("member_id", sa.String(64), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("actor", sa.String(320), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("meeting_id", sa.String(64), sa.ForeignKey("meetings.id")),
        sa.Column("receipt", sa.String(16), unique=True),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
        sa.Column("detail", sa.JSON),
    )
    op.create_index("log_of_member", "log", ["member_id", "id"])
    op.create_index("log_of_meeting", "log", ["meeting_id"])
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("member_id", sa.String(64), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("receipt", sa.String(16)),
    )
    op.create_index("inbox_of_member", "inbox", ["member_id", "id"])
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("answer", sa.JSON),
    )


def _refuse_overlap() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            "ALTER TABLE meetings ADD CONSTRAINT no_overlap_for_member EXCLUDE USING gist "
            "(member_id WITH =, tsrange(starts_at, ends_at) WITH &&) WHERE (status = 'booked')"
        )
        return
    for name, event in (
        ("no_overlap_for_member_insert", "INSERT"),
        ("no_overlap_for_member_update", "UPDATE OF member_id, starts_at, ends_at, status"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON meetings "
            f"WHEN NEW.status = 'booked' BEGIN {_OVERLAPS}; END"
        )
