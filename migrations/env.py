"""Runs migrations on the database of the configuration."""

from alembic import context

from app.models import metadata
from app.store.engine import create_engine
from config import Config


def run(connection):
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = create_engine(Config.from_environ().database_url)
    with engine.connect() as connection:
        run(connection)
