"""How a variable's row is made and changed, and its history with it.

Source: Camunda 7 ``AbstractVariableScope``, ``VariableInstanceEntity``.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from app.engine.history.history_records import roomy_id
from app.engine.history.revisions import is_changed
from app.engine.state import Execution, Variable
from app.engine.state.values import TypedValue, to_columns

from .task_scopes import TASK_SCOPE
from .variable_places import VariablePlaces

if TYPE_CHECKING:
    from app.engine.history.history import History

    from .host import Host


class Change(NamedTuple):
    """A change of a variable; the event is ``create``, ``update`` or ``delete``."""

    scope: Execution
    name: str
    event: str


class VariableRows:
    """The rows of one transaction's variables.

    Attributes:
        changed: the changes that conditional events have not been notified of yet.
        places: where variables are, for the history.
    """

    __slots__ = ("_history", "_host", "_index", "changed", "places")

    def __init__(self, host: "Host", history: "History") -> None:
        self._host = host
        self._history = history
        self._index: dict[str, dict[str, Variable]] = {}  # by execution, by name
        self.changed: list[Change] = []
        self.places = VariablePlaces(host)

    def _changed_at(self, source: Execution, values: Iterable[TypedValue]) -> str | None:
        """Where the details of values that are set through an execution say that they were set.

        Asked once for all of them: the tree may have to be read for it.
        """
        if not self._history.has_details or not [t for t in values if not t.is_transient]:
            return None
        return self.places.of_change(source)

    def _create(
        self, execution: Execution, name: str, kind: str, activity_instance_id: str | None
    ) -> Variable:
        variable = Variable(
            id=roomy_id(self._host.new_id()),
            revision=0,
            name=name,
            type=kind,
            execution_id=execution.id,
            process_instance_id=execution.process_instance_id or None,
            process_definition_id=execution.process_definition_id or None,
            activity_instance_id=activity_instance_id,
            task_id=execution.id if execution.scope_activity_id == TASK_SCOPE else None,
            tenant_id=execution.tenant_id,
        )
        self._host.records.add(variable)
        self._index.setdefault(execution.id, {})[name] = variable
        return variable

    def _write(
        self,
        stored: Variable,
        execution: Execution,
        typed: TypedValue,
        *,
        is_new: bool = False,
        place: str | None = None,
        detail_place: str | None,
    ) -> None:
        """Give a variable a value.

        Args:
            place, detail_place: see `History.variable_set`.
        """
        if not is_new:
            stored.revision += not is_changed(self._host.records, stored)
        stored.type = typed.type
        (
            stored.text_value,
            stored.long_value,
            stored.double_value,
            stored.bytes_value,
            stored.value_info,
        ) = to_columns(typed)
        self._history.variable_set(
            stored, execution, is_new=is_new, place=place, detail_place=detail_place
        )
