"""Taking away what runs: an interrupted scope, a terminated or a deleted instance.

Source: semantics 1.4, 2.9 and 3.5; Camunda 7 ``PvmExecutionImpl.deleteCascade``.
"""

from typing import TYPE_CHECKING

from app.engine.graph.kinds import Kind
from app.engine.history.history import DELETED, REMOVED
from app.engine.state import Execution

from . import incidents, listeners, mappings, tree, user_tasks
from .call_activities import detach_called

if TYPE_CHECKING:
    from .protocol import Run


def cancel(run: "Run", execution: Execution, reason: str | None = None) -> None:
    """Cancel an execution and everything below, innermost first."""
    _cancel_below(run, execution, run.host.tree_below(execution.id), reason)
    # The content first: its end listeners and outputs still see the scopes around them.
    _cancel_activity(run, execution)
    tree.remove(run, execution)


def cancel_content(
    run: "Run",
    scope: Execution,
    reason: str | None = None,
    *,
    task_reason: str | None = None,
    is_interrupted: bool = False,
) -> None:
    """Cancel everything below an execution, and the activity at which its own token stands.

    The completed activities of the scope may still be compensated for.

    Args:
        task_reason: why the user task at which its own token stands is deleted.
        is_interrupted: that user task goes before the activity ends, an oddity of the reference.
    """
    if is_interrupted and scope.activity_id not in (None, scope.scope_activity_id):
        drop_work(run, scope, task_reason)
    _cancel_below(run, scope, _running_below(run, scope), reason, task_reason)


def cancel_others(run: "Run", scope: Execution, execution: Execution) -> None:
    """Cancel what runs in a scope, except one execution."""
    # The path up to the scope stays, not the execution alone: its parents carry it.
    own = {execution.id}
    while execution.parent_id is not None and execution.parent_id != scope.id:
        execution = run.parent_of(execution)
        own.add(execution.id)
    others = [e for e in _running_below(run, scope) if e.id not in own]
    _cancel_below(run, scope, others, None)
    # The tree is left as later commands expect it: a lone token is carried by its scope.
    tree.prune(run, scope)


def interrupt(run: "Run", execution: Execution) -> Execution:
    """Cancel what else runs around a token and could be triggered; returns what carries the token.

    Source: Camunda 7 ``PvmAtomicOperationInterruptScope``.
    """
    scope = run.scope_of(run.parent_of(execution)) if execution.is_concurrent else execution
    drop_events(run, scope)
    if execution.is_concurrent:
        cancel_others(run, scope, execution)
    return run.replaced.get(execution.id, execution)


def _running_below(run: "Run", scope: Execution) -> list[Execution]:
    """Every execution below but the event scopes that the scope itself has kept."""
    below = run.host.tree_below(scope.id)
    kept: set[str] = set()
    for execution in below:
        # Deeper event scopes belong to scopes that go, and go with them.
        is_top = execution.is_event_scope and execution.parent_id == scope.id
        if is_top or execution.parent_id in kept:
            kept.add(execution.id)
    return [e for e in below if e.id not in kept]


def drop_events(run: "Run", scope: Execution) -> None:
    """Delete what else could be triggered in a scope; its compensations stay."""
    if run.host.has_subscriptions:
        for subscription in run.host.subscriptions_of([scope.id]):
            if subscription.event_type != "compensate":
                run.records.remove(subscription)
    if run.host.has_jobs:
        for job in run.host.jobs_of([scope.id]):
            run.history.job(job, DELETED)
            run.records.remove(job)


def _cancel_below(
    run: "Run",
    scope: Execution,
    below: list[Execution],
    reason: str | None,
    task_reason: str | None = None,
) -> None:
    ids = [e.id for e in (*below, scope)]
    # Before anything here goes: a called instance may end with listeners that ask for its caller.
    called = run.host.called_by(ids)
    for instance in called:
        end_called(run, instance, reason)
    remaining = {e.id: e for e in below}
    # Parents come first in the list: reversed, so that children are canceled before them.
    for execution in reversed(below):
        if execution.id in remaining:
            if not execution.is_event_scope:
                _cancel_activity(run, execution)
            tree.remove(run, execution)
    _cancel_own_token(run, scope, task_reason)
    # Steps of canceled tokens would be found pointing at the scope that goes on.
    run.agenda.drop(scope)
    run.under_way.pop(scope.id, None)


def _cancel_own_token(run: "Run", scope: Execution, task_reason: str | None = None) -> None:
    """Cancel the activity at which a scope's own token stands, but not the scope itself."""
    if scope.activity_id is None:
        return
    # The token stands at the activity whose scope this is: that one is reported by its own end.
    if scope.scope_activity_id == scope.activity_id:
        activity = run.activity_of(scope)
        if activity.is_composite and activity.may_wait_for_listeners:
            drop_work(run, scope)
    else:
        if scope.activity_instance_id is not None:
            run.history.activity_ended(scope.activity_instance_id, scope, is_canceled=True)
            listeners.notify(run, scope, "end", is_canceled=True)
        drop_work(run, scope, task_reason)
        scope.activity_id = scope.activity_instance_id = None


def _cancel_activity(run: "Run", execution: Execution) -> None:
    """Cancel what an execution does: its token's activity, then the activity that it scopes."""
    _cancel_own_token(run, execution)
    if execution.scope_activity_id is None:
        return
    activity = run.scope_activity_of(execution)
    execution.activity_id = activity.id
    run.history.activity_ended(
        execution.scope_activity_instance_id,
        execution,
        is_canceled=True,
        # A sub-process may have begun without a place, which its end then tells (`is_unplaced`).
        parent_id=run.enclosing_instance_id(execution) if activity.is_composite else None,
    )
    listeners.notify(run, execution, "end", is_canceled=True)
    drop_work(run, execution)
    # On cancellation, too: the reference maps outputs of what is interrupted (semantics 3.5).
    if activity.outputs and not run.options.skips_mappings:
        if activity.is_composite and run.options.leaves_no_history:
            return
        mappings.map_outputs(run, execution, run.parent_of(execution), activity)


def drop_work(run: "Run", execution: Execution, task_reason: str | None = None) -> None:
    """Delete the external and user tasks that an execution waits for."""
    activity = run.activity_of(execution)
    # By the model first: what cannot have a task costs no statement.
    if activity.may_have_work:
        for work in run.host.external_tasks_of([execution.id]):
            run.history.external_task(work, DELETED)
            run.records.remove(work)
    if activity.kind is Kind.USER_TASK:
        for task in run.host.tasks_of([execution.id]):
            user_tasks.delete(run, task, task_reason)
    if run.host.has_jobs:
        for job in run.host.jobs_of([execution.id]):
            # Timers of the scope stay: they belong to what goes on, not to what the token was
            # doing.
            if job.activity_id == execution.activity_id:
                run.history.job(job, DELETED)
                run.records.remove(job)
                incidents.end_about(run, job.id, REMOVED)


def end_called(run: "Run", instance: Execution, reason: str | None) -> None:
    """End an instance because its caller goes."""
    end_instance(run, instance, run.ends_called_as, reason)


def end_instance(run: "Run", instance: Execution, state: str, reason: str | None) -> None:
    """Cancel a whole process instance."""
    cancel_content(run, instance, reason)
    listeners.notify(run, instance, "end", is_canceled=True)
    run.history.process_instance_ended(instance, run.graph_of(instance), state, reason=reason)
    # Left until the end: canceling content keeps what may be compensated for.
    drop_event_scopes(run, instance)
    tree.remove(run, instance)


def drop_event_scopes(run: "Run", scope: Execution) -> None:
    """Delete what was kept for compensations that will never be asked for."""
    if run.host.has_subscriptions:
        for execution in reversed(run.host.event_scopes_of(scope.id)):
            tree.remove(run, execution)


def delete_process_instance(
    run: "Run",
    instance: Execution,
    reason: str | None,
    *,
    skips_subprocesses: bool = False,
    state: str = "EXTERNALLY_TERMINATED",
) -> None:
    """Delete an instance from outside, with those that it has called.

    The call activity that waits for it is canceled too, and its instance ends with it when it has
    nothing else to do (contract 9).

    Args:
        state: in which the history leaves it, and those that end with it.
    """
    if skips_subprocesses:
        detach_called(run, instance)
    # Read first: the instance is gone by the time its caller is canceled.
    caller_id = instance.super_execution_id
    _terminate(run, instance, reason, state)
    if caller_id is not None:
        caller = run.host.execution(caller_id)
        _cancel_call(run, caller, reason, state)
    run.perform()


def _terminate(run: "Run", instance: Execution, reason: str | None, state: str) -> None:
    below = run.host.tree_below(instance.id)
    # Called instances first, each as one that is deleted itself: with the state that is asked for,
    # not as one that its caller has ended.
    for called in run.host.called_by([instance.id, *(e.id for e in below)]):
        _terminate(run, called, reason, state)
    _delete_tasks(run, [instance, *below])  # before any activity ends
    end_instance(run, instance, state, reason)


def _delete_tasks(run: "Run", executions: list[Execution]) -> None:
    at_tasks = [
        e.id
        for e in executions
        if e.activity_id is not None and run.activity_of(e).kind is Kind.USER_TASK
    ]
    for task in run.host.tasks_of(at_tasks) if at_tasks else ():
        user_tasks.delete(run, task)


def _cancel_call(run: "Run", caller: Execution, reason: str | None, state: str) -> None:
    """Cancel a call activity whose instance was deleted, and its instance if that was all."""
    parent = run.parent_of(caller)
    cancel(run, caller, reason)
    # Upwards through callers until something is left with other work to do (contract 9).
    while True:
        if parent.is_concurrent:
            scope = run.parent_of(parent)
            tree.remove(run, parent)
            if tree.prune(run, scope):
                return
        else:
            scope = parent
        if scope.scope_activity_id is None:
            above = scope.super_execution_id
            end_instance(run, scope, state, reason)
            if above is not None:
                _cancel_call(run, run.host.execution(above), reason, state)
            return
        parent = run.parent_of(scope)
        cancel(run, scope, reason)
