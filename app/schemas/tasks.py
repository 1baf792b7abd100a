"""Bodies and answers of user tasks.

Source: rest contract, found while recording surroundings; Camunda 7 ``TaskDto``.
"""

from typing import Any

from app.errors import InvalidRequestError

from .base import (
    CamundaDateTime,
    CamundaSchema,
    JacksonBoolean,
    JacksonString,
    PrimitiveInteger,
    Shape,
)
from .typed_values import TypedValues

identity_link = Shape("user_id group_id type")
DELEGATION_STATES = ("PENDING", "RESOLVED")


def delegation_state(text: str | None) -> str | None:
    """A state of delegation, of which upper and lower case are alike.

    Raises:
        InvalidRequestError: there is no such state.
    """
    if text is None or text.upper() in DELEGATION_STATES:
        return None if text is None else text.upper()
    raise InvalidRequestError(
        f"Valid values for property 'delegationState' are 'PENDING' or 'RESOLVED', but was '{text}'"
    )


class UserSchema(CamundaSchema):
    """Body of what names a user: claim, assignee, delegate."""

    user_id = JacksonString()


class IdentityLinkSchema(CamundaSchema):
    """Body of ``POST /task/{id}/identity-links`` and ``…/delete``."""

    user_id = JacksonString()
    group_id = JacksonString()
    link_type = JacksonString(data_key="type")

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Refuse a link of nobody, and one of a user and a group."""
        if body["user_id"] is None and body["group_id"] is None:
            raise InvalidRequestError("Identity Link requires userId or groupId.")
        if body["user_id"] is not None and body["group_id"] is not None:
            raise InvalidRequestError("Identity Link requires userId or groupId, but not both.")
        return body


class CompleteTaskSchema(CamundaSchema):
    """Body of ``POST /task/{id}/complete``."""

    with_variables_in_return = JacksonBoolean()
    variables = TypedValues()


class VariablesSchema(CamundaSchema):
    """A body of variables alone."""

    variables = TypedValues()


class TaskErrorSchema(CamundaSchema):
    """Body of ``POST /task/{id}/bpmnError``."""

    error_code = JacksonString()
    error_message = JacksonString()
    variables = TypedValues()


class TaskSchema(CamundaSchema):
    """Body of ``PUT /task/{id}``."""

    name = JacksonString()
    description = JacksonString()
    priority = PrimitiveInteger()
    assignee = JacksonString()
    owner = JacksonString()
    delegation_state = JacksonString()
    due_date = CamundaDateTime(data_key="due")
    follow_up_date = CamundaDateTime(data_key="followUp")
    parent_task_id = JacksonString()
    tenant_id = JacksonString()

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Refuse a state of delegation that does not exist."""
        return {**body, "delegation_state": delegation_state(body["delegation_state"])}
