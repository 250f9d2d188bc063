"""Database engines and transactions, the same for every process that keeps something.

SQLite (WAL) by default, PostgreSQL by address. A writing transaction on SQLite begins IMMEDIATE: it
waits its turn at the start, instead of failing in the middle when another writer was faster.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Optional

from alembic import command
from alembic.config import Config
from sqlalchemy import DateTime, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.url import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

BUSY_SECONDS = 10
"""How long a SQLite connection waits for another writer before it gives up."""


class UtcInstant(TypeDecorator):
    """An aware instant, kept in UTC. A naive datetime is a programming error and is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: Optional[datetime], dialect: Any) -> Optional[datetime]:
        """To what the database keeps: naive UTC. Raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone can't be stored")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: Optional[datetime], dialect: Any) -> Optional[datetime]:
        """From what the database keeps, aware again."""
        return None if value is None else value.replace(tzinfo=timezone.utc)


def make_engine(url: str) -> Engine:
    """An engine for `url`; the folder of a SQLite file is made where it is missing."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(url, future=True, pool_pre_ping=True, hide_parameters=True)
    if address.database not in (None, "", ":memory:"):
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        future=True,
        poolclass=QueuePool,  # the default for files opens a new connection a transaction
        hide_parameters=True,  # an error's text would quote what members wrote
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One consistent view of the database; nothing is written."""
    with Session(engine, future=True, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction: all of it is kept when the block ends, none of it when it raises."""
    bound = engine.execution_options(moedeklar_writes=True)
    with Session(bound, future=True, expire_on_commit=False) as session, session.begin():
        yield session


def migrate(engine: Engine, migrations: Path) -> None:
    """Bring the schema up to the newest revision of an Alembic folder."""
    config = Config()
    config.set_main_option("script_location", str(migrations))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("moedeklar_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
