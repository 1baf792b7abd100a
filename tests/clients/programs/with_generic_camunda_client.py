"""Runs errands with generic-camunda-client, which is generated from Camunda's OpenAPI document."""

import json
import sys

import generic_camunda_client as camunda

url, topic = sys.argv[1:]
WORKER = "generic"
api = camunda.ExternalTaskApi(camunda.ApiClient(camunda.Configuration(host=url)))


def values(task):
    read = {name: variable.value for name, variable in task.variables.items()}
    return {**read, "data": json.loads(read["data"])}


def keys(tasks):
    return sorted(task.business_key for task in tasks)


wanted = camunda.FetchExternalTaskTopicDto(
    topic_name=topic, lock_duration=30_000, process_variables={"text": "grüße"}
)
fetched = api.fetch_and_lock(
    fetch_external_tasks_dto=camunda.FetchExternalTasksDto(
        worker_id=WORKER, max_tasks=10, async_response_timeout=1000, topics=[wanted]
    )
)
tasks = {task.business_key: task for task in fetched}
ids = {errand: task.id for errand, task in tasks.items()}

api.complete_external_task_resource(
    ids["done"],
    complete_external_task_dto=camunda.CompleteExternalTaskDto(
        worker_id=WORKER, variables={"answer": camunda.VariableValueDto(value=42, type="Integer")}
    ),
)
api.handle_external_task_bpmn_error(
    ids["refused"],
    external_task_bpmn_error=camunda.ExternalTaskBpmnError(
        worker_id=WORKER,
        error_code="FOG",
        error_message="not today",
        variables={"reason": camunda.VariableValueDto(value="fog")},
    ),
)
api.handle_failure(
    ids["failed"],
    external_task_failure_dto=camunda.ExternalTaskFailureDto(
        worker_id=WORKER,
        error_message="out of paper",
        error_details="tray 2",
        retries=0,
        retry_timeout=0,
    ),
)
details = api.get_external_task_error_details(ids["failed"])
api.set_external_task_resource_retries(ids["failed"], retries_dto=camunda.RetriesDto(retries=3))
mended = api.get_external_task(ids["failed"]).retries
api.set_external_task_retries(
    set_retries_for_external_tasks_dto=camunda.SetRetriesForExternalTasksDto(
        retries=0, external_task_ids=[ids["failed"]]
    )
)

kept = ids["kept"]
api.set_external_task_resource_priority(kept, priority_dto=camunda.PriorityDto(priority=7))
api.extend_lock(
    kept,
    extend_lock_on_external_task_dto=camunda.ExtendLockOnExternalTaskDto(
        worker_id=WORKER, new_duration=3_600_000
    ),
)
extended = api.get_external_task(kept)
longer = extended.lock_expiration_time - tasks["kept"].lock_expiration_time
names = [name for name in api.get_topic_names(with_locked_tasks=True) if name == topic]
api.unlock(kept)
api.lock(
    kept, lock_external_task_dto=camunda.LockExternalTaskDto(worker_id=WORKER, lock_duration=60_000)
)
by_name = camunda.ExternalTaskQueryDto(
    topic_name=topic,
    locked=True,
    sorting=[camunda.ExternalTaskQueryDtoSorting(sort_by="taskPriority", sort_order="desc")],
)
more = {
    "details": details,
    "mended": mended,
    "minutes longer": round(longer.total_seconds() / 60),
    "priority": extended.priority,
    "topics with locked tasks": names,
    "failed": keys(api.get_external_tasks(topic_name=topic, no_retries_left=True)),
    "count": api.get_external_tasks_count(topic_name=topic).count,
    "locked": keys(api.query_external_tasks(external_task_query_dto=by_name)),
    "count of locked": api.query_external_tasks_count(external_task_query_dto=by_name).count,
}
api.unlock(kept)
read = {errand: values(task) for errand, task in tasks.items()}
print("READ " + json.dumps({"tasks": read, "more": more}))
