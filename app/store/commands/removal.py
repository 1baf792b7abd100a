"""Deleting deployments and definitions with what they leave, and history past its time.

Source: rest contract 4.1, 4.2 and 4.8.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    Text,
    bindparam,
    delete,
    func,
    select,
)

from app.engine.state import ProcessDefinition
from app.models import history
from app.models.repository import deployment, process_definition, resource
from app.models.runtime import event_subscription, execution, job
from app.store.connections.dialects import Among, Compiled, StatementClock

from .deployments import take_over_starts

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)
_HISTORY = (
    history.historic_activity_instance,
    history.historic_variable_instance,
    history.historic_detail,
    history.historic_external_task_log,
    history.historic_incident,
    history.historic_task,
)


def exists(connection: Connection, deployment_id: str) -> bool:
    """Whether there is such a deployment."""
    wanted = select(deployment.c.id).where(deployment.c.id == deployment_id)
    return connection.execute(wanted).first() is not None


def definitions_of(connection: Connection, deployment_id: str) -> list[ProcessDefinition]:
    """The definitions that a deployment has brought."""
    columns = [process_definition.c[f.name] for f in fields(ProcessDefinition)]
    wanted = (
        select(*columns)
        .where(process_definition.c.deployment_id == deployment_id)
        .order_by(process_definition.c.id)
    )
    return [ProcessDefinition(*row) for row in connection.execute(wanted)]


def count_instances(connection: Connection, definition_id: str) -> int:
    """How many instances of a definition run."""
    wanted = select(func.count()).where(
        execution.c.process_definition_id == definition_id, execution.c.parent_id.is_(None)
    )
    return connection.execute(wanted).scalar_one()


def instances_of(connection: Connection, definition_id: str, limit: int) -> list[str]:
    """Some running instances of a definition; callers before those that they called."""
    wanted = (
        select(execution.c.id)
        .where(execution.c.process_definition_id == definition_id, execution.c.parent_id.is_(None))
        .order_by(execution.c.id)
        .limit(limit)
    )
    return list(connection.execute(wanted).scalars())


_ENDED = Compiled(
    lambda: (
        select(history.historic_process_instance.c.id)
        .where(history.historic_process_instance.c.process_definition_id == _ID)
        .limit(bindparam("limit", type_=None))
    )
)
_REMOVE_ENDED = Compiled(
    lambda: delete(history.historic_process_instance).where(
        Among(history.historic_process_instance.c.id, bindparam("ids"))
    )
)


def _of_instances(table: Any) -> Compiled:
    """The rows of a table that belong to some instances, deleted."""
    return Compiled(
        lambda: delete(table).where(Among(table.c.process_instance_id, bindparam("ids")))
    )


_REMOVE_HISTORY = [_of_instances(t) for t in _HISTORY]


_ENDED_ONE = Compiled(
    lambda: select(history.historic_process_instance.c.id).where(
        history.historic_process_instance.c.id == _ID,
        history.historic_process_instance.c.end_time.is_not(None),
    )
)


def remove_history_of(tx: "Transaction", instance_id: str) -> bool:
    """Delete the history of one ended instance; False when there is none."""
    if not tx.rows(_ENDED_ONE, id=instance_id):
        return False
    for statement in (*_REMOVE_HISTORY, _REMOVE_ENDED):
        tx.run(statement, ids=tx.listed([instance_id]))
    return True


def remove_history(tx: "Transaction", definition_id: str, limit: int) -> int:
    """Delete the history of some instances of a definition; returns of how many."""
    found = [row[0] for row in tx.rows(_ENDED, id=definition_id, limit=limit)]
    if found:
        for statement in (*_REMOVE_HISTORY, _REMOVE_ENDED):
            tx.run(statement, ids=tx.listed(found))
    return len(found)


_REMOVE = [
    Compiled(lambda: delete(resource).where(resource.c.deployment_id == _ID)),
    Compiled(lambda: delete(process_definition).where(process_definition.c.deployment_id == _ID)),
    Compiled(lambda: delete(deployment).where(deployment.c.id == _ID)),
]
_REMOVE_OF_DEFINITION = [
    Compiled(lambda: delete(job).where(job.c.process_definition_id == _ID)),
    Compiled(
        lambda: delete(event_subscription).where(event_subscription.c.process_definition_id == _ID)
    ),
]


def remove(tx: "Transaction", deployment_id: str, definitions: Sequence[ProcessDefinition]) -> None:
    """Delete a deployment, its definitions and how they start; earlier versions start again."""
    for definition in definitions:
        for statement in _REMOVE_OF_DEFINITION:
            tx.run(statement, id=definition.id)
    for statement in _REMOVE:
        tx.run(statement, id=deployment_id)
    for definition in definitions:
        before = tx.latest_definition(definition.key, definition.tenant_id)
        if before is not None and before.version < definition.version:
            take_over_starts(tx, tx.graph(before.id).model, before)


_REMOVE_DEFINITION = Compiled(
    lambda: delete(process_definition).where(process_definition.c.id == _ID)
)


def remove_definition(tx: "Transaction", definition: ProcessDefinition) -> None:
    """Delete one version and how it starts; the version before it starts again."""
    for statement in _REMOVE_OF_DEFINITION:
        tx.run(statement, id=definition.id)
    tx.run(_REMOVE_DEFINITION, id=definition.id)
    before = tx.latest_definition(definition.key, definition.tenant_id)
    if before is not None and before.version < definition.version:
        take_over_starts(tx, tx.graph(before.id).model, before)


_EXPIRED = Compiled(
    lambda: (
        select(history.historic_process_instance.c.id)
        .where(history.historic_process_instance.c.removal_time <= StatementClock())
        .limit(bindparam("limit", type_=None))
    )
)


_OF_ROOTS = Compiled(
    lambda: select(history.historic_process_instance.c.id).where(
        Among(history.historic_process_instance.c.root_process_instance_id, bindparam("ids"))
    )
)


def remove_expired(tx: "Transaction", limit: int) -> int:
    """Delete the history of some root instances past their removal time; returns of how many."""
    found = [row[0] for row in tx.rows(_EXPIRED, limit=limit)]
    if found:
        instances = [row[0] for row in tx.rows(_OF_ROOTS, ids=tx.listed(found))]
        for statement in (*_REMOVE_HISTORY, _REMOVE_ENDED):
            tx.run(statement, ids=tx.listed(instances))
    return len(found)
