from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.database import make_engine, migrate
from bot.gateway.app import MIGRATIONS
from bot.gateway.tables import metadata


def test_the_migrations_build_what_the_tables_say(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'gateway.db'}")
    migrate(engine, MIGRATIONS)
    migrate(engine, MIGRATIONS)
    own = {"include_name": lambda name, kind, _: (kind, name) != ("table", "sqlite_sequence")}
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=own), metadata) == []
