"""The list of the activity instances of the history.

Source: contract 4.8; Camunda 7 ``HistoricActivityInstanceQueryImpl``.
"""

from sqlalchemy import null

from app.filters import DATE, TEXT
from app.models.history import historic_activity_instance

from .base import Filter, Listing, flag
from .conditions import at_least, at_most, duration, equals, like, tenants
from .history import from_instance, in_executions, of_instance, removal, with_root
from .rules import HISTORY_READERS

a = historic_activity_instance.c
_from_instance = from_instance(a, "parent_activity_instance_id")
HISTORIC_ACTIVITY_INSTANCES = Listing(
    "historic_activity_instance",
    with_root(historic_activity_instance, is_narrow=True),
    # The field of the answer is there although cases never are.
    [*(_from_instance.get(c.name, c) for c in a), removal, null().label("called_case_instance_id")],
    {
        "activity_instance_id": Filter(TEXT, equals(a.id)),
        "process_instance_id": Filter(TEXT, equals(a.process_instance_id)),
        "process_definition_id": Filter(TEXT, of_instance(a, "process_definition_id")),
        "execution_id": Filter(TEXT, lambda value: in_executions(a, [value])),
        "activity_id": Filter(TEXT, equals(a.activity_id)),
        "activity_name": Filter(TEXT, equals(a.activity_name)),
        "activity_name_like": Filter(TEXT, like(a.activity_name)),
        "activity_type": Filter(TEXT, equals(a.activity_type)),
        "task_assignee": Filter(TEXT, equals(a.assignee)),
        "finished": flag(a.end_time.is_not(None)),
        "unfinished": flag(a.end_time.is_(None)),
        "canceled": flag(a.is_canceled),
        "complete_scope": flag(a.is_complete_scope),
        "started_before": Filter(DATE, at_most(a.start_time)),
        "started_after": Filter(DATE, at_least(a.start_time)),
        "finished_before": Filter(DATE, at_most(a.end_time)),
        "finished_after": Filter(DATE, at_least(a.end_time)),
        **tenants(a.tenant_id),
    },
    {
        "activityInstanceId": a.id,
        "instanceId": a.process_instance_id,
        "executionId": _from_instance["execution_id"],
        "activityId": a.activity_id,
        "activityName": a.activity_name,
        "activityType": a.activity_type,
        "startTime": a.start_time,
        "endTime": a.end_time,
        "duration": duration(a),
        "definitionId": _from_instance["process_definition_id"],
        "occurrence": a.sequence,
        "tenantId": a.tenant_id,
    },
    # The sequence, because one transaction has one time for all that it starts.
    order=[a.start_time, a.sequence, a.id],
    seen_by=HISTORY_READERS,
)
