"""The history: deleting an instance's, and the details of a failure."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.services import history as service
from app.services import lists as list_service

from .decorators import current_store, flag, no_content, produces
from .descriptions import TEXT, describes
from .problems import INVALID, MISSING, Problem, text_or_missing

history = Blueprint("history", __name__, url_prefix="/history")
UNKNOWN = ((MISSING, INVALID),)


@history.delete("/process-instance/<instance_id>")
@describes(flags="failIfNotExists", problems=UNKNOWN)
def delete_history(instance_id: str) -> ResponseReturnValue:
    """Delete the history of an instance that has ended."""
    was_there = service.delete_process_instance(current_store(), instance_id)
    if not was_there and flag("failIfNotExists", default=True):
        text = f"Historic process instance with id {instance_id} does not exist"
        raise Problem(MISSING, INVALID, text, 0)
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
