"""The token tree: how executions come and go.

The shape is Camunda's (semantics 2.1 and 2.2): a scope with one token carries it itself;
with several, each has a concurrent execution below it, and the last one left is folded back.
"""

from typing import TYPE_CHECKING

from app.engine.graph.kinds import Kind
from app.engine.history.history import DELETED
from app.engine.state import Execution

from . import incidents

if TYPE_CHECKING:
    from .protocol import Run


def add_child(
    run: "Run", parent: Execution, *, is_scope: bool = False, is_concurrent: bool = False
) -> Execution:
    """Make an execution below another.

    Raises:
        TooManyTokensError: it is concurrent, and there are too many.
    """
    # Scopes are bounded by the tokens that enter them; loops by the steps of a run.
    if is_concurrent:
        run.limits.token()
    child = Execution(
        id=run.host.new_id(),
        process_instance_id=parent.process_instance_id,
        root_process_instance_id=parent.root_process_instance_id,
        process_definition_id=parent.process_definition_id,
        process_definition_key=parent.process_definition_key,
        is_scope=is_scope,
        is_concurrent=is_concurrent,
        is_active=True,
        is_suspended=parent.is_suspended,
        parent_id=parent.id,
        tenant_id=parent.tenant_id,
    )
    run.records.add(child)
    run.variables.mark_new(child)
    return child


def add_concurrent(run: "Run", scope: Execution) -> Execution:
    """Make room for one more token in a scope that goes on with those it has."""
    # A scope whose token is on a flow is at no activity, and still has a token to be moved.
    if scope.activity_id is not None or run.agenda.moves(scope):
        _move_token(run, scope, add_child(run, scope, is_concurrent=True))
    else:
        children = run.host.children_of(scope.id, at_most=2)
        # Its token is in a scope below: that one gets a concurrent parent, and keeps its id, so
        # that its external task stays valid (semantics 2.9).
        if len(children) == 1 and not children[0].is_concurrent:
            between = add_child(run, scope, is_concurrent=True)
            between.is_active = False
            children[0].parent_id = between.id
    return add_child(run, scope, is_concurrent=True)


def _move_token(run: "Run", scope: Execution, target: Execution) -> None:
    """Let a child carry the one token that a scope has carried itself."""
    target.activity_id = scope.activity_id
    target.activity_instance_id = scope.activity_instance_id
    target.is_active = scope.is_active
    target.arrival, scope.arrival = scope.arrival, None
    if scope.activity_id is not None:
        _move_activity(run, scope, target)
    if scope.id in run.under_way:
        run.under_way[target.id] = run.under_way.pop(scope.id)
    run.agenda.hand_over(scope, target)
    # Steps of behaviors that hold the scope find the token by this (`token_at`).
    run.moved[scope.id] = target
    scope.activity_id = scope.activity_instance_id = None
    scope.is_active = False


def prune(run: "Run", scope: Execution) -> bool:
    """Fold the last concurrent token back into its scope.

    Returns:
        whether the scope still has a token.
    """
    children = run.host.children_of(scope.id, at_most=2)
    if len(children) == 1 and children[0].is_concurrent and not children[0].is_scope:
        fold(run, scope, children[0])
    return bool(children)


def fold(run: "Run", scope: Execution, last: Execution) -> None:
    """Let a scope take over what its only concurrent child carries."""
    scope.activity_id = last.activity_id
    scope.activity_instance_id = last.activity_instance_id
    scope.is_active = last.is_active
    scope.arrival = last.arrival
    if last.activity_id is not None:
        _move_activity(run, last, scope)
    # The same name overwrites what the scope has (semantics 2.2, prune).
    run.variables.move(last, scope)
    for child in run.host.children_of(last.id):
        child.parent_id = scope.id
    # Before the child goes: steps that are on the agenda for it go on at the scope.
    run.replaced[last.id] = scope
    run.moved.pop(scope.id, None)
    if last.id in run.under_way:
        run.under_way[scope.id] = run.under_way.pop(last.id)
    remove(run, last)


def _move_activity(run: "Run", source: Execution, target: Execution) -> None:
    """Hand over what belongs to the activity at which a token stands."""
    host, activity_id = run.host, source.activity_id
    activity = run.graph_of(source).activities[activity_id or ""]
    # Other external tasks have a scope of their own, which moves as a whole.
    if activity.may_wait_for_listeners:
        for work in host.external_tasks_of([source.id]):
            work.execution_id = target.id
    if activity.kind is Kind.USER_TASK:
        for task in host.tasks_of([source.id]):
            task.execution_id = target.id
    if host.has_jobs:
        for job in host.jobs_of([source.id]):
            # Those of the scope itself stay: they are timers of what goes on.
            if job.activity_id == activity_id:
                job.execution_id = target.id
    if host.has_incidents:
        for incident in host.incidents_of([source.id]):
            if incident.activity_id == activity_id:
                incident.execution_id = target.id


def remove(run: "Run", execution: Execution) -> None:
    """Delete an execution with its variables, jobs, subscriptions and incidents."""
    host = run.host
    # Their rows go with the execution's, by its id: not one statement for each variable.
    run.variables.forget(execution)
    if host.has_jobs:
        for job in host.jobs_of([execution.id]):
            run.history.job(job, DELETED)
            run.records.remove(job)
    if host.has_subscriptions:
        for subscription in host.subscriptions_of([execution.id]):
            run.records.remove(subscription)
    if host.has_incidents:
        for incident in host.incidents_of([execution.id]):
            incidents.end(run, incident, incidents.REMOVED)
    run.records.remove(execution)
