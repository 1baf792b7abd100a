"""Deployments with their resources and new versions of definitions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Text,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
)

from app.bpmn import model as bpmn
from app.engine.events.timers import due_of
from app.engine.execution.no_instance import NoInstance
from app.engine.jobs import definitions as job_definitions
from app.engine.jobs.jobs import DEFAULT_RETRIES, START_TIMER, initial_retries
from app.engine.state import EventSubscription, Job, ProcessDefinition
from app.errors import EngineError
from app.models.base import Timestamp
from app.models.repository import deployment, process_definition, resource
from app.models.runtime import event_subscription, job
from app.store.connections.dialects import Among, Compiled, Given, Variants, same

from . import camunda_forms, decision_deployments
from .diagrams import diagram_of

if TYPE_CHECKING:
    from app.dmn.model import Definitions
    from app.expressions import Expression
    from app.store.unit.transaction import Transaction

Resources = Sequence[tuple[str, bytes]]
DEFAULT_SOURCE = "process application"  # which a deployment that names none is compared with
_ID = bindparam("id", type_=Text)


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
        deployment_time=bindparam("deployment_time", type_=Timestamp()),
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


def _of_family(given: Given) -> tuple[ColumnElement[bool], ...]:
    return (
        same(deployment.c.name, "name", given),
        same(deployment.c.tenant_id, "tenant_id", given),
    )


def _latest(given: Given) -> Any:
    return (
        select(*deployment.c)
        .where(*_of_family(given))
        .order_by(deployment.c.deployment_time.desc(), deployment.c.id.desc())
        .limit(1)
    )


def _newest(given: Given) -> Any:
    """The newest content of some resources in all deployments of a name, source and tenant."""
    order = deployment.c.deployment_time.desc(), deployment.c.id.desc()
    age = func.row_number().over(partition_by=resource.c.name, order_by=order)
    versions = (
        select(resource.c.id, age.label("age"))
        .join(deployment, deployment.c.id == resource.c.deployment_id)
        .where(
            Among(resource.c.name, bindparam("names")),
            *_of_family(given),
            or_(
                deployment.c.source.is_(None),
                deployment.c.source == bindparam("source", type_=Text),
            ),
        )
        .subquery()
    )
    newest = select(versions.c.id).where(versions.c.age == literal_column("1"))
    return select(resource.c.name, resource.c.content).where(resource.c.id.in_(newest))


_LATEST = Variants(_latest)
_NEWEST_RESOURCES = Variants(_newest)
# an advisory lock, held until the commit: the first deployment of a key has no row to lock yet
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
    lambda: (
        select(*job.c)
        .where(job.c.kind == START_TIMER, job.c.process_definition_key == _ID)
        .order_by(job.c.id)
        .with_for_update()
    )
)
_START_MESSAGES = Compiled(
    lambda: select(*event_subscription.c).where(
        event_subscription.c.execution_id.is_(None),
        event_subscription.c.event_type == "message",
        event_subscription.c.event_name == _ID,
    )
)


@dataclass(frozen=True)
class Models:
    """What the resources of a deployment define, each by its name."""

    processes: dict[str, tuple[bpmn.ProcessModel, ...]] = field(default_factory=dict)
    decisions: "dict[str, Definitions]" = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)  # their keys


@dataclass(frozen=True)
class Family:
    """The deployments that a new one is compared with.

    Attributes:
        source: those without a source belong to every source.
    """

    name: str | None
    source: str | None
    tenant_id: str | None

    def lock(self, tx: "Transaction") -> None:
        """Let other deployments to it wait until this transaction ends."""
        if tx.sql.is_postgresql:
            tx.sql.rows(_LOCK_KEY, id=f"baton:deployment:{self.tenant_id or ''}:{self.name or ''}")

    def latest(self, tx: "Transaction") -> dict[str, Any] | None:
        """The newest deployment of the name, of any source."""
        rows = tx.sql.rows_given(_LATEST, name=self.name, tenant_id=self.tenant_id)
        return dict(zip(deployment.c.keys(), rows[0], strict=True)) if rows else None

    def changed(self, tx: "Transaction", resources: Resources) -> list[tuple[str, bytes]]:
        """The resources that are new, or other than the newest of their name."""
        rows = tx.sql.rows_given(
            _NEWEST_RESOURCES,
            names=tx.sql.listed(name for name, _ in resources),
            source=self.source or DEFAULT_SOURCE,
            name=self.name,
            tenant_id=self.tenant_id,
        )
        known = {name: bytes(content) for name, content in rows}
        return [(name, content) for name, content in resources if known.get(name) != content]


def lock_keys(tx: "Transaction", keys: Iterable[str]) -> None:
    """Count the versions of some keys, and say how they start, one command after the other.

    Args:
        keys: of processes; `decision_deployments.lock_names` has those of decisions.
    """
    if tx.sql.is_postgresql:
        for key in sorted(set(keys)):  # in one order, or two deployments could wait for each other
            tx.sql.rows(_LOCK_KEY, id=f"baton:{key}")


def add(
    tx: "Transaction",
    family: Family,
    resources: Resources,
    models: Models,
    activation_time: datetime | None,
) -> dict[str, Any]:
    """Store a deployment: resources, new versions of definitions, and how they start.

    Returns:
        the deployment's view, with the new ``definitions``, ``decision_definitions`` and
        ``decision_requirements_definitions``; None when there are none.
    """
    keys = [model.id for found in models.processes.values() for model in found]
    names = decision_deployments.lock_names(models.decisions.values())
    lock_keys(tx, [*keys, *names, *camunda_forms.lock_names(models.forms.values())])
    record = {
        "id": tx.new_id(),
        "name": family.name,
        "source": family.source,
        "deployment_time": tx.now,
        "tenant_id": family.tenant_id,
    }
    tx.sql.run(_ADD_DEPLOYMENT, **record)
    for resource_name, content in resources:
        tx.sql.run(
            _ADD_RESOURCE,
            id=tx.new_id(),
            deployment_id=record["id"],
            name=resource_name,
            content=content,
        )
    resource_names = {name for name, _ in resources}
    definitions = [
        _add_definition(
            tx,
            model,
            resource_name,
            record,
            activation_time,
            diagram_of(resource_name, model.id, resource_names),
        )
        for resource_name, found in models.processes.items()
        for model in found
    ]
    decisions, requirements = decision_deployments.add(tx, models.decisions, record)
    camunda_forms.add(tx, models.forms, record)
    return {
        **record,
        "definitions": [asdict(d) for d in definitions] or None,
        "decision_definitions": [asdict(d) for d in decisions] or None,
        "decision_requirements_definitions": [asdict(d) for d in requirements] or None,
    }


def _add_definition(
    tx: "Transaction",
    model: bpmn.ProcessModel,
    resource_name: str,
    record: Mapping[str, Any],
    activation_time: datetime | None,
    diagram: str | None,
) -> ProcessDefinition:
    # behind `lock_keys`: two deployments cannot count the same version
    before = tx.latest_definition(model.id, record["tenant_id"])
    version = before.version + 1 if before is not None else 1
    new = tx.new_id()
    composite = f"{model.id}:{version}:{new}"
    is_later = activation_time is not None and activation_time > tx.now
    definition = ProcessDefinition(
        id=composite if len(composite) <= 64 else new,  # as the reference engine shortens it
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
        candidate_starter_users=",".join(model.candidate_starter_users) or None,
        candidate_starter_groups=",".join(model.candidate_starter_groups) or None,
        diagram_resource_name=diagram,
    )
    tx.records.add(definition)
    for declared in job_definitions.declared(model, definition):
        tx.records.add(declared)
    take_over_starts(tx, model, definition)
    if is_later and activation_time is not None:
        tx.records.add(
            Job(
                id=tx.new_id(),
                kind="activate-processdefinition",
                create_time=tx.now,
                retries=DEFAULT_RETRIES,
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


def take_over_starts(
    tx: "Transaction", model: bpmn.ProcessModel, definition: ProcessDefinition
) -> None:
    """Let this version be the one of its key that events and timers start."""
    _drop_starts(tx, definition)
    _subscribe_starts(tx, model, definition)


def _drop_starts(tx: "Transaction", definition: ProcessDefinition) -> None:
    """Take the start subscriptions and timers of earlier versions away."""
    for row in tx.sql.rows(_START_SUBSCRIPTIONS, id=definition.key):
        subscription = tx.records.load(EventSubscription(*row))
        if subscription is not None and subscription.tenant_id == definition.tenant_id:
            tx.records.remove(subscription)
    for timer in start_timers(tx, definition.key):
        if timer.tenant_id == definition.tenant_id:
            tx.records.remove(timer)


def start_timers(tx: "Transaction", key: str) -> list[Job]:
    """The timers that start instances of a key, locked.

    One that fires while we wait for its lock leaves another in its place, which the same statement
    does not see: the query is repeated until nothing is new.
    """
    known: set[str] | None = None
    while True:
        rows = tx.sql.rows(_START_JOBS, id=key)
        found = {row[0] for row in rows}
        if known is not None and found <= known:
            return tx.records.load_all(Job(*row) for row in rows)
        known = found


def _subscribe_starts(
    tx: "Transaction", model: bpmn.ProcessModel, definition: ProcessDefinition
) -> None:
    """Subscribe to the events that start the process: messages, signals, conditions, timers."""
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
                priority = node.job_priority or model.job_priority
                _schedule(tx, timer, node, definition, priority)


def _refuse_twin(tx: "Transaction", name: str, definition: ProcessDefinition) -> None:
    if tx.sql.is_postgresql:  # a deployment with the same message has committed, or waits
        tx.sql.rows(_LOCK_KEY, id=f"baton message:{name}")
    for row in tx.sql.rows(_START_MESSAGES, id=name):
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


def _schedule(
    tx: "Transaction",
    timer: bpmn.Timer,
    node: bpmn.FlowNode,
    definition: ProcessDefinition,
    priority: "Expression | None",
) -> None:
    """Make the job of a start timer; without an instance only a constant priority counts."""
    due = due_of(timer.kind, timer.value.evaluate(NoInstance(tx.local_now)), tx.local_now)
    job = tx.records.add(
        Job(
            id=tx.new_id(),
            kind=START_TIMER,
            create_time=tx.now,
            retries=initial_retries(node.job_retry_cycle),
            priority=int(priority.text) if priority is not None and priority.is_literal else 0,
            configuration=definition.key,
            activity_id=node.id,
            process_definition_id=definition.id,
            process_definition_key=definition.key,
            deployment_id=definition.deployment_id,
            due_date=due.timestamp,
            repeat=due.repeat,
            tenant_id=definition.tenant_id,
        )
    )
    job.job_definition_id = job_definitions.id_of(job)
