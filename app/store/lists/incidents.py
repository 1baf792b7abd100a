"""The lists of incidents, open ones and those of the history.

Source: contract 4.7 and 4.8.
"""

from app.engine.history.history import OPEN, REMOVED, RESOLVED
from app.errors import EngineError
from app.filters import DATE, LIST, SET, TENANT_IDS, TEXT
from app.models.history import historic_incident
from app.models.runtime import incident

from .base import Filter, Listing, View, flag
from .conditions import above, among, among_keys, below, equals, incidents, tenants
from .history import removal, with_root
from .rules import HISTORY_READERS, instance_readers

i = incident.c
INCIDENTS = Listing(
    "incident",
    incident,
    list(incident.c),
    {
        **incidents(i),
        "process_definition_id": Filter(TEXT, equals(i.process_definition_id)),
        # Open incidents have no key of their own, those of the history have.
        "process_definition_key_in": Filter(SET, among_keys(i)),
        "process_instance_id": Filter(TEXT, equals(i.process_instance_id)),
        "execution_id": Filter(TEXT, equals(i.execution_id)),
        "activity_id": Filter(TEXT, equals(i.activity_id)),
        "failed_activity_id": Filter(TEXT, equals(i.failed_activity_id)),
        "cause_incident_id": Filter(TEXT, equals(i.cause_incident_id)),
        "root_cause_incident_id": Filter(TEXT, equals(i.root_cause_incident_id)),
        "configuration": Filter(TEXT, equals(i.configuration)),
        "incident_timestamp_before": Filter(DATE, below(i.incident_timestamp)),
        "incident_timestamp_after": Filter(DATE, above(i.incident_timestamp)),
        # No filter for those without a tenant: of incidents, the history alone has it.
        "tenant_id_in": Filter(TENANT_IDS, among(i.tenant_id)),
        "job_definition_id_in": Filter(LIST, among(i.job_definition_id)),
    },
    {
        "incidentId": i.id,
        "incidentMessage": i.incident_message,
        "incidentTimestamp": i.incident_timestamp,
        "incidentType": i.incident_type,
        "executionId": i.execution_id,
        "activityId": i.activity_id,
        "processInstanceId": i.process_instance_id,
        "processDefinitionId": i.process_definition_id,
        "causeIncidentId": i.cause_incident_id,
        "rootCauseIncidentId": i.root_cause_incident_id,
        "configuration": i.configuration,
        "tenantId": i.tenant_id,
    },
    order=[i.id],
    seen_by=instance_readers(),
)


def _check(filters: View, *, is_or: bool) -> None:
    del is_or
    # By the truth: a flag that is false asks for no state.
    given = [name for name in ("open", "resolved", "deleted") if filters.get(name)]
    if len(given) > 1:
        raise EngineError(f"Already querying for incident state <{given[0]}>")


h = historic_incident.c
HISTORIC_INCIDENTS = Listing(
    "historic_incident",
    with_root(historic_incident),
    [*historic_incident.c, removal],
    {
        **incidents(h),
        "process_definition_id": Filter(TEXT, equals(h.process_definition_id)),
        "process_definition_key": Filter(TEXT, equals(h.process_definition_key)),
        "process_definition_key_in": Filter(SET, among(h.process_definition_key)),
        "process_instance_id": Filter(TEXT, equals(h.process_instance_id)),
        "execution_id": Filter(TEXT, equals(h.execution_id)),
        "activity_id": Filter(TEXT, equals(h.activity_id)),
        "failed_activity_id": Filter(TEXT, equals(h.failed_activity_id)),
        "cause_incident_id": Filter(TEXT, equals(h.cause_incident_id)),
        "root_cause_incident_id": Filter(TEXT, equals(h.root_cause_incident_id)),
        "configuration": Filter(TEXT, equals(h.configuration)),
        "history_configuration": Filter(TEXT, equals(h.history_configuration)),
        "create_time_before": Filter(DATE, below(h.create_time)),
        "create_time_after": Filter(DATE, above(h.create_time)),
        "end_time_before": Filter(DATE, below(h.end_time)),
        "end_time_after": Filter(DATE, above(h.end_time)),
        "open": flag(h.state == OPEN),
        "resolved": flag(h.state == RESOLVED),
        "deleted": flag(h.state == REMOVED),
        "job_definition_id_in": Filter(LIST, among(h.job_definition_id)),
        **tenants(h.tenant_id),
    },
    {
        "incidentId": h.id,
        "incidentMessage": h.incident_message,
        "createTime": h.create_time,
        "endTime": h.end_time,
        "incidentType": h.incident_type,
        "executionId": h.execution_id,
        "activityId": h.activity_id,
        "processInstanceId": h.process_instance_id,
        "processDefinitionId": h.process_definition_id,
        "processDefinitionKey": h.process_definition_key,
        "causeIncidentId": h.cause_incident_id,
        "rootCauseIncidentId": h.root_cause_incident_id,
        "configuration": h.configuration,
        "historyConfiguration": h.history_configuration,
        "incidentState": h.state,
        "tenantId": h.tenant_id,
    },
    order=[h.id],
    seen_by=HISTORY_READERS,
    check=_check,
)
