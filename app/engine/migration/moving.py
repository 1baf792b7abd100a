"""The token tree of an instance as the target's scopes want it.

Source: contract 10.4; Camunda 7 ``MigratingActivityInstanceVisitor``,
``MigratingScopeInstanceBranch``.
"""

from typing import TYPE_CHECKING

from app.engine.execution import cancellation, tree
from app.engine.graph.graph import Activity
from app.engine.state import Execution

from .instances import ActivityInstance

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run

REASON = "migration"


class Moves:
    """Moves activity instances into the scopes of the target.

    Scopes that only the target has are opened once for all inside the same activity instance.
    """

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._opened: dict[tuple[str, str], Execution] = {}  # by scope around, activity

    def move(self, activity_instance: ActivityInstance) -> None:
        """Put what goes on where its target is; what is around it is there already."""
        target = activity_instance.target
        if target is None or activity_instance.around is None:
            return
        scope = self._scope_for(activity_instance, target)
        self.settle(activity_instance)
        if self._run.scope_of(self._token_of(activity_instance)) is not scope:
            self._attach(activity_instance, scope)
        if not activity_instance.is_parked:
            self._fit(activity_instance, target)

    def _token_of(self, activity_instance: ActivityInstance) -> Execution:
        """The execution of an activity instance in the scope around it."""
        return (
            self._run.parent_of(activity_instance.execution)
            if activity_instance.has_scope
            else activity_instance.execution
        )

    def _scope_for(self, activity_instance: ActivityInstance, target: Activity) -> Execution:
        """The scope around a target, opened if the instance has none."""
        around = activity_instance.around
        # The nearest one that goes on: scopes in between are about to be canceled.
        while around is not None and around.around is not None and around.target is None:
            around = around.around
        if around is None:
            raise TypeError(activity_instance.id)
        missing: list[Activity] = []
        scope, known = target.scope, around.target
        while scope is not None and scope.scope is not None and scope is not known:
            missing.insert(0, scope)
            scope = scope.scope
        execution = around.execution
        for activity in missing:
            key = execution.id, activity.id
            # Once for all inside the same instance: siblings stay together in the new scope.
            if key not in self._opened:
                self._opened[key] = self._open(execution, activity)
            execution = self._opened[key]
        return execution

    def _open(self, scope: Execution, activity: Activity) -> Execution:
        run = self._run
        opened = run.open_scope(self._room_in(scope), activity)
        # Listeners are notified, none by a worker: a migration ends in one transaction.
        run.start_activity_instance(opened, activity)
        return opened

    def _room_in(self, scope: Execution) -> Execution:
        """An execution for one more token in a scope."""
        if scope.activity_id is None and not self._run.host.children_of(scope.id, at_most=2):
            return scope
        return tree.add_concurrent(self._run, scope)

    def _attach(self, activity_instance: ActivityInstance, scope: Execution) -> None:
        """Take an activity instance out of the scope that it is in, into another."""
        run, old = self._run, self._token_of(activity_instance)
        around = activity_instance.around
        left = run.scope_of(old)
        token = self._room_in(scope)
        if activity_instance.has_scope:
            activity_instance.execution.parent_id = token.id
            token.is_active = False
        else:
            carry(run, old, token)
            activity_instance.execution = token
        if old.is_concurrent:
            run.variables.move(old, token)
            tree.remove(run, old)
            # A vanishing scope is canceled as a whole: to fold its last token would be for nothing.
            if around is not None and not around.vanishes:
                tree.prune(run, left)
                self.settle(activity_instance)

    def _fit(self, activity_instance: ActivityInstance, target: Activity) -> None:
        """Give it an execution of its own, or take that away, as its target wants."""
        run, execution = self._run, activity_instance.execution
        if target.is_scope and not activity_instance.has_scope:
            scope = tree.add_child(run, execution, is_scope=True)
            carry(run, execution, scope)
            execution.is_active = False
            scope.scope_activity_id = target.id
            # The activity instance keeps its id: it goes on, only its execution is another.
            scope.scope_activity_instance_id = scope.activity_instance_id
            activity_instance.execution, activity_instance.has_scope = scope, True
        elif activity_instance.has_scope and not target.is_scope:
            token = run.parent_of(execution)
            carry(run, execution, token)
            # Local variables outlive the scope: `checks` has seen that no name is lost.
            run.variables.move(execution, token)
            tree.remove(run, execution)
            activity_instance.execution, activity_instance.has_scope = token, False

    def settle(self, activity_instance: ActivityInstance) -> None:
        """Note what carries it now: tokens are parted and folded as others move."""
        run, execution = self._run, activity_instance.execution
        while execution.id in run.replaced:
            execution = run.replaced[execution.id]
        # A fork has given the scope's token to a child since.
        if (
            not activity_instance.has_scope
            and execution.id in run.moved
            and not _carries(execution, activity_instance)
        ):
            execution = run.moved[execution.id]
        activity_instance.execution = execution

    def remove(self, activity_instance: ActivityInstance) -> None:
        """Remove a scope that the target has not; what goes on has left it."""
        run, execution = self._run, activity_instance.execution
        above = run.parent_of(execution)
        cancellation.cancel(run, execution, REASON)
        scope = run.scope_of(above)
        if above.is_concurrent:
            tree.remove(run, above)
        if activity_instance.around is not None and not activity_instance.around.vanishes:
            tree.prune(run, scope)


def _carries(execution: Execution, activity_instance: ActivityInstance) -> bool:
    target = activity_instance.target
    if activity_instance.is_parked:
        return target is not None and execution.activity_id == target.id
    return execution.activity_instance_id == activity_instance.id


def carry(run: "Run", source: Execution, token: Execution) -> None:
    """Let another execution carry what one carries, with the work that belongs to it."""
    activity_id, host = source.activity_id, run.host
    token.activity_id, source.activity_id = activity_id, None
    token.activity_instance_id, source.activity_instance_id = source.activity_instance_id, None
    token.is_active, source.is_active = source.is_active, False
    # External tasks are not carried: they have a scope of their own, which moves as a whole.
    for task in host.tasks_of([source.id]):
        task.execution_id = token.id
    for job in host.jobs_of([source.id]) if host.has_jobs else ():
        if job.activity_id == activity_id:
            job.execution_id = token.id
    for incident in host.incidents_of([source.id]) if host.has_incidents else ():
        if incident.activity_id == activity_id:
            incident.execution_id = token.id
