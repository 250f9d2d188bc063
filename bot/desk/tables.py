"""Tables of the desk, in the gateway's database. The migration `0004_desk_work` builds the same."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from bot.database import UtcInstant
from bot.gateway.tables import metadata

_RISING = BigInteger().with_variant(Integer, "sqlite")

looks = Table(
    "looks",
    metadata,
    Column("id", _RISING, primary_key=True, autoincrement=True),
    Column("staff", String(254), nullable=False),
    Column("member", String(100)),
    Column("conversation_id", String(36)),  # no foreign key: the log outlives what was looked at
    Column("what", String(40), nullable=False),
    Column("at", UtcInstant, nullable=False, index=True),
    Index("ix_looks_staff_conversation_id", "staff", "conversation_id"),
    Index("ix_looks_member", "member"),
    sqlite_autoincrement=True,
)
"""Every look of staff at a member's data: what was opened, exported, searched for or erased."""

member_cards = Table(
    "member_cards",
    metadata,
    Column("member", String(100), primary_key=True),
    Column("member_no", String(40), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("phone", String(20)),
    Column("read_at", UtcInstant, nullable=False),
)
"""Who the members are that staff have to do with, as the back end last said: for lists and search."""

staff_replies = Table(
    "staff_replies",
    metadata,
    Column("client_id", String(36), primary_key=True),
    Column(
        "conversation_id",
        String(36),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)
"""Replies that were stored already, so that one sent twice is said once."""

unanswered = Table(
    "unanswered",
    metadata,
    Column("id", _RISING, primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False, index=True),
    Column("guess", String(60), nullable=False),
    Column("text", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What the bot could not answer, masked, without a trace of who wrote it; `guess`: the nearest intent."""
