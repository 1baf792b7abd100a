"""Where the history says that a variable is, and where it was changed.

Source: semantics 10; Camunda 7 ``DefaultHistoryEventProducer.createHistoricVariableEvent``.
"""

from app.engine.graph.graph import BODY
from app.engine.history.history_records import NOWHERE
from app.engine.state import Execution

from .host import Host


class VariablePlaces:
    """Finds the activity instances that the history names for variables.

    Attributes:
        opening: the scope whose inputs are being set.
        leaving: the scope whose outputs are being set.
        is_on_flow: the listeners of a flow are being told: what they set is set nowhere.
    """

    __slots__ = ("_host", "is_on_flow", "leaving", "opening")

    def __init__(self, host: Host) -> None:
        self._host = host
        self.opening: str | None = None
        self.leaving: str | None = None
        self.is_on_flow = False

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
            is_body = (execution.scope_activity_id or "").endswith(BODY)
            is_kept = execution.is_event_scope and is_body  # an oddity: others are not their own
            is_open = execution.is_active or (is_stored and execution.activity_id is None)
            is_inside = is_kept or (is_open and execution.id != self.opening)
            if execution.parent_id is None or is_inside or execution.activity_instance_id == own:
                return own
        if execution.is_concurrent and (execution.activity_instance_id or is_stored):
            return None if self.is_on_flow else self.of_change(execution)
        return self._around(execution)

    def of_change(self, source: Execution) -> str | None:
        """The activity instance of the execution that a value is set through.

        An execution in which a sub-process runs, and nothing else, counts as being there.
        """
        if self.is_on_flow:
            return NOWHERE
        if source.activity_instance_id is not None:
            return source.activity_instance_id
        if not self._host.records.is_new(source):
            children = self._host.children_of(source.id, at_most=2)
            is_inside = len(children) == 1 and children[0].id != self.leaving
            if is_inside and not children[0].is_concurrent:
                inner = children[0].scope_activity_instance_id
                # A scope that stands at its own activity has no others in it.
                if inner != children[0].activity_instance_id:
                    return inner
        if source.is_scope:
            return source.scope_activity_instance_id
        return self._around(source)

    def _around(self, execution: Execution) -> str | None:
        """The activity instance of the nearest scope outside of an execution."""
        while execution.parent_id is not None:
            execution = self._host.execution(execution.parent_id)
            if execution.is_scope:
                break
        return execution.scope_activity_instance_id
