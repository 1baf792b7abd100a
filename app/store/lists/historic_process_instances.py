"""The list of the process instances of the history.

Source: contract 4.8; Camunda 7 ``HistoricProcessInstanceQueryImpl``.
"""

from typing import Any

from sqlalchemy import and_, exists, literal, or_, select

from app.errors import BadUserRequestError
from app.filters import DATE, FLAG, INSTANCE_IDS, LIST, TEXT, VARIABLES, Texts
from app.models.history import (
    historic_activity_instance,
    historic_incident,
    historic_job_log,
    historic_process_instance,
    historic_variable_instance,
)
from app.models.runtime import job, variable

from .base import Condition, Filter, Listing, View, flag
from .conditions import (
    among,
    at_least,
    at_most,
    cases,
    duration,
    equals,
    like,
    none_of,
    of_one,
    resembles_none,
    tenants,
)
from .history import instances_with_root, removal
from .jobs import has_failed
from .past_variables import PAST_VARIABLES, lasting_of, past_of
from .process_instances import is_at
from .rules import HISTORY_READERS
from .variables import IGNORING_CASE, variables_of

h = historic_process_instance.c
a = historic_activity_instance.c
i = historic_incident.c
log = historic_job_log.c
_callers = historic_process_instance.alias("callers")
# those of any scope, also those that are deleted by now; by ix_hi_variable_instance_instance
# and ix_variable_execution, or on PostgreSQL from ix_hi_variable_instance_name
_variables = [
    (historic_variable_instance, historic_variable_instance.c.process_instance_id == h.id),
    (variable, lasting_of(h.id)),
]
STATES = ("active", "suspended", "completed", "externally_terminated", "internally_terminated")
_INCIDENT_STATES = {"open": i.end_time.is_(None), "resolved": i.end_time.is_not(None)}
# Every job has retries before its first run: a failure has left a trace as well. By
# ix_job_process_instance.
_is_retrying = exists().where(job.c.process_instance_id == h.id, job.c.retries > 0, has_failed)


def _called(value: str) -> Condition:
    """That the instance has called another."""
    return h.id.in_(select(_callers.c.super_process_instance_id).where(_callers.c.id == value))


def _is_below(value: str) -> Condition:
    """That the instance is a root, or was called below it."""
    # By the key, and by ix_hi_process_instance_root, which has called instances alone.
    root = h.root_process_instance_id == value
    return or_(and_(h.id == value, root), and_(root, h.super_process_instance_id.is_not(None)))


def _is_in_state(status: str) -> Condition:
    return _INCIDENT_STATES.get(status, literal(True))


def _check(filters: View, *, is_or: bool) -> None:
    if filters.get("root_process_instances") and filters.get("super_process_instance_id"):
        raise BadUserRequestError(
            "Invalid query usage: cannot set both rootProcessInstances and superProcessInstanceId"
        )
    given = [name for name in STATES if filters.get(name)]
    # Within an OR they are alternatives.
    if len(given) > 1 and not is_or:
        raise BadUserRequestError(
            "Already querying for historic process instance with another state: "
            f"{given[0].upper()} is not empty"
        )


_INCIDENT = {
    "with_incidents": Filter(FLAG),
    "with_root_incidents": flag(i.id == i.root_cause_incident_id),
    "incident_id_in": Filter(Texts(refuses_null="incidentIds"), among(i.id)),
    "incident_type": Filter(TEXT, equals(i.incident_type)),
    "incident_status": Filter(TEXT, _is_in_state),
    "incident_message": Filter(TEXT, equals(i.incident_message)),
    "incident_message_like": Filter(TEXT, like(i.incident_message)),
}


AT_ACTIVITIES = Texts(refuses_null="activity ids", null_is="refused")


def _at(operator: Any) -> Any:
    """That an activity began or ended at a time."""
    return lambda value: or_(operator(a.start_time)(value), operator(a.end_time)(value))


_EXECUTED_AT = {
    "executed_activity_before": Filter(DATE, _at(at_most)),
    "executed_activity_after": Filter(DATE, _at(at_least)),
}
# By ix_hi_activity_instance_instance, or on PostgreSQL from ix_hi_activity_instance_activity.
_EXECUTED = {
    "executed_activity_id_in": Filter(
        AT_ACTIVITIES, lambda ids: and_(a.activity_id.in_(ids), a.end_time.is_not(None))
    ),
    "active_activity_id_in": Filter(
        AT_ACTIVITIES, lambda ids: and_(a.activity_id.in_(ids), a.end_time.is_(None))
    ),
}
_EXECUTED_JOB = {
    "executed_job_before": Filter(DATE, at_most(log.timestamp)),
    "executed_job_after": Filter(DATE, at_least(log.timestamp)),
}

HISTORIC_PROCESS_INSTANCES = Listing(
    "historic_process_instance",
    instances_with_root(),
    [
        # Shown as `removal`, which a called instance takes from its root.
        *(c for c in historic_process_instance.c if c.name != "removal_time"),
        removal,
    ],
    {
        "process_instance_id": Filter(TEXT, equals(h.id)),
        "process_instance_ids": Filter(INSTANCE_IDS, among(h.id)),
        "process_instance_id_not_in": Filter(
            Texts(refuses_null="processInstanceIdNotIn"), none_of(h.id)
        ),
        "root_process_instance_id": Filter(TEXT, _is_below),
        "process_definition_id": Filter(TEXT, equals(h.process_definition_id)),
        "process_definition_key": Filter(TEXT, equals(h.process_definition_key)),
        "process_definition_key_in": Filter(
            Texts(refuses_null="processDefinitionKeys"), among(h.process_definition_key)
        ),
        "process_definition_key_not_in": Filter(
            Texts(refuses_null="processDefinitionKeys", refuses_blank="processDefinitionKeys"),
            # The keys are patterns, here alone: an oddity of the reference engine.
            resembles_none(h.process_definition_key),
        ),
        "process_definition_name": Filter(TEXT, equals(h.process_definition_name)),
        "process_definition_name_like": Filter(TEXT, like(h.process_definition_name)),
        "process_instance_business_key": Filter(TEXT, equals(h.business_key)),
        "process_instance_business_key_in": Filter(LIST, among(h.business_key)),
        "process_instance_business_key_like": Filter(TEXT, like(h.business_key)),
        "finished": flag(h.end_time.is_not(None)),
        "unfinished": flag(h.end_time.is_(None)),
        **{name: flag(h.state == name.upper()) for name in STATES},
        "started_before": Filter(DATE, at_most(h.start_time)),
        "started_after": Filter(DATE, at_least(h.start_time)),
        "finished_before": Filter(DATE, at_most(h.end_time)),
        "finished_after": Filter(DATE, at_least(h.end_time)),
        "started_by": Filter(TEXT, equals(h.start_user_id)),
        "super_process_instance_id": Filter(TEXT, equals(h.super_process_instance_id)),
        "sub_process_instance_id": Filter(TEXT, _called),
        "case_instance_id": Filter(TEXT, equals(h.case_instance_id)),
        **cases(TEXT, "super_case_instance_id", "sub_case_instance_id"),
        "root_process_instances": flag(h.super_process_instance_id.is_(None)),
        # Where tokens are now, so that what has ended is never found by it.
        "activity_id_in": Filter(AT_ACTIVITIES, is_at(h.id)),
        "with_jobs_retrying": flag(_is_retrying),
        "variables": variables_of(_variables, VARIABLES, (PAST_VARIABLES, past_of(h.id))),
        **IGNORING_CASE,
        **tenants(h.tenant_id),
        **of_one(i.process_instance_id == h.id, _INCIDENT),
        # Two groups: the activity that is named need not be the one of the time.
        **of_one(a.process_instance_id == h.id, _EXECUTED_AT),
        **of_one(a.process_instance_id == h.id, _EXECUTED),
        **of_one(log.process_instance_id == h.id, _EXECUTED_JOB),
    },
    {
        "instanceId": h.id,
        "definitionId": h.process_definition_id,
        "definitionKey": h.process_definition_key,
        "definitionName": h.process_definition_name,
        "definitionVersion": h.process_definition_version,
        "businessKey": h.business_key,
        "startTime": h.start_time,
        "endTime": h.end_time,
        "duration": duration(h),
        "tenantId": h.tenant_id,
    },
    order=[h.id],
    seen_by=HISTORY_READERS,
    # `active` and `suspended` are two states here, and exclude each other in the check.
    overruled={"tenant_id_in": "without_tenant_id"},
    check=_check,
    has_or_queries=True,
)
