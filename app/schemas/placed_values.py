"""The typed values of an instruction that starts something, each with where it goes.

Source: contract 10.1; Camunda 7 ``TriggerVariableValueDto``.
"""

from typing import Any

from app.engine.state.values import TypedValue

from .jackson import boolean_of, is_blank
from .typed_values import TypedValues, typed_value

Placed = tuple[dict[str, TypedValue], dict[str, TypedValue]]


class PlacedValues(TypedValues):
    """A map of typed values by name: those of the instance, and those with ``local``."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        found = super()._deserialize(value)
        for entry in found.values():
            # Read here, and again when it converts: a `local` that is no boolean is an error of the
            # shape, which comes before all values that do not convert.
            if entry is not None and not is_blank(entry.get("local")):
                boolean_of(entry["local"])
        return found

    def convert(self, value: dict[str, Any]) -> Placed:  # type: ignore[override]
        """The typed values; the first that does not convert decides the error."""
        found: Placed = ({}, {})
        for name, entry in value.items():
            local = (entry or {}).get("local")
            is_local = not is_blank(local) and boolean_of(local)
            # A boolean is the index: those of the instance come first.
            found[is_local][name] = typed_value(entry)
        return found
