"""rows of the history leave out what their instance says; fewer and smaller indexes

Rows that are there stay as they are: what names its execution and definition is read as before.
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import Timestamp

revision = "0013"
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
PARTIAL = {  # table, columns, condition
    "ix_execution_parent": (
        "execution",
        ["parent_id", "activity_id"],
        "parent_id IS NOT NULL",
    ),
    "ix_execution_root": (
        "execution",
        ["root_process_instance_id"],
        "super_execution_id IS NOT NULL",
    ),
    "ix_variable_instance_name": (
        "variable",
        ["process_instance_id", "name"],
        "execution_id <> process_instance_id",
    ),
    "ix_external_task_worker": ("external_task", ["worker_id"], "worker_id IS NOT NULL"),
    "ix_hi_process_instance_root": (
        "historic_process_instance",
        ["root_process_instance_id"],
        "super_process_instance_id IS NOT NULL",
    ),
}
BEFORE = {"ix_execution_root": "parent_id IS NULL"}
JOINED = {  # indexes of external tasks that answer what two did, with the one that goes
    "ix_external_task_process_instance": (
        "process_instance_id",
        "execution_id",
        "ix_external_task_execution",
    ),
    "ix_external_task_definition": (
        "process_definition_id",
        "activity_id",
        "ix_external_task_activity",
    ),
}


def _create(name, table, columns, condition):
    where = None if condition is None else sa.text(condition)
    op.create_index(name, table, columns, postgresql_where=where, sqlite_where=where)


def _nullable(is_nullable):
    with op.batch_alter_table(VISITS) as table:
        if op.get_bind().dialect.name == "sqlite":  # makes the table anew, and knows no timestamps
            table.alter_column("start_time", type_=Timestamp(), nullable=False)
            table.alter_column("end_time", type_=Timestamp())
        for column in DERIVED:
            table.alter_column(column, existing_type=sa.Text(), nullable=is_nullable)


def upgrade():
    for name, (table, _) in GIVEN.items():
        op.drop_index(name, table)
    _nullable(True)
    for name, (table, column) in GIVEN.items():
        _create(name, table, [column], f"{column} IS NOT NULL")
    for name, (table, columns, condition) in PARTIAL.items():
        op.drop_index(name, table)
        _create(name, table, columns, condition)
    for name, (column, other, gone) in JOINED.items():
        op.drop_index(name, "external_task")
        op.drop_index(gone, "external_task")
        op.create_index(name, "external_task", [column, other])


def downgrade():
    for name, (column, other, gone) in JOINED.items():
        op.drop_index(name, "external_task")
        op.create_index(name, "external_task", [column])
        op.create_index(gone, "external_task", [other])
    for name, (table, columns, _) in PARTIAL.items():
        op.drop_index(name, table)
        _create(name, table, columns, BEFORE.get(name))
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
