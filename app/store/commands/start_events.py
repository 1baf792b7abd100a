"""How the newest version of a process is started by events: its subscriptions and start timers."""

from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, select

from app.bpmn import model as bpmn
from app.engine.events.timers import due_of
from app.engine.execution.no_instance import NoInstance
from app.engine.jobs import definitions as job_definitions
from app.engine.jobs.jobs import START_TIMER, initial_retries
from app.engine.state import EventSubscription, Job, ProcessDefinition
from app.errors import EngineError
from app.models.repository import process_definition
from app.models.runtime import event_subscription, job
from app.store.connections.dialects import Compiled

from .advisory_locks import hold

if TYPE_CHECKING:
    from app.expressions import Expression
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)


class SubscribedTwiceError(EngineError):
    """Another definition of the tenant starts with the same message."""

    def __init__(self, resource_name: str, message: str) -> None:
        super().__init__(
            f"ENGINE-09011 Cannot deploy process definition '{resource_name}': there already is a "
            f"message event subscription for the message with name '{message}'."
        )


# By ix_event_subscription_execution: those of no execution are those that start instances.
_START_SUBSCRIPTIONS_OF_KEY = Compiled(
    lambda: (
        select(*event_subscription.c)
        .join(
            process_definition,
            process_definition.c.id == event_subscription.c.process_definition_id,
        )
        .where(event_subscription.c.execution_id.is_(None), process_definition.c.key == _ID)
    )
)
# By ix_job_execution: of no execution are those that start instances, and those of batches.
_LOCK_START_TIMERS = Compiled(
    lambda: (
        select(*job.c)
        .where(
            # Or each deployment would read all jobs that there are.
            job.c.execution_id.is_(None),
            job.c.kind == START_TIMER,
            job.c.process_definition_key == _ID,
        )
        .order_by(job.c.id)
        .with_for_update()
    )
)
# By all columns of ix_event_subscription_event: many instances may wait for the same message.
_START_SUBSCRIPTIONS_OF_MESSAGE = Compiled(
    lambda: select(*event_subscription.c).where(
        event_subscription.c.process_instance_id.is_(None),
        event_subscription.c.event_type == "message",
        event_subscription.c.event_name == _ID,
    )
)


def take_over_starts(
    tx: "Transaction", model: bpmn.ProcessModel, definition: ProcessDefinition
) -> None:
    """Let this version be the one of its key that events and timers start."""
    # First: the new version may start with the same message as the one before.
    _drop_starts(tx, definition)
    _subscribe_starts(tx, model, definition)


def _drop_starts(tx: "Transaction", definition: ProcessDefinition) -> None:
    """Take the start subscriptions and timers of earlier versions away."""
    for row in tx.sql.rows(_START_SUBSCRIPTIONS_OF_KEY, id=definition.key):
        subscription = tx.records.load(EventSubscription(*row))
        # Versions count for each tenant: those of others keep their starts.
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
        rows = tx.sql.rows(_LOCK_START_TIMERS, id=key)
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
    hold(tx, f"baton message:{name}")  # a deployment with the same message has committed, or waits
    for row in tx.sql.rows(_START_SUBSCRIPTIONS_OF_MESSAGE, id=name):
        # Through the records: what this transaction has removed itself is no twin.
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
