"""Incidents of one's own, their end, and notes on any.

Source: contract 4.6 and found while recording surroundings; Camunda 7 ``CreateIncidentCmd``.
"""

from typing import Any

from app.engine.execution import incidents
from app.engine.execution.run import Run
from app.engine.state import Incident, as_view
from app.errors import BadUserRequestError, NotFoundError
from app.store import Store

from . import user_operations
from .retrying import repeated

BUILT_IN = (incidents.FAILED_EXTERNAL_TASK, incidents.FAILED_JOB)


class UnknownIncidentError(NotFoundError):
    """No incident has the id."""


@repeated
def create(
    store: Store,
    execution_id: str,
    *,
    incident_type: str | None,
    configuration: str | None,
    message: str | None,
) -> dict[str, Any]:
    """Make an incident at an execution that stands at an activity.

    Returns:
        the incident's view.

    Raises:
        BadUserRequestError: no type, no such execution, or it stands at no activity.
    """
    if incident_type is None:
        raise BadUserRequestError("incidentType is null")
    with store.transaction() as tx:
        execution = tx.locks.lock_execution(execution_id)
        if execution is None:
            raise BadUserRequestError(
                f"Cannot find an execution with executionId '{execution_id}': execution is null"
            )
        # The root of a tree of tokens stands nowhere, and an incident is shown at an activity.
        if execution.activity_id is None:
            raise BadUserRequestError("Execution must be related to an activity: activity is null")
        made = incidents.create(
            Run(tx),
            incident_type,
            execution,
            activity_id=execution.activity_id,
            configuration=configuration,
            message=message,
        )
        changes: user_operations.Changes = {
            "incidentType": (None, incident_type),
            "configuration": (None, configuration),
        }
        user_operations.note(tx, "CreateIncident", "ProcessInstance", changes, execution)
        # Within the transaction, of the record as it is about to be written: nothing has to be read
        # again.
        return as_view(made)


@repeated
def resolve(store: Store, incident_id: str) -> None:
    """End an incident of one's own.

    Raises:
        UnknownIncidentError: no such incident.
        BadUserRequestError: its type ends only with its cause.
    """
    with store.transaction() as tx:
        incident = tx.locks.lock_row(Incident, incident_id)
        if incident is None:
            raise UnknownIncidentError(
                f"Cannot find an incident with id '{incident_id}': incident is null"
            )
        # its task or job would still have no retries: they are set instead
        if incident.incident_type in BUILT_IN:
            raise BadUserRequestError(
                f"Cannot resolve an incident of type {incident.incident_type}"
            )
        run = Run(tx)
        if user_operations.is_noted(tx):
            changes: user_operations.Changes = {"incidentId": (None, incident_id)}
            instance = tx.execution(incident.process_instance_id or "")
            user_operations.note(tx, "Resolve", "ProcessInstance", changes, instance)
        # the callers' incidents refer to this one and would never end
        for found in tx.with_caused(incident):
            incidents.end(run, found, incidents.RESOLVED)


@repeated
def annotate(store: Store, incident_id: str, *, annotation: str | None) -> None:
    """Put a note on an incident, or take it away.

    Raises:
        BadUserRequestError: no such incident.
    """
    with store.transaction() as tx:
        incident = tx.locks.lock_row(Incident, incident_id)
        if incident is None:
            raise BadUserRequestError("incident is null")
        operation = "ClearAnnotation" if annotation is None else "SetAnnotation"
        changes: user_operations.Changes = {"incidentId": (None, incident_id)}
        user_operations.note(tx, operation, "Incident", changes)
        incident.annotation = annotation
        # The note is on both: the incident of the history outlives the other one.
        tx.annotate_history(incident)
