"""Statistics: how many instances, failed jobs and incidents there are.

Source: contract 10.2.
"""

from typing import Any

from flask import Blueprint, request

from app.schemas import statistics as schemas
from app.schemas.answers import Many
from app.services import statistics as service

from .decorators import current_store, flag, located, returns
from .definition_reads import found_definition
from .descriptions import describes
from .problems import BAD, INVALID, MISSING, REST

statistics = Blueprint("statistics", __name__)
REFUSED = (BAD, INVALID)


def _counted() -> dict[str, Any]:
    """The counts that the URL asks for."""
    return {
        "has_failed_jobs": flag("failedJobs"),
        "has_incidents": flag("incidents"),
        "incident_type": request.args.get("incidentsForType"),
    }


@describes(
    answer=Many(schemas.activity_statistics),
    flags="failedJobs incidents",
    texts="incidentsForType",
    problems=(REFUSED, (MISSING, REST)),
)
def of_activities(**where: str) -> list[dict[str, Any]]:
    """The statistics of the activities of a definition."""
    # An unknown id is no error, unlike an unknown key: nothing is counted (contract 10.2).
    definition_id = where.get("definition_id") or found_definition(**where)["id"]
    found = service.of_activities(current_store(), definition_id, **_counted())
    return [schemas.activity_statistics(view) for view in found]


for _number, _rule in enumerate(
    ("/<definition_id>", "/key/<key>", "/key/<key>/tenant-id/<tenant_id>")
):
    statistics.add_url_rule(
        f"/process-definition{_rule}/statistics",
        f"activities{_number}",
        located(returns(of_activities), found_definition),
    )


@statistics.get("/process-definition/statistics")
@describes(
    answer=Many(schemas.definition_statistics),
    flags="failedJobs incidents rootIncidents",
    texts="incidentsForType",
    problems=(REFUSED,),
)
@returns
def of_definitions() -> list[dict[str, Any]]:
    """The statistics of each definition, in each of its versions."""
    found = service.of_definitions(
        current_store(), **_counted(), has_root_incidents=flag("rootIncidents")
    )
    return [schemas.definition_statistics(view) for view in found]


@statistics.get("/history/process-definition/<definition_id>/statistics")
@describes(
    query=("HistoricActivityStatistics", schemas.HISTORIC_STATISTICS),
    answer=Many(schemas.historic_activity_statistics),
)
@returns
def of_history(definition_id: str) -> list[dict[str, Any]]:
    """How often each activity of a definition was visited."""
    filters, sorting = schemas.HISTORIC_STATISTICS.from_url(request.args)
    found = service.of_history(current_store(), definition_id, filters)
    if sorting and sorting[0][1] == "desc":
        # By id is the only order there is, and the rows come in it.
        found.reverse()
    return [schemas.historic_activity_statistics(view) for view in found]
