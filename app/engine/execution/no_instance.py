"""The context of an expression that is evaluated before there is an instance.

Source: Camunda 7 ``StartProcessVariableScope``, ``DefaultConditionHandler``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from app.engine.state import Execution, ProcessDefinition
from app.engine.state.conversion import to_object
from app.engine.state.values import TypedValue
from app.expressions import Documents, patterns

from .evaluation import Evaluation

if TYPE_CHECKING:
    from .protocol import Run


class NoInstance:
    """The context of a start timer: there are no variables yet.

    Args:
        now: the time, in the zone of texts that name none.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.documents = Documents()
        # Outside of any run, so that the budget of regular expressions is opened here.
        patterns.begin_transaction()

    def variable(self, name: str) -> object:
        """There are none."""
        raise KeyError(name)

    special = variable


class BeforeStart(Evaluation):
    """The context of the condition that starts an instance: the variables that it would have."""

    __slots__ = ("_objects",)

    def __init__(
        self, run: "Run", definition: ProcessDefinition, variables: Mapping[str, TypedValue]
    ) -> None:
        # it never comes to be: only a script asks where it is
        instance_id = run.host.new_id()
        ids = instance_id, instance_id, instance_id, definition.id, definition.key
        super().__init__(run, Execution(*ids, is_scope=True, tenant_id=definition.tenant_id), {})
        # Read once: each definition's conditions may ask for the same list or document.
        self._objects = {name: to_object(value) for name, value in variables.items()}

    def variable(self, name: str) -> object:
        """The value of a variable; KeyError for other names."""
        return self._objects[name]

    def special(self, name: str) -> object:
        """The authenticated user and groups; there is no execution with names of its own."""
        if name == "execution":
            raise KeyError(name)
        return super().special(name)
