"""Bodies of variables.

Source: rest contract 4.4.
"""

from typing import Any

from .base import CamundaSchema, StringList
from .typed_values import TypedValueField, TypedValues


class ModificationsSchema(CamundaSchema):
    """Body of ``POST …/variables``."""

    deletions = StringList(load_default=list)
    modifications = TypedValues()


class ValueSchema(CamundaSchema):
    """Body of ``PUT …/variables/{name}``: the value itself; an empty object is Null."""

    value = TypedValueField()

    def read(self, data: Any, **options: Any) -> Any:
        """The value under the name ``value``."""
        return super().read({"value": data}, **options)
