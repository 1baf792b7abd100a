"""Deletion of deployments, of definitions, and of history past its time.

Source: contract 4.1, 4.2 and 4.8.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    Text,
    bindparam,
    delete,
    select,
)

from app.engine.history import metrics
from app.engine.state import ProcessDefinition
from app.models import history
from app.models.repository import (
    camunda_form,
    deployment,
    job_definition,
    process_definition,
    resource,
)
from app.models.runtime import event_subscription, execution, job
from app.models.tasks import attachment, comment
from app.store.connections.dialects import Among, Compiled, StatementClock
from app.store.unit.guard import Found

from . import decision_removal, lasting_variables
from .deployments import lock_keys
from .start_events import start_timers, take_over_starts

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)
_HISTORY = (
    *history.OF_INSTANCE,
    # behind the tasks, whose rows are held while one of these is added
    comment,
    attachment,
)


def exists(connection: Connection, deployment_id: str) -> bool:
    """Whether there is such a deployment."""
    wanted = select(deployment.c.id).where(deployment.c.id == deployment_id)
    return connection.execute(wanted).first() is not None


# By ix_process_definition_deployment, or the primary key.
_ALL_DEFINITIONS = select(
    *(process_definition.c[f.name] for f in fields(ProcessDefinition))
).order_by(process_definition.c.id)


def definitions_of(connection: Connection, deployment_id: str) -> list[ProcessDefinition]:
    """The definitions that a deployment has brought."""
    wanted = _ALL_DEFINITIONS.where(process_definition.c.deployment_id == deployment_id)
    return [ProcessDefinition(*row) for row in connection.execute(wanted)]


def definitions(connection: Connection, ids: Sequence[str]) -> list[ProcessDefinition]:
    """The definitions with these ids, as far as they are there."""
    wanted = _ALL_DEFINITIONS.where(process_definition.c.id.in_(ids))
    return [ProcessDefinition(*row) for row in connection.execute(wanted)]


# By the primary key.
_LOCK_DEPLOYMENT = Compiled(
    lambda: select(deployment.c.id).where(deployment.c.id == _ID).with_for_update()
)
# By the primary key.
_LOCK_DEFINITIONS = Compiled(
    lambda: (
        select(*process_definition.c)
        .where(Among(process_definition.c.id, bindparam("ids")))
        .order_by(process_definition.c.id)
        .with_for_update()
    )
)
# by ix_execution_in_definition
_RUNNING_INSTANCES = Compiled(
    lambda: (
        select(execution.c.id, execution.c.root_process_instance_id)
        .where(execution.c.process_definition_id == _ID, execution.c.parent_id.is_(None))
        .order_by(execution.c.id)
    )
)


def lock_deployment(tx: "Transaction", deployment_id: str) -> bool:
    """Lock a deployment; whether it is there."""
    return bool(tx.sql.rows(_LOCK_DEPLOYMENT, id=deployment_id))


def lock_definitions(
    tx: "Transaction", definitions: Sequence[ProcessDefinition]
) -> list[ProcessDefinition]:
    """Lock definitions that are to be deleted, as far as they are there: nothing starts of them."""
    keys = sorted({definition.key for definition in definitions})
    # As deployments do: no new version of these keys comes meanwhile.
    lock_keys(tx, keys)
    for key in keys:  # before the definition, as the timer that fires does
        start_timers(tx, key)
    rows = tx.sql.rows(_LOCK_DEFINITIONS, ids=tx.sql.listed(d.id for d in definitions))
    found = [ProcessDefinition(*row) for row in rows]
    return sorted(found, key=lambda definition: definition.version)  # the last one is followed


def running(tx: "Transaction", definition_id: str) -> list[Found]:
    """The instances that run of a definition."""
    return [Found(*row) for row in tx.sql.rows(_RUNNING_INSTANCES, id=definition_id)]


def instances_of(connection: Connection, definition_id: str, limit: int) -> list[str]:
    """Some running instances of a definition; callers before those that they called."""
    wanted = (
        select(execution.c.id)
        .where(execution.c.process_definition_id == definition_id, execution.c.parent_id.is_(None))
        .order_by(execution.c.id)
        .limit(limit)
    )
    return list(connection.execute(wanted).scalars())


def _instances_of_definition() -> Any:
    # in portions: the locks and the log of one transaction must not grow with the history
    instance = history.historic_process_instance.c
    return (
        select(instance.id)
        .where(instance.process_definition_id == _ID)
        .limit(bindparam("limit", type_=None))
    )


# By ix_hi_process_instance_definition, as many entries as are removed at once.
_INSTANCES_OF_DEFINITION = Compiled(_instances_of_definition)
# By the same ix_hi_process_instance_definition.
_ENDED_INSTANCES_OF_DEFINITION = Compiled(
    lambda: _instances_of_definition().where(
        history.historic_process_instance.c.end_time.is_not(None)
    )
)
# By the primary key.
_REMOVE_INSTANCES = Compiled(
    lambda: delete(history.historic_process_instance).where(
        Among(history.historic_process_instance.c.id, bindparam("ids"))
    )
)


def _of_instances(table: Any) -> Compiled:
    """The rows of a table that belong to some instances, deleted."""
    return Compiled(
        lambda: delete(table).where(Among(table.c.process_instance_id, bindparam("ids")))
    )


# By the index that each table has of its instances: ix_hi_activity_instance_instance,
# ix_comment_instance, ….
_REMOVE_HISTORY_OF_INSTANCES = [
    *(_of_instances(t) for t in _HISTORY),
    # comments on other tasks that were listed there
    Compiled(lambda: delete(comment).where(Among(comment.c.named_instance_id, bindparam("ids")))),
]


# By the primary key.
_ENDED_INSTANCE = Compiled(
    lambda: select(history.historic_process_instance.c.id).where(
        history.historic_process_instance.c.id == _ID,
        history.historic_process_instance.c.end_time.is_not(None),
    )
)


def remove_history_of(tx: "Transaction", instance_id: str) -> bool:
    """Delete the history of one ended instance; False when there is none."""
    if not tx.sql.rows(_ENDED_INSTANCE, id=instance_id):
        return False
    return bool(_remove_all(tx, [instance_id]))


def remove_history(tx: "Transaction", definition_id: str, limit: int, *, is_ended: bool) -> int:
    """Delete the history of some instances of a definition; returns of how many.

    Args:
        is_ended: running instances keep theirs.
    """
    statement = _ENDED_INSTANCES_OF_DEFINITION if is_ended else _INSTANCES_OF_DEFINITION
    return _remove_all(
        tx, [row[0] for row in tx.sql.rows(statement, id=definition_id, limit=limit)]
    )


def _remove_all(tx: "Transaction", instance_ids: Sequence[str]) -> int:
    """Delete the history of some instances; returns how many of them there were."""
    removed = 0
    if instance_ids:
        decision_removal.keep(tx, instance_ids)  # what was decided stays until its time has come
        lasting_variables.remove_ended(tx, instance_ids)
        # the instances go last: theirs is the number that is returned
        for statement in (*_REMOVE_HISTORY_OF_INSTANCES, _REMOVE_INSTANCES):
            removed = tx.sql.run(statement, ids=tx.sql.listed(instance_ids))
    return removed


# By uq_resource_deployment_name, ix_camunda_form_deployment and the primary key.
_REMOVE_DEPLOYMENT = [
    Compiled(lambda: delete(resource).where(resource.c.deployment_id == _ID)),
    Compiled(lambda: delete(camunda_form).where(camunda_form.c.deployment_id == _ID)),
    Compiled(lambda: delete(deployment).where(deployment.c.id == _ID)),
]
# By ix_job_definition_definition, ix_job_definition and ix_event_subscription_definition.
_REMOVE_OF_DEFINITION = [
    Compiled(lambda: delete(job_definition).where(job_definition.c.process_definition_id == _ID)),
    Compiled(lambda: delete(job).where(job.c.process_definition_id == _ID)),
    Compiled(
        lambda: delete(event_subscription).where(event_subscription.c.process_definition_id == _ID)
    ),
]


# By the primary key.
_REMOVE_DEFINITION = Compiled(
    lambda: delete(process_definition).where(process_definition.c.id == _ID)
)


def remove_definition(tx: "Transaction", definition: ProcessDefinition) -> None:
    """Delete one version that is locked, and how it starts; the version before starts again."""
    for statement in _REMOVE_OF_DEFINITION:
        tx.sql.run(statement, id=definition.id)
    tx.sql.run(_REMOVE_DEFINITION, id=definition.id)
    # read behind the deletion, so that it is the newest one that is left
    before = tx.latest_definition(definition.key, definition.tenant_id)
    if before is not None and before.version < definition.version:
        take_over_starts(tx, tx.graph(before.id).model, before)


def remove_deployment(tx: "Transaction", deployment_id: str) -> None:
    """Delete a deployment whose definitions are gone."""
    for statement in _REMOVE_DEPLOYMENT:
        tx.sql.run(statement, id=deployment_id)


# by ix_hi_process_instance_removal, which has only instances with a removal time
_EXPIRED_INSTANCES = Compiled(
    lambda: (
        select(history.historic_process_instance.c.id)
        .where(
            history.historic_process_instance.c.removal_time <= StatementClock(),
            history.historic_process_instance.c.end_time.is_not(None),
        )
        .limit(bindparam("limit", type_=None))
        # the processes remove side by side
        .with_for_update(skip_locked=True)
    )
)


# By ix_hi_process_instance_root, which has only called instances.
_CALLED_AND_ENDED = Compiled(
    lambda: select(history.historic_process_instance.c.id).where(
        Among(history.historic_process_instance.c.root_process_instance_id, bindparam("ids")),
        history.historic_process_instance.c.super_process_instance_id.is_not(None),
        history.historic_process_instance.c.end_time.is_not(None),
        # NULL for nearly all: IS NOT TRUE finds them, where "= false" would not.
        history.historic_process_instance.c.has_own_removal_time.is_not(True),
    )
)


def remove_expired(tx: "Transaction", limit: int) -> tuple[int, int]:
    """Delete the history of some instances past their removal time.

    The instances that they had called go with them, unless they still run or have a removal time
    of their own.

    Returns:
        how many of them there were, and of how many instances the history was deleted.
    """
    roots = [row[0] for row in tx.sql.rows(_EXPIRED_INSTANCES, limit=limit)]
    if not roots:
        return 0, 0
    called = [row[0] for row in tx.sql.rows(_CALLED_AND_ENDED, ids=tx.sql.listed(roots))]
    # A root of another clean-up may be among the called ones of this: each once, in one order.
    instances = sorted({*roots, *called})
    tx.counts[metrics.REMOVED_DECISIONS] += decision_removal.remove_following(tx, roots)
    return len(roots), _remove_all(tx, instances)
