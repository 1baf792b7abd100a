"""The migration of one instance.

Source: contract 10.4; semantics 2.15; Camunda 7 ``MigrateProcessInstanceCmd``.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.engine.graph.graph import Activity
from app.engine.graph.kinds import Kind
from app.engine.jobs.continuations import AFTER, Continuation
from app.engine.jobs.jobs import ASYNC
from app.engine.modification import places
from app.engine.state import Execution, Job
from app.engine.state.values import TypedValue

from . import checks, compensations, history, instances, triggers
from .instances import ActivityInstance
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
    # Before anything moves: an instance that does not fit is refused with all its reasons.
    checks.check(run, top, plan)
    _name_definition(run, instance)
    _rename(run, instance, top, plan)
    moves = Moves(run)
    activity_instances = list(top.all())
    # Outermost first: what is moved finds the scope around it in place (semantics 2.15).
    for activity_instance in activity_instances:
        moves.move(activity_instance)
    # Innermost first, when nothing that goes on is left inside.
    for activity_instance in reversed(activity_instances):
        if activity_instance.vanishes:
            moves.remove(activity_instance)
    activity_instances = [v for v in activity_instances if not v.vanishes]
    for activity_instance in activity_instances:
        moves.settle(activity_instance)
        if activity_instance.has_scope:
            target = activity_instance.target or plan.target.process
            triggers.migrate(run, activity_instance.execution, target, plan)
            compensations.migrate(run, activity_instance.execution, plan)
    history.write(run, instance, activity_instances)
    # When everything has arrived: conditions of the target are to see them, not those of the
    # source.
    run.variables.set_all(instance, variables)
    run.perform()
    # Twice: what listeners have set on the way may trigger conditions, whose steps have to be
    # taken.
    run.notify_changes()
    run.perform()


def _rename(run: "Run", instance: Execution, top: ActivityInstance, plan: Plan) -> None:
    """Give everything that goes on the ids of the target."""
    # Vanishing scopes stay as of the source, whose listeners and outputs they meet as they go.
    vanishing = {v.execution.id for v in top.all() if v.vanishes and v.has_scope}
    definition = plan.target.definition
    for execution in places.executions_of(run, instance):
        if run.scope_of(execution).id not in vanishing:
            execution.process_definition_id = definition.id
            execution.process_definition_key = definition.key
    for activity_instance in top.all():
        target, execution = activity_instance.target, activity_instance.execution
        if target is None:
            continue
        if activity_instance.has_scope:
            execution.scope_activity_id = target.id
        if execution.activity_id == activity_instance.activity.id:
            execution.activity_id = target.id
            execution.arrival = None  # it was the number at another join
        _rename_work(run, activity_instance, target, plan)


def _name_definition(run: "Run", instance: Execution) -> None:
    """Let variables say of which definition they are: they stay of the source."""
    ids = [instance.id, *(e.id for e in run.host.tree_below(instance.id))]
    for variable in run.host.variables_of([*ids, *(t.id for t in run.host.tasks_of(ids))], None):
        # The store leaves out the definition that the instance has: it would follow to the target.
        if variable.process_definition_id is None:
            variable.process_definition_id = instance.process_definition_id


def _rename_work(
    run: "Run", activity_instance: ActivityInstance, target: Activity, plan: Plan
) -> None:
    """Give what an activity waits for the ids of the target."""
    host, ids, definition = run.host, [activity_instance.execution.id], plan.target.definition
    if activity_instance.activity.kind is Kind.USER_TASK:
        for task in host.tasks_of(ids):
            if task.task_definition_key == activity_instance.activity.id:
                task.task_definition_key = target.id
                task.process_definition_id = definition.id
    if activity_instance.activity.may_have_work:
        for work in host.external_tasks_of(ids):
            # Its columns alone: a fetch locks the row without the instance, so that comparing the
            # whole record would overwrite the lock (semantics 2.15).
            run.records.add(ExternalTaskMoved(work.id, target.id, definition.id, definition.key))
    for incident in host.incidents_of(ids) if host.has_incidents else ():
        if (
            incident.execution_id == activity_instance.execution.id
            and incident.activity_id == activity_instance.activity.id
        ):
            incident.activity_id = target.id
            incident.process_definition_id = definition.id
    for job in host.jobs_of(ids) if host.has_jobs else ():
        if (
            job.kind == ASYNC
            and activity_instance.is_parked
            and job.activity_id == activity_instance.activity.id
        ):
            triggers.relocate(run, job, activity_instance.execution, target)
            _choose_flow(job, target)


def _choose_flow(job: Job, target: Activity) -> None:
    """Let a token that waits behind an activity take the only flow of the target."""
    is_after = Continuation.parse(job.configuration).is_after
    if is_after and len(target.outgoing) == 1:
        job.configuration = Continuation(AFTER, (target.outgoing[0].id,)).text
