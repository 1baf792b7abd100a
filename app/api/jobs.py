"""Jobs and incidents: the commands of operators."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import BadUserRequestError, EngineError, InvalidRequestError, NotFoundError
from app.schemas import jobs as schemas
from app.services import incidents as incident_service
from app.services import jobs as service
from app.services import lists as list_service
from app.services import suspension

from .decorators import accepts, current_store, flag, no_content, produces, returns, wants_json
from .descriptions import TEXT, describes
from .problems import BAD, FAILED, INVALID, MISSING, REST, Problem, text_or_missing, wraps

jobs = Blueprint("jobs", __name__, url_prefix="/job")
incidents = Blueprint("incidents", __name__)
unknown = wraps({NotFoundError: (MISSING, INVALID)}, keeps_code=False)
failed = wraps({EngineError: (FAILED, INVALID)}, keeps_code=False)


@jobs.post("/<job_id>/execute")
@wraps({EngineError: (MISSING, INVALID)}, keeps_code=False)
def execute(job_id: str) -> ResponseReturnValue:
    """Run a job now; its own failure is a 404 too, as the reference engine has it."""
    service.execute(current_store(), job_id)
    return no_content()


@jobs.put("/<job_id>/retries")
@failed
@accepts(schemas.JobRetriesSchema)
def set_retries(job_id: str, **body: Any) -> ResponseReturnValue:
    """Set the retries of a job."""
    service.set_retries(current_store(), job_id, **body)
    return no_content()


@jobs.put("/<job_id>/duedate")
@failed
@accepts(schemas.DueDateSchema)
def set_due_date(job_id: str, **body: Any) -> ResponseReturnValue:
    """Set when a job is due."""
    service.set_due_date(current_store(), job_id, **body)
    return no_content()


@jobs.post("/<job_id>/duedate/recalculate")
@describes(flags="creationDateBased")
# An unknown job is reported by the inner one, with its code; all else of the engine is a 500.
@wraps({EngineError: (FAILED, INVALID)}, keeps_code=False)
@wraps({NotFoundError: (MISSING, INVALID)})
def recalculate_due_date(job_id: str) -> ResponseReturnValue:
    """Work out anew when a timer is due."""
    is_creation_based = flag("creationDateBased", default=True)
    service.recalculate_due_date(current_store(), job_id, is_creation_based=is_creation_based)
    return no_content()


@jobs.put("/<job_id>/priority")
@describes(problems=((BAD, REST),))
@unknown
@accepts(schemas.JobPrioritySchema)
def set_priority(job_id: str, **body: Any) -> ResponseReturnValue:
    """Set the priority of a job."""
    if body["priority"] is None:
        raise Problem(BAD, REST, f"Priority for job '{job_id}' cannot be null.")
    service.set_priority(current_store(), job_id, **body)
    return no_content()


@jobs.put("/<job_id>/suspended")
@accepts(schemas.JobSuspensionSchema)
def set_suspended(job_id: str, **body: Any) -> ResponseReturnValue:
    """Suspend or activate a job."""
    suspension.set_jobs(current_store(), job_id=job_id, **body)
    return no_content()


@jobs.put("/suspended")
@wants_json
@accepts(schemas.JobsSuspensionSchema)
def set_suspended_of_many(**body: Any) -> ResponseReturnValue:
    """Suspend or activate the jobs of an instance, of a definition, or of a kind."""
    if body["job_id"] is not None:
        raise InvalidRequestError(
            "Either jobDefinitionId, processInstanceId, processDefinitionId or "
            "processDefinitionKey can be set to update the suspension state."
        )
    suspension.set_jobs(current_store(), **body)
    return no_content()


@jobs.delete("/<job_id>")
@unknown
def delete(job_id: str) -> ResponseReturnValue:
    """Delete a job."""
    service.delete(current_store(), job_id)
    return no_content()


@jobs.get("/<job_id>/stacktrace")
@describes(media=TEXT, has_no_content=True, problems=((MISSING, INVALID),))
def stacktrace(job_id: str) -> ResponseReturnValue:
    """Why a job failed last."""
    produces("text/plain")
    found = list_service.stacktrace(current_store(), job_id)
    return text_or_missing(found, f"No job found with id {job_id}: job is null")


# -- incidents ----------------------------------------------------------------------------


@incidents.post("/execution/<execution_id>/create-incident")
@describes(answer=schemas.incident)
@returns
@wraps({BadUserRequestError: (BAD, INVALID)}, keeps_code=False)
@accepts(schemas.IncidentSchema)
def create_incident(execution_id: str, **body: Any) -> dict[str, Any]:
    """Make an incident at an execution."""
    return schemas.incident(incident_service.create(current_store(), execution_id, **body))


@incidents.delete("/incident/<incident_id>")
@wraps({NotFoundError: (MISSING, INVALID), BadUserRequestError: (BAD, INVALID)}, keeps_code=False)
def resolve_incident(incident_id: str) -> ResponseReturnValue:
    """End an incident of one's own."""
    incident_service.resolve(current_store(), incident_id)
    return no_content()


@incidents.put("/incident/<incident_id>/annotation")
@wants_json
@accepts(schemas.AnnotationSchema)
def annotate_incident(incident_id: str, **body: Any) -> ResponseReturnValue:
    """Put a note on an incident."""
    incident_service.annotate(current_store(), incident_id, **body)
    return no_content()


@incidents.delete("/incident/<incident_id>/annotation")
@wants_json
def clear_annotation(incident_id: str) -> ResponseReturnValue:
    """Take the note off an incident."""
    incident_service.annotate(current_store(), incident_id, annotation=None)
    return no_content()
