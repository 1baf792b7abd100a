"""Deployments and what they bring: resources and versions of definitions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, String, bindparam, delete, func, insert, select, update

from app.engine.state import EventSubscription, Job, ProcessDefinition
from app.models import history
from app.models.repository import deployment, process_definition, resource
from app.models.runtime import (
    event_subscription,
    execution,
    external_task,
    incident,
    job,
    task,
    variable,
)

from .dialects import Compiled

if TYPE_CHECKING:
    from .transaction import Transaction

_RUNTIME = (variable, external_task, task, job, event_subscription, incident, execution)
_HISTORY = (
    history.historic_activity_instance,
    history.historic_variable_instance,
    history.historic_detail,
    history.historic_external_task_log,
    history.historic_incident,
    history.historic_task,
)


def latest(
    connection: Connection, name: str | None, source: str | None, tenant_id: str | None
) -> dict[str, Any] | None:
    """The newest deployment of a name (and source) of a tenant."""
    wanted = (
        select(deployment)
        .where(
            deployment.c.name == name if name is not None else deployment.c.name.is_(None),
            deployment.c.tenant_id == tenant_id
            if tenant_id is not None
            else deployment.c.tenant_id.is_(None),
        )
        .order_by(deployment.c.deployment_time.desc(), deployment.c.id.desc())
        .limit(1)
    )
    if source is not None:
        wanted = wanted.where(deployment.c.source == source)
    row = connection.execute(wanted).mappings().first()
    return None if row is None else dict(row)


def resources_of(connection: Connection, deployment_id: str) -> dict[str, bytes]:
    """The content of each resource, by name."""
    wanted = select(resource.c.name, resource.c.content).where(
        resource.c.deployment_id == deployment_id
    )
    return {name: bytes(content) for name, content in connection.execute(wanted)}


def add(
    connection: Connection,
    record: Mapping[str, Any],
    resources: Sequence[Mapping[str, Any]],
    definitions: Sequence[ProcessDefinition],
) -> None:
    """Store a deployment with its resources and definitions."""
    connection.execute(insert(deployment), [dict(record)])
    if resources:
        connection.execute(insert(resource), [dict(r) for r in resources])
    if definitions:
        connection.execute(insert(process_definition), [asdict(d) for d in definitions])


def next_version(connection: Connection, key: str, tenant_id: str | None) -> int:
    """The version that a new definition of a key gets."""
    tenant = process_definition.c.tenant_id
    wanted = select(func.max(process_definition.c.version)).where(
        process_definition.c.key == key,
        tenant.is_(None) if tenant_id is None else tenant == tenant_id,
    )
    return (connection.execute(wanted).scalar() or 0) + 1


def lock_keys(connection: Connection, keys: Sequence[str]) -> None:
    """Let deployments of the same keys wait for each other, so that versions are counted once."""
    if connection.dialect.name == "postgresql":
        for key in sorted(set(keys)):
            connection.execute(
                select(func.pg_advisory_xact_lock(func.hashtextextended(f"baton:{key}", 0)))
            )


_REPLACE = Compiled(
    lambda: delete(event_subscription).where(
        event_subscription.c.execution_id.is_(None),
        event_subscription.c.configuration == bindparam("id", type_=String),
    )
)
