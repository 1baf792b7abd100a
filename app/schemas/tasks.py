"""Bodies and answers of user tasks.

Source: contract 9; Camunda 7 ``TaskDto``.
"""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar

from app.engine.state.values import TypedValue
from app.errors import InvalidRequestError

from .answers import (
    BOOLEAN,
    OBJECT,
    Answer,
    Many,
    Named,
    View,
    absent,
    boolean,
    computed,
    date,
    integer,
    part,
    text,
)
from .base import (
    CamundaDateTime,
    CamundaSchema,
    JacksonBoolean,
    JacksonString,
    PrimitiveInteger,
)
from .engine import link
from .typed_values import TypedValues, render, shown_value

identity_link = Answer("IdentityLink", text("user_id", "group_id"), text("type", is_nullable=False))


def _readable(typed: TypedValue) -> dict[str, Any]:
    """A value as it is read; one that cannot be read as it is stored."""
    try:
        # One value that cannot be read must not spoil a list of tasks, though it is an error where
        # variables are asked for.
        return render(typed, deserialized=True)
    except ValueError:
        return render(typed, deserialized=False)


def _shown(view: View) -> dict[str, Any]:
    return {name: _readable(typed) for name, typed in view["variables"].items()}


task = Answer(
    "Task",
    text("id", is_nullable=False),
    text("name", "assignee"),
    date("create_time", key="created"),
    date("due_date", key="due"),
    date("follow_up_date", key="followUp"),
    date("last_updated"),
    text("delegation_state", "description", "execution_id", "owner", "parent_task_id"),
    integer("priority"),
    text("process_definition_id", "process_instance_id", "task_definition_key"),
    boolean("is_suspended"),
    text("form_key", "tenant_id", "task_state"),
    text("case_instance_id"),
    absent("caseExecutionId", "caseDefinitionId"),
    computed("camundaFormRef", OBJECT, lambda view: view.get("form_ref"), is_nullable=True),
    computed("variables", Named(shown_value), _shown, needs="variables"),
    computed("comment", BOOLEAN, itemgetter("has_comment"), needs="has_comment"),
    computed("attachment", BOOLEAN, itemgetter("has_attachment"), needs="has_attachment"),
)
comment = Answer(
    "Comment",
    part("links", Many(link)),
    text("id", is_nullable=False),
    text("user_id"),
    date("time", is_nullable=False),
    text("task_id", "message", is_nullable=False),
    date("removal_time"),
    text("root_process_instance_id"),
    text("named_instance_id", key="processInstanceId"),
)
attachment = Answer(
    "Attachment",
    part("links", Many(link)),
    text("id", is_nullable=False),
    text("name", "description"),
    text("task_id", is_nullable=False),
    text("type", "url"),
    date("create_time", is_nullable=False),
    date("removal_time"),
    text("root_process_instance_id"),
)
group_count = Answer(
    "CandidateGroupCount", text("group_name"), integer("task_count", is_nullable=False)
)
GROUP_COUNT_COLUMNS = {"group_name": "CANDIDATE_GROUP_NAME", "task_count": "TASK_COUNT"}


class UserSchema(CamundaSchema):
    """Body of what names a user: claim, assignee, delegate."""

    example: ClassVar[Mapping[str, Any]] = {"userId": "kim"}

    user_id = JacksonString()


class IdentityLinkSchema(CamundaSchema):
    """Body of ``POST /task/{id}/identity-links`` and ``…/delete``."""

    example: ClassVar[Mapping[str, Any]] = {"groupId": "crew", "type": "candidate"}

    user_id = JacksonString()
    group_id = JacksonString()
    link_type = JacksonString(data_key="type")

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Refuse a link of nobody, and one of a user and a group."""
        # Neither before both, the order of the reference engine's HTTP layer.
        if body["user_id"] is None and body["group_id"] is None:
            raise InvalidRequestError("Identity Link requires userId or groupId.")
        if body["user_id"] is not None and body["group_id"] is not None:
            raise InvalidRequestError("Identity Link requires userId or groupId, but not both.")
        return body


class CompleteTaskSchema(CamundaSchema):
    """Body of ``POST /task/{id}/complete``."""

    example: ClassVar[Mapping[str, Any]] = {
        "variables": {"amount": {"value": 120, "type": "Integer"}},
        "withVariablesInReturn": True,
    }

    with_variables_in_return = JacksonBoolean()
    variables = TypedValues()


class VariablesSchema(CamundaSchema):
    """A body of variables alone."""

    example: ClassVar[Mapping[str, Any]] = {
        "variables": {"amount": {"value": 120, "type": "Integer"}}
    }

    variables = TypedValues()


class TaskErrorSchema(CamundaSchema):
    """Body of ``POST /task/{id}/bpmnError``."""

    example: ClassVar[Mapping[str, Any]] = {
        "errorCode": "no-funds",
        "errorMessage": "The account is empty",
    }

    error_code = JacksonString()
    error_message = JacksonString()
    variables = TypedValues()


class TaskSchema(CamundaSchema):
    """Body of ``PUT /task/{id}``."""

    example: ClassVar[Mapping[str, Any]] = {
        "name": "Approve the order",
        "assignee": "kim",
        "priority": 60,
        "due": "2031-01-21T10:00:00.000+0000",
    }

    name = JacksonString()
    description = JacksonString()
    # Left out it is 0, where a task of a model has 50 (contract 11.1).
    priority = PrimitiveInteger()
    assignee = JacksonString()
    owner = JacksonString()
    delegation_state = JacksonString()
    due_date = CamundaDateTime(data_key="due")
    follow_up_date = CamundaDateTime(data_key="followUp")
    parent_task_id = JacksonString()
    case_instance_id = JacksonString()
    tenant_id = JacksonString()


class NewTaskSchema(TaskSchema):
    """Body of ``POST /task/create``."""

    example: ClassVar[Mapping[str, Any]] = {
        "name": "Call the customer",
        "assignee": "kim",
        "priority": 60,
    }

    # Only of a new one: a task that is there is named by the path.
    task_id = JacksonString(data_key="id")


class TaskEscalationSchema(CamundaSchema):
    """Body of ``POST /task/{id}/bpmnEscalation``."""

    example: ClassVar[Mapping[str, Any]] = {
        "escalationCode": "late",
        "variables": {"amount": {"value": 120, "type": "Integer"}},
    }

    escalation_code = JacksonString()
    variables = TypedValues()


class CommentSchema(CamundaSchema):
    """Body of ``POST /task/{id}/comment/create``."""

    example: ClassVar[Mapping[str, Any]] = {
        "message": "The customer called",
        "processInstanceId": "aProcessInstanceId",
    }

    message = JacksonString()
    process_instance_id = JacksonString()


class ChangedCommentSchema(CamundaSchema):
    """Body of ``PUT /task/{id}/comment`` and ``PUT /process-instance/{id}/comment``."""

    example: ClassVar[Mapping[str, Any]] = {"id": "aCommentId", "message": "The customer wrote"}

    comment_id = JacksonString(data_key="id")
    message = JacksonString()
