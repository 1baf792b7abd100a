"""How far new instances have come: their first variables are told as initial.

Source: contract 10.3; Camunda 7 ``DefaultHistoryEventProducer.createHistoricVariableEvent``,
``StartProcessInstanceAtActivitiesCmd``.
"""

from app.engine.state import Execution
from app.engine.state.unit import Records


class Beginnings:
    """Knows which instances of a transaction still begin."""

    __slots__ = ("_begun", "_instructed", "_records")

    def __init__(self, records: Records) -> None:
        self._records = records
        self._begun: set[str] = set()  # instances that are beyond their start
        # Those that begin by one instruction, and whether that is a flow.
        self._instructed: dict[str, bool] = {}

    def instructed(self, instance: Execution, count: int, *, is_by_flow: bool) -> None:
        """Note that an instance begins by instructions: by a single one it does until it leaves it.

        Args:
            is_by_flow: it begins on a flow, whose end is where the beginning ends.
        """
        if count == 1:
            self._instructed[instance.id] = is_by_flow
        else:
            self.over(instance)

    def entered(self, execution: Execution) -> None:
        """Note that an activity does what it does, whose listeners know of it."""
        if self._instructed.get(execution.process_instance_id):
            self.left(execution)

    def left(self, execution: Execution) -> None:
        """Note that a token leaves an activity on a flow."""
        if self._instructed.pop(execution.process_instance_id, None) is not None:
            self.over(execution)

    def over(self, execution: Execution) -> None:
        """Note that the instance of a token is beyond its start."""
        self._begun.add(execution.process_instance_id)

    def is_initial(self, execution: Execution) -> bool:
        """Whether what a scope is given now belongs to the start of its instance."""
        if execution.process_instance_id in self._instructed:
            return True
        # Not of a called instance, and not beyond the start event of any other.
        is_root = execution.parent_id is None and execution.super_execution_id is None
        return is_root and execution.id not in self._begun and self._records.is_new(execution)
