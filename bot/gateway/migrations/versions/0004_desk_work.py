"""The desk's own tables: looks, member cards, sent replies, unanswered messages; roles of staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.database import UtcInstant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

RISING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Build the tables; looks that were logged already are kept."""
    op.create_table(
        "looks",
        sa.Column("id", RISING, autoincrement=True, nullable=False),
        sa.Column("staff", sa.String(length=254), nullable=False),
        sa.Column("member", sa.String(length=100), nullable=True),
        sa.Column("conversation_id", sa.String(length=36), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_looks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_looks_at", "looks", ["at"])
    op.create_index("ix_looks_staff_conversation_id", "looks", ["staff", "conversation_id"])
    op.create_index("ix_looks_member", "looks", ["member"])
    op.execute(
        "INSERT INTO looks (staff, member, conversation_id, what, at) "
        "SELECT reads.staff, conversations.member, reads.conversation_id, 'conversation', reads.at "
        "FROM reads JOIN conversations ON conversations.id = reads.conversation_id ORDER BY reads.id"
    )
    op.drop_table("reads")
    op.create_table(
        "member_cards",
        sa.Column("member", sa.String(length=100), nullable=False),
        sa.Column("member_no", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("read_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("member", name="pk_member_cards"),
    )
    op.create_index("ix_member_cards_member_no", "member_cards", ["member_no"])
    op.create_table(
        "staff_replies",
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_staff_replies_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("client_id", name="pk_staff_replies"),
    )
    op.create_index("ix_staff_replies_conversation_id", "staff_replies", ["conversation_id"])
    op.create_table(
        "unanswered",
        sa.Column("id", RISING, autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("guess", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unanswered"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unanswered_day", "unanswered", ["day"])
    with op.batch_alter_table("staff") as staff:
        staff.add_column(
            sa.Column("role", sa.String(length=10), nullable=False, server_default="staff")
        )


def downgrade() -> None:
    """Back to the looks of conversations alone."""
    with op.batch_alter_table("staff") as staff:
        staff.drop_column("role")
    op.create_table(
        "reads",
        sa.Column("id", RISING, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("staff", sa.String(length=254), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_reads_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reads"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reads_conversation_id_staff", "reads", ["conversation_id", "staff"])
    for table in ("unanswered", "staff_replies", "member_cards", "looks"):
        op.drop_table(table)
