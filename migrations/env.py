"""Runs migrations: on the engine that it is handed, else on the database of the configuration."""

import time

from alembic import context
from sqlalchemy.exc import OperationalError

from app.models import metadata
from app.models.base import Timestamp
from app.store.connections.database import direct_engine
from app.store.connections.faults import is_deadlock
from app.store.connections.schema import mark_oldest, migration_lock
from config import Config


def compare_type(context, inspected, column, found, wanted):
    """Take a timestamp as unchanged: only its type's name differs between the databases."""
    return False if isinstance(wanted, Timestamp) else None


RETIRED = {  # what is read no more; a release later a migration takes it away
    ("task", "candidate_users"),
    ("task", "candidate_groups"),
}


def include_object(found, name, type_, is_reflected, compared_to):
    """Leave alone what only processes of the version before still know."""
    is_column = type_ == "column" and is_reflected and compared_to is None
    return not (is_column and (found.table.name, name) in RETIRED)


def applied(ctx, step, heads, run_args):
    """Mark which versions go on, in the transaction of the migration."""
    revision = next(iter(heads), None)
    while revision is not None:
        script = context.script.get_revision(revision)
        found = getattr(script.module, "oldest", None)
        if found is not None:
            mark_oldest(ctx.connection, found)
            return
        revision = script.down_revision


TRIES, PAUSE = 20, 0.5  # seconds


def run(engine):
    """Migrate; where commands and a migration wait for each other, PostgreSQL ends one of them."""
    for left in reversed(range(TRIES)):
        try:
            run_once(engine)
            return
        except OperationalError as error:
            if not left or not is_deadlock(error.orig):
                raise
        # The command that it met is done by then; what was migrated before stays.
        time.sleep(PAUSE)


def run_once(engine):
    """Each migration is one transaction, on SQLite too: a migration that is killed left nothing."""
    with migration_lock(engine), engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            transaction_per_migration=True,
            transactional_ddl=True,
            compare_type=compare_type,
            include_object=include_object,
            on_version_apply=applied,
        )
        with context.begin_transaction():
            context.run_migrations()


def configured():
    """The engine of the configuration."""
    config = Config.from_environ()
    return direct_engine(config.database_url, config.direct_url, is_pooled=config.is_pooled)


given = context.config.attributes.get("engine")
run(configured() if given is None else given)
