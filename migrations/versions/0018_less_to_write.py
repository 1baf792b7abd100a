"""rows that change find room on their page; tokens at a join are numbered

A row that changes goes to another page where its own is full, and every index gets an entry for
it. The room is left on pages that are filled from now on; those that are there stay as they are.
"""

import sqlalchemy as sa
from alembic import op

from app.store.connections.migrating import create_indexes, drop_indexes

revision = "0018"
down_revision = "0017"

ROOM = ("variable", "historic_variable_instance", "historic_activity_instance")
INDEXES = {  # of other names than those before, which go when these are there
    "ix_execution_children": (
        "execution",
        ["parent_id", "activity_id", "arrival"],
        "parent_id IS NOT NULL",
    ),
    "ix_execution_in_definition": ("execution", ["process_definition_id"], None),
    "ix_execution_at_activity": ("execution", ["activity_id"], "activity_id IS NOT NULL"),
    "ix_hi_external_task_log_of_task": (
        "historic_external_task_log",
        ["external_task_id"],
        "substr(id, 1, 32) <> substr(external_task_id, 1, 32)",
    ),
}
BEFORE = {
    "ix_execution_parent": ("execution", ["parent_id", "activity_id"], "parent_id IS NOT NULL"),
    "ix_execution_definition": ("execution", ["process_definition_id", "id"], None),
    "ix_execution_activity": ("execution", ["activity_id"], None),
    "ix_hi_external_task_log_task": ("historic_external_task_log", ["external_task_id"], None),
}


def _is_postgresql():
    return op.get_bind().dialect.name == "postgresql"


def upgrade():
    # before the index, and kept when that is stopped
    is_kept = True if _is_postgresql() else None
    op.add_column("execution", sa.Column("arrival", sa.Integer()), if_not_exists=is_kept)
    create_indexes(INDEXES)
    drop_indexes(BEFORE)
    if _is_postgresql():
        for table in ROOM:
            op.execute(f"ALTER TABLE {table} SET (fillfactor = 80)")


def downgrade():
    # from here on rows may leave out what their instance says
    op.execute(
        "UPDATE variable SET process_definition_id = (SELECT e.process_definition_id "
        "FROM execution e WHERE e.id = variable.process_instance_id) "
        "WHERE process_definition_id IS NULL AND process_instance_id IS NOT NULL"
    )
    op.execute(
        "UPDATE variable SET activity_instance_id = process_instance_id "
        "WHERE activity_instance_id = ''"
    )
    if _is_postgresql():
        for table in ROOM:
            op.execute(f"ALTER TABLE {table} RESET (fillfactor)")
    create_indexes(BEFORE)
    drop_indexes(INDEXES)
    op.drop_column("execution", "arrival")
