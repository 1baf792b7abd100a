"""Metrics, telemetry and notes on what users did.

Source: contract 10.7 and 11.
"""

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.errors import InvalidRequestError
from app.filters import INTEGER, LONG_NUMBER, Number
from app.schemas import monitoring as schemas
from app.schemas.answers import Many
from app.schemas.base import ShapeError
from app.schemas.dates import nearest_date, no_date
from app.schemas.jackson import is_blank
from app.schemas.parameters import json_number
from app.services import metrics as service
from app.services import telemetry as telemetry_service
from app.services import user_operations

from .decorators import accepts, current_store, flag, no_content, returns, wants_json
from .descriptions import describes
from .engine import VERSION
from .problems import BAD, INVALID

monitoring = Blueprint("monitoring", __name__)
REFUSED = (BAD, INVALID)


def _date(name: str) -> datetime | None:
    raw = request.args.get(name)
    # An empty date is none, as in lists (contract 5.1).
    if raw is None or is_blank(raw):
        return None
    try:
        return nearest_date(raw)
    except ValueError:
        raise InvalidRequestError(no_date(raw)) from None


def _span() -> dict[str, datetime | None]:
    return {"start_date": _date("startDate"), "end_date": _date("endDate")}


def _number(name: str, kind: Number) -> int | None:
    """A number of the query; no other list reads them so, not even its page."""
    raw = request.args.get(name)
    if raw is None:
        return None
    try:
        return json_number(kind, raw)
    except ShapeError:
        text = f"Cannot convert value {raw} to java type {kind.java_type}"
        raise InvalidRequestError(text) from None


@monitoring.get("/metrics")
@describes(
    answer=Many(schemas.metric),
    is_paged=True,
    texts="name reporter startDate endDate interval",
    flags="aggregateByReporter",
    problems=(REFUSED,),
)
@returns
def metrics() -> list[dict[str, Any]]:
    """The metrics, by intervals."""
    found = service.by_interval(
        current_store(),
        name=request.args.get("name"),
        reporter=request.args.get("reporter"),
        **_span(),
        interval=_number("interval", LONG_NUMBER),
        # The flag asks for less: a sum over the hosts in place of a row for each.
        is_by_reporter=not flag("aggregateByReporter"),
        first_result=_number("firstResult", INTEGER),
        max_results=_number("maxResults", INTEGER),
    )
    return [schemas.metric(view) for view in found]


@monitoring.get("/metrics/<name>/sum")
@describes(answer=schemas.metric_total, texts="startDate endDate", problems=(REFUSED,))
@returns
def total(name: str) -> dict[str, Any]:
    """The total of a metric."""
    return schemas.metric_total({"result": service.total(current_store(), name, **_span())})


@monitoring.delete("/metrics/task-worker")
@describes(texts="date", problems=(REFUSED,))
@wants_json
def forget_task_workers() -> ResponseReturnValue:
    """Delete what tells of the assignees of tasks before a date, or of all."""
    service.forget_task_workers(current_store(), date=_date("date"))
    return no_content()


@monitoring.get("/telemetry/configuration")
@describes(answer=schemas.telemetry_configuration, touches_store=False)
@returns
def telemetry_configuration() -> dict[str, Any]:
    """Telemetry is off, whatever is asked for."""
    return schemas.telemetry_configuration({})


@monitoring.post("/telemetry/configuration")
@describes(touches_store=False)
@wants_json
@accepts(schemas.TelemetrySchema)
def configure_telemetry(**_: Any) -> ResponseReturnValue:
    """Telemetry stays off: nothing is ever sent."""
    return no_content()


@monitoring.get("/telemetry/data")
@describes(answer=schemas.telemetry)
@returns
def telemetry() -> dict[str, Any]:
    """The telemetry data of the product."""
    return schemas.telemetry(telemetry_service.data(current_store(), VERSION))


@monitoring.put("/history/user-operation/<operation_id>/set-annotation")
@wants_json
@accepts(schemas.OperationAnnotationSchema)
def annotate_operation(operation_id: str, **body: Any) -> ResponseReturnValue:
    """Put a note on what a user did."""
    user_operations.annotate(current_store(), operation_id, **body)
    return no_content()


@monitoring.put("/history/user-operation/<operation_id>/clear-annotation")
@wants_json
def clear_annotation(operation_id: str) -> ResponseReturnValue:
    """Take the note off what a user did."""
    user_operations.annotate(current_store(), operation_id, annotation=None)
    return no_content()
