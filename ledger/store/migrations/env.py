"""Alembic's entry: runs migrations on the connection that `ledger.store.schema` has opened and locked."""

from alembic import context

from ledger.store.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], version_table=VERSION_TABLE, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
