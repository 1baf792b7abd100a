"""Runs errands with generic-camunda-client, which is generated from Camunda's OpenAPI document."""

import json
import sys
from datetime import timedelta

import generic_camunda_client as camunda

url, name = sys.argv[1:]  # of the topic and of the worker
api = camunda.ExternalTaskApi(camunda.ApiClient(camunda.Configuration(host=url)))


def values(task):
    read = {key: variable.value for key, variable in task.variables.items()}
    return {**read, "data": json.loads(read["data"])}


def keys(tasks):
    return sorted(task.business_key for task in tasks)


def status_of(call, *args):
    try:
        call(*args)
    except camunda.ApiException as error:
        return error.status


topic = camunda.FetchExternalTaskTopicDto(
    topic_name=name, lock_duration=30_000, process_variables={"text": "grüße"}
)
fetching = camunda.FetchExternalTasksDto(
    worker_id=name, max_tasks=10, async_response_timeout=1000, topics=[topic]
)
tasks = {task.business_key: task for task in api.fetch_and_lock(fetch_external_tasks_dto=fetching)}
ids = {errand: task.id for errand, task in tasks.items()}

completion = camunda.CompleteExternalTaskDto(
    worker_id=name, variables={"answer": camunda.VariableValueDto(value=42, type="Integer")}
)
api.complete_external_task_resource(ids["done"], complete_external_task_dto=completion)
refusal = camunda.ExternalTaskBpmnError(
    worker_id=name,
    error_code="FOG",
    error_message="not today",
    variables={"reason": camunda.VariableValueDto(value="fog")},
)
api.handle_external_task_bpmn_error(ids["refused"], external_task_bpmn_error=refusal)

failed = ids["failed"]
failure = camunda.ExternalTaskFailureDto(
    worker_id=name, error_message="out of paper", error_details="tray 2", retries=0
)
api.handle_failure(failed, external_task_failure_dto=failure)
more = {
    "failure": api.get_external_task(failed).error_message,
    "details as JSON": status_of(api.get_external_task_error_details, failed),
}
api.set_external_task_resource_retries(failed, retries_dto=camunda.RetriesDto(retries=3))
more["retries"] = api.get_external_task(failed).retries
setting = camunda.SetRetriesForExternalTasksDto(retries=0, external_task_ids=[failed])
api.set_external_task_retries(set_retries_for_external_tasks_dto=setting)
batch = api.set_external_task_retries_async_operation(set_retries_for_external_tasks_dto=setting)
more["batch"] = [batch.type, batch.total_jobs]

kept = ids["kept"]
api.unlock(kept)
locking = camunda.LockExternalTaskDto(worker_id=name, lock_duration=30_000)
api.lock(kept, lock_external_task_dto=locking)
until = api.get_external_task(kept).lock_expiration_time
extending = camunda.ExtendLockOnExternalTaskDto(worker_id=name, new_duration=3_600_000)
api.extend_lock(kept, extend_lock_on_external_task_dto=extending)
api.set_external_task_resource_priority(kept, priority_dto=camunda.PriorityDto(priority=7))
extended = api.get_external_task(kept)
sorting = camunda.ExternalTaskQueryDtoSorting(sort_by="taskPriority", sort_order="desc")
query = camunda.ExternalTaskQueryDto(topic_name=name, locked=True, sorting=[sorting])
more |= {
    "priority": extended.priority,
    "minutes longer": round((extended.lock_expiration_time - until) / timedelta(minutes=1)),
    "topics": [topic for topic in api.get_topic_names(with_locked_tasks=True) if topic == name],
    "failed": keys(api.get_external_tasks(topic_name=name, no_retries_left="true")),
    "count": api.get_external_tasks_count(topic_name=name).count,
    "locked": keys(api.query_external_tasks(external_task_query_dto=query)),
    "count of locked": api.query_external_tasks_count(external_task_query_dto=query).count,
}
api.unlock(kept)
read = {errand: values(task) for errand, task in tasks.items()}
print("READ " + json.dumps({"tasks": read, "more": more}))
