"""The clean-up of the history: asked for, its job, its configuration."""

from typing import Any

from flask import Blueprint, current_app

from app.schemas import jobs as schemas
from app.schemas.answers import Many
from app.schemas.cleanup import configuration
from app.services import history_cleanup as service
from app.services.cleanup_window import Window

from .decorators import current_store, flag, returns
from .descriptions import describes
from .problems import MISSING, REST, Problem

history_cleanup = Blueprint("history_cleanup", __name__, url_prefix="/history/cleanup")


@history_cleanup.post("")
@describes(answer=schemas.job, flags="immediatelyDue")
@returns
def request() -> dict[str, Any]:
    """Begin to remove the history past its time, or suspend the job that does it."""
    due = flag("immediatelyDue", default=True)
    return schemas.job(service.request(current_store(), immediately_due=due))


@history_cleanup.get("/job")
@describes(answer=schemas.job, problems=((MISSING, REST),))
@returns
def job() -> dict[str, Any]:
    """The job of the clean-up."""
    return schemas.job(_jobs("History cleanup job does not exist")[0])


@history_cleanup.get("/jobs")
@describes(answer=Many(schemas.job), problems=((MISSING, REST),))
@returns
def jobs() -> list[dict[str, Any]]:
    """The jobs of the clean-up: there is one."""
    return [schemas.job(view) for view in _jobs("History cleanup jobs are empty")]


def _jobs(missing: str) -> list[dict[str, Any]]:
    found = service.find(current_store())
    if not found:
        raise Problem(MISSING, REST, missing)
    return found


@history_cleanup.get("/configuration")
@describes(answer=configuration, touches_store=False)
@returns
def read_configuration() -> dict[str, Any]:
    """When the clean-up runs: in its window, or without one at any time."""
    config = current_app.config["BATON"]
    window = Window(config.cleanup_window, config.zone).at(current_store().clock())
    # Null for all times, not midnight to midnight.
    begin, end = window or (None, None)
    return configuration({"batch_window_start_time": begin, "batch_window_end_time": end})
