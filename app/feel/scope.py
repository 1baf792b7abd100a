"""Where names are looked up while an expression is evaluated."""

from __future__ import annotations

from collections.abc import Mapping

from app.feel.budget import Budget
from app.feel.values import from_python

# A variable may be null, which hides one of the same name further out.
_MISSING = object()


class Scope:
    """Variables, before those of the scope around.

    Args:
        variables: values of FEEL; a root's may be what `from_python` takes.
        parent: None for a root.
        input_value: what `?` stands for, where there is an input.
    """

    __slots__ = ("_converted", "budget", "has_input", "input_value", "parent", "variables")

    def __init__(
        self,
        variables: Mapping[str, object],
        budget: Budget,
        parent: Scope | None = None,
        *,
        input_value: object = None,
        has_input: bool = False,
    ) -> None:
        self.variables = variables
        self.budget = budget
        self.parent = parent
        self.input_value = input_value
        self.has_input = has_input
        self._converted: dict[str, object] = {}

    def inner(self, variables: Mapping[str, object]) -> Scope:
        """A scope within this one."""
        return Scope(
            variables,
            self.budget,
            self,
            input_value=self.input_value,
            has_input=self.has_input,
        )

    def with_input(self, value: object) -> Scope:
        """The same variables with another input value."""
        return Scope({}, self.budget, self, input_value=value, has_input=True)

    def find(self, name: str) -> object:
        """The value of the nearest variable of this name; None where there is none."""
        scope: Scope | None = self
        while scope is not None:
            value = scope.variables.get(name, _MISSING)
            if value is not _MISSING:
                # Only a root has values of Python; what the evaluation itself makes is FEEL's
                # already.
                return value if scope.parent is not None else scope._of_root(name, value)
            scope = scope.parent
        return None

    def _of_root(self, name: str, value: object) -> object:
        """Convert what the caller gave once for each evaluation."""
        # A list variable may have thousands of items, and a cell in each rule may read it.
        if name not in self._converted:
            self._converted[name] = from_python(value)
        return self._converted[name]
