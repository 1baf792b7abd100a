"""Incidents: made, handed on to the callers of a process, ended.

Source: semantics 4.4; Camunda 7 ``IncidentEntity``.
"""

from typing import TYPE_CHECKING

from app.engine.history.history import REMOVED, RESOLVED
from app.engine.state import Execution, Incident, Job

if TYPE_CHECKING:
    from .protocol import Run

FAILED_EXTERNAL_TASK = "failedExternalTask"
FAILED_JOB = "failedJob"


def create(
    run: "Run",
    incident_type: str,
    owner: Execution | Job,
    *,
    activity_id: str | None,
    configuration: str | None,
    message: str | None,
    failed_activity_id: str | None = None,
    history_configuration: str | None = None,
    job_definition_id: str | None = None,
) -> Incident:
    """Make an incident, and one at each call activity that waits for its instance.

    Those above have no message; the activity that failed there is the call activity.

    Args:
        owner: where it is; a job that belongs to no execution, as those of batches.
    """
    incident_id = run.host.new_id()
    incident = _make(
        run,
        owner,
        Incident(
            id=incident_id,
            incident_type=incident_type,
            incident_timestamp=run.host.now,
            # Its own cause and root: those of the callers point here.
            cause_incident_id=incident_id,
            root_cause_incident_id=incident_id,
            incident_message=message,
            configuration=configuration,
            history_configuration=history_configuration,
            activity_id=activity_id,
            failed_activity_id=failed_activity_id,
            job_definition_id=job_definition_id,
        ),
    )
    # A job of a batch is in no call hierarchy.
    if isinstance(owner, Execution):
        _hand_on(run, owner, incident)
    return incident


def _hand_on(run: "Run", execution: Execution, root: Incident) -> None:
    """Make the incidents of the callers, each the cause of the next."""
    cause = root
    caller_id = run.instance_of(execution).super_execution_id
    while caller_id is not None:
        caller = run.host.execution(caller_id)
        cause = _make(
            run,
            caller,
            Incident(
                id=run.host.new_id(),
                incident_type=root.incident_type,
                incident_timestamp=run.host.now,
                cause_incident_id=cause.id,
                root_cause_incident_id=root.id,
                activity_id=caller.activity_id,
                failed_activity_id=caller.activity_id,
            ),
        )
        caller_id = run.instance_of(caller).super_execution_id


def _make(run: "Run", owner: Execution | Job, incident: Incident) -> Incident:
    incident.execution_id = owner.id if isinstance(owner, Execution) else owner.execution_id
    incident.process_instance_id = owner.process_instance_id
    incident.root_process_instance_id = owner.root_process_instance_id
    incident.process_definition_id = owner.process_definition_id
    incident.tenant_id = owner.tenant_id
    # The flag is of the time of the lock: one that is made now is to be found at the task's end.
    run.host.has_incidents = True
    run.records.add(incident)
    run.history.incident_created(incident, owner.process_definition_key)
    return incident


def end(run: "Run", incident: Incident, state: int) -> None:
    """End an incident as resolved or removed."""
    run.records.remove(incident)
    run.history.incident_ended(incident.id, state)


def is_about(run: "Run", configuration: str) -> bool:
    """Whether there is an incident about an external task or a job."""
    return run.host.has_incidents and bool(run.host.incidents_about(configuration))


def end_about(run: "Run", configuration: str, state: int = RESOLVED) -> None:
    """End the incidents about an external task or a job, with those that they caused."""
    if run.host.has_incidents:
        for incident in run.host.incidents_about(configuration):
            end(run, incident, state)


__all__ = ["REMOVED", "RESOLVED", "create", "end", "end_about", "is_about"]
