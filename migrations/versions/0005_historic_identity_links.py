"""who had to do with user tasks, what happened to jobs, where details belong, who may start

The history of identity links answers who was ever involved in a task; links that were there before
are made of what tasks and their history say. The log of jobs tells of those that run from now on.
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import Timestamp

revision = "0005"
down_revision = "0004"

LINKS, LOG = "historic_identity_link", "historic_job_log"
STARTERS = ("candidate_starter_users", "candidate_starter_groups")


def upgrade():
    op.create_table(
        LINKS,
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("time", Timestamp(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("operation_type", sa.Text(), nullable=False),
        *_texts("user_id", "group_id", "task_id"),
        *_texts("process_instance_id", "root_process_instance_id", "process_definition_id"),
        *_texts("process_definition_key", "assigner_id", "tenant_id"),
    )
    _index_where_given("ix_hi_identity_link_task", LINKS, "task_id")
    _index_where_given("ix_hi_identity_link_user", LINKS, "user_id")
    _index_where_given("ix_hi_identity_link_group", LINKS, "group_id")
    op.create_index("ix_hi_identity_link_instance", LINKS, ["process_instance_id"])
    op.create_table(
        LOG,
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("timestamp", Timestamp(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("job_kind", sa.Text(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("due_date", Timestamp()),
        *_texts("exception_message", "exception_stacktrace", "activity_id", "failed_activity_id"),
        *_texts("execution_id", "process_instance_id", "root_process_instance_id"),
        *_texts("process_definition_id", "process_definition_key", "deployment_id", "batch_id"),
        *_texts("tenant_id"),
    )
    op.create_index("ix_hi_job_log_job", LOG, ["job_id"])
    _index_where_given("ix_hi_job_log_instance", LOG, "process_instance_id")
    op.create_index("ix_hi_job_log_time", LOG, ["timestamp"])
    op.add_column("historic_variable_instance", sa.Column("detail_activity_instance_id", sa.Text()))
    for name in STARTERS:
        op.add_column("process_definition", sa.Column(name, sa.Text()))
    for role in ("assignee", "owner"):
        _add_known_links(role)
    _add_candidates()


def _texts(*names):
    return [sa.Column(name, sa.Text()) for name in names]


def _index_where_given(name, table, column):
    given = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], postgresql_where=given, sqlite_where=given)


def _add_known_links(role):
    """The links of tasks that have an assignee or an owner."""
    columns = (
        "task_id, process_instance_id, root_process_instance_id, process_definition_id, "
        "process_definition_key, tenant_id"
    )
    op.execute(
        f"INSERT INTO {LINKS} (id, time, type, operation_type, user_id, {columns}) "
        f"SELECT '{role}:' || id, start_time, '{role}', 'add', {role}, "
        f"id{columns.removeprefix('task_id')} FROM historic_task WHERE {role} IS NOT NULL"
    )


def _add_candidates():
    """The candidates of tasks that are open; the table has them in one text."""
    task, links = (sa.table(name, *map(sa.column, columns)) for name, columns in _COLUMNS.items())
    connection = op.get_bind()
    for found in connection.execute(sa.select(task)).mappings().all():
        for column in ("user_id", "group_id"):
            names = (found[f"candidate_{column.removesuffix('_id')}s"] or "").split(",")
            for name in filter(None, names):
                row = {
                    "id": f"{column}:{name}:{found['id']}",
                    "time": found["create_time"],
                    "type": "candidate",
                    "operation_type": "add",
                    column: name,
                    "task_id": found["id"],
                    **{shared: found[shared] for shared in _SHARED},
                }
                connection.execute(links.insert().values(row))


_SHARED = ("process_instance_id", "root_process_instance_id", "process_definition_id", "tenant_id")
_COLUMNS = {
    "task": ("id", "create_time", "candidate_users", "candidate_groups", *_SHARED),
    LINKS: ("id", "time", "type", "operation_type", "user_id", "group_id", "task_id", *_SHARED),
}


def downgrade():
    for name in STARTERS:
        op.drop_column("process_definition", name)
    op.drop_column("historic_variable_instance", "detail_activity_instance_id")
    op.drop_table(LOG)
    op.drop_table(LINKS)
