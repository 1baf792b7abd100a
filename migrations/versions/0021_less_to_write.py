"""rows that change find room on their page; tokens at a join are numbered

A row that changes goes to another page where its own is full, and every index gets an entry for
it. The room is left on pages that are filled from now on; those that are there stay as they are.
"""

import sqlalchemy as sa
from alembic import op

from app.store.connections.migrating import create_indexes, drop_indexes

revision = "0021"
down_revision = "0017"

ROOM = ("variable", "historic_variable_instance", "historic_activity_instance")
CHILDREN = {
    "ix_execution_children": (
        "execution",
        ["parent_id", "activity_id", "arrival"],
        "parent_id IS NOT NULL",
    )
}
BEFORE = {
    "ix_execution_parent": ("execution", ["parent_id", "activity_id"], "parent_id IS NOT NULL")
}


def _is_postgresql():
    return op.get_bind().dialect.name == "postgresql"


def upgrade():
    # before the index, and kept when that is stopped
    is_kept = True if _is_postgresql() else None
    op.add_column("execution", sa.Column("arrival", sa.Integer()), if_not_exists=is_kept)
    create_indexes(CHILDREN)
    drop_indexes(BEFORE)
    if _is_postgresql():
        for table in ROOM:
            op.execute(f"ALTER TABLE {table} SET (fillfactor = 80)")


def downgrade():
    if _is_postgresql():
        for table in ROOM:
            op.execute(f"ALTER TABLE {table} RESET (fillfactor)")
    create_indexes(BEFORE)
    drop_indexes(CHILDREN)
    op.drop_column("execution", "arrival")
