"""The objects handed to expressions for variables, so that changes in place are stored.

Source: Camunda 7 ``TypedValueField.isImplicitlyUpdated``, ``VariableInstanceEntity``.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from app.engine.state import Execution
from app.engine.state.conversion import from_object, to_object
from app.engine.state.values import TypedValue
from app.expressions import Documents


class Handed(NamedTuple):
    """A list, a map or a document, and what it was read from."""

    scope: Execution
    typed: TypedValue
    value: object


class Objects:
    """The objects that stand for variables in one transaction, one for each variable.

    Args:
        documents: knows whether anything was changed in place.
    """

    __slots__ = ("_documents", "_handed")

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._handed: dict[tuple[str, str], Handed] = {}

    def hand_out(
        self, scope: Execution, name: str, typed: TypedValue, read: Callable[[TypedValue], object]
    ) -> object:
        """The object of a variable: the same each time, until another value is set."""
        # All other values cannot be changed in place.
        if typed.type not in ("Json", "Object", "Xml"):
            return read(typed)
        known = self._handed.get((scope.id, name))
        # By value: a variable that was set to something equal goes on with the object that
        # expressions already have.
        if known is not None and known.typed == typed:
            return known.value
        value = read(typed)
        self._handed[scope.id, name] = Handed(scope, typed, value)
        return value

    def changes(self) -> Iterator[tuple[Execution, str, TypedValue, TypedValue]]:
        """Scope, name, old and new value of each list and map that is not what was read.

        A document of Spin's that is changed is seen by the expressions that follow, and not stored.
        """
        # Usually nothing was changed: then no list is serialized for the comparison.
        if not self._documents.has_changes:
            return
        self._documents.has_changes = False
        for (_, name), handed in list(self._handed.items()):
            if handed.typed.type == "Object" and isinstance(handed.value, (list, dict)):
                found = from_object(handed.value)
                # Both through the same serializer: the stored text may have other spaces or order.
                if found.value != from_object(to_object(handed.typed)).value:
                    new = found._replace(is_transient=handed.typed.is_transient)
                    self._handed[handed.scope.id, name] = handed._replace(typed=new)
                    yield handed.scope, name, handed.typed, new
