"""Jobs: which kinds come along, and what they are told.

Source: contract 16.5.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from app.engine.events.timers import Repeat
from app.engine.graph.graph import Graph
from app.engine.jobs import definitions
from app.engine.jobs.continuations import AFTER, BEFORE, STARTING, Continuation
from app.services import job_definitions, suspension
from app.services.batch_kinds import BATCHES

from .configurations import HandlerConfiguration
from .mapping import Row
from .problems import LeftOutError

_TIMERS = (
    definitions.BOUNDARY_TIMER,
    definitions.CATCH_TIMER,
    definitions.START_TIMER,
    definitions.SUBPROCESS_TIMER,
)
# Where a repeating timer's start stands in its cycle: `R3/2024-01-01T00:00:00/PT1H`.
_ANCHOR = re.compile(r"/(\d{4,}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?)/")
_ENDS = ("activity-end",)  # of an activity that nothing follows


def refine(row: Row, zone: ZoneInfo, graph: Graph | None) -> Row | None:
    """Say in Baton's words what a job is about.

    Args:
        row: with ``place``, the activity where its execution is, and ``content``, its byte array.
        graph: of its process; None for a job of none.

    Returns:
        None for the clean-up of the history, which Baton does by itself.

    Raises:
        LeftOutError: nothing here does such jobs.
    """
    kind, text = row["kind"], row["configuration"] or ""
    if kind == "history-cleanup":
        return None
    if kind in _TIMERS:
        row["configuration"] = HandlerConfiguration.parse(text).key or row["activity_id"]
        row["activity_id"] = row["activity_id"] or row["configuration"]
        row["repeat"] = _repeat(row, zone)
    elif kind == definitions.TASK_TIMER:
        found = HandlerConfiguration.parse(text)
        row["activity_id"] = found.activity_id or row["activity_id"]
        row["configuration"] = found.listener
        row["repeat"] = _repeat(row, zone)
    elif kind == definitions.ASYNC:
        row["activity_id"] = row["activity_id"] or row["place"]
        row["configuration"] = _continuation(row, text, graph).text
    elif kind == definitions.EVENT:
        row["configuration"] = HandlerConfiguration.parse(text).key
        row["activity_id"] = row["activity_id"] or row["place"]
    elif kind in (definitions.BATCH_SEED, definitions.BATCH_MONITOR):
        row["batch_id"], row["configuration"] = row["batch_id"] or text, None
    elif kind in BATCHES:
        row["configuration"] = None  # `batches` has the ids
    elif kind in (suspension.SUSPENDS, suspension.ACTIVATES):
        # Read to see that it can be: it is kept as it is.
        orjson.loads(text)
    elif kind in (job_definitions.SUSPENDS, job_definitions.ACTIVATES):
        row["configuration"] = _of_job_definition(orjson.loads(text))
    else:
        raise LeftOutError(f"nothing here does jobs of the kind '{kind}'")
    return row


def _repeat(row: Row, zone: ZoneInfo) -> str | None:
    """The cycle of a timer, counted from a time that has no zone in the source."""
    cycle = row["repeat"]
    if cycle is None:
        return None

    def in_utc(found: re.Match[str]) -> str:
        local = datetime.fromisoformat(found[1])
        start = local.replace(tzinfo=zone).astimezone(UTC)
        return f"/{start.strftime('%Y-%m-%dT%H:%M:%S')}.{start.microsecond // 1000:03}Z/"

    text = _ANCHOR.sub(in_utc, cycle)
    return Repeat(text, timedelta(milliseconds=row.get("repeat_offset") or 0)).text


def _continuation(row: Row, text: str, graph: Graph | None) -> Continuation:
    """Whether a token is about to begin an activity, or has ended it and takes which flows."""
    if text.startswith(_ENDS):
        return Continuation(AFTER)
    found = Continuation.parse(text)
    if not found.is_after:
        return Continuation(STARTING if text == STARTING else BEFORE)
    activity = None if graph is None else graph.activities.get(row["activity_id"] or "")
    # It names its flow, or none can be told.
    if found.flows or activity is None or activity.multi_instance_body is not None:
        return found
    # Without a flow all are taken; here each is named.
    return Continuation(AFTER, tuple(flow.id for flow in activity.outgoing))


def _of_job_definition(given: dict[str, Any]) -> str:
    """The configuration of a planned suspension of job definitions."""
    wanted = {
        "id": given.get("jobDefinitionId"),
        "process_definition_id": given.get("processDefinitionId"),
        "key": given.get("processDefinitionKey"),
        "tenant_id": given.get("tenantId"),
        "without_tenant_id": True if _has_no_tenant(given) else None,
        "include_jobs": bool(given.get("includeJobs")),
    }
    return orjson.dumps(wanted).decode()


def _has_no_tenant(given: dict[str, Any]) -> bool:
    return bool(given.get("isTenantIdSet")) and given.get("tenantId") is None
