"""The log entries of a transaction that has committed."""

from collections.abc import Iterable

from app import instruments
from app.engine.state import Incident
from app.logging import log

TYPES = ("failedJob", "failedExternalTask")  # those that are ours; anybody may make others


def announce(engine: str, incidents: Iterable[Incident]) -> None:
    """Log new incidents; those that callers have of one are the same one."""
    for incident in incidents:
        if incident.id != incident.root_cause_incident_id:
            continue
        kind = incident.incident_type
        # Types that clients make up would each be a time series of their own.
        instruments.INCIDENTS.labels(engine, kind if kind in TYPES else "other").inc()
        log.warning(
            "incident",
            type=kind,
            incident_id=incident.id,
            reason=incident.incident_message,
            configuration=incident.configuration,
            activity_id=incident.activity_id,
            process_instance_id=incident.process_instance_id,
            process_definition_id=incident.process_definition_id,
        )
