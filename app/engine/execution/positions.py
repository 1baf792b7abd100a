"""Where executions are: their activities, the executions around them.

Source: Camunda 7 ``PvmExecutionImpl``, ``ExecutionEntity``.
"""

from app.engine.graph.graph import Activity, Graph
from app.engine.state import Execution

from .host import Host


class _Graphs(dict[str, Graph]):
    """The graphs of a run, by definition: each step asks for the one of its execution."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host

    def __missing__(self, definition_id: str) -> Graph:
        found = self[definition_id] = self._host.graph(definition_id)
        return found


class Positions:
    """Answers where the executions of one transaction are in their graphs and in their tree.

    Attributes:
        replaced: what folded executions have become, by id.
        moved: by the id of a scope: what carries its one token now.
        under_way: where tokens on a flow will arrive, by the id of their execution.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self.records = host.records
        self._graphs = _Graphs(host)
        self.replaced: dict[str, Execution] = {}
        self.moved: dict[str, Execution] = {}
        self.under_way: dict[str, Activity] = {}

    def graph_of(self, execution: Execution) -> Graph:
        """The graph that the execution runs in."""
        return self._graphs[execution.process_definition_id]

    def activity_of(self, execution: Execution) -> Activity:
        """The activity at which the execution's token stands."""
        return self._graphs[execution.process_definition_id].activities[execution.activity_id or ""]

    def scope_activity_of(self, execution: Execution) -> Activity:
        """The activity whose scope the execution is; the process itself for an instance."""
        graph = self._graphs[execution.process_definition_id]
        if execution.scope_activity_id is None:
            return graph.process
        return graph.activities[execution.scope_activity_id]

    def listening_activity(self, execution: Execution) -> Activity:
        """The activity whose listeners are meant: where the token is, else the scope's."""
        if execution.activity_id is not None:
            return self.activity_of(execution)
        return self.scope_activity_of(execution)

    def activity_instance_id(self, activity: Activity) -> str:
        """A new id: activity and uuid, or the uuid alone when that would be over 64 characters."""
        new = self.host.new_id()
        # 64 characters is the width of the column in the reference, which clients count on.
        return f"{activity.id}:{new}" if len(activity.id) + len(new) < 64 else new

    def parent_of(self, execution: Execution) -> Execution:
        """The execution above, within the process instance."""
        return self.host.execution(execution.parent_id or "")

    def scope_of(self, execution: Execution) -> Execution:
        """The nearest scope: the execution itself, or the one whose token it carries."""
        while not execution.is_scope:
            execution = self.parent_of(execution)
        return execution

    def instance_of(self, execution: Execution) -> Execution:
        """The process instance's own execution."""
        return self.host.execution(execution.process_instance_id)

    def token_at(self, execution: Execution, activity: Activity) -> Execution | None:
        """The execution of a token after events may have happened; None when they canceled it."""
        # Several folds may have happened since the step was put on the agenda.
        while execution.id in self.replaced:
            execution = self.replaced[execution.id]
        # A fork gave the scope's token to a child; it counts only if the scope has no other by now.
        if execution.activity_id != activity.id and execution.id in self.moved:
            execution = self.moved[execution.id]
        is_gone = self.records.is_removed(Execution, execution.id)
        return None if is_gone or execution.activity_id != activity.id else execution

    def _is_thrown_inside(self, execution: Execution, scope: Execution) -> bool:
        """Whether a handler only runs in an event sub-process, for one that throws from there."""
        thrower = self.scope_activity_of(scope)
        if not thrower.is_event_subprocess:
            return False
        activity = self.listening_activity(execution)
        return activity.is_handler and activity.scope is not thrower

    def enclosing_instance_id(self, execution: Execution) -> str:
        """The activity instance around the one at which the execution stands."""
        own = execution.activity_instance_id or execution.scope_activity_instance_id
        scope = self.scope_of(execution)
        while scope.parent_id is not None and (
            scope.scope_activity_instance_id == own
            # An oddity of the reference: a handler with multi-instance characteristics is shown
            # inside the event that throws.
            or not (
                self.scope_activity_of(scope).is_composite
                or self.listening_activity(execution).has_idle_loop
            )
            or self._is_thrown_inside(execution, scope)
        ):
            scope = self.scope_of(self.parent_of(scope))
        return scope.scope_activity_instance_id or scope.process_instance_id
