"""Tables of the `gateway` database. The migrations in `migrations/` build the same.

Two clocks are kept apart: `at`, `since`, `received_at` are the domain clock; lease, due and change
times, and staff's log-ins, are the wall clock. Both are instants in UTC.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.database import UtcInstant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_RISING = BigInteger().with_variant(Integer, "sqlite")


def _conversation() -> Column:
    return Column(
        "conversation_id",
        String(36),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    )


conversations = Table(
    "conversations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column(
        "member", String(100), unique=True, nullable=True
    ),  # none: of a phone nobody vouches for
    Column("phone", String(20), nullable=True),  # where its text messages go
    Column("state", String(8), nullable=False),
    Column("channel", String(10), nullable=False),  # the one that the member used last
    Column("created_at", UtcInstant, nullable=False),
    # the hand-over that is under way, or the last one
    Column("handover_reason", String(100)),
    Column("handover_urgency", Integer),
    Column("handover_summary", Text),
    Column("handover_since", UtcInstant),
    Column("assigned_to", String(254)),
    # the work: when the oldest waiting turn is to be tried, and who tries it until when
    Column("due_at", UtcInstant, index=True),
    Column("lease_owner", String(36)),
    Column("lease_until", UtcInstant),
    # written by every change of the conversation: wakes the listeners of other processes
    Column("changed_at", UtcInstant, nullable=False, index=True),
    CheckConstraint("state IN ('bot', 'waiting', 'staff', 'closed')", name="state"),
    Index("ix_conversations_queue", "state", "handover_since"),
    Index(
        "uq_conversations_anonymous_phone",
        "phone",
        unique=True,
        sqlite_where=text("member IS NULL"),
        postgresql_where=text("member IS NULL"),
    ),
)

messages = Table(
    "messages",
    metadata,
    Column("id", _RISING, primary_key=True, autoincrement=True),
    _conversation(),
    Column(
        "turn_id", String(36), index=True
    ),  # the turn that it answers; none for the member's own
    Column("sender", String(8), nullable=False),
    Column("author", String(254)),  # email of the member of staff
    Column("channel", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("attachments", JSON, nullable=False),
    Column("at", UtcInstant, nullable=False),
    CheckConstraint("sender IN ('member', 'bot', 'staff', 'system')", name="sender"),
    Index("ix_messages_conversation_id_id", "conversation_id", "id"),
    sqlite_autoincrement=True,  # an id never comes back, also after a reset: clients keep cursors
)

choices = Table(
    "choices",
    metadata,
    Column("id", String(32), primary_key=True),
    _conversation(),
    Column("message_id", _RISING, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    Index("ix_choices_message_id", "message_id"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", String(36), primary_key=True),
    _conversation(),
    # the member's own message, and with it the turn's place in the order
    Column("message_id", _RISING, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("client_id", String(64), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("text", Text, nullable=False),  # as the member wrote it, CPR numbers masked
    Column("payload", JSON(none_as_null=True)),  # of the pressed choice
    Column("received_at", UtcInstant, nullable=False),
    Column("status", String(8), nullable=False),
    Column("told", Boolean, nullable=False),  # the member knows that the answer is late
    Column("attempts", Integer, nullable=False),
    Column("failing_since", UtcInstant),
    Column("challenge_id", String(36), index=True),  # waits for this one-time code of the phone
    UniqueConstraint("conversation_id", "client_id"),
    CheckConstraint("status IN ('pending', 'done', 'given_up')", name="status"),
    Index("ix_turns_order", "conversation_id", "status", "message_id"),
)

rasa_sessions = Table(
    "rasa_sessions",
    metadata,
    Column(
        "conversation_id",
        String(36),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("channel", String(10), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("turns", Integer, nullable=False),
)

ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("session", String(80), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcInstant, nullable=False, index=True),
)

handover_log = Table(
    "handover_log",
    metadata,
    Column("id", _RISING, primary_key=True, autoincrement=True),
    _conversation(),
    Column("who", String(300), nullable=False),  # member:<id>, staff:<email>, bot, system
    Column("from_state", String(8), nullable=False),
    Column("to_state", String(8), nullable=False),
    Column("why", String(200), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Index("ix_handover_log_conversation_id", "conversation_id"),
    sqlite_autoincrement=True,
)

notes = Table(
    "notes",
    metadata,
    Column("id", _RISING, primary_key=True, autoincrement=True),
    _conversation(),
    Column("author", String(254), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Index("ix_notes_conversation_id", "conversation_id"),
    sqlite_autoincrement=True,
)

staff = Table(
    "staff",
    metadata,
    Column("email", String(254), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("role", String(10), nullable=False, server_default="staff"),  # staff, lead
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("email", String(254), ForeignKey("staff.email", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("expires_at", UtcInstant, nullable=False),
)
