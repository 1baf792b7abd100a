"""Reports of what has ended, of instances as a file for spreadsheets, too.

Source: contract 10.7.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from app.schemas import statistics as schemas
from app.schemas.answers import TEXT, Many
from app.services import reports as service

from .csv_answers import MEDIA_TYPES as CSV
from .csv_answers import csv_response
from .decorators import current_store, preferred, returns
from .descriptions import JSON, Example, describes
from .json import json_response, uncached
from .problems import BAD, INVALID, Problem

reports = Blueprint("reports", __name__, url_prefix="/history")
COLUMNS = ("period", "period_unit", "minimum", "maximum", "average")


def _refused(text: str, code: int | None = None) -> Problem:
    return Problem(BAD, INVALID, text, code)


def _unit() -> str | None:
    """The period that the URL names."""
    text = request.args.get("periodUnit")
    if text is None:
        return None
    if text.upper() not in service.UNITS:
        raise _refused(
            f"Cannot set query parameter 'periodUnit' to value '{text}': Cannot convert value "
            f"{text} to java enum type org.camunda.bpm.engine.query.PeriodUnit"
        )
    return text.upper()


@reports.get("/process-instance/report")
@describes(
    query=("HistoricProcessInstanceReport", schemas.INSTANCE_REPORT),
    texts="reportType periodUnit",
    answer=Many(schemas.duration_report),
    alternatives=dict.fromkeys(CSV, TEXT),
    is_negotiated=True,
    problems=((BAD, INVALID),),
    example=Example(query={"reportType": "duration", "periodUnit": "month"}),
)
def of_instances() -> Response:
    """How long instances took; as CSV for who accepts that."""
    media_type = preferred(JSON, *CSV)
    unit = _unit()
    filters, _ = schemas.INSTANCE_REPORT.from_url(request.args)
    kind = request.args.get("reportType")
    # Known kinds that this report has not are refused with other words than unknown ones.
    if kind not in (None, "duration", "count"):
        raise _refused(f"Cannot set query parameter 'reportType' to value '{kind}'")
    if kind != "duration":
        raise _refused(f"Unknown report type {'null' if kind is None else kind}")
    if unit is None:
        raise _refused("periodUnit is null", 0)
    found = service.instance_durations(current_store(), unit, filters)
    if media_type != JSON:
        return _file(found, media_type)
    return uncached(json_response([schemas.duration_report(view) for view in found]))


def _file(found: Sequence[dict[str, Any]], media_type: str) -> Response:
    response = csv_response(found, {name: name.upper() for name in COLUMNS}, media_type)
    name = "process-instance-report.csv"
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    )
    return response


@reports.get("/task/report")
@describes(
    query=("HistoricTaskReport", schemas.TASK_REPORT),
    texts="reportType periodUnit groupBy",
    answer=Many(schemas.report_of_tasks),
    problems=((BAD, INVALID),),
    example=Example(query={"reportType": "count", "groupBy": "taskName"}),
)
@returns
def of_tasks() -> list[dict[str, Any]]:
    """How many user tasks have ended, or how long they took."""
    unit = _unit()
    filters, _ = schemas.TASK_REPORT.from_url(request.args)
    kind = request.args.get("reportType")
    if kind is None:
        raise _refused("Parameter reportType is not set.")
    if kind not in ("count", "duration"):
        raise _refused(f"Cannot set query parameter 'reportType' to value '{kind}'")
    if kind == "count":
        found = service.task_counts(current_store(), filters, is_by_name=_is_by_name())
        return [schemas.task_report(view) for view in found]
    if unit is None:
        raise _refused("periodUnit is null")
    found = service.task_durations(current_store(), unit, filters)
    return [schemas.duration_report(view) for view in found]


def _is_by_name() -> bool:
    group = request.args.get("groupBy")
    if group not in ("taskName", "processDefinition"):
        shown = "null" if group is None else group
        raise _refused(f"groupBy parameter has invalid value: {shown}")
    return group == "taskName"
