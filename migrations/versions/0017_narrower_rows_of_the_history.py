"""rows of the history leave out what their instance says; fewer and smaller indexes

Rows that are there stay as they are: what names its execution and definition is read as before.
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import Timestamp

revision = "0017"
down_revision = "0012"

VISITS = "historic_activity_instance"
DERIVED = (
    "process_definition_key",
    "process_definition_id",
    "root_process_instance_id",
    "execution_id",
)
NARROW = {  # with the columns that say by an empty text that they mean the instance
    VISITS: ("parent_activity_instance_id",),
    "historic_variable_instance": ("activity_instance_id", "detail_activity_instance_id"),
    "historic_detail": ("activity_instance_id",),
    "historic_external_task_log": (),
}
GIVEN = {  # indexes that leave out rows without a value
    "ix_hi_activity_instance_execution": (VISITS, "execution_id"),
    "ix_hi_variable_instance_execution": ("historic_variable_instance", "execution_id"),
    "ix_hi_detail_execution": ("historic_detail", "execution_id"),
}


def _keep_timestamps(inspector, table, column):
    """SQLite makes the table anew, and reads the types of its columns as those that it knows."""
    if isinstance(column["type"], sa.Numeric):
        column["type"] = Timestamp()


def _nullable(is_nullable):
    listeners = [("column_reflect", _keep_timestamps)]
    with op.batch_alter_table(VISITS, reflect_kwargs={"listeners": listeners}) as table:
        for column in DERIVED:
            table.alter_column(column, existing_type=sa.Text(), nullable=is_nullable)


def upgrade():
    for name, (table, _) in GIVEN.items():
        op.drop_index(name, table)
    _nullable(True)
    for name, (table, column) in GIVEN.items():
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], postgresql_where=where, sqlite_where=where)


def downgrade():
    for name, (table, _) in GIVEN.items():
        op.drop_index(name, table)
    for table, places in NARROW.items():
        for column in DERIVED[:3]:
            op.execute(
                f"UPDATE {table} SET {column} = (SELECT i.{column} FROM historic_process_instance "
                f"i WHERE i.id = {table}.process_instance_id) WHERE {column} IS NULL"
            )
        op.execute(
            f"UPDATE {table} SET execution_id = process_instance_id WHERE execution_id IS NULL"
        )
        for column in places:
            op.execute(f"UPDATE {table} SET {column} = process_instance_id WHERE {column} = ''")
    _nullable(False)
    for name, (table, column) in GIVEN.items():
        op.create_index(name, table, [column])
