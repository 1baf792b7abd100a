"""Bodies and answers of filters.

Source: contract 11.6; Camunda 7 ``FilterDto``, ``CreateFilterDto``.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson
from marshmallow import ValidationError

from app.errors import InvalidRequestError

from .answers import INTEGER, OBJECT, Answer, View, computed, text
from .base import CamundaSchema, JacksonString, JsonMap

TASK = "Task"


def _properties(view: View) -> Any:
    """The properties for a task list; only the answer to its making says that nothing was given."""
    # Null right after it was made, an empty object ever after (contract 11.6).
    if view["properties"] is None:
        return None if view.get("is_new") else {}
    return orjson.loads(view["properties"])


saved_filter = Answer(
    "Filter",
    text("id", "resource_type", "name", is_nullable=False),
    text("owner"),
    computed("query", OBJECT, lambda view: orjson.loads(view["query"])),
    computed("properties", OBJECT, _properties, is_nullable=True),
    computed("itemCount", INTEGER, lambda view: view["item_count"], needs="item_count"),
)


class FilterSchema(CamundaSchema):
    """Body of ``PUT /filter/{id}``."""

    example: ClassVar[Mapping[str, Any]] = {
        "resourceType": "Task",
        "name": "Mine",
        "owner": "kim",
        "query": {"assignee": "kim"},
        "properties": {"color": "#3e4d2f"},
    }

    resource_type = JacksonString()
    name = JacksonString()
    owner = JacksonString()
    task_query = JsonMap(data_key="query")
    properties = JsonMap()

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Refuse a query that is missing, of something else than tasks.

        The type says how the query is read; with a query to read, the operation names it.
        """
        # Jackson chooses the class of the query by the type, so that an unknown one is a mapping
        # error, without a message, only where there is nothing for it to read.
        if body["resource_type"] not in (None, TASK) and body["task_query"] is None:
            raise ValidationError("no resource type")
        return body


class NewFilterSchema(FilterSchema):
    """Body of ``POST /filter/create``."""

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Refuse a filter of nothing, of something else than tasks, and one without a query."""
        given = body["resource_type"]
        if given is None or (given != TASK and body["task_query"] is not None):
            name = "null" if given is None else given
            raise InvalidRequestError(
                f"Unable to create filter with invalid resource type '{name}'"
            )
        # Behind the type: without one nobody could say what the query should be of.
        if body["task_query"] is None:
            raise ValidationError("no query")
        return body
