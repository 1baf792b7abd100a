"""Migration steps during which processes of the version before work on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from alembic import op
from sqlalchemy import text

Indexes = Mapping[str, tuple[str, list[str], str | None]]  # table, columns, condition


@contextmanager
def _beside_writers() -> Iterator[bool]:
    """Outside of the migration's transaction, as PostgreSQL makes indexes while others write.

    A step of this kind stays when the migration is stopped: it has to be the first that a migration
    does, and must not mind what it finds.
    """
    if op.get_bind().dialect.name != "postgresql":
        yield False
        return
    # CREATE INDEX CONCURRENTLY is refused inside of a transaction.
    with op.get_context().autocommit_block():
        yield True


def create_indexes(indexes: Indexes) -> None:
    """Make indexes; one that was left half made by a migration that was stopped is made anew."""
    with _beside_writers() as concurrently:
        for name, (table, columns, condition) in indexes.items():
            where = None if condition is None else text(condition)
            if concurrently:
                # A half made one is there, but invalid: IF NOT EXISTS would take it for done.
                op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                table,
                columns,
                postgresql_where=where,
                sqlite_where=where,
                postgresql_concurrently=concurrently,
            )


def drop_indexes(indexes: Indexes) -> None:
    """Drop them again."""
    for name, (table, _, _) in indexes.items():
        op.drop_index(name, table)
