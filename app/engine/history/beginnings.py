"""How far new instances have come: their first variables are told as initial.

Source: semantics 10; Camunda 7 ``DefaultHistoryEventProducer.createHistoricVariableEvent``,
``StartProcessInstanceAtActivitiesCmd``.
"""

from app.engine.state import Execution


class Beginnings:
    """Knows which instances of a transaction still begin."""

    __slots__ = ("_beginning", "_instructed")

    def __init__(self) -> None:
        self._beginning: set[str] = set()  # instances that are not beyond their start
        # Those that begin by one instruction, and whether that is a flow.
        self._instructed: dict[str, bool] = {}

    def begins(self, instance: Execution) -> None:
        """Note that an instance begins; a called one when it has what its caller hands in."""
        self._beginning.add(instance.id)

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
        self._beginning.discard(execution.process_instance_id)

    def is_initial(self, execution: Execution) -> bool:
        """Whether what a scope is given now belongs to the start of its instance."""
        if execution.process_instance_id in self._instructed:
            return True
        return execution.id in self._beginning
