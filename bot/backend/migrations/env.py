"""Alembic's environment: runs inside the transaction that `bot.database.migrate` has begun."""

from alembic import context

from bot.backend.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
