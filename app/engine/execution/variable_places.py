"""Where the history says that a variable is, and where it was changed.

Source: semantics 10; Camunda 7 ``DefaultHistoryEventProducer.createHistoricVariableEvent``.
"""

from app.engine.history.history_records import NOWHERE
from app.engine.state import Execution

from .host import Host


class VariablePlaces:
    """Finds the activity instances that the history names for variables.

    Attributes:
        opening: the scope whose inputs are being set.
        leaving: the scope whose outputs are being set.
        is_on_flow: the listeners of a flow are being notified: what they set is set nowhere.
        moving: the token that is at no activity yet while values are set through it.
        starting: the instance whose start its process's listeners are being notified of.
        keeping: where the variables of an event scope are, while it is made.
        entering: the instance that starts in a scope that was just opened.
        is_unplaced: a scope is opened by an instruction: what it is given belongs nowhere.
    """

    __slots__ = (
        "_host",
        "entering",
        "is_on_flow",
        "is_unplaced",
        "keeping",
        "leaving",
        "moving",
        "opening",
        "starting",
    )

    def __init__(self, host: Host) -> None:
        self._host = host
        self.opening: str | None = None
        self.keeping: str | None = None
        self.leaving: str | None = None
        self.is_on_flow = False
        self.moving: str | None = None
        self.starting: str | None = None
        self.entering: str | None = None
        self.is_unplaced = False

    def of_new(self, execution: Execution) -> str | None:
        """Where a new variable of this scope is.

        A task's own scope is the task, and a sub-process that of what the token in it sets; what a
        sub-process is given when it opens, or in the same transaction while other tokens are in it,
        and what belongs to one of several tokens that is at no activity yet is noted at the scope
        around it (semantics 10).
        """
        is_stored = not self._host.records.is_new(execution)
        if execution.is_scope and execution.scope_activity_instance_id is not None:
            own = execution.scope_activity_instance_id
            is_open = execution.is_active or (is_stored and execution.activity_id is None)
            is_inside = execution.is_event_scope or (is_open and execution.id != self.opening)
            if execution.parent_id is None or is_inside or execution.activity_instance_id == own:
                return own
        if execution.is_concurrent and (execution.activity_instance_id or is_stored):
            return None if self._is_nowhere(execution) else self.of_change(execution)
        return self._around(execution)

    def of_creation(
        self, scope: Execution, source: str | None, *, is_placed: bool
    ) -> dict[str, str | None]:
        """The places of a new variable in the history: where it is, where it was set.

        Args:
            source: the place that values are set through.
            is_placed: there is a place that it belongs to.
        """
        # Oddities of the reference: an instance that starts is nowhere for changes alone, and one
        # that starts inside a scope, by an instruction, is at itself.
        if source == NOWHERE and self.entering is not None:
            source = self.entering
        elif scope.id == self.starting and source == NOWHERE:
            source = scope.scope_activity_instance_id
        is_placed = is_placed and not self.is_unplaced
        place = (self.keeping or self.of_new(scope)) if is_placed else None
        return {"place": place, "detail_place": source}

    def of_change(self, source: Execution) -> str | None:
        """The activity instance of the execution that a value is set through.

        An execution in which a sub-process runs, and nothing else, counts as being there; a token
        that waits for a job between two activities is nowhere.
        """
        if self._is_nowhere(source):
            return NOWHERE
        if source.activity_instance_id is not None:
            return source.activity_instance_id
        if not self._host.records.is_new(source):
            children = self._host.children_of(source.id, at_most=2)
            is_inside = len(children) == 1 and children[0].id != self.leaving
            if is_inside and not children[0].is_concurrent:
                inner = children[0].scope_activity_instance_id
                # A scope that stands at its own activity has no others in it, but one that waits
                # for handlers of a compensation.
                if inner != children[0].activity_instance_id or self._throws(children[0]):
                    return inner
        if source.is_scope:
            return source.scope_activity_instance_id
        return self._around(source)

    def _throws(self, scope: Execution) -> bool:
        activities = self._host.graph(scope.process_definition_id).activities
        return activities[scope.activity_id or ""].kind.is_compensating

    def of_kept(self, scope: Execution) -> str | None:
        """Where a value of this scope is that an expression has changed in place."""
        place = self.of_change(scope)
        return scope.scope_activity_instance_id if place == NOWHERE else place

    def _is_nowhere(self, source: Execution) -> bool:
        is_parked = (
            source.activity_id is not None
            and source.activity_instance_id is None
            and source.scope_activity_id != source.activity_id
        )
        return self.is_on_flow or source.id in (self.moving, self.starting) or is_parked

    def _around(self, execution: Execution) -> str | None:
        """The activity instance of the nearest scope outside of an execution."""
        while execution.parent_id is not None:
            execution = self._host.execution(execution.parent_id)
            if execution.is_scope:
                break
        return execution.scope_activity_instance_id
