"""Tables of text messages, in the gateway's database. The migration `0003_sms` builds the same.

`at`, `received_at`, and all that codes and sessions expire by, are the domain clock; due, lease and
limit times are the wall clock.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.database import UtcInstant
from bot.gateway.tables import metadata

_RISING = BigInteger().with_variant(Integer, "sqlite")

phones = Table(
    "sms_phones",
    metadata,
    Column("phone", String(20), primary_key=True),
    Column("member", String(100), index=True),  # proven by a code, until verified_until
    Column("verified_until", UtcInstant),
    Column("stopped_at", UtcInstant),
    Column("warned_at", UtcInstant),  # wall: told last that it was too much
    Column("notice_meeting", String(64)),  # what a bare AFBUD is about: the last notice's meeting
)
"""What is known of a phone. Its row is held by whoever works on a message of the phone."""

inbox = Table(
    "sms_inbox",
    metadata,
    Column("id", _RISING, primary_key=True, autoincrement=True),
    Column("provider", String(20), nullable=False),
    Column("provider_id", String(100), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("text", Text, nullable=False),  # until it is worked on; CPR numbers masked
    Column("fingerprint", String(64), nullable=False),  # tells a robot that repeats itself
    Column("received_at", UtcInstant, nullable=False),
    Column("received_wall", UtcInstant, nullable=False),
    Column("status", String(8), nullable=False),
    UniqueConstraint("provider", "provider_id"),
    CheckConstraint("status IN ('new', 'done')", name="status"),
    Index("ix_sms_inbox_work", "status", "phone", "id"),
    Index("ix_sms_inbox_limits", "phone", "received_wall"),
    sqlite_autoincrement=True,
)
"""Every message that came in, once."""

challenges = Table(
    "sms_challenges",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("phone", String(20), nullable=False),
    Column("member", String(100), nullable=False),
    Column("code_hash", String(200), nullable=False),
    Column("issued_at", UtcInstant, nullable=False),
    Column("expires_at", UtcInstant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("status", String(8), nullable=False),
    CheckConstraint("status IN ('open', 'used', 'dead')", name="status"),
    Index("ix_sms_challenges_phone_issued_at", "phone", "issued_at"),
)
"""One-time codes that were sent. The turns that wait for one carry its id."""

outbox = Table(
    "sms_outbox",
    metadata,
    Column("id", _RISING, primary_key=True, autoincrement=True),
    Column("ref", String(36), nullable=False, unique=True),
    Column(
        "conversation_id",
        String(36),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        index=True,
    ),
    Column("message_id", _RISING, ForeignKey("messages.id", ondelete="CASCADE"), index=True),
    Column("notice_id", String(64), unique=True),
    Column("phone", String(20), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("text", Text, nullable=False),  # a code is wiped out of it once it is handed over
    Column("segments", Integer, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("status", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcInstant),  # none: at once
    Column("give_up_at", UtcInstant),  # set when it is first tried
    Column("expires_at", UtcInstant),  # domain: of no use any more after it
    Column("provider_id", String(100)),
    Column("detail", String(200)),
    Column("told", String(10)),  # of a notice: what the back end has been told
    CheckConstraint("kind IN ('bot', 'staff', 'system', 'code', 'notice')", name="kind"),
    CheckConstraint(
        "status IN ('queued', 'sending', 'unsure', 'sent', 'delivered', 'failed', 'expired', "
        "'stopped')",
        name="status",
    ),
    Index("ix_sms_outbox_work", "status", "due_at"),
    Index("ix_sms_outbox_order", "phone", "status", "id"),
    Index(
        "ix_sms_outbox_untold",
        "notice_id",
        sqlite_where=text("told IS NULL"),
        postgresql_where=text("told IS NULL"),
    ),
    sqlite_autoincrement=True,
)
"""The one outbox: answers, what staff write, codes and notices, sent in order per phone."""

simulator = Table(
    "sms_simulator",
    metadata,
    Column("id", _RISING, primary_key=True, autoincrement=True),
    Column("ref", String(36), nullable=False, index=True),
    Column("phone", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("status", String(10), nullable=False),
    Column("ends_as", String(10), nullable=False),
    Column("report_at", UtcInstant),  # wall; none: reported
    Index("ix_sms_simulator_phone_id", "phone", "id"),
    sqlite_autoincrement=True,
)
"""What the simulator's phones have been sent (development only)."""
