"""Job definitions: what operators set at them.

Source: contract 10.5.
"""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import EngineError, InvalidRequestError, JavaRuntimeError, NotFoundError
from app.schemas import jobs as schemas
from app.services import job_definitions as service
from app.services.job_definitions import PriorityResetError

from .decorators import accepts, current_store, no_content, wants_json
from .problems import BAD, FAILED, INVALID, MISSING, wraps
from .timestamps import parse_timestamp

job_definitions = Blueprint("job_definitions", __name__, url_prefix="/job-definition")


@job_definitions.put("/<job_definition_id>/retries")
@wraps({EngineError: (FAILED, INVALID)}, keeps_code=False)
@accepts(schemas.JobRetriesSchema)
def set_retries(job_definition_id: str, **body: Any) -> ResponseReturnValue:
    """Give retries to the jobs that have none left."""
    service.set_retries(current_store(), job_definition_id, **body)
    return no_content()


@job_definitions.put("/<job_definition_id>/jobPriority")
@wraps({NotFoundError: (MISSING, INVALID), PriorityResetError: (BAD, INVALID)}, keeps_code=False)
@accepts(schemas.JobDefinitionPrioritySchema)
def set_priority(job_definition_id: str, **body: Any) -> ResponseReturnValue:
    """Override the priority that the model gives its jobs; null lets the model say it again."""
    service.set_priority(current_store(), job_definition_id, **body)
    return no_content()


@job_definitions.put("/<job_definition_id>/suspended")
@accepts(schemas.JobDefinitionSuspensionSchema)
def set_suspended(job_definition_id: str, **body: Any) -> ResponseReturnValue:
    """Suspend or activate a job definition."""
    # The body has the shape of that for many; what it names beside the path's counts for nothing.
    counted = {name: body[name] for name in ("suspended", "include_jobs", "execution_date")}
    _suspend(
        f"The suspension state of Job Definition with id {job_definition_id} could not be updated "
        "due to",
        {**counted, "job_definition_id": job_definition_id},
    )
    return no_content()


@job_definitions.put("/suspended")
@wants_json
@accepts(schemas.JobDefinitionsSuspensionSchema)
def set_suspended_of_many(**body: Any) -> ResponseReturnValue:
    """Suspend or activate the job definitions of a process definition."""
    # Of all the ways to name them this one is the path's.
    if body.pop("job_definition_id") is not None:
        raise InvalidRequestError(
            "Either processDefinitionId or processDefinitionKey can be set to update the "
            "suspension state."
        )
    given = [body["process_definition_id"], body["process_definition_key"]]
    if None not in given or given == [None, None]:
        raise InvalidRequestError(
            f"{'Either' if given == [None, None] else 'Only one of'} jobDefinitionId, "
            "processDefinitionId or processDefinitionKey should be set to update the suspension "
            "state."
        )
    tenant = {
        "tenant_id": body.pop("process_definition_tenant_id"),
        "without_tenant_id": body.pop("process_definition_without_tenant_id"),
    }
    _suspend("Could not update the suspension state of Job Definitions due to", {**body, **tenant})
    return no_content()


def _suspend(refused: str, body: dict[str, Any]) -> None:
    try:
        # The same text that is a 500 of the JVM at a deployment is wrapped here.
        timestamp = parse_timestamp(body["execution_date"])
    except JavaRuntimeError as error:
        raise InvalidRequestError(f"{refused}: {error}") from error
    service.set_suspended(current_store(), **{**body, "execution_date": timestamp})
