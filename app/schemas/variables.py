"""Bodies of variables.

Source: rest contract 4.4.
"""

from typing import Any

from app.engine.values import TypedValue

from .base import CamundaSchema, StringList
from .typed_values import TypedValues, typed_value


class ModificationsSchema(CamundaSchema):
    """Body of ``POST …/variables``."""

    deletions = StringList(load_default=list)
    modifications = TypedValues()


class ValueSchema(CamundaSchema):
    """Body of ``PUT …/variables/{name}``: the value itself; an empty object is Null."""

    def load(self, data: Any, **options: Any) -> dict[str, TypedValue]:
        """The value under the name ``value``."""
        del options
        if not isinstance(data, dict):
            raise self.error_class("no typed value")
        return {"value": typed_value(data)}

    @property
    def error_class(self) -> type[Exception]:
        """What says that a body has another shape."""
        from marshmallow import ValidationError

        return ValidationError
