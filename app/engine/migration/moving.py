"""The token tree of an instance as the target's scopes want it.

Source: contract 10.4; Camunda 7 ``MigratingActivityInstanceVisitor``,
``MigratingScopeInstanceBranch``.
"""

from typing import TYPE_CHECKING

from app.engine.execution import cancellation, tree
from app.engine.graph.graph import Activity
from app.engine.state import Execution

from .instances import Visit

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run

REASON = "migration"


class Moves:
    """Moves visits into the scopes of the target.

    Scopes that only the target has are opened once for all that is inside the same visit.
    """

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._opened: dict[tuple[str, str], Execution] = {}  # by scope around, activity

    def move(self, visit: Visit) -> None:
        """Put a visit that goes on where its target is; what is around it is there already."""
        target = visit.target
        if target is None or visit.around is None:
            return
        scope = self._scope_for(visit, target)
        self.settle(visit)
        if self._run.scope_of(self._token_of(visit)) is not scope:
            self._attach(visit, scope)
        if not visit.is_parked:
            self._fit(visit, target)

    def _token_of(self, visit: Visit) -> Execution:
        """What stands for a visit in the scope around it."""
        return self._run.parent_of(visit.execution) if visit.has_scope else visit.execution

    def _scope_for(self, visit: Visit, target: Activity) -> Execution:
        """The scope around a target, opened if the instance has none."""
        around = visit.around
        # The nearest one that goes on: scopes in between are about to be canceled.
        while around is not None and around.around is not None and around.target is None:
            around = around.around
        if around is None:
            raise TypeError(visit.id)
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
        # Listeners are told, and none may wait for a worker: a migration ends in one transaction.
        run.start_visit(opened, activity)
        return opened

    def _room_in(self, scope: Execution) -> Execution:
        """What can carry one more token in a scope."""
        if scope.activity_id is None and not self._run.host.children_of(scope.id, at_most=2):
            return scope
        return tree.add_concurrent(self._run, scope)

    def _attach(self, visit: Visit, scope: Execution) -> None:
        """Take a visit out of the scope that it is in, into another."""
        run, old = self._run, self._token_of(visit)
        around = visit.around
        left = run.scope_of(old)
        token = self._room_in(scope)
        if visit.has_scope:
            visit.execution.parent_id = token.id
            token.is_active = False
        else:
            carry(run, old, token)
            visit.execution = token
        if old.is_concurrent:
            run.variables.move(old, token)
            tree.remove(run, old)
            # What vanishes is canceled as a whole: to fold its last token would be for nothing.
            if around is not None and not around.vanishes:
                tree.prune(run, left)
                self.settle(visit)

    def _fit(self, visit: Visit, target: Activity) -> None:
        """Give a visit an execution of its own, or take it away, as its target wants."""
        run, execution = self._run, visit.execution
        if target.is_scope and not visit.has_scope:
            scope = tree.add_child(run, execution, is_scope=True)
            carry(run, execution, scope)
            execution.is_active = False
            scope.scope_activity_id = target.id
            # The activity instance keeps its id: it goes on, only its execution is another.
            scope.scope_activity_instance_id = scope.activity_instance_id
            visit.execution, visit.has_scope = scope, True
        elif visit.has_scope and not target.is_scope:
            token = run.parent_of(execution)
            carry(run, execution, token)
            # Local variables outlive the scope: `checks` has seen that no name is lost.
            run.variables.move(execution, token)
            tree.remove(run, execution)
            visit.execution, visit.has_scope = token, False

    def settle(self, visit: Visit) -> None:
        """Note what carries a visit now: tokens are parted and folded as others move."""
        run, execution = self._run, visit.execution
        while execution.id in run.replaced:
            execution = run.replaced[execution.id]
        # A fork has given the scope's token to a child since.
        if not visit.has_scope and execution.id in run.moved and not _carries(execution, visit):
            execution = run.moved[execution.id]
        visit.execution = execution

    def remove(self, visit: Visit) -> None:
        """Remove a scope that the target has not; what goes on has left it."""
        run, execution = self._run, visit.execution
        above = run.parent_of(execution)
        cancellation.cancel(run, execution, REASON)
        scope = run.scope_of(above)
        if above.is_concurrent:
            tree.remove(run, above)
        if visit.around is not None and not visit.around.vanishes:
            tree.prune(run, scope)


def _carries(execution: Execution, visit: Visit) -> bool:
    target = visit.target
    if visit.is_parked:
        return target is not None and execution.activity_id == target.id
    return execution.activity_instance_id == visit.id


def carry(run: "Run", source: Execution, token: Execution) -> None:
    """Let another execution carry what one carries, with the work that belongs to it."""
    activity_id, host = source.activity_id, run.host
    token.activity_id, source.activity_id = activity_id, None
    token.activity_instance_id, source.activity_instance_id = source.activity_instance_id, None
    token.is_active, source.is_active = source.is_active, False
    for task in host.tasks_of([source.id]):
        task.execution_id = token.id
    for job in host.jobs_of([source.id]) if host.has_jobs else ():
        if job.activity_id == activity_id:
            job.execution_id = token.id
    for incident in host.incidents_of([source.id]) if host.has_incidents else ():
        if incident.activity_id == activity_id:
            incident.execution_id = token.id
