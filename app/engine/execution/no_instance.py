"""What an expression sees that is evaluated before there is an instance.

Source: Camunda 7 ``StartProcessVariableScope``, ``DefaultConditionHandler``.
"""

from collections.abc import Mapping
from datetime import datetime

from app.expressions import Documents, patterns


class NoInstance:
    """The context of a start timer or of the condition of a start event.

    Args:
        now: the time, in the zone of texts that name none.
        variables: the objects that the instance would start with.
    """

    def __init__(self, now: datetime, variables: Mapping[str, object] | None = None) -> None:
        self.now = now
        self.documents = Documents()
        self._variables = variables or {}
        patterns.begin_transaction()

    def variable(self, name: str) -> object:
        """The value of a variable; KeyError for other names."""
        return self._variables[name]

    def special(self, name: str) -> object:
        """There are no names of its own."""
        raise KeyError(name)
