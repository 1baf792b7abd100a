"""Answers of statistics and reports.

Source: contract 10.2 and 10.7.
"""

from typing import Any

from app import filters
from app.filters import DATE, FLAG, LIST, SET

from .answers import TEXT, Answer, Either, Many, View, computed, constant, integer, part, text
from .process_definitions import process_definition
from .queries import QuerySchema

_DTO = "org.camunda.bpm.engine.rest.dto.repository."  # clients in Java choose a class by it
_ID = text("id", is_nullable=False)
incident_statistics = Answer(
    "IncidentStatistics", text("incident_type"), integer("incident_count", is_nullable=False)
)
_COUNTS = (
    integer("instances", "failed_jobs", is_nullable=False),
    part("incidents", Many(incident_statistics)),
)
activity_statistics = Answer(
    "ActivityStatistics",
    constant("@class", TEXT, _DTO + "ActivityStatisticsResultDto"),
    _ID,
    *_COUNTS,
)


def _counted_definition(view: View) -> View:
    """A definition as the statistics show it: they know no time to live."""
    definition = view["definition"]
    return process_definition(
        {
            **definition,
            "diagram": definition["diagram_resource_name"],
            # Recorded: here alone a definition has none (contract 10.5).
            "history_time_to_live": None,
        }
    )


definition_statistics = Answer(
    "ProcessDefinitionStatistics",
    constant("@class", TEXT, _DTO + "ProcessDefinitionStatisticsResultDto"),
    _ID,
    *_COUNTS,
    computed("definition", process_definition, _counted_definition),
)
historic_activity_statistics = Answer(
    "HistoricActivityStatistics",
    _ID,
    integer("instances", "canceled", "finished", "complete_scope", is_nullable=False),
    integer("open_incidents", "resolved_incidents", "deleted_incidents", is_nullable=False),
)


def _all_go_together(_: Any, *, is_or: bool) -> None:
    del is_or


def _query(kinds: dict[str, filters.Kind], *sorts: str) -> QuerySchema:
    return QuerySchema(
        kinds,
        sorts,
        variable_sorts=(),
        check=_all_go_together,
        has_or_queries=False,
        is_strict=False,
    )


HISTORIC_STATISTICS = _query(
    {
        **dict.fromkeys(("canceled", "finished", "complete_scope", "incidents"), FLAG),
        **dict.fromkeys(("started_after", "started_before"), DATE),
        **dict.fromkeys(("finished_after", "finished_before"), DATE),
        "process_instance_id_in": SET,
    },
    "activityId",
)
duration_report = Answer(
    "DurationReport",
    integer("period", is_nullable=False),
    text("period_unit", is_nullable=False),
    integer("minimum", "maximum", "average", is_nullable=False),
)
task_report = Answer(
    "TaskReport",
    text("task_name"),
    integer("count", is_nullable=False),
    text("process_definition_id", "process_definition_key", "process_definition_name"),
    text("tenant_id"),
)
report_of_tasks = Either(task_report, duration_report)
INSTANCE_REPORT = _query(
    {
        **dict.fromkeys(("process_definition_id_in", "process_definition_key_in"), LIST),
        **dict.fromkeys(("started_after", "started_before"), DATE),
    }
)
TASK_REPORT = _query(dict.fromkeys(("completed_after", "completed_before"), DATE))
