"""Automatic invitations of the course, and the outbox of notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_UNTOLD = sa.text("told_at IS NULL")
_LIVE = sa.text("status = 'booked'")


def upgrade() -> None:
    op.add_column("members", sa.Column("course_from", sa.Date))
    op.add_column("members", sa.Column("course_checked", sa.Date))
    op.add_column("meetings", sa.Column("made_at", sa.DateTime))
    op.create_index(
        "live_meetings_by_start", "meetings", ["starts_at"],
        sqlite_where=_LIVE, postgresql_where=_LIVE,
    )  # fmt: skip
    op.create_index("meetings_by_replaced", "meetings", ["replaces"])
    op.add_column(
        "invitations", sa.Column("source", sa.String(16), nullable=False, server_default="given")
    )
    op.add_column("invitations", sa.Column("step", sa.String(80)))
    op.add_column("invitations", sa.Column("made_at", sa.DateTime))
    op.add_column("invitations", sa.Column("told_at", sa.DateTime))
    op.create_index(
        "untold_invitations", "invitations", ["book_by"],
        sqlite_where=_UNTOLD, postgresql_where=_UNTOLD,
    )  # fmt: skip
    op.create_index(
        "one_invitation_per_step", "invitations", ["member_id", "step"], unique=True
    )
    op.create_index("invitations_by_deadline", "invitations", ["book_by"])
    _notices()


def downgrade() -> None:
    op.drop_table("notices")
    for index, table in (
        ("untold_invitations", "invitations"),
        ("invitations_by_deadline", "invitations"),
        ("one_invitation_per_step", "invitations"),
        ("meetings_by_replaced", "meetings"),
        ("live_meetings_by_start", "meetings"),
    ):
        op.drop_index(index, table)
    for table, column in (
        ("invitations", "told_at"), ("invitations", "made_at"), ("invitations", "step"),
        ("invitations", "source"), ("meetings", "made_at"), ("members", "course_checked"),
        ("members", "course_from"),
    ):  # fmt: skip
        op.drop_column(table, column)


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("member_id", sa.String(64), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("days_before", sa.Integer),
        sa.Column("book_by", sa.Date),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sms", sa.Text, nullable=False),
        sa.Column("said_in", sa.String(16)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reported_at", sa.DateTime),
        sa.Column("reason", sa.String(200)),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'dropped')", name="state"
        ),
    )
    op.create_index("notices_by_state", "notices", ["state", "due_at", "id"])
    op.create_index("notices_of_subject", "notices", ["subject", "kind"])
    op.create_index("notices_of_member", "notices", ["member_id", "id"])
