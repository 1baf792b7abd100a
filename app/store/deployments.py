"""Deployments and what they bring: resources and versions of definitions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    LargeBinary,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from app.bpmn import model as bpmn
from app.engine.jobs import START_TIMER
from app.engine.state import EventSubscription, Job, ProcessDefinition
from app.engine.timers import due_of
from app.errors import EngineError
from app.models import history
from app.models.base import Moment
from app.models.repository import deployment, process_definition, resource
from app.models.runtime import event_subscription, execution, job

from .dialects import Among, Compiled, StatementClock

if TYPE_CHECKING:
    from .transaction import Transaction

_ID = bindparam("id", type_=Text)
_HISTORY = (
    history.historic_activity_instance,
    history.historic_variable_instance,
    history.historic_detail,
    history.historic_external_task_log,
    history.historic_incident,
    history.historic_task,
)


class SubscribedTwiceError(EngineError):
    """Another definition of the tenant starts with the same message."""

    def __init__(self, resource_name: str, message: str) -> None:
        super().__init__(
            f"ENGINE-09011 Cannot deploy process definition '{resource_name}': there already is a "
            f"message event subscription for the message with name '{message}'."
        )


def _insert(table: Any) -> Compiled:
    return Compiled(lambda: insert(table).values({c.name: bindparam(c.name) for c in table.c}))


_ADD_DEPLOYMENT = Compiled(
    lambda: insert(deployment).values(
        id=_ID,
        name=bindparam("name", type_=Text),
        source=bindparam("source", type_=Text),
        deployment_time=bindparam("deployment_time", type_=Moment()),
        tenant_id=bindparam("tenant_id", type_=Text),
    )
)
_ADD_RESOURCE = Compiled(
    lambda: insert(resource).values(
        id=_ID,
        deployment_id=bindparam("deployment_id", type_=Text),
        name=bindparam("name", type_=Text),
        content=bindparam("content", type_=LargeBinary),
    )
)
_LATEST = {
    (named, sourced, tenanted): Compiled(
        lambda named=named, sourced=sourced, tenanted=tenanted: (  # type: ignore[misc]
            select(*deployment.c)
            .where(
                deployment.c.name == bindparam("name", type_=Text)
                if named
                else deployment.c.name.is_(None),
                deployment.c.tenant_id == bindparam("tenant_id", type_=Text)
                if tenanted
                else deployment.c.tenant_id.is_(None),
                *([deployment.c.source == bindparam("source", type_=Text)] if sourced else []),
            )
            .order_by(deployment.c.deployment_time.desc(), deployment.c.id.desc())
            .limit(1)
        )
    )
    for named in (False, True)
    for sourced in (False, True)
    for tenanted in (False, True)
}
_CONTENTS = Compiled(
    lambda: select(resource.c.name, resource.c.content).where(resource.c.deployment_id == _ID)
)
_LOCK_KEY = Compiled(lambda: select(func.pg_advisory_xact_lock(func.hashtextextended(_ID, 0))))
_START_SUBSCRIPTIONS = Compiled(
    lambda: (
        select(*event_subscription.c)
        .join(
            process_definition,
            process_definition.c.id == event_subscription.c.process_definition_id,
        )
        .where(event_subscription.c.execution_id.is_(None), process_definition.c.key == _ID)
    )
)
_START_JOBS = Compiled(
    lambda: select(*job.c).where(job.c.kind == START_TIMER, job.c.process_definition_key == _ID)
)
_START_MESSAGES = Compiled(
    lambda: select(*event_subscription.c).where(
        event_subscription.c.execution_id.is_(None),
        event_subscription.c.event_type == "message",
        event_subscription.c.event_name == _ID,
    )
)


def latest(
    tx: "Transaction", name: str | None, source: str | None, tenant_id: str | None
) -> dict[str, Any] | None:
    """The newest deployment of a name (and source) of a tenant."""
    values = {"name": name, "source": source, "tenant_id": tenant_id}
    statement = _LATEST[name is not None, source is not None, tenant_id is not None]
    rows = tx.rows(statement, **{k: v for k, v in values.items() if v is not None})
    return dict(zip(deployment.c.keys(), rows[0], strict=True)) if rows else None


def resources_of(tx: "Transaction", deployment_id: str) -> dict[str, bytes]:
    """The content of each resource, by name."""
    return {name: bytes(content) for name, content in tx.rows(_CONTENTS, id=deployment_id)}


def add(
    tx: "Transaction",
    *,
    name: str | None,
    source: str | None,
    tenant_id: str | None,
    resources: Sequence[tuple[str, bytes]],
    models: Mapping[str, tuple[bpmn.ProcessModel, ...]],
    activation_time: datetime | None,
) -> dict[str, Any]:
    """Store a deployment: resources, new versions of definitions, and how they start.

    Returns:
        the deployment's view, with the new ``definitions``; None when there are none.
    """
    keys = sorted(model.id for found in models.values() for model in found)
    if tx.is_postgresql:
        for key in keys:  # the versions of a key are counted by one deployment after the other
            tx.rows(_LOCK_KEY, id=f"baton:{key}")
    record = {
        "id": tx.new_id(),
        "name": name,
        "source": source,
        "deployment_time": tx.now,
        "tenant_id": tenant_id,
    }
    tx.run(_ADD_DEPLOYMENT, **record)
    for resource_name, content in resources:
        tx.run(
            _ADD_RESOURCE,
            id=tx.new_id(),
            deployment_id=record["id"],
            name=resource_name,
            content=content,
        )
    definitions = [
        _add_definition(tx, model, resource_name, record, activation_time)
        for resource_name, found in models.items()
        for model in found
    ]
    return {**record, "definitions": [asdict(d) for d in definitions] or None}


def _add_definition(
    tx: "Transaction",
    model: bpmn.ProcessModel,
    resource_name: str,
    record: Mapping[str, Any],
    activation_time: datetime | None,
) -> ProcessDefinition:
    before = tx.latest_definition(model.id, record["tenant_id"])
    version = before.version + 1 if before is not None else 1
    new = tx.new_id()
    composite = f"{model.id}:{version}:{new}"
    is_later = activation_time is not None and activation_time > tx.now
    definition = ProcessDefinition(
        id=composite if len(composite) <= 64 else new,
        key=model.id,
        version=version,
        deployment_id=record["id"],
        resource_name=resource_name,
        is_suspended=is_later,
        is_startable_in_tasklist=model.is_startable_in_tasklist,
        name=model.name,
        category=model.category,
        description=model.description,
        version_tag=model.version_tag,
        history_time_to_live=model.history_time_to_live,
        tenant_id=record["tenant_id"],
    )
    tx.records.add(definition)
    _replace_starts(tx, definition)
    _subscribe_starts(tx, model, definition)
    if is_later and activation_time is not None:
        tx.records.add(
            Job(
                id=tx.new_id(),
                kind="activate-processdefinition",
                create_time=tx.now,
                retries=3,
                priority=0,
                configuration=definition.id,
                process_definition_id=definition.id,
                process_definition_key=definition.key,
                deployment_id=definition.deployment_id,
                due_date=activation_time,
                tenant_id=definition.tenant_id,
            )
        )
    return definition


def _replace_starts(tx: "Transaction", definition: ProcessDefinition) -> None:
    """Take the start subscriptions and timers of earlier versions away."""
    for row in tx.rows(_START_SUBSCRIPTIONS, id=definition.key):
        subscription = tx.records.load(EventSubscription(*row))
        if subscription is not None and subscription.tenant_id == definition.tenant_id:
            tx.records.remove(subscription)
    for row in tx.rows(_START_JOBS, id=definition.key):
        timer = tx.records.load(Job(*row))
        if timer is not None and timer.tenant_id == definition.tenant_id:
            tx.records.remove(timer)


def _subscribe_starts(
    tx: "Transaction", model: bpmn.ProcessModel, definition: ProcessDefinition
) -> None:
    """Subscribe to what starts the process: messages, signals, conditions, timers."""
    for node in model.nodes.values():
        if node.scope_id != model.id or not node.is_start_event:
            continue
        match node.detail:
            case bpmn.Message(name=name):
                _refuse_twin(tx, name.text, definition)
                _subscribe(tx, "message", name.text, node.id, definition)
            case bpmn.Signal(name=name):
                _subscribe(tx, "signal", name.text, node.id, definition)
            case bpmn.Conditional():
                _subscribe(tx, "conditional", None, node.id, definition)
            case bpmn.Timer() as timer:
                _schedule(tx, timer, node.id, definition)


def _refuse_twin(tx: "Transaction", name: str, definition: ProcessDefinition) -> None:
    for row in tx.rows(_START_MESSAGES, id=name):
        twin = tx.records.load(EventSubscription(*row))
        if twin is not None and twin.tenant_id == definition.tenant_id:
            raise SubscribedTwiceError(definition.resource_name, name)


def _subscribe(
    tx: "Transaction",
    kind: str,
    name: str | None,
    activity_id: str,
    definition: ProcessDefinition,
) -> None:
    tx.records.add(
        EventSubscription(
            id=tx.new_id(),
            event_type=kind,
            created_date=tx.now,
            event_name=name,
            activity_id=activity_id,
            configuration=definition.id,
            process_definition_id=definition.id,
            tenant_id=definition.tenant_id,
        )
    )


class _NoInstance:
    """The context of a start timer: there are no variables yet."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def variable(self, name: str) -> object:
        raise KeyError(name)

    def special(self, name: str) -> object:
        raise KeyError(name)


def _schedule(
    tx: "Transaction", timer: bpmn.Timer, activity_id: str, definition: ProcessDefinition
) -> None:
    due = due_of(timer.kind, timer.value.evaluate(_NoInstance(tx.now)), tx.now)
    tx.records.add(
        Job(
            id=tx.new_id(),
            kind=START_TIMER,
            create_time=tx.now,
            retries=3,
            priority=0,
            configuration=definition.key,
            activity_id=activity_id,
            process_definition_id=definition.id,
            process_definition_key=definition.key,
            deployment_id=definition.deployment_id,
            due_date=due.moment,
            repeat=due.repeat,
            tenant_id=definition.tenant_id,
        )
    )


# -- deleting -------------------------------------------------------------------------


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
            graph = tx.graph(before.id)
            _replace_starts(tx, before)
            _subscribe_starts(tx, graph.model, before)


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
        _replace_starts(tx, before)
        _subscribe_starts(tx, tx.graph(before.id).model, before)


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
