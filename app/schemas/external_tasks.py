"""Bodies and answers of the external task API.

Source: contract 3.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.errors import InvalidRequestError, JavaRuntimeError, NotValidError

from .answers import (
    OBJECT,
    TEXT,
    Answer,
    Many,
    Named,
    View,
    boolean,
    computed,
    date,
    integer,
    part,
    text,
)
from .base import (
    BoxedInteger,
    BoxedLong,
    CamundaSchema,
    JacksonBoolean,
    JacksonString,
    JsonMap,
    Milliseconds,
    NestedList,
    NestedObject,
    PrimitiveInteger,
    StringList,
)
from .typed_values import TypedValues, render_all, shown_value

LONGEST_POLL = 1_800_000  # milliseconds
# All of them, with their receipts and results, are in memory until the last one is done.
MOST_COMPLETIONS = 1_000  # tasks that one request completes
_FIELDS = (
    text("execution_id"),
    text("id", is_nullable=False),
    date("lock_expiration_time", "create_time"),
    text("process_definition_id", "process_definition_key", "process_definition_version_tag"),
    text("process_instance_id"),
    integer("retries"),
    boolean("is_suspended"),
    text("worker_id", "topic_name", "tenant_id"),
    integer("priority"),
    text("business_key"),
)
external_task = Answer(
    "ExternalTask",
    text("activity_id", "activity_instance_id", "error_message"),
    *_FIELDS,
)


def _shown(view: View) -> dict[str, Any]:
    """The variables of a task, read where its topic asks for it."""
    return render_all(view["variables"], deserialized=view["deserialize_values"])


locked_task = Answer(
    "LockedExternalTask",
    text("activity_id", "activity_instance_id", "error_message", "error_details"),
    *_FIELDS,
    part("extension_properties", Named(TEXT, has_nulls=True)),
    computed("variables", Named(shown_value), _shown),
    part("lock_token", TEXT, is_optional=True),  # an extension, where the worker asks for it
)


completed_task = Answer(
    "CompletedExternalTask",
    text("id", is_nullable=False),
    integer("status", is_nullable=False),
    boolean("is_repeated", key="repeated", is_nullable=False),
    part("error", OBJECT, is_nullable=True),
)
completed_tasks = Answer(
    "CompletedExternalTasks",
    part("results", Many(completed_task)),
    part("next", Many(locked_task), is_optional=True),
)


class FailureSchema(CamundaSchema):
    """Body of ``POST /external-task/{id}/failure``."""

    example: ClassVar[Mapping[str, Any]] = {
        "workerId": "aWorker",
        "errorMessage": "No connection",
        "errorDetails": "to the bank",
        "retries": 2,
        "retryTimeout": 60000,
    }

    worker_id = JacksonString()
    error_message = JacksonString()
    error_details = JacksonString()
    # Left out it is 0, which raises an incident at once (contract 3.6).
    retries = PrimitiveInteger()

    retry_timeout = Milliseconds()
    lock_token = JacksonString()
    variables = TypedValues()
    local_variables = TypedValues()


class BpmnErrorSchema(CamundaSchema):
    """Body of ``POST /external-task/{id}/bpmnError``."""

    example: ClassVar[Mapping[str, Any]] = {
        "workerId": "aWorker",
        "errorCode": "no-funds",
        "variables": {"amount": {"value": 120, "type": "Integer"}},
    }

    worker_id = JacksonString()
    error_code = JacksonString()
    lock_token = JacksonString()
    error_message = JacksonString()
    variables = TypedValues()


class LockSchema(CamundaSchema):
    """Body of ``POST /external-task/{id}/lock``."""

    example: ClassVar[Mapping[str, Any]] = {"workerId": "aWorker", "lockDuration": 60000}

    worker_id = JacksonString()
    lock_duration = Milliseconds()


class ExtendLockSchema(CamundaSchema):
    """Body of ``POST /external-task/{id}/extendLock``."""

    example: ClassVar[Mapping[str, Any]] = {"workerId": "aWorker", "newDuration": 60000}

    worker_id = JacksonString()
    new_duration = Milliseconds()
    lock_token = JacksonString()


class RetriesSchema(CamundaSchema):
    """Body of ``PUT /external-task/{id}/retries``."""

    example: ClassVar[Mapping[str, Any]] = {"retries": 3}

    retries = BoxedInteger()

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Refuse a missing number, with the HTTP layer's own error."""
        refuse_no_retries(body["retries"])
        return body


def refuse_no_retries(retries: int | None) -> None:
    """Refuse a missing number of retries.

    Raises:
        InvalidRequestError: it is None.
    """
    if retries is None:
        raise InvalidRequestError("The number of retries cannot be null.")


class PrioritySchema(CamundaSchema):
    """Body of ``PUT /external-task/{id}/priority``."""

    example: ClassVar[Mapping[str, Any]] = {"priority": 7}

    priority = BoxedLong()

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Refuse a missing number in the way that Java does."""
        if body["priority"] is None:
            raise JavaRuntimeError("NullPointerException", "The priority is null")
        return body


class BulkRetriesSchema(CamundaSchema):
    """Body of ``PUT /external-task/retries`` and ``POST /external-task/retries-async``."""

    example: ClassVar[Mapping[str, Any]] = {"externalTaskIds": ["anExternalTaskId"], "retries": 3}

    retries = BoxedInteger()
    # The number is not `checked` here: a query that cannot be read is what clients hear of first.
    external_task_ids = StringList()
    process_instance_ids = StringList()
    external_task_query = JsonMap()
    process_instance_query = JsonMap()
    historic_process_instance_query = JsonMap()


class TopicSchema(CamundaSchema):
    """A topic of fetchAndLock."""

    topic_name = JacksonString()
    lock_duration = Milliseconds()
    variables = StringList()
    # Of `variables` null means all and an empty list none; of the lists below both mean no filter.
    local_variables = JacksonBoolean()
    business_key = JacksonString()
    process_definition_id = JacksonString()
    process_definition_id_in = StringList(load_default=list)
    process_definition_key = JacksonString()
    process_definition_key_in = StringList(load_default=list)
    process_definition_version_tag = JacksonString()
    process_variables = JsonMap()
    without_tenant_id = JacksonBoolean()
    tenant_id_in = StringList(load_default=list)
    deserialize_values = JacksonBoolean()
    include_extension_properties = JacksonBoolean()


class SortingSchema(CamundaSchema):
    """One level of sorting."""

    sort_by = JacksonString()
    sort_order = JacksonString()


class FetchAndLockSchema(CamundaSchema):
    """Body of ``POST /external-task/fetchAndLock``."""

    example: ClassVar[Mapping[str, Any]] = {
        "workerId": "aWorker",
        "maxTasks": 5,
        "topics": [{"topicName": "charge", "lockDuration": 60000, "variables": ["amount"]}],
    }

    worker_id = JacksonString()
    max_tasks = PrimitiveInteger()
    use_priority = JacksonBoolean()
    async_response_timeout = BoxedLong()
    lock_token = JacksonBoolean()  # an extension: whether each task tells the token of its lock
    # `includeExtensionProperties` at this level does nothing in the reference engine (contract
    # 3.3); here it is an unknown key as any other.
    sorting = NestedList(SortingSchema)
    topics = NestedList(TopicSchema)

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Refuse what the HTTP layer refuses, in its order: timeout, then sorting."""
        timeout = body["async_response_timeout"]
        if timeout is not None and timeout > LONGEST_POLL:
            raise InvalidRequestError(
                "The asynchronous response timeout cannot be set to a value greater than "
                f"{LONGEST_POLL} milliseconds"
            )
        # Behind the timeout and before the topics: the order of the reference engine (contract
        # 3.3).
        body["sorting"] = [_sorting(level) for level in body["sorting"]]
        if None in body["topics"]:
            raise JavaRuntimeError("NullPointerException", "A topic is null")
        return body


class FetchNextSchema(FetchAndLockSchema):
    """The fetch of a worker that has completed a task, in the same answer.

    It is a fetchAndLock of the same worker, of one task where no number is said.
    """

    # In fetchAndLock a missing number is 0 and fetches nothing, which nobody means who asks for
    # more.
    max_tasks = PrimitiveInteger(load_default=1)


class CompleteExternalTaskSchema(CamundaSchema):
    """Body of ``POST /external-task/{id}/complete``."""

    example: ClassVar[Mapping[str, Any]] = {
        "workerId": "aWorker",
        "variables": {"amount": {"value": 120, "type": "Integer"}},
    }

    worker_id = JacksonString()
    lock_token = JacksonString()
    variables = TypedValues()  # the first value that does not convert decides the error
    local_variables = TypedValues()
    fetch_next = NestedObject(FetchNextSchema)  # an extension


class CompletionSchema(CamundaSchema):
    """One of the tasks of ``POST /external-task/complete``."""

    id = JacksonString()
    lock_token = JacksonString()
    variables = TypedValues()
    local_variables = TypedValues()


class CompleteManySchema(CamundaSchema):
    """Body of ``POST /external-task/complete``, an extension."""

    example: ClassVar[Mapping[str, Any]] = {
        "workerId": "aWorker",
        "tasks": [
            {
                "id": "anExternalTaskId",
                "variables": {"amount": {"value": 120, "type": "Integer"}},
            }
        ],
    }

    worker_id = JacksonString()
    tasks = NestedList(CompletionSchema)
    fetch_next = NestedObject(FetchNextSchema)

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Refuse a task without an id, and more tasks than one answer is to wait for."""
        if any(task is None or task["id"] is None for task in body["tasks"]):
            raise InvalidRequestError("The id of a task is null.")
        if len(body["tasks"]) > MOST_COMPLETIONS:
            raise InvalidRequestError(f"More than {MOST_COMPLETIONS} tasks.")
        return body


def _sorting(level: Mapping[str, Any] | None) -> tuple[str, str]:
    # A null level fails in Java in the same way as one without a name.
    by, order = (level["sort_by"], level["sort_order"]) if level else (None, None)
    if by is None:
        raise JavaRuntimeError("NullPointerException", "The name of a sorting is null")
    if by != "createTime":
        raise InvalidRequestError(f"Cannot set query sortBy parameter to value {by}")
    if order not in (None, "asc", "desc"):
        raise InvalidRequestError(f"Cannot set query sortOrder parameter to value {order}")
    if order is None:
        raise NotValidError(
            "Invalid query: call asc() or desc() after using orderByXX(): direction is null"
        )
    return by, order
