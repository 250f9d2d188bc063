"""Receipt numbers: short, read aloud without mistakes, unique."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.backend import tables

LETTERS = "23456789ACDEFGHJKMNPQRTVWXY"
"""Without what is misread beside another: O (0), I and L (1), Z (2), S (5), B (8), U (V)."""


def new_receipt(session: Session) -> str:
    """A number that no change has yet, such as `MK-7F3K-92QD`; the log's unique index stands behind it."""
    while True:
        parts = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(2))
        receipt = "-".join(("MK", *parts))
        taken = session.execute(
            select(tables.log.c.id).where(tables.log.c.receipt == receipt)
        ).first()
        if taken is None:
            return receipt
