"""Batch operations on process instances and on jobs."""

from collections.abc import Callable
from typing import Any, NoReturn

from flask import Blueprint

from app.errors import BadUserRequestError, InvalidRequestError
from app.schemas import instance_batches as schemas
from app.schemas.batches import batch
from app.services import instance_batches as service
from app.services import job_retries
from app.store import Store

from .decorators import accepts, current_store, returns
from .descriptions import describes
from .lists import HISTORY, INSTANCES, JOBS
from .lookups import sought
from .problems import BAD, INVALID, wraps

instance_batches = Blueprint("instance_batches", __name__, url_prefix="/process-instance")
job_batches = Blueprint("job_batches", __name__, url_prefix="/job")


def _no_retries(_: Store) -> NoReturn:
    raise InvalidRequestError("setJobRetriesDto is null")


_QUERIED = {
    "process_instance_query": INSTANCES,
    "historic_process_instance_query": HISTORY["process-instance"],
}


def selection(body: dict[str, Any], *queries: str) -> dict[str, Any]:
    """The body of a command for many instances, with the filters of its queries read.

    Args:
        queries: those that count, of two endpoints that share a body; all where there is but one.
    """
    for name, queried in _QUERIED.items():
        counts = not queries or name in queries
        # Here, for the services know nothing of the wire: they take filters by their own names.
        body[name] = queried.filters_of(body[name]) if counts else None
    return body


@instance_batches.post("/delete")
@describes(answer=batch)
@returns
@accepts(schemas.DeletionSchema)
def delete(**body: Any) -> dict[str, Any]:
    """Delete instances by a batch; its historic query is passed over."""
    return batch(service.delete(current_store(), **selection(body, "process_instance_query")))


@instance_batches.post("/delete-historic-query-based")
@describes(answer=batch)
@returns
@accepts(schemas.DeletionSchema)
def delete_by_history(**body: Any) -> dict[str, Any]:
    """Delete instances by a batch; of its queries the historic one alone counts."""
    selected = selection(body, "historic_process_instance_query")
    return batch(service.delete(current_store(), **selected))


@instance_batches.post("/suspended-async")
@describes(answer=batch)
@returns
@wraps({BadUserRequestError: (BAD, INVALID)}, keeps_code=False)
@accepts(schemas.SuspensionBatchSchema)
def set_suspended(**body: Any) -> dict[str, Any]:
    """Suspend or activate instances by a batch."""
    return batch(service.set_suspended(current_store(), **selection(body)))


@accepts(schemas.VariablesBatchSchema)
def _read_variables(**body: Any) -> dict[str, Any]:
    return body


@accepts(schemas.MessageBatchSchema)
def _read_message(**body: Any) -> dict[str, Any]:
    return body


def _with_values(read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A body that has variables; the message of an unusable value begins with what is refused."""
    try:
        return read()
    except InvalidRequestError as error:
        if not str(error):  # of its shape
            raise
        raise InvalidRequestError(f"Cannot set variables: {error}") from error


@instance_batches.post("/variables-async")
@describes(body=schemas.VariablesBatchSchema, answer=batch)
@returns
def set_variables() -> dict[str, Any]:
    """Set variables of instances by a batch."""
    body = selection(_with_values(_read_variables))
    return batch(service.set_variables(current_store(), **body))


@instance_batches.post("/message-async")
@describes(body=schemas.MessageBatchSchema, answer=batch)
@returns
def correlate() -> dict[str, Any]:
    """Deliver a message to what waits for it in instances, by a batch."""
    body = selection(_with_values(_read_message))
    return batch(service.correlate(current_store(), **body))


@instance_batches.post("/job-retries")
@describes(answer=batch)
@returns
@sought(_no_retries)
@accepts(schemas.InstanceRetriesSchema)
def set_retries(**body: Any) -> dict[str, Any]:
    """Set the retries of all jobs of instances by a batch; its historic query is passed over."""
    selected = selection(body, "process_instance_query")
    return batch(job_retries.set_retries_of_instances(current_store(), **selected))


@instance_batches.post("/job-retries-historic-query-based")
@describes(answer=batch)
@returns
@accepts(schemas.InstanceRetriesSchema)
def set_retries_by_history(**body: Any) -> dict[str, Any]:
    """The same, but of its queries the historic one alone counts."""
    selected = selection(body, "historic_process_instance_query")
    return batch(job_retries.set_retries_of_instances(current_store(), **selected))


@job_batches.post("/retries")
@describes(answer=batch)
@returns
@sought(_no_retries)
@accepts(schemas.JobsRetriesSchema)
def set_job_retries(**body: Any) -> dict[str, Any]:
    """Set the retries of jobs by a batch."""
    body["job_query"] = JOBS.filters_of(body["job_query"])
    return batch(job_retries.set_retries(current_store(), **body))
