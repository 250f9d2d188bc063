"""Text messages: phones, what came in, one-time codes, the outbox, the simulator's phones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcInstant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RISING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ANONYMOUS = sa.text("member IS NULL")
UNTOLD = sa.text("told IS NULL")


def upgrade() -> None:
    """Build the tables; conversations may belong to a phone alone."""
    op.add_column("conversations", sa.Column("phone", sa.String(length=20), nullable=True))
    op.create_index(
        "uq_conversations_anonymous_phone",
        "conversations",
        ["phone"],
        unique=True,
        sqlite_where=ANONYMOUS,
        postgresql_where=ANONYMOUS,
    )
    op.add_column("turns", sa.Column("challenge_id", sa.String(length=36), nullable=True))
    op.create_index("ix_turns_challenge_id", "turns", ["challenge_id"])
    op.create_table(
        "sms_phones",
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("member", sa.String(length=100), nullable=True),
        sa.Column("verified_until", UtcInstant(), nullable=True),
        sa.Column("stopped_at", UtcInstant(), nullable=True),
        sa.Column("warned_at", UtcInstant(), nullable=True),
        sa.Column("notice_meeting", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("phone", name="pk_sms_phones"),
    )
    op.create_index("ix_sms_phones_member", "sms_phones", ["member"])
    op.create_table(
        "sms_inbox",
        sa.Column("id", RISING, autoincrement=True, nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("received_at", UtcInstant(), nullable=False),
        sa.Column("received_wall", UtcInstant(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.CheckConstraint("status IN ('new', 'done')", name="ck_sms_inbox_status"),
        sa.PrimaryKeyConstraint("id", name="pk_sms_inbox"),
        sa.UniqueConstraint("provider", "provider_id", name="uq_sms_inbox_provider_provider_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sms_inbox_work", "sms_inbox", ["status", "phone", "id"])
    op.create_index("ix_sms_inbox_limits", "sms_inbox", ["phone", "received_wall"])
    op.create_table(
        "sms_challenges",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("member", sa.String(length=100), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("issued_at", UtcInstant(), nullable=False),
        sa.Column("expires_at", UtcInstant(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.CheckConstraint("status IN ('open', 'used', 'dead')", name="ck_sms_challenges_status"),
        sa.PrimaryKeyConstraint("id", name="pk_sms_challenges"),
    )
    op.create_index("ix_sms_challenges_phone_issued_at", "sms_challenges", ["phone", "issued_at"])
    _outbox()
    op.create_table(
        "sms_simulator",
        sa.Column("id", RISING, autoincrement=True, nullable=False),
        sa.Column("ref", sa.String(length=36), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("ends_as", sa.String(length=10), nullable=False),
        sa.Column("report_at", UtcInstant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sms_simulator"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sms_simulator_ref", "sms_simulator", ["ref"])
    op.create_index("ix_sms_simulator_phone_id", "sms_simulator", ["phone", "id"])


def _outbox() -> None:
    op.create_table(
        "sms_outbox",
        sa.Column("id", RISING, autoincrement=True, nullable=False),
        sa.Column("ref", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=True),
        sa.Column("message_id", RISING, nullable=True),
        sa.Column("notice_id", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcInstant(), nullable=True),
        sa.Column("give_up_at", UtcInstant(), nullable=True),
        sa.Column("expires_at", UtcInstant(), nullable=True),
        sa.Column("provider_id", sa.String(length=100), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=True),
        sa.Column("told", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "kind IN ('bot', 'staff', 'system', 'code', 'notice')", name="ck_sms_outbox_kind"
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'unsure', 'sent', 'delivered', 'failed', 'expired', "
            "'stopped')",
            name="ck_sms_outbox_status",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_sms_outbox_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_sms_outbox_message_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sms_outbox"),
        sa.UniqueConstraint("ref", name="uq_sms_outbox_ref"),
        sa.UniqueConstraint("notice_id", name="uq_sms_outbox_notice_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sms_outbox_conversation_id", "sms_outbox", ["conversation_id"])
    op.create_index("ix_sms_outbox_message_id", "sms_outbox", ["message_id"])
    op.create_index("ix_sms_outbox_work", "sms_outbox", ["status", "due_at"])
    op.create_index("ix_sms_outbox_order", "sms_outbox", ["phone", "status", "id"])
    op.create_index(
        "ix_sms_outbox_untold",
        "sms_outbox",
        ["notice_id"],
        sqlite_where=UNTOLD,
        postgresql_where=UNTOLD,
    )


def downgrade() -> None:
    """Drop the tables; conversations of phones alone go with them."""
    for table in ("sms_simulator", "sms_outbox", "sms_challenges", "sms_inbox", "sms_phones"):
        op.drop_table(table)
    op.execute("DELETE FROM conversations WHERE member IS NULL")
    op.drop_index("ix_turns_challenge_id", "turns")
    op.drop_column("turns", "challenge_id")
    op.drop_index("uq_conversations_anonymous_phone", "conversations")
    op.drop_column("conversations", "phone")
