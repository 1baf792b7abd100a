"""definitions of jobs, diagrams of definitions, operations of users, metrics

Definitions deployed before get job definitions and the names of their diagrams by their resources.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.bpmn import reader
from app.engine.jobs.definitions import declared
from app.engine.state import ProcessDefinition
from app.errors import EngineError
from app.models.base import Timestamp
from app.store.commands.diagrams import diagram_of

revision = "0012"
down_revision = "0011"

VERSION = "7.24.0"  # of the tables of the reference engine, whose API tells of them
OPERATION = (
    "deployment_id",
    "process_definition_id",
    "process_definition_key",
    "process_instance_id",
    "root_process_instance_id",
    "execution_id",
    "task_id",
    "job_id",
    "job_definition_id",
    "batch_id",
    "external_task_id",
    "property",
    "org_value",
    "new_value",
    "category",
    "annotation",
    "tenant_id",
)


def _given(name, table, column):
    given = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], postgresql_where=given, sqlite_where=given)


def upgrade():
    op.create_table(
        "job_definition",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("job_type", sa.Text(), nullable=False),
        sa.Column("job_configuration", sa.Text(), nullable=False),
        sa.Column("is_suspended", sa.Boolean(), nullable=False),
        sa.Column("process_definition_id", sa.Text()),
        sa.Column("process_definition_key", sa.Text()),
        sa.Column("activity_id", sa.Text()),
        sa.Column("overriding_job_priority", sa.BigInteger()),
        sa.Column("tenant_id", sa.Text()),
        sa.Column("deployment_id", sa.Text()),
    )
    op.create_index("ix_job_definition_definition", "job_definition", ["process_definition_id"])
    op.create_index(
        "ix_job_definition_definition_key", "job_definition", ["process_definition_key"]
    )
    op.add_column("process_definition", sa.Column("diagram_resource_name", sa.Text()))
    op.add_column("job", sa.Column("job_definition_id", sa.Text()))
    _given("ix_job_job_definition", "job", "job_definition_id")
    for name in ("job_definition_id", "job_definition_configuration", "hostname"):
        op.add_column("historic_job_log", sa.Column(name, sa.Text()))
    _given("ix_hi_job_log_definition", "historic_job_log", "process_definition_id")
    _given("ix_hi_job_log_job_definition", "historic_job_log", "job_definition_id")
    _make_monitoring()
    _name_definitions()
    _read_models()


def _make_monitoring():
    op.create_table(
        "user_operation",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("timestamp", Timestamp(), nullable=False),
        sa.Column("operation_type", sa.Text(), nullable=False),
        sa.Column("entity_type", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in OPERATION),
    )
    op.create_index("ix_user_operation_operation", "user_operation", ["operation_id"])
    op.create_index("ix_user_operation_time", "user_operation", ["timestamp"])
    _given("ix_user_operation_instance", "user_operation", "process_instance_id")
    _given("ix_user_operation_definition", "user_operation", "process_definition_id")
    _given("ix_user_operation_task", "user_operation", "task_id")
    op.create_table(
        "metric",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("timestamp", Timestamp(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_metric_name", "metric", ["name", "timestamp"])
    op.create_index("ix_metric_time", "metric", ["timestamp"])
    op.create_table(
        "task_worker",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("user_hash", sa.BigInteger(), nullable=False),
        sa.Column("timestamp", Timestamp(), nullable=False),
    )
    op.create_index("ix_task_worker_time", "task_worker", ["timestamp", "user_hash"])
    schema_log = op.create_table(
        "schema_log",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("timestamp", Timestamp(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
    )
    op.execute(schema_log.insert().values(id="0", timestamp=datetime.now(UTC), version=VERSION))


def _name_definitions():
    """Give the jobs that are there, and what tells of them, the ids of their definitions."""
    op.execute(
        "UPDATE job SET job_definition_id = process_definition_id || ':' || activity_id || ':' || "
        "CASE WHEN kind = 'timer-task-listener' THEN coalesce(configuration, '') "
        "WHEN kind LIKE 'timer-%' THEN 'timer' "
        "WHEN configuration LIKE 'transition-notify-listener-take%' THEN 'async-after' "
        "ELSE 'async-before' END "
        "WHERE process_definition_id IS NOT NULL AND activity_id IS NOT NULL "
        "AND (kind = 'async-continuation' OR kind LIKE 'timer-%')"
    )
    op.execute(
        "UPDATE job SET job_definition_id = batch_id || ':' || kind WHERE batch_id IS NOT NULL"
    )
    for kind in ("'batch-seed-job'", "'batch-monitor-job'", "type"):
        deployment = "deployment_id" if kind == "'batch-seed-job'" else "NULL"
        op.execute(
            "INSERT INTO job_definition (id, job_type, job_configuration, is_suspended, "
            f"tenant_id, deployment_id) SELECT id || ':' || {kind}, {kind}, id, is_suspended, "
            f"tenant_id, {deployment} FROM batch"
        )
    for table in ("incident", "historic_incident"):
        op.execute(
            f"UPDATE {table} SET job_definition_id = (SELECT job.job_definition_id FROM job "
            f"WHERE job.id = {table}.configuration) WHERE incident_type = 'failedJob' "
            f"AND configuration IN (SELECT id FROM job)"
        )


DEFINITIONS = sa.table(
    "process_definition",
    *map(sa.column, ("id", "key", "version", "deployment_id", "resource_name", "tenant_id")),
    sa.column("diagram_resource_name"),
)
RESOURCES = sa.table("resource", *map(sa.column, ("deployment_id", "name", "content")))
JOB_DEFINITIONS = sa.table(
    "job_definition",
    *map(sa.column, ("id", "job_type", "job_configuration", "is_suspended", "activity_id")),
    *map(sa.column, ("process_definition_id", "process_definition_key", "tenant_id")),
)


def _read_models():
    connection = op.get_bind()
    for row in connection.execute(sa.select(DEFINITIONS)).mappings().all():
        of_deployment = RESOURCES.c.deployment_id == row["deployment_id"]
        names = connection.execute(sa.select(RESOURCES.c.name).where(of_deployment)).scalars()
        diagram = diagram_of(row["resource_name"], row["key"], set(names))
        if diagram is not None:
            connection.execute(
                DEFINITIONS.update()
                .where(DEFINITIONS.c.id == row["id"])
                .values(diagram_resource_name=diagram)
            )
        content = connection.execute(
            sa.select(RESOURCES.c.content).where(
                of_deployment, RESOURCES.c.name == row["resource_name"]
            )
        ).scalar()
        if content is not None:
            _declare(connection, row, bytes(content))


def _declare(connection, row, content):
    """Add the job definitions of one process definition."""
    name = row["resource_name"]
    try:
        parsed = reader.read(name, content, require_history_time_to_live=False)
    except EngineError:  # it was deployed by a version that read it otherwise
        return
    definition = ProcessDefinition(
        row["id"],
        row["key"],
        row["version"],
        row["deployment_id"],
        name,
        tenant_id=row["tenant_id"],
    )
    for model in parsed.processes:
        if model.id != row["key"]:
            continue
        for found in declared(model, definition):
            values = {column.name: getattr(found, column.name) for column in JOB_DEFINITIONS.c}
            connection.execute(JOB_DEFINITIONS.insert().values(values))


def downgrade():
    for table in ("schema_log", "task_worker", "metric", "user_operation"):
        op.drop_table(table)
    op.drop_index("ix_hi_job_log_job_definition", "historic_job_log")
    op.drop_index("ix_hi_job_log_definition", "historic_job_log")
    for name in ("hostname", "job_definition_configuration", "job_definition_id"):
        op.drop_column("historic_job_log", name)
    op.drop_index("ix_job_job_definition", "job")
    op.drop_column("job", "job_definition_id")
    op.drop_column("process_definition", "diagram_resource_name")
    op.drop_table("job_definition")
