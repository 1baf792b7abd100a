"""The shapes of what lists answer.

Source: rest contract 3.2 and 4.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.engine.state.values import TypedValue

from .base import Shape
from .typed_values import render

_deployment = Shape("id name source deployment_time tenant_id")
execution = Shape("id process_instance_id is_ended tenant_id")
subscription = Shape(
    "id event_type event_name execution_id process_instance_id activity_id created_date tenant_id"
)
_BATCH = (
    "id type total_jobs jobs_created batch_jobs_per_seed invocations_per_batch_job "
    "seed_job_definition_id monitor_job_definition_id batch_job_definition_id is_suspended "
    "tenant_id create_user_id start_time execution_start_time"
)
_batch = Shape(_BATCH)
_batch_statistics = Shape(f"{_BATCH} remaining_jobs completed_jobs failed_jobs")
_job = Shape(
    "id job_definition_id process_instance_id process_definition_id process_definition_key "
    "execution_id exception_message failed_activity_id retries due_date is_suspended priority "
    "tenant_id create_time batch_id"
)
_task = Shape(
    "id name assignee create_time due_date follow_up_date last_updated delegation_state "
    "description execution_id owner parent_task_id priority process_definition_id "
    "process_instance_id task_definition_key is_suspended form_key tenant_id task_state",
    create_time="created",
    due_date="due",
    follow_up_date="followUp",
)
_historic_instance = Shape(
    "id business_key process_definition_id process_definition_key process_definition_name "
    "process_definition_version start_time end_time removal_time start_user_id start_activity_id "
    "delete_reason root_process_instance_id super_process_instance_id case_instance_id tenant_id "
    "state"
)
_historic_activity = Shape(
    "id parent_activity_instance_id activity_id activity_name activity_type "
    "process_definition_key process_definition_id process_instance_id execution_id task_id "
    "called_process_instance_id called_case_instance_id assignee start_time end_time is_canceled "
    "is_complete_scope tenant_id removal_time root_process_instance_id"
)
_log = Shape(
    "id timestamp removal_time external_task_id topic_name worker_id priority retries "
    "error_message activity_id activity_instance_id execution_id process_instance_id "
    "process_definition_id process_definition_key tenant_id root_process_instance_id"
)
_historic_incident = Shape(
    "id process_definition_key process_definition_id process_instance_id execution_id "
    "root_process_instance_id create_time end_time removal_time incident_type activity_id "
    "failed_activity_id cause_incident_id root_cause_incident_id configuration "
    "history_configuration incident_message tenant_id job_definition_id annotation"
)
_historic_task = Shape(
    "id process_definition_key process_definition_id process_instance_id execution_id "
    "activity_instance_id name description delete_reason owner assignee start_time end_time "
    "task_definition_key priority due_date parent_task_id follow_up_date tenant_id removal_time "
    "root_process_instance_id task_state",
    due_date="due",
    follow_up_date="followUp",
)


def _duration(view: Mapping[str, Any]) -> int | None:
    """How long something took, in milliseconds."""
    start, end = view["start_time"], view["end_time"]
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    return (end - start) // timedelta(milliseconds=1)


def deployment(view: Mapping[str, Any]) -> dict[str, Any]:
    """A deployment in a list."""
    return {"links": [], **_deployment(view)}


def job(view: Mapping[str, Any]) -> dict[str, Any]:
    """A job; what sorts by retries alone has no activity that failed."""
    return _job(view)


def task(view: Mapping[str, Any]) -> dict[str, Any]:
    """A user task."""
    answer = _task(view)
    answer.update(
        caseExecutionId=None, caseInstanceId=None, caseDefinitionId=None, camundaFormRef=None
    )
    return answer


def historic_instance(view: Mapping[str, Any]) -> dict[str, Any]:
    """A process instance in the history."""
    return {
        **_historic_instance(view),
        "durationInMillis": _duration(view),
        "superCaseInstanceId": None,
        "restartedProcessInstanceId": None,
    }


def historic_activity(view: Mapping[str, Any]) -> dict[str, Any]:
    """An activity instance in the history."""
    return {**_historic_activity(view), "durationInMillis": _duration(view)}


def external_task_log(view: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the external task log."""
    state = view["state"]
    return {
        **_log(view),
        "creationLog": state == 0,
        "failureLog": state == 1,
        "successLog": state == 2,
        "deletionLog": state == 3,
    }


def historic_incident(view: Mapping[str, Any]) -> dict[str, Any]:
    """An incident in the history."""
    state = view["state"]
    return {
        **_historic_incident(view),
        "open": state == 0,
        "resolved": state == 1,
        "deleted": state == 2,
    }


def historic_task(view: Mapping[str, Any]) -> dict[str, Any]:
    """A user task in the history."""
    return {
        **_historic_task(view),
        "duration": _duration(view),
        "caseDefinitionKey": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "caseExecutionId": None,
    }


_variable = Shape(
    "id name process_definition_id process_instance_id execution_id task_id activity_instance_id "
    "tenant_id"
)
_historic_variable = Shape(
    "id name process_definition_key process_definition_id process_instance_id execution_id "
    "activity_instance_id task_id tenant_id state create_time removal_time "
    "root_process_instance_id"
)
_detail = Shape(
    "id process_definition_key process_definition_id process_instance_id activity_instance_id "
    "execution_id task_id tenant_id time removal_time root_process_instance_id variable_name "
    "variable_instance_id variable_type revision is_initial"
)


def _value(
    typed: TypedValue, name: str, deserialize: bool, *, is_historic: bool = False
) -> dict[str, Any]:
    """The value of a variable in a list; one that cannot be read says why."""
    if typed.type == "Bytes":
        typed = TypedValue("Bytes", None)
    try:
        shown = render(typed, deserialized=deserialize, is_historic=is_historic)
        return {**shown, "errorMessage": None}
    except ValueError as error:
        text = f"Cannot deserialize object in variable '{name}': {error}"
        return {"type": typed.type, "value": None, "valueInfo": None, "errorMessage": text}


def _whole_batch(view: Mapping[str, Any]) -> dict[str, Any]:
    """A batch with what is the same for all, and the ids that its jobs say."""
    return {
        **view,
        "batch_jobs_per_seed": 100,
        "invocations_per_batch_job": 1,
        "seed_job_definition_id": f"{view['id']}:batch-seed-job",
        "monitor_job_definition_id": f"{view['id']}:batch-monitor-job",
        "batch_job_definition_id": f"{view['id']}:{view['type']}",
        "create_user_id": None,
    }


def batch(view: Mapping[str, Any]) -> dict[str, Any]:
    """A batch."""
    return _batch(_whole_batch(view))


def batch_statistics(view: Mapping[str, Any]) -> dict[str, Any]:
    """A batch with how far it is."""
    return _batch_statistics(_whole_batch(view))


def variable_instance(
    view: Mapping[str, Any], typed: TypedValue, deserialize: bool
) -> dict[str, Any]:
    """A variable in the list of those that are there now."""
    return {
        **_value(typed, view["name"], deserialize),
        **_variable(view),
        "caseInstanceId": None,
        "caseExecutionId": None,
        "batchId": None,
    }


_NO_CASE = {
    "caseDefinitionKey": None,
    "caseDefinitionId": None,
    "caseInstanceId": None,
    "caseExecutionId": None,
}


def historic_variable(
    view: Mapping[str, Any], typed: TypedValue, deserialize: bool
) -> dict[str, Any]:
    """A variable in the history."""
    value = _value(typed, view["name"], deserialize, is_historic=True)
    return {**value, **_historic_variable(view), **_NO_CASE}


def historic_detail(
    view: Mapping[str, Any], typed: TypedValue, deserialize: bool
) -> dict[str, Any]:
    """A change of a variable in the history."""
    found = _value(typed, view["variable_name"], deserialize, is_historic=True)
    del found["type"]
    return {
        "type": "variableUpdate",
        **_detail(view),
        **_NO_CASE,
        **found,
        "userOperationId": None,
    }


def activity_instance(node: Mapping[str, Any]) -> dict[str, Any]:
    """A node of the tree of activity instances, with those below; no deeper than the model."""
    return {
        "id": node["id"],
        "parentActivityInstanceId": node["parent_activity_instance_id"],
        "activityId": node["activity_id"],
        "activityType": node["activity_type"],
        "processInstanceId": node["process_instance_id"],
        "processDefinitionId": node["process_definition_id"],
        "childActivityInstances": [activity_instance(n) for n in node["child_activity_instances"]],
        "childTransitionInstances": [transition(n) for n in node["child_transition_instances"]],
        "executionIds": node["execution_ids"],
        "activityName": node["activity_name"],
        "incidentIds": node["incident_ids"],
        "incidents": [_incident_of(i) for i in node["incidents"]],
        "name": node["name"],
    }


_incident_of = Shape("id activity_id")
_transition_shape = Shape(
    "id parent_activity_instance_id process_instance_id process_definition_id activity_id "
    "activity_name activity_type execution_id target_activity_id incident_ids"
)


def transition(node: Mapping[str, Any]) -> dict[str, Any]:
    """An activity that is about to be entered or left."""
    return {
        **_transition_shape(node),
        "incidents": [_incident_of(i) for i in node["incidents"]],
    }
