"""External tasks: what workers call."""

from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.errors import BadUserRequestError, NotFoundError
from app.schemas import external_tasks as schemas
from app.schemas import lists
from app.services import external_tasks as service
from app.services import polling

from .connections import is_connected
from .decorators import accepts, current_store, no_content, produces, returns
from .problems import BAD, INVALID, MISSING, REST, wraps

external_tasks = Blueprint("external_tasks", __name__, url_prefix="/external-task")
wrapped = wraps({NotFoundError: (MISSING, REST), BadUserRequestError: (BAD, REST)})


@external_tasks.post("/fetchAndLock")
@returns
@accepts(schemas.FetchAndLockSchema)
def fetch_and_lock(**body: Any) -> list[dict[str, Any]]:
    """Lock free tasks of some topics and answer them with their variables."""
    found = polling.fetch_and_lock(current_store(), is_connected=is_connected, **body)
    return [schemas.locked_task(view) for view in found]


@external_tasks.post("/<task_id>/complete")
@wrapped
@accepts(schemas.CompleteExternalTaskSchema)
def complete(task_id: str, **body: Any) -> ResponseReturnValue:
    """Complete a locked external task and continue its process instance."""
    service.complete(current_store(), task_id, **body)
    return no_content()


@external_tasks.post("/<task_id>/failure")
@wrapped
@accepts(schemas.FailureSchema)
def handle_failure(task_id: str, **body: Any) -> ResponseReturnValue:
    """Note that a worker could not do a task."""
    service.handle_failure(current_store(), task_id, **body)
    return no_content()


@external_tasks.post("/<task_id>/bpmnError")
@wrapped
@accepts(schemas.BpmnErrorSchema)
def handle_bpmn_error(task_id: str, **body: Any) -> ResponseReturnValue:
    """Throw a BPMN error at a task."""
    service.handle_bpmn_error(current_store(), task_id, **body)
    return no_content()


@external_tasks.post("/<task_id>/lock")
@wrapped
@accepts(schemas.LockSchema)
def lock(task_id: str, **body: Any) -> ResponseReturnValue:
    """Lock one task."""
    service.lock(current_store(), task_id, **body)
    return no_content()


@external_tasks.post("/<task_id>/extendLock")
@wrapped
@accepts(schemas.ExtendLockSchema)
def extend_lock(task_id: str, **body: Any) -> ResponseReturnValue:
    """Let a lock expire later, or earlier."""
    service.extend_lock(current_store(), task_id, **body)
    return no_content()


@external_tasks.post("/<task_id>/unlock")
@wrapped
def unlock(task_id: str) -> ResponseReturnValue:
    """Give a task back; the body does not matter."""
    service.unlock(current_store(), task_id)
    return no_content()


@external_tasks.put("/<task_id>/retries")
@wraps({NotFoundError: (MISSING, REST)})
@accepts(schemas.RetriesSchema)
def set_retries(task_id: str, **body: Any) -> ResponseReturnValue:
    """Set how often a task may still fail."""
    service.set_retries(current_store(), task_id, **body)
    return no_content()


@external_tasks.put("/<task_id>/priority")
@wrapped
@accepts(schemas.PrioritySchema)
def set_priority(task_id: str, **body: Any) -> ResponseReturnValue:
    """Set the priority of a task."""
    service.set_priority(current_store(), task_id, **body)
    return no_content()


@external_tasks.get("/<task_id>/errorDetails")
def error_details(task_id: str) -> ResponseReturnValue:
    """The details of the last failure as text; 204 when there are none."""
    produces("text/plain")
    details = service.error_details(current_store(), task_id)
    if details is None:
        return no_content()
    response = Response(details, content_type="text/plain;charset=UTF-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@external_tasks.put("/retries")
@wraps({service.BulkTaskMissingError: (MISSING, INVALID)})
@accepts(schemas.BulkRetriesSchema)
def set_retries_of_many(**body: Any) -> ResponseReturnValue:
    """Set the retries of many tasks in one transaction."""
    service.set_retries_of_many(current_store(), **_selection(body))
    return no_content()


def _selection(body: dict[str, Any]) -> dict[str, Any]:
    """The body of a bulk command, with the filters of its queries read."""
    for name, schema in (
        ("external_task_query", lists.EXTERNAL_TASKS),
        ("process_instance_query", lists.PROCESS_INSTANCES),
        ("historic_process_instance_query", lists.HISTORIC_INSTANCES),
    ):
        if body[name] is not None:
            body[name] = schema.from_body(body[name])[0]
    return body
