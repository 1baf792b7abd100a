"""The history: deleting an instance's or its variables, removal times, the details of a failure."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import NotFoundError
from app.schemas import removal_times as schemas
from app.schemas.batches import batch
from app.services import history as service
from app.services import lists as list_service
from app.services import removal_times

from .decorators import accepts, current_store, flag, no_content, produces, returns, wants_json
from .descriptions import TEXT, describes
from .lists import HISTORY
from .problems import INVALID, MISSING, Problem, text_or_missing, wraps

history = Blueprint("history", __name__, url_prefix="/history")
UNKNOWN = ((MISSING, INVALID),)


@history.delete("/process-instance/<instance_id>")
@describes(flags="failIfNotExists", problems=UNKNOWN)
def delete_history(instance_id: str) -> ResponseReturnValue:
    """Delete the history of an instance that has ended."""
    was_there = service.delete_process_instance(current_store(), instance_id)
    # The same answer to one that still runs, whose history cannot go yet (contract 4.8).
    if not was_there and flag("failIfNotExists", default=True):
        text = f"Historic process instance with id {instance_id} does not exist"
        raise Problem(MISSING, INVALID, text, 0)
    return no_content()


@history.post("/process-instance/delete")
@describes(answer=batch)
@returns
@accepts(schemas.HistoryDeletionSchema)
def delete_by_batch(
    historic_process_instance_ids: list[str | None] | None,
    historic_process_instance_query: dict[str, Any] | None,
    delete_reason: str | None,
    **_: Any,
) -> dict[str, Any]:
    """Delete the history of instances by a batch."""
    query = HISTORY["process-instance"].filters_of(historic_process_instance_query)
    made = service.delete_by_batch(
        current_store(),
        historic_process_instance_ids=historic_process_instance_ids,
        historic_process_instance_query=query,
        delete_reason=delete_reason,
    )
    return batch(made)


@history.post("/process-instance/set-removal-time")
@describes(answer=batch)
@returns
@accepts(schemas.InstanceRemovalTimeSchema)
def set_removal_times(**body: Any) -> dict[str, Any]:
    """Set or clear the removal times of instances by a batch."""
    name = "historic_process_instance_query"
    body[name] = HISTORY["process-instance"].filters_of(body[name])
    return batch(removal_times.set_of_instances(current_store(), **body))


@history.post("/batch/set-removal-time")
@describes(answer=batch)
@returns
@accepts(schemas.BatchRemovalTimeSchema)
def set_removal_times_of_batches(**body: Any) -> dict[str, Any]:
    """Set or clear the removal times of batches by another batch."""
    name = "historic_batch_query"
    body[name] = HISTORY["batch"].filters_of(body[name])
    return batch(removal_times.set_of_batches(current_store(), **body))


@history.delete("/process-instance/<instance_id>/variable-instances")
@wants_json
@wraps({NotFoundError: (MISSING, INVALID)}, keeps_code=False)
def delete_variables(instance_id: str) -> ResponseReturnValue:
    """Delete all variables of an instance from its history."""
    service.delete_variables_of(current_store(), instance_id)
    return no_content()


@history.delete("/variable-instance/<variable_id>")
@wraps({NotFoundError: (MISSING, INVALID)})
def delete_variable(variable_id: str) -> ResponseReturnValue:
    """Delete a variable from the history; the one that runs stays."""
    service.delete_variable(current_store(), variable_id)
    return no_content()


@history.get("/external-task-log/<log_id>/error-details")
@describes(media=TEXT, has_no_content=True, problems=UNKNOWN)
def log_details(log_id: str) -> ResponseReturnValue:
    """The details of a failure."""
    produces("text/plain")
    found = list_service.log_details(current_store(), log_id)
    return text_or_missing(
        found,
        f"No historic external task log found with id {log_id}: historicExternalTaskLog is null",
    )


@history.get("/job-log/<log_id>/stacktrace")
@describes(media=TEXT, has_no_content=True, problems=UNKNOWN)
def stacktrace(log_id: str) -> ResponseReturnValue:
    """Why a job had failed."""
    produces("text/plain")
    found = list_service.logged_stacktrace(current_store(), log_id)
    return text_or_missing(
        found, f"No historic job log found with id {log_id}: historicJobLog is null"
    )
