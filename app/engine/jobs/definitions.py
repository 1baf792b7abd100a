"""The definitions of jobs: each place in a model that makes some, known from its deployment on.

Source: contract 10.5; Camunda 7 ``JobDeclaration``, ``BpmnDeployer.updateJobDeclarations``.
"""

from collections.abc import Iterator

from app.bpmn import model as bpmn
from app.engine.graph.graph import BODY
from app.engine.state import Batch, Job, JobDefinition, ProcessDefinition

from .continuations import Continuation

ASYNC = "async-continuation"
EVENT = "event"
BOUNDARY_TIMER = "timer-transition"
CATCH_TIMER = "timer-intermediate-transition"
START_TIMER = "timer-start-event"
SUBPROCESS_TIMER = "timer-start-event-subprocess"
TASK_TIMER = "timer-task-listener"
BEFORE, AFTER, TIMER = "async-before", "async-after", "timer"


def declared(model: bpmn.ProcessModel, definition: ProcessDefinition) -> Iterator[JobDefinition]:
    """The job definitions of a process."""
    for node in model.nodes.values():
        for activity_id, kind, configuration, place in _places(model, node):
            yield JobDefinition(
                id=_id(definition.id, activity_id, place),
                job_type=kind,
                job_configuration=configuration,
                process_definition_id=definition.id,
                process_definition_key=definition.key,
                activity_id=activity_id,
                tenant_id=definition.tenant_id,
            )


def _places(model: bpmn.ProcessModel, node: bpmn.FlowNode) -> Iterator[tuple[str, str, str, str]]:
    """Where a flow node makes jobs: the activity, their kind, their configuration, the place."""
    # The body's continuations are of the activity in the model, the instances' of the loop.
    outer = node.id if node.loop is None else node.id + BODY
    continuations = [(outer, node.async_before, node.async_after)]
    if node.loop is not None:
        continuations.append((node.id, node.loop.async_before, node.loop.async_after))
    for activity_id, before, after in continuations:
        if before:
            yield activity_id, ASYNC, BEFORE, BEFORE
        if after:
            yield activity_id, ASYNC, AFTER, AFTER
    match node.detail:
        case bpmn.Timer() as timer:
            yield node.id, _kind_of_timer(model, node), _shown(timer), TIMER
        case bpmn.UserTask(listeners=listeners):
            for listener in listeners:
                if listener.timer is not None:
                    yield node.id, TASK_TIMER, _shown(listener.timer), listener.id or ""


def _kind_of_timer(model: bpmn.ProcessModel, node: bpmn.FlowNode) -> str:
    if node.attached_to is not None:
        return BOUNDARY_TIMER
    if not node.is_start_event:
        return CATCH_TIMER
    return START_TIMER if node.scope_id == model.id else SUBPROCESS_TIMER


def _shown(timer: bpmn.Timer) -> str:
    return f"{timer.kind.upper()}: {timer.value.text}"


def _id(process_definition_id: str, activity_id: str, place: str) -> str:
    # It follows from the model: a job knows its definition without reading the table.
    return f"{process_definition_id}:{activity_id}:{place}"


BATCH_SEED, BATCH_MONITOR = "batch-seed-job", "batch-monitor-job"


def of_batch(batch: Batch) -> list[JobDefinition]:
    """The job definitions of a batch: what makes its jobs, what ends it, and its own."""
    return [
        JobDefinition(
            id=f"{batch.id}:{kind}",
            job_type=kind,
            job_configuration=batch.id,
            is_suspended=batch.is_suspended,
            tenant_id=batch.tenant_id,
            deployment_id=batch.deployment_id if kind == BATCH_SEED else None,
        )
        for kind in (BATCH_SEED, BATCH_MONITOR, batch.type)
    ]


def _place_of(job: Job) -> str | None:
    """The place of its activity at which a job was made; None for one that no model declares."""
    if job.kind == ASYNC:
        return AFTER if Continuation.parse(job.configuration).is_after else BEFORE
    if job.kind == TASK_TIMER:
        return job.configuration or ""
    return (
        TIMER if job.kind in (BOUNDARY_TIMER, CATCH_TIMER, START_TIMER, SUBPROCESS_TIMER) else None
    )


def id_of(job: Job) -> str | None:
    """The id of a job's definition; None for one that no place in a model makes."""
    if job.batch_id is not None:
        return f"{job.batch_id}:{job.kind}"
    place = _place_of(job)
    if place is None or job.process_definition_id is None or job.activity_id is None:
        return None
    return _id(job.process_definition_id, job.activity_id, place)


def configuration_of(model: bpmn.ProcessModel, job: Job) -> str | None:
    """The configuration of a job's definition."""
    place = _place_of(job)
    node = model.nodes.get((job.activity_id or "").removesuffix(BODY))
    if node is None:
        return None
    for activity_id, _, configuration, known in _places(model, node):
        if activity_id == job.activity_id and known == place:
            return configuration
    return None
