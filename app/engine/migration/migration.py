"""The migration of one instance.

Source: contract 10.4; semantics 2.15; Camunda 7 ``MigrateProcessInstanceCmd``.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.engine.graph.graph import Activity
from app.engine.graph.kinds import Kind
from app.engine.jobs import parking
from app.engine.jobs.jobs import ASYNC
from app.engine.modification import places
from app.engine.state import Execution, Job
from app.engine.state.values import TypedValue

from . import checks, compensations, history, instances, triggers
from .instances import Visit
from .moving import Moves
from .plan import Plan
from .records import ExternalTaskMoved

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


def migrate(
    run: "Run", instance: Execution, plan: Plan, variables: Mapping[str, TypedValue]
) -> None:
    """Let an instance go on in the target of a plan.

    Args:
        variables: of the instance, set when it has arrived.

    Raises:
        UnmigratableInstanceError: the instance does not fit the plan.
        EngineError: a listener, a mapping or an expression of an event fails.
    """
    top = instances.read(run, instance, plan)
    checks.check(run, top, plan)
    _rename(run, instance, top, plan)
    moves = Moves(run)
    visits = list(top.all())
    for visit in visits:
        moves.move(visit)
    for visit in reversed(visits):
        if visit.vanishes:
            moves.remove(visit)
    visits = [v for v in visits if not v.vanishes]
    for visit in visits:
        moves.settle(visit)
        if visit.has_scope:
            target = visit.target or plan.target.process
            triggers.migrate(run, visit.execution, target, plan)
            compensations.migrate(run, visit.execution, plan)
    history.write(run, instance, visits)
    run.variables.set_all(instance, variables)
    run.perform()
    run.notify_changes()
    run.perform()


def _rename(run: "Run", instance: Execution, top: Visit, plan: Plan) -> None:
    """Give everything that goes on the ids of the target."""
    vanishing = {v.execution.id for v in top.all() if v.vanishes and v.has_scope}
    definition = plan.target.definition
    for execution in places.executions_of(run, instance):
        if run.scope_of(execution).id not in vanishing:
            execution.process_definition_id = definition.id
            execution.process_definition_key = definition.key
    for visit in top.all():
        target, execution = visit.target, visit.execution
        if target is None:
            continue
        if visit.has_scope:
            execution.scope_activity_id = target.id
        if execution.activity_id == visit.activity.id:
            execution.activity_id = target.id
            execution.arrival = None  # it was the number at another join
        _rename_work(run, visit, target, plan)


def _rename_work(run: "Run", visit: Visit, target: Activity, plan: Plan) -> None:
    """Give what an activity waits for the ids of the target."""
    host, ids, definition = run.host, [visit.execution.id], plan.target.definition
    if visit.activity.kind is Kind.USER_TASK:
        for task in host.tasks_of(ids):
            if task.task_definition_key == visit.activity.id:
                task.task_definition_key = target.id
                task.process_definition_id = definition.id
    if visit.activity.may_have_work:
        for work in host.external_tasks_of(ids):
            run.records.add(ExternalTaskMoved(work.id, target.id, definition.id, definition.key))
    for incident in host.incidents_of(ids) if host.has_incidents else ():
        if (
            incident.execution_id == visit.execution.id
            and incident.activity_id == visit.activity.id
        ):
            incident.activity_id = target.id
            incident.process_definition_id = definition.id
    for job in host.jobs_of(ids) if host.has_jobs else ():
        if job.kind == ASYNC and visit.is_parked and job.activity_id == visit.activity.id:
            triggers.relocate(run, job, visit.execution, target)
            _choose_flow(job, target)


def _choose_flow(job: Job, target: Activity) -> None:
    """Let a token that waits behind an activity take the only flow of the target."""
    chosen = job.configuration or ""
    if chosen.startswith(parking.AFTER) and len(target.outgoing) == 1:
        job.configuration = f"{parking.AFTER}${target.outgoing[0].id}"
